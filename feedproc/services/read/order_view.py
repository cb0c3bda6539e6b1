"""What is told of an order to whoever reads it, over any protocol: its facts, and what follows from them.

Orders come from many sources, and few of them know everything. What an order does not hold is derived here once, so
that every list, report and page says the same: when it is promised, which products it is of, what is left of its
charges after a cancellation. Words of a protocol (`MFN`, `Canceled`, …) are its edge's.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from msgspec import Struct

from feedproc.feeds.marketplaces import Marketplace, decimals_of, marketplace_of
from feedproc.orders.money import ZERO, sum_amounts
from feedproc.orders.order import Item, Order, OrderStatus, Payment, PaymentTerms, Window

STANDARD = "Standard"
_CATEGORIES = frozenset(
    {"Expedited", "FreeEconomy", "NextDay", "Priority", "SameDay", "SecondDay", "Scheduled", STANDARD}
)
"""Of ShipmentServiceLevelCategory (Orders API)."""
_COD = ("COD", "CODFee", "CODTax")
_WEEKDAYS_TO_SHIP = 2
_DAYS_ON_THE_WAY = (2, 7)
_SATURDAY = 5
_ASIN_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ItemView(Struct, frozen=True, gc=False):
    """One line of an order. Amounts are for the units that were not cancelled, in the order's currency."""

    item: Item
    asin: str
    quantity: int
    """Units still ordered: those ordered less those cancelled."""
    charges: dict[str, Decimal]
    """By component, each rounded to the currency; a component that was never charged is absent."""
    promotions: dict[str, Decimal]
    """Discounts by component, Principal and Shipping; negative."""

    @property
    def total(self) -> Decimal:
        """What the buyer pays for the line."""
        return sum_amounts(self.charges) + sum_amounts(self.promotions)


class OrderView(Struct, frozen=True, gc=False):
    """An order as it is told."""

    order: Order
    marketplace: Marketplace
    status: OrderStatus
    last_updated_at: datetime
    items: tuple[ItemView, ...]
    total: Decimal
    """What the buyer pays for all units that were not cancelled."""
    units_shipped: int
    units_open: int
    ship: Window
    delivery: Window
    sales_channel: str
    """Such as `Amazon.co.jp`."""
    service_level: str
    service_category: str
    order_type: str
    payment: PaymentTerms


def view_order(order: Order) -> OrderView:
    """Return what is told of an order."""
    marketplace = marketplace_of(order.marketplace_id)
    items = tuple(_view_item(item, decimals_of(order.currency)) for item in order.items)
    ship = _promise_shipment(order, marketplace.zone)
    return OrderView(
        order=order,
        marketplace=marketplace,
        status=order.status,
        last_updated_at=order.last_updated_at,
        items=items,
        total=sum((one.total for one in items), ZERO),
        units_shipped=sum(item.quantity_shipped for item in order.items),
        units_open=sum(item.quantity_open for item in order.items),
        ship=ship,
        delivery=_promise_delivery(order.delivery, ship),
        sales_channel=order.sales_channel or marketplace.sales_channel,
        service_level=order.service_level or STANDARD,
        service_category=_categorize(order),
        order_type=order.order_type or _guess_type(order.status),
        payment=_complete_payment(order.payment, items),
    )


def derive_asin(sku: str) -> str:
    """Return a product number for a SKU whose own nobody told: always the same, of Amazon's form."""
    digest = int.from_bytes(sha256(sku.encode()).digest()[:8])
    characters = []
    for _ in range(8):
        digest, place = divmod(digest, len(_ASIN_CHARACTERS))
        characters.append(_ASIN_CHARACTERS[place])
    return "B0" + "".join(characters)


def _view_item(item: Item, decimals: int) -> ItemView:
    left = item.quantity_ordered - item.quantity_cancelled
    discounts: dict[str, Decimal] = {}
    for promotion in item.promotions:
        for component, amount in promotion.amounts.items():
            discounts[component] = discounts.get(component, ZERO) + amount
    return ItemView(
        item=item,
        asin=item.asin or derive_asin(item.sku),
        quantity=left,
        charges=_take_share(item.charges, left, item.quantity_ordered, decimals),
        promotions=_take_share(discounts, left, item.quantity_ordered, decimals),
    )


def _take_share(amounts: Mapping[str, Decimal], units: int, ordered: int, decimals: int) -> dict[str, Decimal]:
    """Return what `units` of the units ordered bear of the amounts; all of them bear them as they are."""
    if units == ordered:
        return dict(amounts)
    step = Decimal(1).scaleb(-decimals)
    return {name: (amount * units / ordered).quantize(step, ROUND_HALF_UP) for name, amount in amounts.items()}


def _promise_shipment(order: Order, zone: tzinfo) -> Window:
    """Return when it is to be shipped: after the day of purchase, until the end of the second weekday after it."""
    bought = order.purchased_at.astimezone(zone)
    earliest = order.earliest_ship_date or _begin_day(bought + timedelta(days=1), zone)
    if order.latest_ship_date is not None:
        return Window(min(earliest, order.latest_ship_date), order.latest_ship_date)
    day, weekdays = bought, 0
    while weekdays < _WEEKDAYS_TO_SHIP:
        day += timedelta(days=1)
        weekdays += day.weekday() < _SATURDAY
    return Window(earliest, max(earliest, _begin_day(day + timedelta(days=1), zone) - timedelta(seconds=1)))


def _promise_delivery(known: Window, ship: Window) -> Window:
    soonest, longest = (timedelta(days=days) for days in _DAYS_ON_THE_WAY)
    earliest = known.earliest or (ship.earliest + soonest if ship.earliest else None)
    latest = known.latest or (ship.latest + longest if ship.latest else None)
    if earliest and latest and earliest > latest:
        earliest = latest
    return Window(earliest, latest)


def _begin_day(moment: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(moment.date(), time(), zone).astimezone(UTC)


def _categorize(order: Order) -> str:
    if order.service_category:
        return order.service_category
    return order.service_level if order.service_level in _CATEGORIES else STANDARD


def _guess_type(status: OrderStatus) -> str:
    return "Preorder" if status is OrderStatus.PENDING_AVAILABILITY else "StandardOrder"


def _complete_payment(known: PaymentTerms, items: Iterable[ItemView]) -> PaymentTerms:
    """Return how the order is paid: on delivery when that is charged for, and else by a card."""
    lines = tuple(items)
    on_delivery = known.method == "COD" or (
        not known.method and any(component in line.charges for line in lines for component in _COD)
    )
    if not on_delivery:
        return PaymentTerms(known.method or "Other", known.details or ("CreditCard",), known.executions)
    whole = sum((line.total for line in lines), ZERO)
    return PaymentTerms("COD", known.details or ("COD",), known.executions or (Payment("COD", whole),))
