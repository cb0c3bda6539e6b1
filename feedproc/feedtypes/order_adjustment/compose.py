"""Refunds, and cancellations of units, as a page writes them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from feedproc.feedtypes.composing import Composed, as_text, compose_xml, make_element, wrap
from feedproc.orders.order import Order

_FEED_TYPE = "POST_PAYMENT_ADJUSTMENT_DATA"
REFUND_REASONS = (
    "CustomerReturn", "GeneralAdjustment", "CouldNotShip", "DifferentItem", "NoInventory", "CustomerCancel",
    "PriceError", "Exchange", "Abandoned", "ProductOutofStock", "CustomerAddressIncorrect", "Undeliverable",
    "RefusedDelivery", "Other",
)  # fmt: skip
"""AdjustmentReason; the five of the flat file's help page (661) come first."""
UNIT_CANCEL_REASONS = ("NoInventory", "CustomerCancel")
"""Of units that were not shipped with the rest (Seller Central help 200198080)."""
COMPONENTS = (
    "Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax", "Goodwill", "ReturnShipping",
    "RestockingFee", "RestockingFeeTax", "COD", "CODTax", "ExportCharge", "Surcharge",
    "FreeReplacementReturnShipping", "Other",
)  # fmt: skip
"""What money can be given back for."""


class ItemRefund(Struct, frozen=True, kw_only=True):
    """Money to be given back for one item."""

    item_code: str
    reason: str
    amounts: Mapping[str, Decimal]
    """By component."""
    quantity: int | None = None
    """Units the money is for."""


def compose_refund(
    merchant: str, amazon_order_id: str, refunds: Iterable[ItemRefund], currency: str, memo: str = ""
) -> Composed:
    """Return a feed that gives money back for items of one order."""
    items = "".join(_compose_item(one, currency) for one in refunds)
    return compose_xml(
        _FEED_TYPE, merchant, "OrderAdjustment", [make_element("AmazonOrderID", amazon_order_id) + items], memo
    )


def compose_refunds(merchant: str, orders: Iterable[Order], reason: str) -> Composed:
    """Return a feed that pays back all that was charged for some orders, a message an order."""
    bodies = [
        make_element("AmazonOrderID", order.amazon_order_id)
        + "".join(
            _compose_item(
                ItemRefund(item_code=item.order_item_code, reason=reason, amounts=item.charges), order.currency
            )
            for item in order.items
        )
        for order in orders
    ]
    return compose_xml(_FEED_TYPE, merchant, "OrderAdjustment", bodies)


def compose_unit_cancellation(
    merchant: str, amazon_order_id: str, units: Mapping[str, int], reason: str, memo: str = ""
) -> Composed:
    """Return a feed that cancels units, by item code, that were not shipped with the rest."""
    items = "".join(
        make_element(
            "AdjustedItem",
            make_element("AmazonOrderItemCode", code),
            make_element("AdjustmentReason", reason),
            make_element("QuantityCancelled", count),
        )
        for code, count in units.items()
    )
    return compose_xml(
        _FEED_TYPE, merchant, "OrderAdjustment", [make_element("AmazonOrderID", amazon_order_id) + items], memo
    )


def _compose_item(one: ItemRefund, currency: str) -> str:
    components = "".join(
        f'<Component><Type>{as_text(kind)}</Type><Amount currency="{as_text(currency)}">{amount:f}</Amount></Component>'
        for kind, amount in one.amounts.items()
    )
    prices = f"<ItemPriceAdjustments>{components}</ItemPriceAdjustments>" if components else ""
    quantity = "" if one.quantity is None else make_element("Quantity", one.quantity)
    named = make_element("AmazonOrderItemCode", one.item_code) + make_element("AdjustmentReason", one.reason)
    return wrap("AdjustedItem", named + prices + quantity)
