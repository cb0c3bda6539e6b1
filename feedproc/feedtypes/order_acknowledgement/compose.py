"""Cancellations as a page writes them."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from feedproc.feedtypes.composing import Composed, compose_xml, make_element

_FEED_TYPE = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
CANCEL_REASONS = (
    "NoInventory", "BuyerCanceled", "GeneralAdjustment", "ShippingAddressUndeliverable", "CustomerExchange",
    "PricingError",
)  # fmt: skip
"""Of a whole order, as Seller Central's Manage Orders page lists them."""


class CancelledOrder(Struct, frozen=True):
    """An order to be cancelled as a whole: each of its items is listed, because only listed items have a reason."""

    amazon_order_id: str
    item_codes: Sequence[str]


def compose_cancellation(merchant: str, orders: Iterable[CancelledOrder], reason: str, memo: str = "") -> Composed:
    """Return a feed that cancels orders of which nothing has shipped."""
    bodies = (_compose_order(order, reason) for order in orders)
    return compose_xml(_FEED_TYPE, merchant, "OrderAcknowledgement", bodies, memo)


def _compose_order(order: CancelledOrder, reason: str) -> str:
    items = "".join(
        make_element("Item", make_element("AmazonOrderItemCode", code), make_element("CancelReason", reason))
        for code in order.item_codes
    )
    return make_element("AmazonOrderID", order.amazon_order_id) + make_element("StatusCode", "Failure") + items
