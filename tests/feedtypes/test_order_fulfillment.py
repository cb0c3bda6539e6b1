"""OrderFulfillment: decoded as the schema means it, applied, and answered in Amazon's words."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.report import Severity
from feedproc.feedtypes import order_fulfillment as feed_type
from feedproc.feedtypes.order_fulfillment.message import OrderFulfillment, touches
from feedproc.feedtypes.order_fulfillment.xml import decode
from feedproc.orders.order import Event, GivenBy, ItemKey, Order, OrderKey, OrderStatus, PackageItem
from feedproc.orders.shipping import Shipment, ShippedItem
from tests.orders.builders import (
    BOOK,
    ORDER_ID,
    a_canceled_order,
    a_pending_order,
    acknowledged,
    an_item,
    an_order,
    refund,
)

from .builders import INVALID, a_context, applying, changed, payload, refused, said

BY_AMAZON = f"<AmazonOrderID>{ORDER_ID}</AmazonOrderID>"
BY_SELLER = "<MerchantOrderID>M-1</MerchantOrderID>"


BY_YAMATO = "<FulfillmentData><CarrierCode>YAMATO</CarrierCode></FulfillmentData>"


def a_message(
    rest: str = "", order: str = BY_AMAZON, date: str = "2024-03-02T12:00:00+09:00", data: str = BY_YAMATO
) -> str:
    return f"<OrderFulfillment>{order}<FulfillmentDate>{date}</FulfillmentDate>{data}{rest}</OrderFulfillment>"


def by(carrier: str) -> str:
    return a_message(data=f"<FulfillmentData>{carrier}</FulfillmentData>")


def an_item_element(quantity: str = "", code: str = BOOK) -> str:
    counted = f"<Quantity>{quantity}</Quantity>" if quantity else ""
    return f"<Item><AmazonOrderItemCode>{code}</AmazonOrderItemCode>{counted}</Item>"


def too_many() -> str:
    return (
        f"The quantities you provided for order id ({ORDER_ID}) were larger than the quantities that could be "
        "fulfilled. Please review the quantity from the order report and take into account any items that have been "
        "cancelled or already fulfilled."
    )


def test_every_part_is_read() -> None:
    xml = f"""<OrderFulfillment>{BY_SELLER}<MerchantFulfillmentID>0077</MerchantFulfillmentID>
      <FulfillmentDate> 2024-03-02T12:00:00+09:00 </FulfillmentDate>
      <FulfillmentData><CarrierCode>YAMATO</CarrierCode><ShippingMethod>TA-Q-BIN</ShippingMethod>
        <ShipperTrackingNumber>1234</ShipperTrackingNumber></FulfillmentData>
      <CODCollectionMethod>DirectPayment</CODCollectionMethod>
      <Item><MerchantOrderItemID>line 1</MerchantOrderItemID>
        <MerchantFulfillmentItemID>8</MerchantFulfillmentItemID><Quantity> 0002 </Quantity>
        <TransparencyCode>x</TransparencyCode></Item>
      <ShipFromAddress><Name>Item</Name></ShipFromAddress></OrderFulfillment>"""

    shipment = Shipment(
        datetime(2024, 3, 2, 3, tzinfo=UTC),
        (ShippedItem(ItemKey("line 1", GivenBy.SELLER), 2, "8"),),
        "YAMATO",
        "TA-Q-BIN",
        "1234",
        "0077",
        carrier_code="YAMATO",
        collects_payment=True,
    )
    assert decode(payload(xml)) == OrderFulfillment(OrderKey("M-1", GivenBy.SELLER), shipment)


@pytest.mark.parametrize(
    ("data", "carrier"),
    [
        ("<CarrierCode>Other</CarrierCode><CarrierName>Taro Express</CarrierName>", "Taro Express"),
        ("<CarrierName>Taro Express</CarrierName>", "Taro Express"),
        ("<CarrierCode>Other</CarrierCode><CarrierName/>", "Other"),
        ("<CarrierCode>Other</CarrierCode>", "Other"),
        ("<CarrierName/>", None),
        ("<ShippingMethod/><ShipperTrackingNumber/>", None),
        ("", None),
    ],
)
def test_the_carrier_is_the_name_or_else_the_code(data: str, carrier: str | None) -> None:
    shipment = decode(payload(by(data))).shipment

    assert (shipment.carrier, shipment.shipping_method, shipment.tracking_number) == (carrier, None, None)


def test_a_message_names_one_order() -> None:
    assert touches(decode(payload(a_message()))).orders == (OrderKey(ORDER_ID),)
    assert touches(decode(payload(a_message(order=BY_SELLER)))).orders == (OrderKey("M-1", GivenBy.SELLER),)


def test_the_whole_order_ships_and_the_buyer_is_told() -> None:
    outcome = applying(feed_type, a_message(), an_order())

    order = changed(outcome)
    assert order.status is OrderStatus.SHIPPED
    assert order.packages[0].items == (PackageItem(BOOK, 2),)
    assert order.packages[0].shipped_at == datetime(2024, 3, 2, 3, tzinfo=UTC)
    assert outcome.notices == (BuyerNotice(Event.SHIPPED, ORDER_ID, since=0, until=1),)


def test_an_order_may_be_named_by_the_sellers_id() -> None:
    order = acknowledged(an_order(), "M-1")

    assert changed(applying(feed_type, a_message(order=BY_SELLER), order)).status is OrderStatus.SHIPPED


@pytest.mark.parametrize("carrier", ["<CarrierName>Kurier</CarrierName>", "<CarrierCode>Other</CarrierCode>", ""])
def test_half_a_carrier_is_refused_unless_feeds_are_of_before_2021(carrier: str) -> None:
    assert said(applying(feed_type, by(carrier), an_order()))[0] == 18028

    before = replace(a_context(), needs_carrier=False)
    assert changed(applying(feed_type, by(carrier), an_order(), context=before)).packages


def test_a_number_of_another_form_is_warned_of_and_the_shipment_is_confirmed() -> None:
    data = "<CarrierCode>UPS</CarrierCode><ShipperTrackingNumber>0000-0000-0101X</ShipperTrackingNumber>"

    outcome = applying(feed_type, by(data), an_order())

    assert outcome.orders[0].status is OrderStatus.SHIPPED
    assert outcome.result
    assert (outcome.result.severity, outcome.result.code) == (Severity.WARNING, 18028)
    assert outcome.result.description.startswith("The tracking ID 0000-0000-0101X for UPS does not match")


@pytest.mark.parametrize(
    ("code", "number"),
    [("UPS", "1Z 999 AA1 01 2345 6784"), ("YAMATO", "1111-2222-3333"), ("Japan Post", "rr123456785jp"), ("DPD", "x")],
)
def test_numbers_are_taken_as_people_write_them(code: str, number: str) -> None:
    data = f"<CarrierCode>{code}</CarrierCode><ShipperTrackingNumber>{number}</ShipperTrackingNumber>"

    assert applying(feed_type, by(data), an_order()).result is None


def test_a_held_refund_is_paid_and_told() -> None:
    outcome = applying(feed_type, a_message(), refund(an_order(), Principal=500))

    assert changed(outcome).refunds
    assert [notice.kind for notice in outcome.notices] == ["shipped", "refunded"]


@pytest.mark.parametrize("quantity", ["3", "99999999999999999999999999999999", "9" * 5000])
def test_more_than_is_open_is_refused(quantity: str) -> None:
    result = refused(applying(feed_type, a_message(an_item_element(quantity)), an_order()))

    assert (result.code, result.description, result.amazon_order_id) == (18021, too_many(), ORDER_ID)


def test_the_refusal_names_amazons_id_though_the_seller_used_its_own() -> None:
    order = acknowledged(an_order(an_item(shipped=2)), "M-1")

    result = refused(applying(feed_type, a_message(order=BY_SELLER), order))

    assert (result.code, result.description, result.amazon_order_id) == (18021, too_many(), None)


def test_a_shipped_order_has_nothing_left() -> None:
    assert said(applying(feed_type, a_message(), an_order(an_item(shipped=2)))) == (18021, too_many())


def test_a_canceled_order_cannot_be_fulfilled() -> None:
    assert said(applying(feed_type, a_message(), a_canceled_order())) == (
        18028,
        "Order cannot be fulfilled. For more information, please contact Seller Support.",
    )


@pytest.mark.parametrize(
    "order",
    [
        a_pending_order(),
        an_order(marker=OrderStatus.PENDING_AVAILABILITY),
        an_order(marker=OrderStatus.UNFULFILLABLE),
        an_order(fulfilled_by_amazon=True),
    ],
)
def test_orders_that_the_seller_does_not_ship_are_refused(order: Order) -> None:
    assert said(applying(feed_type, a_message(), order)) == (18028, INVALID)


def test_an_unknown_item_is_refused() -> None:
    message = a_message(an_item_element(code="99999999999999"))

    assert said(applying(feed_type, message, an_order())) == (18028, INVALID)


@pytest.mark.parametrize(
    "date",
    [
        "2024-03-01T08:59:59Z",
        "2024-03-04T09:00:01",
        "-0044-03-15T00:00:00Z",
        "12024-01-01T00:00:00Z",
        "2024-03-04T24:00:00",
    ],
)
def test_an_implausible_ship_date_is_refused(date: str) -> None:
    assert said(applying(feed_type, a_message(date=date), an_order())) == (
        5002,
        "We are sorry, but we were unable to process this message. "
        "Please review the message and verify that it is accurate. Then, please resubmit the message.",
    )


def test_an_order_that_is_not_there_cannot_be_found() -> None:
    result = refused(applying(feed_type, a_message(order=BY_SELLER)))

    assert (result.code, result.amazon_order_id) == (18028, None)
    assert result.description == (
        "Your order cannot be found using Merchant ID MERCHANT-1 and Merchant Order M-1. "
        "Enter the correct order ID and then resubmit your feed."
    )


def test_an_id_with_braces_in_it_is_told_as_it_is() -> None:
    message = a_message(order="<MerchantOrderID>{host}</MerchantOrderID>")

    assert "Merchant Order {host}." in said(applying(feed_type, message))[1]
