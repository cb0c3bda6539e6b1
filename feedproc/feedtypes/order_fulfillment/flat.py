"""The flat file Shipping Confirmation: its template, and what a row of it does."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.effects import Effects, Need, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result, Severity
from feedproc.feeds.result_codes import INCOMPLETE, NO_SHIP_METHOD
from feedproc.feeds.saying import say
from feedproc.feedtypes.instant import EARLIEST, LATEST, move_to_utc
from feedproc.feedtypes.order_columns import ORDER_ID
from feedproc.feedtypes.order_fulfillment.message import OrderFulfillment, apply, find_need, warn_of_tracking
from feedproc.feedtypes.rows import name_result
from feedproc.feedtypes.verdicts import find_broken_rule
from feedproc.formats.carriers import OTHER
from feedproc.formats.flat.columns import Column, Template, Unfit, name_by_order
from feedproc.formats.flat.values import (
    choose_one_of,
    limit_text,
    read_carrier_code,
    read_item_code,
    read_ship_date,
    read_units,
)
from feedproc.orders.correcting import CLEARED
from feedproc.orders.order import ItemKey, OrderKey
from feedproc.orders.shipping import SHIP_DATE, Shipment, ShippedItem, require_past

_NULL = "NULL"
"""In a cell: takes away what an earlier file said there (Seller Central, help page 641)."""
TEMPLATE = Template(
    "Shipping Confirmation",
    (
        ORDER_ID,
        Column("order-item-id", read_item_code, japanese="注文商品番号"),
        Column("quantity", read_units, japanese="出荷数"),
        Column(SHIP_DATE, read_ship_date, is_required=True, may_be_empty=True, japanese="出荷日"),
        Column("carrier-code", read_carrier_code, is_required=True, may_be_empty=True, japanese="配送業者コード"),
        Column("carrier-name", limit_text(50), japanese="配送業者名"),
        Column("tracking-number", limit_text(50), japanese="お問い合わせ伝票番号"),
        Column("ship-method", limit_text(50), japanese="配送方法"),
        Column(
            "cod-collection-method",
            choose_one_of(("DirectPayment", _NULL), lambda _value: say("Leave it empty.")),
            japanese="代金引換",
        ),
        Column("transparency_code", limit_text(500)),
        *(
            Column(f"ship_from_address_{part}", limit_text(60))
            for part in ("name", "line1", "line2", "line3", "city", "county", "state_or_region", "postalcode")
        ),
        Column("ship_from_address_countrycode", limit_text(2)),
        Column("ship_from_supply_source_id", limit_text(100)),
    ),
    named_by=name_by_order("order-item-id"),
    kind="OrderFulfillment",
    japanese_version="2011.1102",
    feed_type="POST_FLAT_FILE_FULFILLMENT_DATA",
)
"""One row of headings in the United States and Europe, three in Japan."""


class ShippingRow(Struct, frozen=True, gc=False):
    """The body of a row. The day it names becomes a moment once the marketplace is known.

    A row that keeps what a package has names neither a day nor a moment.
    """

    order: OrderKey
    day: date | None
    moment: datetime | None
    """In UTC, where a program tells it in place of the day."""
    shipment: Shipment


def decode_row(values: Sequence[Any]) -> ShippingRow:
    """Read a row of the shipping template. Where it ships from is not kept, as that of an XML feed is not."""
    order_id, item_code, units, left, code, name, tracking, method, collection, *_ = values
    name, tracking, method = (CLEARED if value == _NULL else value for value in (name, tracking, method))
    if code == OTHER and not name:
        raise Unfit("A carrier that is not in the list needs its name", None, column="carrier-name")
    if units is not None and item_code is None:
        hint = "Name the item, or leave the quantity empty to ship all that is open."
        raise Unfit("A quantity is one of an item", hint, column="quantity")
    told = {SHIP_DATE: left, "carrier-code": code or name}
    items = (ShippedItem(ItemKey(item_code), units),) if item_code else ()
    shipment = Shipment(
        EARLIEST,
        items,
        (name or code) if code else name,
        method,
        tracking,
        carrier_code=code,
        collects_payment=collection is not None and collection != _NULL,
        untold=tuple(column for column, value in told.items() if value is None),
    )
    day, moment = (None, move_to_utc(left)) if isinstance(left, datetime) else (left, None)
    return ShippingRow(OrderKey(order_id), day, moment, shipment)


def touch_row(body: ShippingRow) -> Touches:
    """Name the order."""
    return Touches(orders=(body.order,))


def find_need_of_row(body: ShippingRow) -> Need:
    """Say what a message of XML would need, bought by the day before."""
    need = find_need(OrderFulfillment(body.order, body.shipment))
    return replace(need, purchased_by=body.moment or body.day)


def apply_row(message_id: str, body: ShippingRow, seen: Seen, context: Context) -> Effects:
    """Confirm the shipment. In Japan one without a shipping method is confirmed with a warning."""
    shipped_at = _find_moment(body, context)
    shipment = replace(body.shipment, shipped_at=shipped_at)
    effects = apply(message_id, OrderFulfillment(body.order, shipment), seen, context)
    if effects.result is None:
        return replace(effects, result=_warn(message_id, shipment, context.marketplace_id))
    return effects


def _find_moment(body: ShippingRow, context: Context) -> datetime:
    """Return when a shipment left; the moment of submission for one that keeps what is known."""
    if body.day is not None:
        return find_moment(body.day, context.marketplace_id, context.submitted_at)
    return body.moment or context.submitted_at


def _warn(message_id: str, shipment: Shipment, marketplace_id: str) -> Result | None:
    if not shipment.shipping_method and marketplace_of(marketplace_id).is_japanese:
        reason = say("It has no ship-method; in Japan it is confirmed all the same, with this warning")
        return Result(message_id, *NO_SHIP_METHOD, Severity.WARNING, reason=reason)
    return None


def check_row(message_id: str, body: ShippingRow, at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a day that has not begun. In Japan, warn of a missing shipping method."""
    result = _check_date(message_id, body, at, marketplace_id)
    result = result or _warn_of_untold(message_id, body.shipment)
    result = result or warn_of_tracking(message_id, OrderFulfillment(body.order, body.shipment))
    result = result or _warn(message_id, body.shipment, marketplace_id)
    return None if result is None else name_result(result, *get_names(body))


