"""What `validate` says of the mistakes that people make, with the way to mend them."""

import re

import pytest

from tests.builders import ACKNOWLEDGEMENT, FULFILLMENT, a_feed, cancels
from tests.cli.builders import Shell

DATA = "<FulfillmentData><CarrierCode>YAMATO</CarrierCode></FulfillmentData>"
TRACKED = DATA.replace("</Ful", "<ShipperTrackingNumber>1</ShipperTrackingNumber></Ful")
TWICE = TRACKED.replace("</Ful", "<ShipperTrackingNumber>2</ShipperTrackingNumber></Ful")
DATE = "<FulfillmentDate>2024-03-03T10:00:00Z</FulfillmentDate>"
SHIPS = (
    f"<OrderFulfillment><AmazonOrderID>250-0000000-0000001</AmazonOrderID>{DATE}{DATA}<Item>"
    "<AmazonOrderItemCode>00000000000001</AmazonOrderItemCode><Quantity>2</Quantity></Item></OrderFulfillment>"
)
ROW = "order-id;ship-date;carrier-code"


def a_shipment(payload: str = SHIPS) -> str:
    return a_feed(payload, feed_type=FULFILLMENT).decode()


def told(feedproc: Shell, feed: str, *options: str, language: str = "en") -> str:
    ran = feedproc("validate", "-", "--language", language, *options, stdin=feed.encode())
    assert ran.code == 1, ran.out
    return ran.out


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        (DATA, TWICE, "Each package has a message of its own"),
        (DATA, TRACKED + TRACKED, "Each package has a message of its own"),
        ("250-0000000-0000001", "250-0000000-000001", "Its last group has 6 of 7 characters"),
        ("250-0000000-0000001", "25-0000000-0000001", "Its first group has 2 of 3 characters"),
        (DATE + DATA, DATA + DATE, "in front of `FulfillmentData`; one that stands behind it belongs there"),
        ("2024-03-03T10:00:00Z", "1709460000", "This is Unix time; write it as `2024-03-03T10:00:00Z`."),
        ("2024-03-03T10:00:00Z", "45354.5", "write `2024-03-03T12:00:00+09:00`"),
        ("2024-03-03T10:00:00Z", "2024/03/03 10:00", "`2024-03-03T10:00:00+09:00`"),
        ("OrderFulfillment>", "OrderFulfilment>", "Write `OrderFulfillment`."),
        ("</OrderFulfillment>", "</ OrderFulfillment>", "no blank stands between `</` and the name"),
        ("</MessageType>", "</MessageType><PurgeAndReplace>yes</PurgeAndReplace>", "Leave it out"),
    ],
)
def test_a_mistake_in_a_shipment_is_told_with_the_way_to_mend_it(
    feedproc: Shell, before: str, after: str, hint: str
) -> None:
    feed = a_shipment()
    assert before in feed
    assert hint in told(feedproc, feed.replace(before, after))


def test_a_misspelt_address_of_xsi_is_told(feedproc: Shell) -> None:
    root = '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema" xsi:noNamespaceSchemaLocation="a.xsd">'
    feed = a_shipment()
    told_so = told(feedproc, feed.replace(feed[feed.index("<AmazonEnvelope") : feed.index("<Header")], root))
    assert 'Write `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` at the root' in told_so


def test_a_web_page_is_told_to_be_one(feedproc: Shell) -> None:
    assert "begins a web page" in told(feedproc, "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>")


def test_items_around_item_are_to_be_taken_off(feedproc: Shell) -> None:
    feed = a_shipment().replace("<Item>", "<Items><Item>").replace("</Item>", "</Item></Items>")
    assert "Take `Items` off" in told(feedproc, feed)


def test_a_payload_without_message_is_to_be_put_into_one(feedproc: Shell) -> None:
    feed = re.sub(r"<Message>\s*<MessageID>1</MessageID>|</Message>", "", a_shipment())
    assert "Put it into a `Message`" in told(feedproc, feed)


def test_reasons_that_buyers_click_are_known(feedproc: Shell) -> None:
    feed = a_feed(cancels(1, "Order placed by mistake"), feed_type=ACKNOWLEDGEMENT).decode()
    assert "Write `BuyerCanceled`." in told(feedproc, feed)
    assert "`BuyerCanceled` と記入してください" in told(feedproc, feed, language="ja")


