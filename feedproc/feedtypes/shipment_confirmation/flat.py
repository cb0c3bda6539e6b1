"""The row that a confirmed package is: how a call writes it, and how it is read."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from feedproc.feeds.result_codes import UNPROCESSABLE
from feedproc.feeds.saying import quote_value, say
from feedproc.feedtypes.composing import Composed, compose_rows
from feedproc.feedtypes.order_columns import ORDER_ID
from feedproc.feedtypes.shipment_confirmation.message import ShipmentConfirmation
from feedproc.formats.carriers import OTHER
from feedproc.formats.flat.columns import Column, Template, Unfit, name_by_order
from feedproc.formats.flat.values import limit_text, read_carrier_code, read_item_code, read_units
from feedproc.orders.order import ItemKey
from feedproc.orders.shipping import Shipment, ShippedItem

FEED_TYPE = "POST_FLAT_FILE_SHIPMENT_CONFIRMATION_DATA"
_MOST_DIGITS = 20
"""As many as the schema of shipments allows in the seller's own number of one."""


def _read_reference(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and text.strip("0"):
        return text
    raise Unfit(say("The number of a package is one of 1 to 20 digits, and not 0; this is {}", quote_value(text)), None)


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reason = say(
            "It must be a time with its zone, such as 2009-06-15T12:00:00+00:00; this is {}", quote_value(text)
        )
        raise Unfit(reason, None, UNPROCESSABLE)
    return moment


def _read_items(text: str) -> tuple[ShippedItem, ...]:
    """Read numbers of items, divided by blanks; behind colons units, and codes of transparency divided by commas."""
    return tuple(_read_item(*part.split(":", 2)) for part in text.split())


def _read_item(code: str, units: str = "", listed: str = "") -> ShippedItem:
    codes = tuple(map(unquote, listed.split(","))) if listed else ()
    return ShippedItem(ItemKey(read_item_code(code)), read_units(units), transparency_codes=codes)


TEMPLATE = Template(
    "Shipment Confirmation",
    (
        ORDER_ID,
        Column("package-reference-id", _read_reference, is_required=True),
        Column("shipped-at", _read_moment, is_required=True),
        Column("order-items", _read_items, is_required=True),
        Column("carrier-code", read_carrier_code, is_required=True),
        Column("carrier-name", limit_text(50)),
        Column("ship-method", limit_text(50)),
        Column("tracking-number", limit_text(50), is_required=True),
        Column("cod-collection-method", limit_text(50)),
        Column("ship-from-supply-source-id", limit_text(100)),
    ),
    named_by=name_by_order(),
)
"""Not Amazon's: what a program confirms by a call goes through it."""


def decode_row(values: Sequence[Any]) -> ShipmentConfirmation:
    """Read a row."""
    order_id, reference, shipped_at, items, code, name, method, tracking, collection, source = values
    if code == OTHER and not name:
        raise Unfit("A carrier that is not in the list needs its name", None, column="carrier-name")
    shipment = Shipment(
        shipped_at, items, name or code, method, tracking, reference, code, collection is not None, source
    )
    return ShipmentConfirmation(order_id, shipment)


def get_names(body: ShipmentConfirmation) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.amazon_order_id, None


class ConfirmedPackage(Struct, frozen=True, kw_only=True):
    """A package that was shipped, under the seller's own number."""

    amazon_order_id: str
    reference: str
    """The seller's number of the package."""
    shipped_at: datetime
    units: Iterable[tuple[str, int, Sequence[str]]]
    """Codes of items, how many of each, and the codes of transparency on them."""
    carrier_code: str
    carrier_name: str = ""
    """Of a carrier that has no code; then the code is `Other`."""
    shipping_method: str = ""
    tracking_number: str
    collects_payment: bool = False
    """The carrier collects the money at the door."""
    supply_source_id: str = ""
    """Of the place that it is shipped from."""


def compose_confirmation(package: ConfirmedPackage) -> Composed:
    """Return a feed that confirms a package."""
    row = (
        package.amazon_order_id,
        package.reference,
        package.shipped_at.astimezone(UTC).isoformat(),
        " ".join(f"{code}:{units}:{','.join(map(_quote, codes))}" for code, units, codes in package.units),
        package.carrier_code,
        package.carrier_name,
        package.shipping_method,
        package.tracking_number,
        "DirectPayment" if package.collects_payment else "",
        package.supply_source_id,
    )
    return compose_rows(FEED_TYPE, [column.name for column in TEMPLATE.columns], [row])


def _quote(code: str) -> str:
    return quote(code, safe="")
