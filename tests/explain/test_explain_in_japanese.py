"""Plain words in Japanese: there is one for whatever is said in English, and it names the same things."""

import re
import tomllib
from collections import Counter
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedproc import explain
from feedproc.explain.languages import list_files, read_texts
from feedproc.explain.plain import Plain
from feedproc.feeds.endings import GIVEN_UP, NO_PROGRESS, UNDELIVERABLE, read_ending
from feedproc.feeds.saying import Part, Saying, join_parts, say
from feedproc.wiring.feed_types import list_feed_type_places
from feedproc.xerces.text.scanner_messages import FATALS
from feedproc.xerces.walk.schema_messages import SENTENCES, write_sentence
from tests.explain.english import english
from tests.explain.test_explain import EXPLAINER, KNOWN, PARENTS, TWENTY, places, telling_finding

PLACES = list_feed_type_places()
JAPANESE = re.compile("[\u3001-\u30ff\u4e00-\u9fff\uff00-\uffef]")
BLANK = " "
"""Stands between English sentences; nothing stands between Japanese ones."""


def japanese(said: Part | None) -> str:
    """In Japanese throughout: words that there are not in Japanese raise."""
    assert isinstance(said, Saying)
    return said.say_in(read_texts("ja", PLACES).__getitem__)


def fields(text: str) -> set[str]:
    """The places of a text by number, be they numbered or not."""
    named = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    return {field or str(number) for number, field in enumerate(named)}


def named(text: str) -> set[str]:
    """What stands in backticks, whatever the order of places; the words of a comment are not a name."""
    return {re.sub(r"\{[^}]*\}", "{}", name) for name in re.findall("`([^`]*)`", text) if name[:4] != "<!--"}


def test_whatever_is_said_in_english_is_said_in_japanese_and_nothing_else() -> None:
    assert english() - set(read_texts("ja", PLACES)) == set()
    assert set(read_texts("ja", PLACES)) - english() == set()


def test_no_text_stands_in_two_tables() -> None:
    tables = [tomllib.loads(file.read_text()) for file in list_files("ja", PLACES)]
    assert [text for text, count in Counter(text for table in tables for text in table).items() if count > 1] == []


@pytest.mark.parametrize("text", sorted(english() - {BLANK}))
def test_each_text_is_japanese_and_names_the_same_things(text: str) -> None:
    told = read_texts("ja", PLACES)[text]
    assert JAPANESE.search(told)
    assert fields(told) == fields(text)
    assert named(told) == named(text)


