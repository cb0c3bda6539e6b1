"""What a person can choose from on the pages that act on orders: Amazon's codes, for which each language has words."""

CANCEL_REASONS = (
    "NoInventory", "BuyerCanceled", "GeneralAdjustment", "ShippingAddressUndeliverable", "CustomerExchange",
    "PricingError",
)  # fmt: skip
"""Of a whole order, as Seller Central's Manage Orders page lists them."""
UNIT_CANCEL_REASONS = ("NoInventory", "CustomerCancel")
"""Of units that were not shipped with the rest (Seller Central help 200198080)."""
REFUND_REASONS = (
    "CustomerReturn", "GeneralAdjustment", "CouldNotShip", "DifferentItem", "NoInventory", "CustomerCancel",
    "PriceError", "Exchange", "Abandoned", "ProductOutofStock", "CustomerAddressIncorrect", "Undeliverable",
    "RefusedDelivery", "Other",
)  # fmt: skip
"""AdjustmentReason; the five of the flat file's help page (661) come first."""
COMPONENTS = (
    "Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax", "Goodwill", "ReturnShipping",
    "RestockingFee", "RestockingFeeTax", "COD", "CODTax", "ExportCharge", "Surcharge",
    "FreeReplacementReturnShipping", "Other",
)  # fmt: skip
"""What money can be given back for."""
JAPANESE_CARRIERS = (
    "YamatoTransport", "SagawaExpress", "Japan Post", "NipponExpress", "Seino", "FEDEX_JP", "JP_EXPRESS", "NITTSU",
    "SAGAWA", "YAMATO",
)  # fmt: skip
"""Carriers that stand first in the list of a Japanese shop."""