@pytest.mark.parametrize(
    ("begin", "hint"),
    [
        ("\n<?xml version='1.0'?>", "Take out the line break or blanks before it"),
        ("<?XML version='1.0'?>", "in small letters"),
        ("<?xml version='1.0' encoding='utf-16'?>", 'Write `encoding="UTF-8"` there'),
        ("<soap:Envelope xmlns:soap='urn:s'>", "Take the feed out of the envelope of SOAP"),
        ("<?xml version='1.0'?>&lt;AmazonEnvelope&gt;", "it was escaped once too often"),
    ],
)
def test_what_stands_in_front_is_told_with_the_way_to_mend_it(feedproc: Shell, begin: str, hint: str) -> None:
    envelope = a_shipment()
    assert hint in told(feedproc, begin + envelope[envelope.index("<AmazonEnvelope") :])


@pytest.mark.parametrize(
    ("separator", "hint"),
    [(";", "not semicolons"), ("|", "not bars"), (",", "not commas"), (r"\t", "takes double quotes")],
)
def test_wrong_separators_of_a_flat_file_are_named(feedproc: Shell, separator: str, hint: str) -> None:
    feed = ROW.replace(";", separator) + "\n"
    assert hint in told(feedproc, feed, "--feed-type", "POST_FLAT_FILE_FULFILLMENT_DATA")


def test_whose_feed_it_is_is_told_when_that_is_known(opened: Shell) -> None:
    feed = a_shipment().replace("<MerchantIdentifier>A2SHOP<", "<MerchantIdentifier>My Store<")
    assert opened("validate", "-", stdin=feed.encode()).code == 0
    for options in (("--merchant", "A1LOCALSELLER1"), ("--data-dir", str(opened.data_dir))):
        assert "`My Store`, is another seller's or nobody's: write A1LOCALSELLER1" in told(opened, feed, *options)
    assert opened("validate", "-", "--merchant", "My Store", stdin=feed.encode()).code == 0


def test_an_empty_merchant_identifier_is_always_told(feedproc: Shell) -> None:
    empty = a_shipment().replace("<MerchantIdentifier>A2SHOP<", "<MerchantIdentifier><")
    assert "MerchantIdentifier is empty" in told(feedproc, empty)
    assert "MerchantIdentifier が空です" in told(feedproc, empty, language="ja")


HEADINGS = "order-id\tship-date\tcarrier-code\tship-method\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (HEADINGS.replace("order-id", "orderid"), "Write order-id for `orderid`."),
        ("250-0000000-0000001\t2024-03-02\tYAMATO\tStd\n", "Let the columns' names stand in the first row."),
        (HEADINGS.replace("\t", ","), "Put tabs between the columns, not commas."),
        (
            "order-id\torder-item-id\tpurchase-date\tsku\tquantity-purchased\n250-0000000-0000001\t1\t2024-03-02\tA\t1\n",
            "`feedproc orders load` loads them",
        ),
    ],
)
def test_a_table_that_is_no_feed_is_told_for_what_it_is(feedproc: Shell, text: str, hint: str) -> None:
    assert hint in told(feedproc, text)
    assert "ヒント:" in told(feedproc, text, language="ja")


ROWS = "order-id\tship-date\tcarrier-code\ttracking-number\n250-0000000-0000001\t{}\tYAMATO\t{}\n"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("20.11.2026", "Write 2026-11-20."),
        ("11/20/2026", "Write 2026-11-20."),
        ("11/11/2026", "Write 2026-11-11."),
        ("03/04/2026", "Write the year first"),
        ("20.13.2026", "Write the year first"),
    ],
)
def test_a_date_whose_year_comes_last_is_mended_where_it_means_one_day(
    feedproc: Shell, written: str, hint: str
) -> None:
    assert hint in told(feedproc, ROWS.format(written, "123456789012"))


def test_headings_that_come_again_are_to_be_taken_out(feedproc: Shell) -> None:
    feed = ROWS.format("2026-11-20", "123456789012")
    assert "This is a row of headings again: take it out." in told(feedproc, feed[: feed.index("\n") + 1] + feed)


@pytest.mark.parametrize("between", [", ", ";", "/", "、"])
def test_several_tracking_numbers_of_a_package_are_told_as_several(feedproc: Shell, between: str) -> None:
    feed = ROWS.format("2024-03-02", f"1234-5678-9012{between}1234-5678-9013")
    ran = feedproc("validate", "-", "--language", "en", stdin=feed.encode())
    assert "These are several tracking numbers; each package has one, and a row or message of its own" in ran.out


def test_json_that_is_no_list_of_orders_is_told_as_a_feed_or_as_json(feedproc: Shell) -> None:
    assert "`feedproc convert --to xml` makes XML of it." in told(feedproc, '{"MessageType": "OrderFulfillment"}')
    body = '{"marketplaceId": "A1VC38T7YXB528", "orderId": "250-0000000-0000001", "packageDetail": {}}'
    assert "The feed is JSON, not XML." in told(feedproc, body)
