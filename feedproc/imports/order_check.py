"""What makes an order from outside implausible, in plain words. No buyer and no price is told."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from feedproc.imports.values import find_sku_problem
from feedproc.orders.order import Item, Order, OrderStatus, Promotion, Window

MARKERS = (
    OrderStatus.PENDING,
    OrderStatus.PENDING_AVAILABILITY,
    OrderStatus.INVOICE_UNCONFIRMED,
    OrderStatus.UNFULFILLABLE,
)
"""The statuses that quantities cannot tell."""
_ORDER_ID = re.compile(r"[^\W_]{3}-[^\W_]{7}-[^\W_]{7}")
_ITEM_CODE = re.compile(r"\d{14,15}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_ID = 50
_LONGEST_SKU = 40
_MOST_UNITS = 999_999_999
"""Of one item, as of a stock level: stores count units in 64 bits, and orders of one SKU add up."""
_MOST_DIGITS = 20
"""Before the point of an amount (`BaseCurrencyAmount` of amzn-base.xsd), and as many behind it."""


def find_problem(order: Order) -> str | None:
    """Return the first thing that is wrong with an order, or None."""
    return next(_find_problems(order), None)


def _find_problems(order: Order) -> Iterator[str]:
    if not _ORDER_ID.fullmatch(order.amazon_order_id):
        yield f"amazon_order_id {order.amazon_order_id!r} has not the form 123-1234567-1234567"
    if not _CURRENCY.fullmatch(order.currency):
        yield f"currency {order.currency!r} is not a code of three capital letters"
    if order.marker not in (None, *MARKERS):
        yield f"marker {order.marker} follows from the quantities; only {', '.join(MARKERS)} can be set"
    if len(order.merchant_order_id or "") > _LONGEST_ID:
        yield f"merchant_order_id is longer than {_LONGEST_ID} characters"
    if "\0" in (order.merchant_order_id or ""):
        yield "merchant_order_id holds the character 0"
    if order.replaced_order_id is not None and not _ORDER_ID.fullmatch(order.replaced_order_id):
        yield f"replaced_order_id {order.replaced_order_id!r} has not the form 123-1234567-1234567"
    yield from _find_window_problems("delivery", order.delivery)
    yield from _find_window_problems("ship dates", Window(order.earliest_ship_date, order.latest_ship_date))
    for part in order.payment.executions:
        yield from _find_amount_problems("payment.executions", {part.method: part.amount}, least=0)
    if not order.items:
        yield "items is empty"
    for code, times in Counter(item.order_item_code for item in order.items).items():
        if times > 1:
            yield f"{times} items have the order_item_code {code}"
    for number, item in enumerate(order.items):
        yield from (f"items[{number}].{problem}" for problem in _find_item_problems(item))


def _find_window_problems(name: str, window: Window) -> Iterator[str]:
    if window.earliest is not None and window.latest is not None and window.earliest > window.latest:
        yield f"{name}: the earliest, {window.earliest.isoformat()}, is after the latest, {window.latest.isoformat()}"


def _find_item_problems(item: Item) -> Iterator[str]:
    if not _ITEM_CODE.fullmatch(item.order_item_code):
        yield f"order_item_code {item.order_item_code!r} is not 14 or 15 digits"
    if not 1 <= len(item.sku) <= _LONGEST_SKU:
        yield f"sku has not 1 to {_LONGEST_SKU} characters"
    if problem := find_sku_problem(item.sku):
        yield problem
    yield from _find_quantity_problems(item)
    yield from _find_amount_problems("charges", item.charges, least=0)
    for promotion in item.promotions:
        yield from _find_promotion_problems(promotion)


def _find_quantity_problems(item: Item) -> Iterator[str]:
    if item.quantity_ordered < 1:
        yield f"quantity_ordered is {item.quantity_ordered}"
    if item.quantity_ordered > _MOST_UNITS:
        yield f"quantity_ordered is more than {_MOST_UNITS}"
    if item.quantity_shipped < 0:
        yield f"quantity_shipped is {item.quantity_shipped}"
    if any(part.quantity < 1 for part in item.cancellations):
        yield "cancellations holds one of less than one unit"
    if item.quantity_open < 0:
        gone = item.quantity_shipped + item.quantity_cancelled
        yield f"quantity_ordered is {item.quantity_ordered}, but {gone} are shipped or cancelled"


def _find_promotion_problems(promotion: Promotion) -> Iterator[str]:
    yield from _find_amount_problems("promotions", promotion.amounts)
    if any(amount > 0 for amount in promotion.amounts.values() if amount.is_finite()):
        yield f"promotions: {promotion.promotion_id!r} has a positive amount; a discount is negative"


def _find_amount_problems(name: str, amounts: Mapping[str, Decimal], least: int | None = None) -> Iterator[str]:
    for component, amount in amounts.items():
        if not amount.is_finite():
            yield f"{name}.{component} is not a number"
        elif amount.adjusted() >= _MOST_DIGITS or int(amount.as_tuple().exponent) < -_MOST_DIGITS:
            yield f"{name}.{component} has more than {_MOST_DIGITS} digits before or behind the point"
        elif least is not None and amount < least:
            yield f"{name}.{component} is negative"
