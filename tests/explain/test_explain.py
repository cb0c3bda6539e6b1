"""What is said of faults in plain words: for every rule, and for the mistakes that people really make."""

import io
import string
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedproc.explain import parts
from feedproc.explain.explanation import RULES
from feedproc.explain.knowledge import Slot
from feedproc.explain.plain import Plain
from feedproc.explain.scanner import SCANNER
from feedproc.feeds import saying
from feedproc.feeds.finding import Finding
from feedproc.feeds.result_codes import ILL_FORMED_ENVELOPE
from feedproc.formats.xml.format import XmlFormat
from feedproc.wiring.feed_types import load_schemas
from feedproc.xerces.text.scanner_messages import FATALS
from feedproc.xerces.walk.schema_messages import SENTENCES, write_sentence

SCHEMAS = Path(__file__).parents[2] / "schemas"
XSD = "{http://www.w3.org/2001/XMLSchema}"

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope>
<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M_EXAMPLE_1</MerchantIdentifier></Header>
<MessageType>{}</MessageType>
<Message><MessageID>1</MessageID>{}</Message>
</AmazonEnvelope>
"""
ACKNOWLEDGEMENT = ENVELOPE.format(
    "OrderAcknowledgement",
    "<OrderAcknowledgement><AmazonOrderID>250-1000001-0000001</AmazonOrderID><MerchantOrderID>SHOP-1</MerchantOrderID>"
    "<StatusCode>Failure</StatusCode><Item><AmazonOrderItemCode>10000000000101</AmazonOrderItemCode>"
    "<MerchantOrderItemID>SHOP-1-1</MerchantOrderItemID><CancelReason>NoInventory</CancelReason></Item>"
    "</OrderAcknowledgement>",
)
ADJUSTMENT = ENVELOPE.format(
    "OrderAdjustment",
    "<OrderAdjustment><AmazonOrderID>250-1000006-0000006</AmazonOrderID><ActionType>Refund</ActionType><AdjustedItem>"
    "<AmazonOrderItemCode>10000000000601</AmazonOrderItemCode><AdjustmentReason>CustomerReturn</AdjustmentReason>"
    '<ItemPriceAdjustments><Component><Type>Principal</Type><Amount currency="JPY">1000.00</Amount></Component>'
    "</ItemPriceAdjustments><QuantityCancelled>1</QuantityCancelled></AdjustedItem></OrderAdjustment>",
)
FULFILLMENT = ENVELOPE.format(
    "OrderFulfillment",
    "<OrderFulfillment><AmazonOrderID>250-1000003-0000003</AmazonOrderID>"
    "<FulfillmentDate>2024-03-04T10:00:00+09:00</FulfillmentDate><FulfillmentData><CarrierCode>YAMATO</CarrierCode>"
    "<ShippingMethod>宅急便</ShippingMethod><ShipperTrackingNumber>0000</ShipperTrackingNumber></FulfillmentData>"
    "<Item><AmazonOrderItemCode>10000000000301</AmazonOrderItemCode><Quantity>2</Quantity></Item></OrderFulfillment>",
)
BARE = FULFILLMENT[FULFILLMENT.index("<OrderFulfillment>") : FULFILLMENT.index("</Message>")]
TYPE, AMOUNT = "<Type>Principal</Type>", '<Amount currency="JPY">1000.00</Amount>'
METHOD, TRACKING = "<ShippingMethod>宅急便</ShippingMethod>", "<ShipperTrackingNumber>0000</ShipperTrackingNumber>"
HEADER = ACKNOWLEDGEMENT.splitlines()[2]


SCHEMAS_OF_ALL = load_schemas(None)
EXPLAINER = SCHEMAS_OF_ALL.explainer
KNOWN = EXPLAINER._known


def models() -> dict[tuple[str, ...], tuple[Slot, ...]]:
    """The order of children of each element that may hold any, by its path; what reports hold nobody sends."""
    paths = [("AmazonEnvelope",)]
    for path in paths:
        names = (name for place in KNOWN.get_model(path) for name in place.names)
        paths += [(*path, name) for name in names if not name.endswith("Report") and KNOWN.get_model((*path, name))]
    return {path: KNOWN.get_model(path) for path in paths}


PARENTS = ["/".join(path[2:]) for path in models() if len(path) > 2]


class English(NamedTuple):
    """What is said of a fault, in English."""

    reason: str | None
    hint: str | None


def english(told: Plain | Finding) -> English:
    return English(*(None if words is None else str(words) for words in (told.reason, told.hint)))


def in_words(rule: str, path: str, text: str) -> English:
    return english(EXPLAINER.explain_fault(rule, path, text))


def telling_finding(feed: str) -> Finding:
    """The first finding, but that the feed is no envelope says more than why the parser could not read it."""
    parts_of_it = XmlFormat("", lambda _: None, SCHEMAS_OF_ALL).inspect(io.BytesIO(feed.encode()), any_type=True)
    findings = [finding for part in parts_of_it for finding in part.findings]
    return min(findings, key=lambda finding: finding.code != ILL_FORMED_ENVELOPE.code)


TWENTY = {
    "tags in small letters": (
        FULFILLMENT.lower(), "The root is called `amazonenvelope`", "Write `AmazonEnvelope`: capital"),
    "no envelope": (
        BARE, "The envelope is missing: the feed begins with `OrderFulfillment`", "Put it into an envelope"),
    "a table with tabs": (
        "order-id\tquantity\n250-1000001-0000001\t1\n", "a table with tabs, not XML", "flat-file feed types"),
    "a reason of adjustments": (
        ACKNOWLEDGEMENT.replace("NoInventory", "CustomerCancel"),
        "`CancelReason` cannot be `CustomerCancel`; it must be one of `NoInventory`, `Ship", "it is `BuyerCanceled`"),
    "a reason of acknowledgements": (
        ADJUSTMENT.replace("CustomerReturn", "BuyerCanceled"),
        "`AdjustmentReason` cannot be `BuyerCanceled`", "in an adjustment it is `CustomerCancel`"),
    "a zone without colon": (
        FULFILLMENT.replace("+09:00", "+0900"), "must be a date and a time with a `T` between",
        "Write `2024-03-04T10:00:00+09:00`: the time zone takes a colon."),
    "a date without time": (
        FULFILLMENT.replace("04T10:00:00+09:00", "04"), "this is `2024-03-04`", "the time is missing"),
    "its own item number alone": (
        ACKNOWLEDGEMENT.replace("<AmazonOrderItemCode>10000000000101</AmazonOrderItemCode>", ""),
        "`AmazonOrderItemCode` is missing in `Item`; it comes first.", "alone: write `AmazonOrderItemCode` first"),
    "its own order number alone": (
        ACKNOWLEDGEMENT.replace("<AmazonOrderID>250-1000001-0000001</AmazonOrderID>", ""),
        "`AmazonOrderID` is missing in `OrderAcknowledgement`", "never alone: write `AmazonOrderID` first"),
    "blanks around an id": (
        ADJUSTMENT.replace("250-1000006-0000006", " 250-1000006-0000006\n"), "this is ` 250-1000006-0000006·`",
        "Write `250-1000006-0000006`: there must be no blanks or line ends around it."),
    "a currency and thousands": (
        ADJUSTMENT.replace("1000.00", "¥1,000"), "this is `¥1,000`", "Write `1000`: the currency stands in the"),
    "three decimals": (
        ADJUSTMENT.replace("1000.00", "333.335"), "`Amount` may have at most 2 decimals; `333.335` has 3.", "Round"),
    "a carrier in words": (
        FULFILLMENT.replace("YAMATO", "うちの運送"), "one of the 377 names in Amazon's list", "write `Other` here and"),
    "a carrier in small letters": (
        FULFILLMENT.replace("YAMATO", "yamato"), "such as `YAMATO`", "Write `YAMATO`: capital and small letters"),
    "the amount first": (
        ADJUSTMENT.replace(TYPE + AMOUNT, AMOUNT + TYPE), "`Type` is missing in `Component`", "Put `Type` before"),
    "the method last": (
        FULFILLMENT.replace(METHOD + TRACKING, TRACKING + METHOD),
        "`ShippingMethod` stands too late in `FulfillmentData`: it belongs before `ShipperTrackingNumber`.",
        "The order is `CarrierCode`, `CarrierName`, `ShippingMethod`, `ShipperTrackingNumber`."),
    "nothing cancelled": (
        ADJUSTMENT.replace("Cancelled>1<", "Cancelled>0<"),
        "`QuantityCancelled` must be a whole number of at least 1; this is `0`. Leave it out to refund without cancell",
        None),
    "no reason": (
        ADJUSTMENT.replace("<AdjustmentReason>CustomerReturn</AdjustmentReason>", ""),
        "`AdjustmentReason` is missing in `AdjustedItem`; it stands after `AmazonOrderItemCode`", "`GeneralAdj"),
    "an ampersand": (
        ACKNOWLEDGEMENT.replace("SHOP-1<", "Smith & Sons<"), "There is an `&` that stands for itself", "Write `&amp;`"),
    "a default namespace": (
        FULFILLMENT.replace("<AmazonEnvelope>", '<AmazonEnvelope xmlns="http://www.amazon.com/x">'),
        "The root has a default namespace", "Leave `xmlns="),
    "no header": (FULFILLMENT.replace(HEADER, ""), "`Header` is missing in `AmazonEnvelope`", "Begin with `<Header>"),
    "two numbers of the order": (
        ADJUSTMENT.replace("<ActionType>", "<MerchantOrderID>S</MerchantOrderID><ActionType>"),
        "takes either `AmazonOrderID` or `MerchantOrderID`, and only once.", "Leave one of them out"),
    "curly quotes": (
        ADJUSTMENT.replace('"JPY"', "”JPY”"), "`currency` of `Amount` is not in quotes", "straight quotes"),
    "a bracket too many": (
        FULFILLMENT.replace("</FulfillmentDate>", "</FulfillmentDate>>"),
        "`OrderFulfillment` may hold elements only, but there is text between them.",
        "Take out `>`, in line 5, column 162. Mostly it is a bracket"),
    "cut off": (FULFILLMENT[: FULFILLMENT.index("<Item>")], "The feed ends in the middle", "`</AmazonEnvelope>`"),
    "nothing": ("", "The feed is empty.", "Look whether the program"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", TWENTY)
def test_mistakes_that_people_make_are_told_with_reason_and_hint(mistake: str) -> None:
    feed, reason, hint = TWENTY[mistake]
    found = english(telling_finding(feed))
    assert reason in (found.reason or "")
    assert (found.hint is None) if hint is None else (hint in (found.hint or ""))


def said(rule: str, path: str, *arguments: str) -> English:
    return in_words(rule, f"/AmazonEnvelope/Message/{path}", write_sentence(rule, arguments))


def hint_for(path: str, kind: str, value: str) -> str:
    return said("cvc-datatype-valid.1.2.1", path, value, kind).hint or ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-04 10:00:00", "`2024-03-04T10:00:00+09:00`: a `T` stands between"),
        ("2024/03/04 10:00:00 JST", "`2024-03-04T10:00:00+09:00`: a date is written with hyphens, a `T` stands"),
        ("2024-03-04T10:00+09:00", "`2024-03-04T10:00:00+09:00`: the seconds are missing"),
        ("2024-03-04t10:00:00z", "`2024-03-04T10:00:00Z`"),
        ("2024-03-04T10:00:00+09", "`2024-03-04T10:00:00+09:00`"),
        ("2024年3月4日 9:05:00", "`2024-03-04T09:05:00+09:00`"),
        ("２０２４-03-04T10:00:00Z", "`2024-03-04T10:00:00Z`: only the digits"),
        ("2024-02-30T10:00:00Z", "no such day"),
        ("2024-03-04T10:00:60Z", "no such day or hour"),
        ("03/04/2024", "Write the year first"),
        ("yesterday", ""),
    ],
)
def test_dates_are_mended(written: str, meant: str) -> None:
    assert meant in hint_for("OrderFulfillment/FulfillmentDate", "dateTime", written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,000.00", "`1000.00`"),
        ("1.000,50", "`1000.50`"),
        ("1,234,567", "`1234567`"),
        ("12,50", "`12.50`: decimals stand behind a point"),
        ("$12.50", "`12.50`: the currency"),
        ("1000円", "`1000`: the currency"),
        ("JPY 1,000", "`1000`: the currency stands in the attribute `currency`, and thousands"),
        ("１０００", "`1000`"),
        ("", "Leave the whole `Component` out"),
        ("n/a", ""),
    ],
)
def test_amounts_are_mended(written: str, meant: str) -> None:
    path = "OrderAdjustment/AdjustedItem/ItemPriceAdjustments/Component[2]/Amount"
    assert meant in hint_for(path, "decimal", written)


@pytest.mark.parametrize(
    ("path", "written", "meant"),
    [
        ("MessageID", "m-1", "Count the messages of a feed 1, 2, 3"),
        ("MessageID", "0", "Count the messages of a feed from 1"),
        ("OrderAdjustment/AdjustedItem/QuantityCancelled", "1.0", "`1`: whole numbers have no decimals"),
        ("OrderAdjustment/AdjustedItem/QuantityCancelled", "-1", "counted upwards: write `1`"),
        ("OrderFulfillment/Item/Quantity", "２", "`2`"),
        ("OrderFulfillment/AmazonOrderID", "25010000030000003", "`250-1000003-0000003`: it has hyphens"),
        ("OrderFulfillment/AmazonOrderID", "250‐1000003‐0000003", "`250-1000003-0000003`"),
        ("OrderFulfillment/AmazonOrderID", "SHOP-1", "put it into `MerchantOrderID`"),
        ("OrderAcknowledgement/AmazonOrderID", "SHOP-1", "an acknowledgement takes Amazon's"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", "100000000003012", "Codes of 15 digits"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", "1.00E+13", "A spreadsheet has rounded it"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", " 10000000000301", "no blanks"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", "301", "zeros in front"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", "250-1000003-0000003", "the number of an order"),
        ("OrderFulfillment/Item/AmazonOrderItemCode", "SKU-1", "`MerchantOrderItemID`"),
    ],
)
def test_numbers_are_mended(path: str, written: str, meant: str) -> None:
    assert meant in (said("cvc-pattern-valid", path, written, "x", "y").hint or "")


@pytest.mark.parametrize(
    ("path", "names", "written", "meant"),
    [
        ("OrderAcknowledgement/Item/CancelReason", "PricingError, BuyerCanceled", "PriceError", "it is `PricingError`"),
        ("OrderAcknowledgement/Item/CancelReason", "BuyerCanceled", "BuyerCancelled", "Write `BuyerCanceled`"),
        ("OrderAdjustment/AdjustedItem/AdjustmentReason", "PriceError", "PricingError", "it is `PriceError`"),
        ("OrderAdjustment/AdjustedItem/AdjustmentReason", "CustomerCancel", "CustomerCancelled", "`CustomerCancel`"),
        ("OrderAdjustment/AdjustedItem/ItemPriceAdjustments/Component/Type", "ShippingTax", "Shipping Tax", "exactly"),
        ("OrderAdjustment/AdjustedItem/ItemPriceAdjustments/Component/Type", "COD, CODTax", "CODFee", "`COD`;"),
        ("OrderFulfillment/FulfillmentData/CarrierCode", "FedEx, Other", "FEDEX", "Write `FedEx`: capital"),
        ("OrderFulfillment/FulfillmentData/CarrierCode", "YAMATO, Other", "ヤマト運輸", "Write `YAMATO`."),
        ("OrderAcknowledgement/StatusCode", "Success, Failure", "Cancelled", "Write `Failure`."),
        ("OrderAcknowledgement/StatusCode", "Success, Failure", "Sucess", "Did you mean `Success`?"),
        ("OrderAcknowledgement/StatusCode", "Success, Failure", " Success", "no blanks or line ends"),
        ("OrderAdjustment/ActionType", "Refund, Cancel", "", "Leave `ActionType` out"),
    ],
)
def test_names_are_mended(path: str, names: str, written: str, meant: str) -> None:
    assert meant in (said("cvc-enumeration-valid", path, written, f"[{names}]").hint or "")


def test_a_value_of_an_attribute_is_told_as_one() -> None:
    told = said("cvc-enumeration-valid", "X/Component/Amount", "yen", "[USD, JPY]")
    assert told.reason == "The attribute `currency` of `Amount` cannot be `yen`; it must be one of `USD`, `JPY`."
    assert told.hint == "Write `JPY`."


@pytest.mark.parametrize(
    ("written", "meant"),
    [("True", "Write `true`, in small letters."), ("yes", "Write `true`, in small letters."), ("maybe", None)],
)
def test_yes_and_no_are_mended(written: str, meant: str | None) -> None:
    text = write_sentence("cvc-datatype-valid.1.2.1", (written, "boolean"))
    element = "/AmazonEnvelope/Message/OrderFulfillment/ShipFromAddress/isDefaultShipping"
    assert in_words("cvc-datatype-valid.1.2.1", element, text).hint == meant


def test_of_purge_and_replace_nothing_is_said_but_to_leave_it_out() -> None:
    text = write_sentence("cvc-datatype-valid.1.2.1", ("yes", "boolean"))
    told = in_words("cvc-datatype-valid.1.2.1", "/AmazonEnvelope/PurgeAndReplace", text)
    assert "Leave it out" in told.reason
    assert told.hint is None


def misplaced(parent: str, found: str, *expected: str) -> English:
    rule = "cvc-complex-type.2.4.a" if expected else "cvc-complex-type.2.4.d"
    arguments = (found, f"{{{', '.join(expected)}}}") if expected else (found,)
    return said(rule, parent, *arguments)


def test_an_element_in_small_letters_is_told_its_name() -> None:
    told = misplaced("OrderFulfillment", "amazonOrderId", "AmazonOrderID", "MerchantOrderID")
    assert told.reason == "There is no element `amazonOrderId`; it is called `AmazonOrderID`."
    assert "capital and small letters" in (told.hint or "")


def test_an_element_of_another_message_has_no_place() -> None:
    told = misplaced("OrderAdjustment", "Item", "ActionType", "CODCollectionMethod", "AdjustedItem")
    assert (told.reason or "").startswith("`Item` has no place in `OrderAdjustment`; what may stand here is `ActionT")
    assert told.hint == "In an adjustment it is called `AdjustedItem`."


def test_an_unknown_element_with_a_namespace_is_told_without_it() -> None:
    told = misplaced("OrderAdjustment", '{"urn:x":Foo}', "AdjustedItem")
    assert (told.reason or "").startswith("`Foo` is an element that `OrderAdjustment` does not know; what may stand")


@pytest.mark.parametrize("name", ["AmazonOrderItemCode", "Quantity", "TransparencyCode"])
def test_a_known_element_in_a_namespace_is_told_to_leave_it(name: str) -> None:
    told = misplaced("OrderFulfillment/Item", f'{{"urn:x":{name}}}', "Quantity", "TransparencyCode")
    assert told.reason == f"`{name}` is in a namespace here; the elements of a feed are in none."
    assert told.hint == "Take the prefix off its name, and leave `xmlns` out."


@pytest.mark.parametrize("parent", PARENTS)
def test_any_element_in_the_place_of_any_other_is_told_in_words(parent: str) -> None:
    model = KNOWN.get_model(("AmazonEnvelope", "Message", *parent.split("/")))
    names = [name for place in model for name in place.names]
    for found in [*names, "Foo"]:
        for expected in [[], names, *([name] for name in names)]:
            assert misplaced(parent, found, *expected).reason


def test_an_element_twice_is_told_as_that() -> None:
    told = misplaced("OrderFulfillment/FulfillmentData", "ShipperTrackingNumber")
    assert told.reason == "`FulfillmentData` takes only one `ShipperTrackingNumber`."


def test_what_may_be_twice_or_late_is_told_as_both() -> None:
    told = misplaced("OrderAdjustment", "CODCollectionMethod", "AdjustedItem")
    assert "stands a second time or too late in `OrderAdjustment`: it belongs before" in (told.reason or "")


def test_a_tracking_number_is_told_what_it_is_called() -> None:
    told = misplaced("OrderFulfillment/FulfillmentData", "TrackingNumber", "ShipperTrackingNumber")
    assert told.hint == "Write `ShipperTrackingNumber`."


def test_a_message_with_two_orders_is_told_to_be_divided() -> None:
    text = write_sentence("cvc-complex-type.2.4.d", ("OrderFulfillment",))
    told = in_words("cvc-complex-type.2.4.d", "/AmazonEnvelope/Message", text)
    assert "A message takes one of them" in (told.hint or "")


def test_a_message_without_order_is_told_what_is_missing() -> None:
    names = f"{{OperationType, {', '.join(KNOWN.payloads)}}}"
    text = write_sentence("cvc-complex-type.2.4.b", ("Message", names))
    told = in_words("cvc-complex-type.2.4.b", "/AmazonEnvelope/Message", text)
    assert (told.reason or "").startswith("`Message` lacks its content: one of ")
    assert "`OrderAcknowledgement` or `OrderAdjustment`" in (told.reason or "")


@pytest.mark.parametrize(
    ("beginning", "reason"),
    [
        (b"PK\x03\x04...", "an Excel workbook"),
        (b"TemplateType=OrderFulfillment\tVersion", "a table with tabs"),
        (b'\n<?xml version="1.0"?><AmazonEnvelope/>', "blanks or empty lines before"),
        (b'\xef\xbb\xbf\xef\xbb\xbf<?xml version="1.0"?>', "byte order mark"),
        (b'log: started\n<?xml version="1.0"?>', "There is text before the XML declaration"),
        ("<?xml version=“1.0”?><AmazonEnvelope/>".encode(), "quotes that are no quotes"),
        (b"<!DOCTYPE html><html><body>", "a web page"),
        (b'{"messages": []}', "JSON"),
        (b"<x:AmazonEnvelope xmlns:x='urn:x'>", "has a prefix"),
        (b"<Feed><AmazonEnvelope>", "begins with `Feed`"),
        ("<orderfulfillment>".encode("utf-16"), "The envelope is missing"),
        (b"order-id  quantity\n250-1000003-0000003  1\n", "a table without tabs"),
        (rb"{\rtf1\ansi <?xml", "a word processor's text (RTF)"),
        (b"PD94bWwgdmVyc2lvbj0iMS4wIj8+", "encoded in base64"),
        (b"b'<?xml version=\"1.0\"?>\\n<AmazonEnvelope>'", "as Python shows bytes"),
        (b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n<?xml version="1.0"?>', "the parts of a form"),
        (b"Action=SubmitFeed&FeedType=_POST_ORDER_FULFILLMENT_DATA_", "The parameters of a call"),
        (b'From: a@example.com\nSubject: b\n\n<?xml version="1.0"?>', "an e-mail"),
        (b"\0" * 99, "nothing but zero bytes"),
        (b"hello", "does not begin as XML does"),
        (b"", "does not begin as XML does"),
    ],
)
def test_what_is_no_envelope_is_told_from_its_beginning(beginning: bytes, reason: str) -> None:
    assert reason in (english(EXPLAINER.explain_beginning(beginning)).reason or "")


def test_the_right_feed_type_is_named() -> None:
    told = english(EXPLAINER.explain_feed_type("OrderAcknowledgement", "OrderAdjustment", "OrderAdjustment"))
    assert told.hint == "Send it as `POST_PAYMENT_ADJUSTMENT_DATA`."
    only_said = english(EXPLAINER.explain_feed_type("OrderAdjustment", "OrderAdjustment", "OrderFulfillment"))
    assert only_said.hint == "Write `<MessageType>OrderAdjustment</MessageType>`."


def test_every_rule_has_plain_words_and_no_other() -> None:
    assert set(RULES) == set(SENTENCES)
    assert set(SCANNER) == set(FATALS)


def places(template: str) -> int:
    fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
    return 1 + max(map(int, fields)) if any(fields) else len(fields)


@pytest.mark.parametrize("rule", SENTENCES)
def test_sentences_of_the_schema_come_apart_again(rule: str) -> None:
    arguments = tuple(f"part {number}, 'quoted'" for number in range(places(SENTENCES[rule])))
    assert parts.take_apart(rule, write_sentence(rule, arguments)) == arguments


@pytest.mark.parametrize("rule", [*SENTENCES, *FATALS])
@settings(max_examples=25, deadline=None)
@given(value=st.text(max_size=30) | st.sampled_from(["{A, B}", "[A, B]", "", "0", "' is not facet-valid", "x" * 2000]))
def test_every_rule_says_something_short_and_visible_whatever_stands_there(rule: str, value: str) -> None:
    template = SENTENCES.get(rule) or FATALS[rule]
    text = f"{rule}: " * (rule in SENTENCES) + template.format(*[value] * places(template))
    told = in_words(rule, "/AmazonEnvelope/Message/OrderFulfillment/Item" if rule in SENTENCES else "", text)
    assert told.reason
    assert not any(char < " " or "\x7f" <= char < "\xa0" for char in told.reason + (told.hint or ""))
    assert len(told.reason) <= 1000


def test_a_huge_value_costs_little_and_is_cut() -> None:
    told = said("cvc-pattern-valid", "OrderFulfillment/AmazonOrderID", "' is not" * 1_000_000, "x", "AmazonOrderID")
    assert "; this is `' is not' is not' is not" in (told.reason or "")
    assert len(told.reason or "") < 300


def test_long_values_are_cut() -> None:
    assert saying.show_value("x" * 61) == "x" * 59 + "…"
    assert saying.show_value("a\nb\x85\u202e") == "a·b··"


def test_what_only_libxml2_finds_is_told_in_general() -> None:
    told = in_words("SCHEMAV_CVC_DATATYPE_VALID_1_2_1", "", "Element 'A': 'x' is not a valid value.")
    assert told == English("What stands here does not fit the schema of the feed.", None)


def test_what_the_scanner_never_says_is_told_in_general() -> None:
    told = in_words("xml", "", 'The encoding "FOO" is not supported.')
    assert told.reason == "The feed is in `FOO`, which is not known."
    assert in_words("xml", "", "Out of cheese.").reason


def in_schema(node: etree._Element) -> list[tuple[set[str], str]]:
    """The places of a sequence: names, and how often."""
    found = []
    for child in node.find(f"{XSD}sequence"):
        named = child.iter(f"{XSD}element") if child.tag == f"{XSD}choice" else [child]
        often = ("?" if child.get("minOccurs") == "0" else "") + ("*" if child.get("maxOccurs", "1") != "1" else "")
        found.append(({one.get("name") or one.get("ref") for one in named}, often))
    return found


def complex_elements() -> dict[str, list[tuple[set[str], str]]]:
    with SCHEMAS_OF_ALL.assembly.open() as envelope:
        trees = [etree.parse(path) for path in envelope.parent.glob("*.xsd")]
    found: dict[str, list[tuple[set[str], str]]] = {}
    for tree in trees:
        for node in tree.iter(f"{XSD}complexType"):
            if node.find(f"{XSD}sequence") is not None:
                owner = node.getparent()
                above = [one.get("name") for one in owner.iterancestors(f"{XSD}element", f"{XSD}complexType")]
                above = [name for name in above if name]
                name = owner.get("name") or node.get("name")
                found["/".join([*above[:1], name])] = in_schema(node)
    return found


NAMED_TYPES = {
    "OrderFulfillment/ShipFromAddress": "AddressType",
    "AdjustedItem/ItemPriceAdjustments": "AdjustmentBuyerPrice",
    "ItemPriceAdjustments/Component": "AdjustmentBuyerPrice/Component",
}


def test_the_order_of_children_is_that_of_the_schemas() -> None:
    schemas = complex_elements()
    for path, model in models().items():
        key = "/".join(path[-2:])
        expected = schemas[NAMED_TYPES.get(key) or (key if key in schemas else path[-1])]
        told = [
            (set(place.names), ("" if place.required else "?") + ("*" if place.repeated else "")) for place in model
        ]
        limited = {"TransparencyCode", "PhoneNumber"}
        assert told == [(names, often if not names & limited else "?*") for names, often in expected], key


LISTED = {
    "MessageType", "OperationType", "StatusCode", "CancelReason", "ActionType", "CODCollectionMethod", "CarrierCode",
    "AdjustmentReason", "Type", "Lookup", "SwitchFulfillmentTo",
}  # fmt: skip
"""What holds one of a list of names."""


def test_each_element_of_the_order_messages_is_documented() -> None:
    for path, model in models().items():
        for name in {name for place in model for name in place.names} - {"OrderReport", "ProcessingReport"}:
            about = KNOWN.get_element((*path, name))
            assert about.purpose, (path, name)
            assert about.holds or KNOWN.get_model((*path, name)) or name in LISTED, (path, name)


def test_a_valid_feed_loads_no_table() -> None:
    code = (
        "import sys; from feedproc.cli import main; "
        f"assert main(['validate', {str(SCHEMAS.parent / 'samples/feeds/good/adjustment-refund.xml')!r}]) == 0; "
        "own = [name[17:] for name in sys.modules if name.startswith('feedproc.explain.')];"
        "assert set(own) <= {'excerpt', 'plain'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
