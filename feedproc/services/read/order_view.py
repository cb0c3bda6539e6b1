"""What is told of an order to whoever reads it, over any protocol: its facts, and what follows from them.

Orders come from many sources, and few of them know everything. What an order does not hold is derived here once, so
that every list, report and page says the same: when it is promised, which products it is of, what is left of its
charges after a cancellation. Words of a protocol (`MFN`, `Canceled`, …) are its edge's.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
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
_COD = frozenset({"COD", "CODFee", "CODTax"})
_WEEKDAYS_TO_SHIP = 2
_SOONEST_ON_THE_WAY, _LONGEST_ON_THE_WAY = timedelta(days=2), timedelta(days=7)
_SATURDAY = 5
_DAYS_KEPT, _SKUS_KEPT = 1_000, 20_000
"""How many promises and derived product numbers are kept, since most orders share them."""
_ASIN_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ItemView(Struct, frozen=True, gc=False):
    """One line of an order. Amounts are for the units that were not cancelled, in the order's currency."""

    item: Item
    quantity: int
    """Units still ordered: those ordered less those cancelled."""
    charges: dict[str, Decimal]
    """By component, each rounded to the currency; a component that was never charged is absent."""
    promotions: dict[str, Decimal]
    """Discounts by component, Principal and Shipping; negative."""

    @property
    def asin(self) -> str:
        """Amazon's number of the product, derived from the SKU where nobody told it."""
        return self.item.asin or derive_asin(self.item.sku)

    @property
    def total(self) -> Decimal:
        """What the buyer pays for the line."""
        charged = sum_amounts(self.charges)
        return charged + sum_amounts(self.promotions) if self.promotions else charged


class OrderView(Struct, frozen=True, gc=False):
    """An order as it is told. What few readers ask for is worked out when they do."""

    order: Order
    marketplace: Marketplace
    status: OrderStatus
    items: tuple[ItemView, ...]
    decimals: int
    """Of amounts in its currency."""

    @property
    def last_updated_at(self) -> datetime:
        """When the order last changed."""
        return self.order.last_updated_at

    @property
    def total(self) -> Decimal:
        """What the buyer pays for all units that were not cancelled."""
        return sum([one.total for one in self.items], ZERO)

    @property
    def units_shipped(self) -> int:
        """Units that have left."""
        return sum([item.quantity_shipped for item in self.order.items])

    @property
    def units_open(self) -> int:
        """Units neither shipped nor cancelled."""
        return sum([item.quantity_open for item in self.order.items])

    @property
    def ship(self) -> Window:
        """When it is to be shipped."""
        return _promise_shipment(self.order, self.marketplace.zone)

    @property
    def delivery(self) -> Window:
        """When it is promised to arrive."""
        return _promise_delivery(self.order.delivery, self.ship)

    @property
    def sales_channel(self) -> str:
        """Where it was bought, such as `Amazon.co.jp`."""
        return self.order.sales_channel or self.marketplace.sales_channel

    @property
    def service_level(self) -> str:
        """How fast it is shipped, in its marketplace's own words."""
        return self.order.service_level or STANDARD

    @property
    def service_category(self) -> str:
        """How fast it is shipped, in words that all marketplaces share."""
        return self.order.service_category or (self.service_level if self.service_level in _CATEGORIES else STANDARD)

    @property
    def order_type(self) -> str:
        """StandardOrder, Preorder or SourcingOnDemandOrder."""
        return self.order.order_type or _guess_type(self.status)

    @property
    def payment(self) -> PaymentTerms:
        """How the order is paid: on delivery when that is charged for, and else by a card."""
        known = self.order.payment
        if known.method != "COD" and (known.method or not self._is_charged_on_delivery()):
            return PaymentTerms(known.method or "Other", known.details or ("CreditCard",), known.executions)
        return PaymentTerms("COD", known.details or ("COD",), known.executions or (Payment("COD", self.total),))

    def _is_charged_on_delivery(self) -> bool:
        return any(not _COD.isdisjoint(line.charges) for line in self.items)


def view_order(order: Order) -> OrderView:
    """Return what is told of an order."""
    decimals = decimals_of(order.currency)
    items = tuple([_view_item(item, decimals) for item in order.items])
    return OrderView(order, marketplace_of(order.marketplace_id), order.status, items, decimals)


@lru_cache(_SKUS_KEPT)
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
        quantity=left,
        charges=_take_share(item.charges, left, item.quantity_ordered, decimals),
        promotions=_take_share(discounts, left, item.quantity_ordered, decimals),
    )


def _take_share(amounts: dict[str, Decimal], units: int, ordered: int, decimals: int) -> dict[str, Decimal]:
    """Return what `units` of the units ordered bear of the amounts; all of them bear them as they are."""
    if units == ordered:
        return amounts
    step = Decimal(1).scaleb(-decimals)
    return {name: (amount * units / ordered).quantize(step, ROUND_HALF_UP) for name, amount in amounts.items()}


def _promise_shipment(order: Order, zone: tzinfo) -> Window:
    """Return when it is to be shipped: after the day of purchase, until the end of the second weekday after it.

    Of an order that Amazon ships one moment is told as both (recorded for 55 orders of 2016 and 2020).
    """
    earliest, latest = _promise_from(order.purchased_at.astimezone(zone).date(), zone)
    if order.fulfilled_by_amazon and order.earliest_ship_date is None:
        latest = order.latest_ship_date or latest
        return Window(latest, latest)
    earliest = order.earliest_ship_date or earliest
    if order.latest_ship_date is not None:
        return Window(min(earliest, order.latest_ship_date), order.latest_ship_date)
    return Window(earliest, max(earliest, latest))


@lru_cache(_DAYS_KEPT)
def _promise_from(bought: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which what was bought on a day is to be shipped."""
    day, weekdays = bought, 0
    while weekdays < _WEEKDAYS_TO_SHIP:
        day += timedelta(days=1)
        weekdays += day.weekday() < _SATURDAY
    day_after, last = bought + timedelta(days=1), day + timedelta(days=1)
    return _begin_day(day_after, zone), _begin_day(last, zone) - timedelta(seconds=1)


def _promise_delivery(known: Window, ship: Window) -> Window:
    earliest = known.earliest or (ship.earliest + _SOONEST_ON_THE_WAY if ship.earliest else None)
    latest = known.latest or (ship.latest + _LONGEST_ON_THE_WAY if ship.latest else None)
    if earliest and latest and earliest > latest:
        earliest = latest
    return Window(earliest, latest)


def _begin_day(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _guess_type(status: OrderStatus) -> str:
    return "Preorder" if status is OrderStatus.PENDING_AVAILABILITY else "StandardOrder"
