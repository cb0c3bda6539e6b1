"""OrderAcknowledgement: decoded as the schema means it, applied, and answered in Amazon's words."""

import pytest

from feedproc.feeds.effects import BuyerNotice
from feedproc.feedtypes import order_acknowledgement as feed_type
from feedproc.feedtypes.order_acknowledgement.message import AcknowledgedItem, OrderAcknowledgement, touches
from feedproc.feedtypes.order_acknowledgement.xml import decode
from feedproc.orders.order import Event, GivenBy, OrderKey, OrderStatus
from feedproc.stock.change import By, StockChange
from tests.orders.builders import (
    BOOK,
    NOW,
    ORDER_ID,
    a_canceled_order,
    a_pending_order,
    acknowledged,
    an_item,
    an_order,
)

from .builders import INVALID, applying, changed, payload, refused, said


def a_message(status: str = "Success", merchant_order_id: str | None = None, items: str = "") -> str:
    named = "" if merchant_order_id is None else f"<MerchantOrderID>{merchant_order_id}</MerchantOrderID>"
    return (
        f"<OrderAcknowledgement><AmazonOrderID>{ORDER_ID}</AmazonOrderID>{named}"
        f"<StatusCode>{status}</StatusCode>{items}</OrderAcknowledgement>"
    )


def an_item_element(code: str = BOOK, merchant_id: str = "", reason: str = "", quantity: str = "") -> str:
    parts = {"MerchantOrderItemID": merchant_id, "CancelReason": reason, "Quantity": quantity}
    rest = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text)
    return f"<Item><AmazonOrderItemCode>{code}</AmazonOrderItemCode>{rest}</Item>"


def test_every_part_is_read() -> None:
    items = an_item_element(merchant_id="line 1", reason="NoInventory", quantity="1") + an_item_element("2")

    assert decode(payload(a_message("Failure", "M-1", items))) == OrderAcknowledgement(
        ORDER_ID, "M-1", False, (AcknowledgedItem(BOOK, "line 1", "NoInventory"), AcknowledgedItem("2"))
    )


def test_blanks_stay_and_line_ends_become_blanks() -> None:
    body = decode(payload(a_message("Success", " M\n1\t ")))

    assert body.merchant_order_id == " M 1  "


def test_line_breaks_and_comments_between_elements_mean_nothing() -> None:
    xml = a_message("Failure", "M-1", an_item_element(reason="NoInventory"))
    spread = xml.replace("><", "> <!-- note --> \n<?note?><").replace("M-1", "M<!-- note -->-1")

    assert decode(payload(spread)) == decode(payload(xml))


def test_both_names_are_looked_up_and_an_empty_one_is_not() -> None:
    both = (OrderKey(ORDER_ID), OrderKey("M-1", GivenBy.SELLER))
    assert touches(decode(payload(a_message(merchant_order_id="M-1")))).orders == both
    assert touches(decode(payload(a_message(merchant_order_id="")))).orders == (OrderKey(ORDER_ID),)
    assert touches(decode(payload(a_message()))).orders == (OrderKey(ORDER_ID),)


def test_success_stores_the_sellers_ids() -> None:
    outcome = applying(feed_type, a_message("Success", "M-1", an_item_element(merchant_id="line 1")), an_order())

    order = changed(outcome)
    assert (order.merchant_order_id, order.acknowledged_at) == ("M-1", NOW)
    assert order.items[0].merchant_order_item_id == "line 1"
    assert (outcome.stock, outcome.notices) == ((), ())


def test_success_ignores_reasons_and_quantities() -> None:
    items = an_item_element(reason="NoInventory", quantity="99999999999999999999999999")

    order = changed(applying(feed_type, a_message("Success", items=items), an_order()))

    assert order.status is OrderStatus.UNSHIPPED


def test_the_same_message_again_changes_nothing_and_succeeds() -> None:
    order = acknowledged(an_order(), "M-1")

    outcome = applying(feed_type, a_message("Success", "M-1"), order)

    assert (outcome.orders, outcome.result) == ((), None)


def test_failure_cancels_the_whole_order_and_tells_the_buyer() -> None:
    outcome = applying(feed_type, a_message("Failure", items=an_item_element(reason="BuyerCanceled")), an_order())

    assert changed(outcome).status is OrderStatus.CANCELED
    assert outcome.stock == (StockChange("SKU-BOOK", By(2), "BuyerCanceled", ORDER_ID),)
    assert outcome.notices == (BuyerNotice(Event.CANCELLED, ORDER_ID, since=0, until=1),)


def test_failure_without_items_cancels_too() -> None:
    assert changed(applying(feed_type, a_message("Failure"), an_order())).status is OrderStatus.CANCELED


def test_of_an_item_listed_twice_the_first_counts() -> None:
    items = an_item_element(reason="NoInventory") + an_item_element(reason="BuyerCanceled")

    outcome = applying(feed_type, a_message("Failure", items=items), an_order())

    assert changed(outcome).items[0].cancellations[0].reason == "NoInventory"
    assert outcome.stock == ()


def test_an_order_that_is_not_there_cannot_be_found() -> None:
    result = refused(applying(feed_type, a_message("Success", "M-1"), an_order(order_id="250-0000000-0000000")))

    assert result.code == 18028
    assert result.description == (
        f"Your order cannot be found using Merchant ID MERCHANT-1 and Merchant Order {ORDER_ID}. "
        "Enter the correct order ID and then resubmit your feed."
    )
    assert result.amazon_order_id is None


@pytest.mark.parametrize("status", ["Success", "Failure"])
@pytest.mark.parametrize("order", [a_pending_order(), a_canceled_order()])
def test_pending_and_canceled_orders_are_refused(status: str, order: object) -> None:
    result = refused(applying(feed_type, a_message(status), order))

    assert (result.code, result.description, result.amazon_order_id) == (18028, INVALID, ORDER_ID)


@pytest.mark.parametrize("status", ["Success", "Failure"])
def test_an_unknown_item_is_refused(status: str) -> None:
    message = a_message(status, items=an_item_element("99999999999999"))

    assert said(applying(feed_type, message, an_order())) == (18028, INVALID)


def test_a_shipped_order_is_acknowledged_but_not_cancelled() -> None:
    order = an_order(an_item(ordered=2, shipped=1))

    assert changed(applying(feed_type, a_message("Success", "M-1"), order)).merchant_order_id == "M-1"
    assert said(applying(feed_type, a_message("Failure"), order)) == (18028, INVALID)


def test_amazons_order_is_not_cancelled() -> None:
    assert said(applying(feed_type, a_message("Failure"), an_order(fulfilled_by_amazon=True))) == (18028, INVALID)


def test_an_id_that_another_order_has_is_refused() -> None:
    other = acknowledged(an_order(order_id="250-0000000-0000000"), "M-1")

    assert said(applying(feed_type, a_message("Success", "M-1"), an_order(), other)) == (18028, INVALID)
