"""Columns that the templates of several feed types have."""

from functools import partial

from feedproc.formats.flat.columns import Column
from feedproc.formats.flat.hints import mend_reason
from feedproc.formats.flat.values import choose_one_of, read_order_id

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

ORDER_ID = Column("order-id", read_order_id, is_required=True, japanese="注文番号")
CANCEL_REASON = choose_one_of(
    _CANCEL_REASONS,
    partial(
        mend_reason,
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
