"""Feeds that a page writes are valid whatever a person typed, and say exactly what was meant."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedproc.feedtypes.composing import LONGEST_MEMO, Composed, read_memo
from feedproc.feedtypes.order_acknowledgement.compose import CancelledOrder, compose_cancellation
from feedproc.feedtypes.order_adjustment.compose import ItemRefund, compose_refund, compose_unit_cancellation
from feedproc.feedtypes.order_fulfillment.compose import Parcel, compose_shipment
from feedproc.feedtypes.pending_cancellation.compose import compose_pending_cancellation
from feedproc.resources import folder
from tests.builders import item_code, order_id

SHIPPED = datetime(2024, 3, 2, 19, 30, tzinfo=timezone(timedelta(hours=9)))
MEMOS = st.text(max_size=LONGEST_MEMO).map(lambda text: " ".join(text.split()))
LINES = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=50)


def parsed(feed: Composed) -> etree._Element:
    """The feed's root; the feed must be valid."""
    root = etree.parse(BytesIO(feed.body)).getroot()
    etree.XMLSchema(etree.parse(folder("schemas") / "amzn-envelope.xsd")).assertValid(root)
    return root


def test_one_feed_cancels_many_orders_each_with_all_its_items() -> None:
    orders = [CancelledOrder(order_id(number), [item_code(number), item_code(9)]) for number in (1, 2)]
    root = parsed(compose_cancellation("M_SHOP_1", orders, "PricingError"))
    assert [one.text for one in root.iter("AmazonOrderID")] == [order_id(1), order_id(2)]
    assert [one.text for one in root.iter("MessageID")] == ["1", "2"]
    listed = [one.text for one in root.iter("AmazonOrderItemCode")]
    assert listed == [item_code(1), item_code(9), item_code(2), item_code(9)]
    assert {one.text for one in root.iter("CancelReason")} == {"PricingError"}
    assert {one.text for one in root.iter("StatusCode")} == {"Failure"}


def test_a_shipment_is_told_in_utc_to_the_second() -> None:
    parcel = Parcel(
        amazon_order_id=order_id(1), shipped_at=SHIPPED, units={item_code(1): 2}, carrier_code="YamatoTransport"
    )
    root = parsed(compose_shipment("M_SHOP_1", parcel))
    assert root.findtext(".//FulfillmentDate") == "2024-03-02T10:30:00Z"
    assert (root.findtext(".//CarrierCode"), root.findtext(".//Item/Quantity")) == ("YamatoTransport", "2")
    assert root.find(".//CarrierName") is None


@given(name=LINES, method=LINES, tracking=LINES)
def test_a_shipment_carries_any_text(name: str, method: str, tracking: str) -> None:
    parcel = Parcel(
        amazon_order_id=order_id(1), shipped_at=SHIPPED, units={}, carrier_code="Other", carrier_name=name,
        shipping_method=method, tracking_number=tracking,
    )  # fmt: skip
    root = parsed(compose_shipment("M_SHOP_1", parcel))
    told = [root.findtext(f".//{tag}") for tag in ("CarrierName", "ShippingMethod", "ShipperTrackingNumber")]
    assert told == [name, method, tracking]


@pytest.mark.parametrize("amount", ["0.10", "-3.5", "100", "1E+5", "99999999999999.99"])
def test_a_refund_writes_amounts_without_exponents(amount: str) -> None:
    one = ItemRefund(item_code=item_code(1), reason="CustomerReturn", amounts={"Principal": Decimal(amount)})
    root = parsed(compose_refund("M_SHOP_1", order_id(1), [one], "JPY"))
    (told,) = root.iter("Amount")
    assert Decimal(told.text) == Decimal(amount)
    assert told.get("currency") == "JPY"


def test_units_that_stay_behind_are_cancelled_by_an_adjustment() -> None:
    root = parsed(compose_unit_cancellation("M_SHOP_1", order_id(1), {item_code(1): 1, item_code(2): 3}, "NoInventory"))
    assert [one.text for one in root.iter("QuantityCancelled")] == ["1", "3"]
    assert root.find(".//ItemPriceAdjustments") is None


@given(MEMOS)
def test_a_memo_stays_with_its_feed_whatever_it_says(memo: str) -> None:
    order = CancelledOrder(order_id(1), [item_code(1)])
    visible = read_memo(compose_cancellation("M_SHOP_1", [order], "NoInventory", memo).body)
    assert visible == "".join(one if one.isprintable() else told for one, told in zip(memo, visible, strict=True))
    parsed(compose_unit_cancellation("M_SHOP_1", order_id(1), {item_code(1): 1}, "NoInventory", memo))


@given(st.text(max_size=LONGEST_MEMO))
def test_a_memo_cannot_break_out_of_its_cell(memo: str) -> None:
    feed = compose_pending_cancellation([order_id(1), order_id(2)], "NoInventory", memo)
    rows = [row.split("\t") for row in feed.body.decode().split("\n")]
    assert [len(row) for row in rows] == [3, 3, 3, 1]
    assert rows[1][:2] == [order_id(1), "NoInventory"]
    assert read_memo(feed.body) == rows[2][2]


def test_a_feed_without_a_memo_has_none() -> None:
    assert read_memo(compose_pending_cancellation([order_id(1)], "NoInventory").body) == ""
    assert read_memo(compose_unit_cancellation("M", order_id(1), {item_code(1): 1}, "NoInventory").body) == ""
    assert read_memo(b"\xff\xfe") == ""
