"""What went wrong, told in Japanese to whoever reads the console in Japanese."""

import re
import zlib

import msgspec
import pytest
from msgspec.structs import replace

from feedproc.feeds.report import Result
from feedproc.orders.order import OrderStatus
from feedproc.services.process.processing import Policy
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    SELLER,
    a_feed,
    an_order,
    cancels,
    item_code,
    order_id,
    orders,
    refunds,
    ships,
)
from tests.console.builders import Visitor
from tests.console.feeds import BAD, FLAT_CANCELLATION, follow, send, upload

UNKNOWN = 9_000_000


@pytest.fixture
def seller(visitor: Visitor) -> Visitor:
    """Signed in, with a browser that asks for Japanese."""
    visitor.speak("ja")
    assert visitor.sign_in().status_code == 303
    visitor.shop.stocked(*orders(5))
    return visitor


def done(seller: Visitor, feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> str:
    """Send a feed, let it be processed, and return the address of its page, already seen."""
    path = send(seller, feed, feed_type)
    seller.shop.work()
    seller.get(path)
    return path


def test_a_look_at_a_feed_tells_reason_and_hint_in_japanese(seller: Visitor) -> None:
    upload(seller, BAD)
    assert "14行目 208文字目" in seller.text
    assert "CancelReason に NoStock は指定できません。次のいずれか（ NoInventory 、" in seller.text
    assert "ヒント： NoInventory と記入してください。" in seller.text
    assert "cvc-enumeration-valid: Value 'NoStock' is not facet-valid" in seller.text


def test_what_became_of_a_faulty_message_is_told_in_japanese_with_amazons_text_beside(seller: Visitor) -> None:
    done(seller, BAD)
    assert "CancelReason に NoStock は指定できません。" in seller.text
    assert "NoInventory と記入してください。" in seller.text
    assert "XML Parsing Error at Line 14, Column 208: cvc-enumeration-valid" in seller.text


def test_the_same_feed_is_told_in_english_to_whoever_reads_english(seller: Visitor) -> None:
    path = done(seller, BAD)
    seller.speak("en")
    seller.get(path)
    assert "CancelReason cannot be NoStock ; it must be one of NoInventory , " in seller.text
    assert "は指定できません" not in seller.text


@pytest.mark.parametrize(
    ("feed", "feed_type", "told"),
    [
        (cancels(UNKNOWN), ACKNOWLEDGEMENT, f"注文 '{order_id(UNKNOWN)}' は見つかりません。"),
        (ships(1, 3), FULFILLMENT, f"商品 {item_code(1)} の未出荷数は2個のため、3個を出荷することはできません。"),
        (ships(1, on="2030-01-01T00:00:00Z"), FULFILLMENT, "出荷日時 2030-01-01T00:00:00+00:00 が、フィードの送信日時"),
        (refunds(1, 99_999), ADJUSTMENT, f"商品 {item_code(1)} の Principal：請求額"),
        (refunds(1, 1, currency="USD"), ADJUSTMENT, "金額の通貨は USD ですが、注文の通貨は JPY です。"),
        (refunds(1, -1), ADJUSTMENT, f"商品 {item_code(1)} の Principal がマイナスになっています。"),
    ],
)
def test_rules_of_orders_are_told_in_japanese(seller: Visitor, feed: str, feed_type: str, told: str) -> None:
    done(seller, a_feed(feed, feed_type=feed_type), feed_type)
    assert told in seller.text


def test_a_pending_order_is_told_with_its_status(seller: Visitor) -> None:
    seller.shop.stocked(replace(an_order(9), marker=OrderStatus.PENDING))
    done(seller, a_feed(cancels(9)))
    assert f"注文 {order_id(9)} のステータスは Pending です。まだ出品者が処理できる状態ではありません。" in seller.text


def test_rows_of_a_flat_file_are_told_in_japanese(seller: Visitor) -> None:
    rows = ("order-id\tcancellation-reason-code", f"{order_id(1)}\tCustomerCancel", "2501000001\tNoInventory")
    feed = "\r\n".join(rows).encode()
    upload(seller, feed, "cancel.txt")
    assert (
        "ヒント： CustomerCancel は別のフィードの理由です。ここでは BuyerCanceled を使用してください。" in seller.text
    )
    done(seller, feed, FLAT_CANCELLATION)
    assert "cancellation-reason-code： CustomerCancel は次のいずれでもありません：BuyerCanceled、" in seller.text
    assert "order-id：Amazonの注文番号は、3桁・7桁・7桁の数字をハイフンで区切ったものです" in seller.text


def test_a_feed_that_fails_as_a_whole_is_told_in_japanese(seller: Visitor) -> None:
    done(seller, a_feed(cancels(1), merchant="ANOTHER"))
    assert (
        "フィードの MerchantIdentifier ANOTHER は、別の出品者のものか、誰のものでもありません。"
        "A2SHOP または M_A2SHOP_1 と記入してください。" in seller.text
    )
    done(seller, b"order-id\tquantity\n")
    assert "フィードがXMLではなく、タブ区切りの表です。" in seller.text


def test_a_feed_of_another_type_is_told_which_one_takes_it(seller: Visitor) -> None:
    done(seller, a_feed(refunds(1), feed_type=ADJUSTMENT), ACKNOWLEDGEMENT)
    assert "このフィードの種類で送信できるのは OrderAcknowledgement メッセージです" in seller.text


def test_a_cancelled_feed_says_by_whom(seller: Visitor) -> None:
    path = send(seller, a_feed(cancels(1)))
    follow(seller, seller.post(f"{path}/cancel"))
    assert "キャンセル済み 出品者によるキャンセルです。" in seller.text
    seller.get(f"/outcomes/{path.rpartition('/')[2]}")
    assert "フィードはキャンセルされました。 出品者によるキャンセルです。" in seller.text


def test_a_feed_that_was_given_up_says_why(seller: Visitor) -> None:
    path = send(seller, a_feed(cancels(1)))
    submission = seller.shop.backend.submissions.get(SELLER, path.rpartition("/")[2])
    seller.shop.spoil(submission)
    seller.shop.struggle(Policy(most_attempts=3))
    seller.get(path)
    assert "処理が進まないまま3回失敗しました（最後の原因：エラー IsADirectoryError）。" in seller.text


def test_what_an_older_feedproc_kept_is_told_in_english(seller: Visitor) -> None:
    path = done(seller, a_feed(cancels(UNKNOWN)))
    _keep_in_english(seller)
    seller.get(path)
    assert f"The order book has no order '{order_id(UNKNOWN)}'" in seller.text


def _keep_in_english(seller: Visitor) -> None:
    """Let the store hold results as they were kept when reasons were English texts."""
    database = seller.shop.backend.orders._database
    (packed,) = database.connection.execute("SELECT results FROM marks").fetchone()
    results = msgspec.json.decode(zlib.decompress(packed), type=list[Result])
    old = msgspec.json.encode([replace(one, reason=str(one.reason)) for one in results])
    database.connection.execute("UPDATE marks SET results = ?", (zlib.compress(old),))


def test_a_page_in_japanese_says_nothing_in_english_but_amazons_texts(seller: Visitor) -> None:
    done(seller, a_feed(cancels(UNKNOWN), cancels(1, "NoStock"), cancels(2)))
    own = re.sub(r'<span class="small muted">[^<]*</span>|<details>.*?</details>', " ", seller.page, flags=re.DOTALL)
    said = re.sub(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", " ", own, flags=re.DOTALL)
    without_commands = re.sub(r"feedproc orders (?:load|for) [A-Z]+", " ", said)
    assert re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+", without_commands) == []
