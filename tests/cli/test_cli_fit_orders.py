"""Orders made for feeds: what a feed needs is there, and the feed then succeeds."""

from pathlib import Path

import pytest

from tests.builders import ADJUSTMENT, FULFILLMENT, a_feed, order_id, refunds, ships
from tests.cli.builders import SAMPLES, Shell

GOOD = SAMPLES / "feeds" / "good"
FEEDS = sorted(
    path
    for kind in ("acknowledgement", "adjustment", "cancellation", "fulfillment")
    for path in GOOD.glob(f"{kind}*")
    if ".report." not in path.name and "1252" not in path.name
)
PROMOTION = (
    "<OrderAdjustment><AmazonOrderID>250-0000000-0000009</AmazonOrderID><AdjustedItem>"
    "<AmazonOrderItemCode>00000000000009</AmazonOrderItemCode><AdjustmentReason>CustomerReturn</AdjustmentReason>"
    '<ItemPriceAdjustments><Component><Type>Principal</Type><Amount currency="JPY">900</Amount></Component>'
    '<Component><Type>Goodwill</Type><Amount currency="JPY">50</Amount></Component></ItemPriceAdjustments>'
    "<PromotionAdjustments>"
    "<MerchantPromotionID>SPRING</MerchantPromotionID>"
    '<Component><Type>Principal</Type><Amount currency="JPY">-100</Amount></Component></PromotionAdjustments>'
    "</AdjustedItem></OrderAdjustment>"
)


def written(folder: Path, name: str, feed: bytes) -> Path:
    file = folder / name
    file.write_bytes(feed)
    return file


CORRECTION = GOOD / "fulfillment-correction.xml"
"""Its first message corrects a package that was confirmed before the feed; what was in it no feed tells."""


@pytest.mark.parametrize("feed", [one for one in FEEDS if one != CORRECTION], ids=lambda path: path.name)
def test_every_good_sample_is_fitted_so_that_none_of_its_messages_is_refused(feedproc: Shell, feed: Path) -> None:
    ran = feedproc("orders", "for", feed)
    assert ran.code == 0, ran.err
    assert "would be refused" not in ran.err
    assert "made up" in ran.err


def test_a_message_that_corrects_what_was_shipped_before_is_named(feedproc: Shell) -> None:
    ran = feedproc("orders", "for", CORRECTION)
    assert ran.code == 1
    assert ran.err.count("would be refused") == 1


def test_refunds_are_borne_by_charges_and_discounts(feedproc: Shell, tmp_path: Path) -> None:
    feed = written(tmp_path, "a.xml", a_feed(PROMOTION, refunds(9, 300), feed_type=ADJUSTMENT))
    assert feedproc("orders", "for", feed).code == 0
    order = feedproc("orders", "show", order_id(9), "--format", "json").json
    assert order["status"] == "Shipped"
    (item,) = order["items"]
    assert float(item["charges"]["Principal"]) >= 1200
    assert item["promotions"] == [{"promotion_id": "SPRING", "amounts": {"Principal": -100}, "claim_code": None}]


def test_feeds_that_belong_together_are_fitted_together(feedproc: Shell, tmp_path: Path) -> None:
    first = written(tmp_path, "1.xml", a_feed(ships(1, 1), ships(1, 2), feed_type=FULFILLMENT))
    second = written(tmp_path, "2.xml", a_feed(refunds(1, 100), feed_type=ADJUSTMENT))
    ran = feedproc("orders", "for", first, second)
    assert (ran.code, ran.out) == (0, "1 order made for A1LOCALSELLER1, to fit 3 messages\n")
    order = feedproc("orders", "show", order_id(1), "--format", "json").json
    assert (order["status"], order["items"][0]["quantity_ordered"]) == ("Unshipped", 3)


def test_what_cannot_take_effect_is_told(feedproc: Shell, tmp_path: Path) -> None:
    late = ships(1, 1, on="2099-01-01T00:00:00Z")
    ran = feedproc(
        "orders", "for", written(tmp_path, "a.xml", a_feed(late, "<OrderFulfillment/>", feed_type=FULFILLMENT))
    )
    assert ran.code == 1
    assert "message 1: would be refused: 2099-01-01T00:00:00+00:00 is after the feed was submitted" in ran.err
    assert "message 2: would be refused:" in ran.err


def test_orders_that_are_there_stay_unless_they_are_to_be_replaced(shop: Shell, tmp_path: Path) -> None:
    feed = GOOD / "adjustment-refund.xml"
    before = shop("orders", "list", "--format", "json").out
    assert "is there already and stays as it is" in shop("orders", "for", feed).err
    assert shop("orders", "list", "--format", "json").out == before
    assert shop("orders", "for", feed, "--replace").code == 0
    assert shop("orders", "list", "--format", "json").out != before


def test_orders_can_be_printed_to_be_changed_and_loaded(feedproc: Shell) -> None:
    printed = feedproc("orders", "for", GOOD / "adjustment-refund.xml", "--print")
    assert feedproc("orders", "list").rows == []
    assert feedproc("orders", "load", "-", stdin=printed.out.encode()).out.startswith("3 orders loaded")


def test_what_is_no_feed_about_orders_is_told(feedproc: Shell, tmp_path: Path) -> None:
    ran = feedproc("orders", "for", written(tmp_path, "a.csv", b"a,b\n"))
    assert ran.code == 1
    assert "its content does not tell what kind of feed it is (--feed-type)" in ran.err


def test_a_report_of_orders_is_no_feed_and_said_to_be_loaded(feedproc: Shell, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("order-id\tpurchase-date\tsku\tquantity-purchased\n")
    assert (
        "it holds orders, and is no feed; `feedproc orders load` loads them"
        in feedproc("orders", "for", tmp_path / "report.txt").err
    )
