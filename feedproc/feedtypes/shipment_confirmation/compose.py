"""Packages as a call confirms them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from feedproc.feedtypes.composing import Composed, compose_rows

_FEED_TYPE = "POST_FLAT_FILE_SHIPMENT_CONFIRMATION_DATA"
_COLUMNS = (
    "order-id",
    "package-reference-id",
    "shipped-at",
    "order-items",
    "carrier-code",
    "carrier-name",
    "ship-method",
    "tracking-number",
)


class ConfirmedPackage(Struct, frozen=True, kw_only=True):
    """A package that was shipped, under the seller's own number."""

    amazon_order_id: str
    reference: str
    """The seller's number of the package."""
    shipped_at: datetime
    units: Iterable[tuple[str, int]]
    """Codes of items, and how many of each."""
    carrier_code: str
    carrier_name: str = ""
    """Of a carrier that has no code; then the code is `Other`."""
    shipping_method: str = ""
    tracking_number: str


def compose_confirmation(package: ConfirmedPackage) -> Composed:
    """Return a feed that confirms a package."""
    row = (
        package.amazon_order_id,
        package.reference,
        package.shipped_at.astimezone(UTC).isoformat(),
        " ".join(f"{code}:{units}" for code, units in package.units),
        package.carrier_code,
        package.carrier_name,
        package.shipping_method,
        package.tracking_number,
    )
    return compose_rows(_FEED_TYPE, _COLUMNS, [row])
