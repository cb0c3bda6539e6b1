"""The flat file Price and Quantity: its template, and what a row of it does."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from feedproc.feeds.effects import Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import ReportText
from feedproc.feeds.saying import quote_value, say
from feedproc.feedtypes.inventory.message import Inventory, apply
from feedproc.formats.flat.columns import Column, Template, Unfit, name_by_sku
from feedproc.formats.flat.values import limit_text
from feedproc.stock.level import MOST_UNITS

UNKNOWN_SKU = ReportText(
    13013,
    "This SKU does not exist in your Amazon inventory so we could not process this record. To correct this error for "
    "future feeds, add the SKU to your Amazon account. For more information, see "
    "http://{host}/gp/errorcode/13013.",
)
"""English in Japanese reports, too."""
LOW_LIMIT = ReportText(
    95021,
    'The value in the "maximum-seller-allowed-price" ({highest:.2f}) field must be greater than "price" ({price:.2f}).',
)
_HIGHEST = "maximum-seller-allowed-price"
_PRICE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,2})?")
_UNITS = re.compile(r"[0-9]+")
_DECIMALS = re.compile(r"[0-9]+[.,]0+")
_LONGEST_SKU = 40


def read_units(value: str) -> int:
    """Read a number of units, which may be 0."""
    if _UNITS.fullmatch(value):
        digits = value.lstrip("0") or "0"
        return int(digits) if len(digits) <= len(str(MOST_UNITS)) else MOST_UNITS
    hint = say("Leave the decimals out.") if _DECIMALS.fullmatch(value) else None
    raise Unfit(say("It must be a whole number of at least 0; this is {}", quote_value(value)), hint)


def read_price(value: str) -> Decimal:
    """Read a price; 0 is none."""
    if _PRICE.fullmatch(value) and Decimal(value):
        return Decimal(value)
    raise Unfit(say("It must be a price above 0, with a point before the decimals and without a currency sign"))


def read_days(value: str) -> int:
    """Read how many days pass until the goods are sent, 1 to 30."""
    if _UNITS.fullmatch(value) and value.lstrip("0") in _DAYS:
        return int(value)
    raise Unfit(say("It must be a number of days from 1 to 30; this is {}", quote_value(value)))


_DAYS = frozenset(map(str, range(1, 31)))

TEMPLATE = Template(
    "Price and Quantity",
    (
        Column("sku", limit_text(_LONGEST_SKU), is_required=True, japanese="商品管理番号"),
        Column("price", read_price, japanese="価格"),
        Column("minimum-seller-allowed-price", read_price),
        Column(_HIGHEST, read_price),
        Column("quantity", read_units, japanese="在庫数"),
        Column("leadtime-to-ship", read_days),
        Column("handling-time", read_days),
        Column("fulfillment-channel", limit_text(50)),
    ),
    named_by=name_by_sku(),
    feed_type="POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
)
"""The column handling-time is what later versions call leadtime-to-ship."""


def decode_row(values: Sequence[Any]) -> Inventory:
    """Read a row: a SKU with its price, its quantity or both. What is empty stays as it is."""
    sku, price, _, highest, units, *_, channel = values
    if price is None and units is None:
        raise Unfit("A row tells a price or a quantity", None, column="quantity")
    if units is not None and channel and channel.upper().startswith("AMAZON"):
        hint = "Leave the quantity empty for what Amazon stores."
        raise Unfit("Amazon counts what it stores", hint, column="quantity")
    if price is not None and highest is not None and highest <= price:
        verdict = ReportText(LOW_LIMIT.code, LOW_LIMIT.fill(highest=highest, price=price))
        raise Unfit("The highest price that you allow must be above the price", None, verdict, _HIGHEST)
    return Inventory(sku, units)


def apply_row(message_id: str, body: Inventory, seen: Seen, context: Context) -> Effects:
    """Set the level of a SKU that is known; other than a message in XML, a row makes no new one known."""
    if body.sku in seen.levels:
        return apply(message_id, body, seen, context)
    text = UNKNOWN_SKU.fill(host=marketplace_of(context.marketplace_id).seller_central)
    reason = say("The stock has no SKU {!r}", body.sku)
    return Effects(result=Result(message_id, UNKNOWN_SKU.code, text, sku=body.sku, reason=reason))
