"""Shipments as a page writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from feedproc.feedtypes.composing import Composed, compose_xml, make_element, make_optional

_FEED_TYPE = "POST_ORDER_FULFILLMENT_DATA"
JAPANESE_CARRIERS = (
    "YamatoTransport", "SagawaExpress", "Japan Post", "NipponExpress", "Seino", "FEDEX_JP", "JP_EXPRESS", "NITTSU",
    "SAGAWA", "YAMATO",
)  # fmt: skip
"""Carriers that stand first in the list of a Japanese shop."""


class Parcel(Struct, frozen=True, kw_only=True):
    """What was shipped together."""

    amazon_order_id: str
    shipped_at: datetime
    units: Mapping[str, int]
    """By item code; empty for all that is still open."""
    carrier_code: str = ""
    """Empty in a correction that leaves the carrier as it is."""
    carrier_name: str = ""
    """Of a carrier that has no code; then the code is `Other`."""
    shipping_method: str = ""
    tracking_number: str = ""
    collects_payment: bool = False
    """The carrier collects the money at the door."""
    number: str = ""
    """The seller's own, in digits; a correction of the shipment names it again."""


def compose_shipment(merchant: str, parcel: Parcel) -> Composed:
    """Return a feed that confirms a shipment, or corrects it."""
    items = "".join(
        make_element("Item", make_element("AmazonOrderItemCode", code), make_element("Quantity", units))
        for code, units in parcel.units.items()
    )
    carrier = make_optional("CarrierCode", parcel.carrier_code) + make_optional("CarrierName", parcel.carrier_name)
    method = make_optional("ShippingMethod", parcel.shipping_method)
    tracking = make_optional("ShipperTrackingNumber", parcel.tracking_number)
    when = parcel.shipped_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = (
        make_element("AmazonOrderID", parcel.amazon_order_id),
        make_optional("MerchantFulfillmentID", parcel.number),
        make_element("FulfillmentDate", when),
        f"<FulfillmentData>{carrier}{method}{tracking}</FulfillmentData>",
        make_optional("CODCollectionMethod", "DirectPayment" if parcel.collects_payment else ""),
        items,
    )
    return compose_xml(_FEED_TYPE, merchant, "OrderFulfillment", ["".join(body)])
