"""Columns that the templates of several feed types have."""

from functools import partial

from feedproc.formats.flat import Column
from feedproc.formats.flat.hints import of_reason
from feedproc.formats.flat.values import one_of, order_id

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

ORDER_ID = Column("order-id", order_id, is_required=True)
CANCEL_REASON = one_of(
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
"""Reads why an order, or an item of it, is cancelled."""