IN_JAPANESE = {
    "tags in small letters": (
        "ルート要素の名前が `amazonenvelope` になっています。`AmazonEnvelope` でなければなりません。",
        "`AmazonEnvelope` と記入してください。要素の名前では大文字と小文字が区別されます。"),
    "no envelope": (
        "エンベロープがありません。フィードが `OrderFulfillment` で始まっています。", "エンベロープに入れてください。"),
    "a table with tabs": ("フィードがXMLではなく、タブ区切りの表です。", "`POST_FLAT_FILE_FULFILLMENT_DATA` などの"),
    "a reason of adjustments": (
        "`CancelReason` に `CustomerCancel` は指定できません。次のいずれか（`NoInventory`、`Ship",
        "`CustomerCancel` は返金の理由です。注文確認では `BuyerCanceled` を使用してください。"),
    "a reason of acknowledgements": (
        "`AdjustmentReason` に `BuyerCanceled` は指定できません。", "返金では `CustomerCancel` を使用してください。"),
    "a zone without colon": (
        "`FulfillmentDate` には日付と時刻を `T` でつなぎ、後ろにタイムゾーンを付けた値（例：`2024-03-04T10:00:00+09"
        ":00`）"
        "を指定してください（現在の値は `2024-03-04T10:00:00+0900` です）。",
        "`2024-03-04T10:00:00+09:00` と記入してください。タイムゾーンにはコロンが必要です。"),
    "a date without time": ("（現在の値は `2024-03-04` です）。", "秒までの時刻が必要です。"),
    "its own item number alone": (
        "`Item` に `AmazonOrderItemCode` がありません。先頭に記入します。この要素は、Amazonの注文商品番号で商品を指"
        "定します。",
        "先に `AmazonOrderItemCode` を記入してください。"),
    "its own order number alone": (
        "`OrderAcknowledgement` に `AmazonOrderID` がありません。", "先に `AmazonOrderID` を記入してください。"),
    "blanks around an id": (
        "（現在の値は ` 250-1000006-0000006·` です）。",
        "`250-1000006-0000006` と記入してください。前後に空白や改行を入れることはできません。"),
    "a currency and thousands": (
        "`Amount` には小数点以下2桁までの半角数字の金額（例：`1234.50`）を指定してください（現在の値は `¥1,000` で"
        "す）。",
        "`1000` と記入してください。通貨は属性 `currency` に記入します。また、桁区切りは使用できません。"),
    "three decimals": (
        "`Amount` の小数点以下は2桁までです（`333.335` は3桁です）。", "金額を計算する時点で端数を処理してください。"),
    "a carrier in words": (
        "Amazonの一覧にある377個の名前のいずれかを指定してください。", "業者名を `CarrierName` に記入してください。"),
    "a carrier in small letters": (
        "Amazonの一覧にある377個の名前のいずれか（`YAMATO`",
        "`YAMATO` と記入してください。大文字と小文字は区別されます。"),
    "the amount first": (
        "`Component` に `Type` がありません。先頭に記入します。", "`Type` を `Amount` の前に記入してください。"),
    "the method last": (
        "`FulfillmentData` の中で `ShippingMethod` の位置が後ろすぎます。`ShipperTrackingNumber` より前に記入してく"
        "ださい。",
        "`CarrierCode`、`CarrierName`、`ShippingMethod`、`ShipperTrackingNumber` の順に記入してください。"),
    "nothing cancelled": (
        "`QuantityCancelled` には1以上の整数を指定してください（現在の値は `0` です）。キャンセルせずに返金する場合"
        "は省略して"
        "ください。", None),
    "no reason": (
        "`AdjustedItem` に `AdjustmentReason` がありません。`AmazonOrderItemCode` または `MerchantOrderItemID` の後"
        "に記入し",
        "ほかに当てはまる理由がない場合は `GeneralAdjustment` を使用してください。"),
    "an ampersand": (
        "単独の `&` があります。", "アンパサンドは `&amp;` と記入してください（例：`Smith &amp; Sons`）。"),
    "a default namespace": ("ルート要素に既定の名前空間が指定されているため", '`xmlns="…"` を削除してください。'),
    "no header": ("`AmazonEnvelope` に `Header` がありません。先頭に記入します。",
    "その中に出品者IDを記入してください。"),
    "two numbers of the order": (
        "`OrderAdjustment` には `AmazonOrderID` または `MerchantOrderID` のどちらか一方を、1回だけ記入できます。",
        "どちらか一方を削除してください。"),
    "curly quotes": (
        "`Amount` の属性 `currency` の値が引用符で囲まれていません。", "半角の引用符で囲んでください。"),
    "a bracket too many": (
        "`OrderFulfillment` の中には要素だけを記入できますが、要素の間にテキストがあります。",
        "5行目、162文字目の `>` を削除してください。"),
    "cut off": (
        "フィードが途中で終わっており、閉じられていない要素があります。",
        "末尾は `</AmazonEnvelope>` でなければなりません。"),
    "nothing": ("フィードが空です。", "フィードを作成するプログラムが最後まで実行されたか確認してください。"),
}  # fmt: skip


def test_each_mistake_that_people_make_is_looked_at_in_japanese_too() -> None:
    assert set(IN_JAPANESE) == set(TWENTY)


@pytest.mark.parametrize("mistake", IN_JAPANESE)
def test_mistakes_that_people_make_are_told_in_japanese(mistake: str) -> None:
    reason, hint = IN_JAPANESE[mistake]
    found = telling_finding(TWENTY[mistake][0])
    assert reason in japanese(found.reason)
    assert (found.hint is None) if hint is None else (hint in japanese(found.hint))


def said(rule: str, path: str, *arguments: str) -> Plain:
    return EXPLAINER.explain_fault(rule, f"/AmazonEnvelope/Message/{path}", write_sentence(rule, arguments))


def test_everything_that_a_date_lacks_is_told() -> None:
    told = said("cvc-datatype-valid.1.2.1", "OrderFulfillment/FulfillmentDate", "2024/3/4 10:00 JST", "dateTime")
    assert japanese(told.hint) == (
        "`2024-03-04T10:00:00+09:00` と記入してください。日付はハイフンで区切ります。月と日は2桁で記入します。日付"
        "と時刻の間には"
        " `T` が必要です。秒が必要です。また、タイムゾーンは `Z` または `+09:00` のような時差で記入します。"
    )


def test_an_attribute_is_told_behind_its_element() -> None:
    told = said("cvc-enumeration-valid", "X/Component/Amount", "yen", "[USD, JPY]")
    assert japanese(told.reason) == (
        "`Amount` の属性 `currency` に `yen` は指定できません。次のいずれか（`USD`、`JPY`）を指定してください。"
    )


