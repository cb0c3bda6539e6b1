"""The templates of order feeds, and by which headings one is told from the other.

Amazon documents them on Seller Central: Order Cancellation, Order Adjustment (661) and Shipping Confirmation (641).
"""

from functools import partial

from feedproc.feeds.saying import say
from feedproc.formats.flat.columns import Column, Template
from feedproc.formats.flat.hints import of_reason
from feedproc.formats.flat.values import (
    amount,
    carrier_code,
    currency,
    day,
    item_code,
    one_of,
    order_id,
    text,
    units,
)

_CANCEL_REASONS = (
    "BuyerCanceled",
    "CustomerExchange",
    "CustomerReturn",
    "GeneralAdjustment",
    "MerchandiseNotReceived",
    "NoInventory",
    "PricingError",
    "ShippingAddressUndeliverable",
)
_ADJUSTMENT_REASONS = (
    "NoInventory",
    "CustomerReturn",
    "GeneralAdjustment",
    "CouldNotShip",
    "DifferentItem",
    "Abandoned",
    "CustomerCancel",
    "PriceError",
)
_cancel_reason = one_of(
    _CANCEL_REASONS,
    partial(
        of_reason,
        names=_CANCEL_REASONS,
        elsewhere={
            "CustomerCancel": "BuyerCanceled",
            "PriceError": "PricingError",
            "CouldNotShip": "NoInventory",
            "ProductOutofStock": "NoInventory",
            "Exchange": "CustomerExchange",
            "CustomerAddressIncorrect": "ShippingAddressUndeliverable",
            "Undeliverable": "ShippingAddressUndeliverable",
        },
    ),
)
_adjustment_reason = one_of(
    _ADJUSTMENT_REASONS,
    partial(
        of_reason,
        names=_ADJUSTMENT_REASONS,
        elsewhere={
            "BuyerCanceled": "CustomerCancel",
            "PricingError": "PriceError",
            "CustomerExchange": "GeneralAdjustment",
            "ShippingAddressUndeliverable": "CouldNotShip",
            "ProductOutofStock": "NoInventory",
            "Exchange": "GeneralAdjustment",
            "CustomerAddressIncorrect": "CouldNotShip",
        },
    ),
)
_ORDER_ID = Column("order-id", order_id, is_required=True)

CANCELLATION = Template(
    "Order Cancellation",
    (
        _ORDER_ID,
        Column("cancellation-reason-code", _cancel_reason),
        Column("amazon-order-item-code", item_code),
        Column("merchant-order-id", text(50)),
    ),
    item="amazon-order-item-code",
    kind="OrderCancellation",
    feed_type="POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
)
"""Version 1.0/1.0.3; the column merchant-order-id is of 1.0/1.0.1."""

ADJUSTMENT = Template(
    "Order Adjustment",
    (
        _ORDER_ID,
        Column("order-item-id", item_code, is_required=True),
        Column("adjustment-reason-code", _adjustment_reason, is_required=True),
        Column("currency", currency),
        Column("item-price-adj", amount),
        Column("item-tax-adj", amount),
        Column("shipping-price-adj", amount),
        Column("shipping-tax-adj", amount),
        Column("gift-wrap-price-adj", amount),
        Column("gift-wrap-tax-adj", amount),
        Column("item-promotion-adj", amount),
        Column("item-promotion-id", text(80)),
        Column("ship-promotion-adj", amount),
        Column("ship-promotion-id", text(80)),
        Column("quantity-cancelled", units),
    ),
    item="order-item-id",
    feed_type="POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
)

FULFILLMENT = Template(
    "Shipping Confirmation",
    (
        _ORDER_ID,
        Column("order-item-id", item_code),
        Column("quantity", units),
        Column("ship-date", day, is_required=True),
        Column("carrier-code", carrier_code, is_required=True),
        Column("carrier-name", text(50)),
        Column("tracking-number", text(50)),
        Column("ship-method", text(50)),
        Column("cod-collection-method", one_of(("DirectPayment",), lambda _value: say("Leave it empty."))),
        Column("transparency_code", text(500)),
        *(
            Column(f"ship_from_address_{part}", text(60))
            for part in ("name", "line1", "line2", "line3", "city", "county", "state_or_region", "postalcode")
        ),
        Column("ship_from_address_countrycode", text(2)),
        Column("ship_from_supply_source_id", text(100)),
    ),
    item="order-item-id",
    kind="OrderFulfillment",
    feed_type="POST_FLAT_FILE_FULFILLMENT_DATA",
)
"""One row of headings in the United States and Europe, three in Japan."""

PENDING_CANCELLATION = Template(
    "Pending Order Cancellation",
    (
        _ORDER_ID,
        Column("cancellation-reason-code", _cancel_reason, is_required=True),
        Column("seller-memo", text(500)),
    ),
)
"""Not Amazon's: what a person does to pending orders on a page goes through it."""

OFFERED = (CANCELLATION, ADJUSTMENT, FULFILLMENT)
"""Those that sellers send."""


def other(template: Template, names: list[str], kind: str) -> Template | None:
    """Return which other template a file follows, that has these headings and this TemplateType, if it does.

    It does when it has headings of the other and none that only its own has: the id of the order is in all of them.
    """
    if any(_is_distinctive(name, template) for name in names):
        return None
    others = [one for one in OFFERED if one is not template]
    strange = [name for name in names if name not in template.names]
    of_kind = next((one for one in others if one.kind and one.kind == kind), None)
    if of_kind is not None or not any(name in one.names for one in others for name in strange):
        return of_kind
    return max(others, key=lambda one: sum(name in one.names for name in names))


def _is_distinctive(name: str, template: Template) -> bool:
    """Say whether only this one of the templates has a column."""
    return name in template.names and not any(name in one.names for one in OFFERED if one is not template)