def _check_date(message_id: str, body: ShippingRow, at: datetime, marketplace_id: str) -> Result | None:
    begin = body.moment if body.day is None else find_first_moment(body.day, marketplace_id)
    if begin is None:
        return None
    return find_broken_rule(message_id, marketplace_id, lambda: require_past(begin, at))


def _warn_of_untold(message_id: str, shipment: Shipment) -> Result | None:
    """Warn of a row that is refused unless its order has a package of these units already."""
    if not shipment.untold:
        return None
    reason = say("A shipment needs a value in {}; only what corrects one may leave it out", shipment.untold[0])
    return Result(message_id, *INCOMPLETE, Severity.WARNING, reason=reason)


def get_names(body: ShippingRow) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.order.value, body.shipment.items[0].item.value if body.shipment.items else None


def find_moment(day: date, marketplace_id: str, told_at: datetime) -> datetime:
    """Return the moment, in UTC; for a day that had not begun when the seller told of it, its first one."""
    begin, end = _find_bounds(day, marketplace_of(marketplace_id).hours)
    return begin if told_at < begin else min(end, told_at)


def find_first_moment(day: date, marketplace_id: str) -> datetime:
    """Return the moment at which the day began, in UTC: somewhere on earth, for a marketplace that is not known."""
    return _find_bounds(day, marketplace_of(marketplace_id).hours)[0]


def _find_bounds(day: date, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    """Return the first and the last second, as far as the calendar reaches."""
    ahead, behind = hours
    try:
        begin = datetime.combine(day, time(), UTC)
        return begin - timedelta(hours=ahead), begin + timedelta(hours=24 - behind, seconds=-1)
    except OverflowError:
        return (EARLIEST, EARLIEST) if day.year == 1 else (LATEST, LATEST)