def test_what_may_stand_instead_is_listed() -> None:
    told = said("cvc-complex-type.2.4.a", "OrderAdjustment", "Item", "{ActionType, CODCollectionMethod, AdjustedItem}")
    assert japanese(told.reason) == (
        "`Item` を `OrderAdjustment` の中に記入することはできません。ここに記入できるのは `ActionType`、`CODCollect"
        "ionMethod`、"
        "`AdjustedItem` です。"
    )


@pytest.mark.parametrize("rule", [*SENTENCES, *FATALS])
@settings(max_examples=15, deadline=None)
@given(value=st.text(max_size=30) | st.sampled_from(["{A, B}", "[A, B]", "", "0", "{0}", "' is not facet-valid"]))
def test_every_rule_can_be_said_in_japanese_whatever_stands_there(rule: str, value: str) -> None:
    template = SENTENCES.get(rule) or FATALS[rule]
    text = f"{rule}: " * (rule in SENTENCES) + template.format(*[value] * places(template))
    told = EXPLAINER.explain_fault(
        rule, "/AmazonEnvelope/Message/OrderFulfillment/Item" if rule in SENTENCES else "", text
    )
    assert JAPANESE.search(japanese(told.reason))
    assert told.hint is None or JAPANESE.search(japanese(told.hint))


@pytest.mark.parametrize("parent", PARENTS)
def test_any_element_in_the_place_of_any_other_can_be_told_in_japanese(parent: str) -> None:
    model = KNOWN.get_model(("AmazonEnvelope", "Message", *parent.split("/")))
    names = [name for place in model for name in place.names]
    for found in [*names, "Foo", names[0].lower()]:
        for expected in [names, *([name] for name in names)]:
            told = said("cvc-complex-type.2.4.a", parent, found, f"{{{', '.join(expected)}}}")
            assert japanese(told.reason)
            assert told.hint is None or japanese(told.hint)


@pytest.mark.parametrize(
    "beginning",
    [
        b"PK\x03\x04",
        b"order-id\tquantity",
        b"\n<?xml version='1.0'?>",
        b"{}",
        b"<html>",
        b"<x:AmazonEnvelope>",
        b"hello",
    ],
)
def test_what_is_no_envelope_is_told_in_japanese(beginning: bytes) -> None:
    told = EXPLAINER.explain_beginning(beginning)
    assert JAPANESE.search(japanese(told.reason))
    assert JAPANESE.search(japanese(told.hint))


def test_a_value_that_looks_like_a_place_stays_as_it_is() -> None:
    told = said("cvc-datatype-valid.1.2.1", "OrderFulfillment/Item/Quantity", "{0} {name} {", "positiveInteger")
    assert "（現在の値は `{0} {name} {` です）" in japanese(told.reason)
    assert "this is `{0} {name} {`" in str(told.reason)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (
            NO_PROGRESS.format(20, GIVEN_UP.format("OSError")),
            "処理が進まないまま20回失敗しました（最後の原因：エラー OSError）。",
        ),
        (
            UNDELIVERABLE.format("the worker died"),
            "キューからの配信回数が上限を超えました（最後の原因：ワーカーの異常終了）。",
        ),
        ("cancelled by the seller", "出品者によるキャンセルです。"),
    ],
)
def test_why_a_submission_was_cancelled_is_told_from_what_was_kept(kept: str, told: str) -> None:
    assert explain.say_in_language("ja", read_ending(kept)) == told
    assert explain.say_in_language("en", read_ending(kept)) == kept


def test_what_an_older_feedproc_kept_is_told_as_it_was() -> None:
    assert explain.say_in_language("ja", "Order 250-1000001-0000001 is gone") == "Order 250-1000001-0000001 is gone"
    assert (
        explain.say_in_language("ja", say(" ", say("Leave it out."), say("Words of {}.", "old")))
        == "Leave it out. Words of old."
    )
    assert explain.say_in_language("ja", read_ending("the disk is full")) == "the disk is full"


def test_parts_are_joined_with_the_signs_of_the_language() -> None:
    assert explain.say_in_language("ja", join_parts(", ", ["`A`", "`B`"])) == "`A`、`B`"
    assert explain.say_in_language("ja", join_parts(" or ", ["`A`", "`B`"])) == "`A` または `B`"
    assert (join_parts(", ", ["`A`"]), join_parts(", ", [])) == ("`A`", "")
