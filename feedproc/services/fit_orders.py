"""Make orders that a feed can be tried with: what it says of them is taken, what it does not say is made plausible."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_UP, Decimal

from msgspec import Struct

from feedproc.feeds.effects import Need, NeededItem, Seen
from feedproc.feeds.feed_type import Context, FeedType
from feedproc.feeds.marketplaces import Marketplace, decimals_of
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result, Severity
from feedproc.orders.generation import make_item_code
from feedproc.orders.money import ZERO, add_amounts, sum_amounts
from feedproc.orders.order import (
    Address,
    Buyer,
    GivenBy,
    Item,
    ItemKey,
    Order,
    OrderKey,
    OrderStatus,
    Promotion,
)

_PRICE = {0: Decimal(1000), 2: Decimal(10)}
"""Of a unit whose price no feed tells, by the decimals of its currency."""
_TAX = Decimal("0.1")
_DAY = timedelta(days=1)
_BUYERS = {"ja": "見本 太郎", "en": "Sample Buyer"}
_EMAIL = "sample-buyer@marketplace.example"


class _FittedItem(Struct):
    """An item while the messages that name it are looked through."""

    key: ItemKey
    shipped: dict[str, int] = {}
    """Units by feed: the same shipment in two feeds is a correction, in one feed there are two packages."""
    cancelled: dict[str, int] = {}
    units: int = 0
    """The most that a message says were ordered."""
    is_refunded: bool = False
    amounts: dict[str, Decimal] = {}
    cancellations: list[NeededItem] = []
    net: Decimal = ZERO
    promotions: dict[tuple[str, str | None], dict[str, Decimal]] = {}
    merchant_order_item_id: str = ""
    rest: int = 0
    """Units that are open when all others have shipped."""


class _FittedOrder(Struct):
    """An order while the messages that name it are looked through."""

    key: OrderKey
    status: OrderStatus
    """That the first message needs; the others need what the first leaves."""
    items: dict[ItemKey, _FittedItem] = {}
    purchased_by: list[datetime] = []
    currencies: list[str] = []
    merchant_order_id: str = ""
    ships_rest: bool = False


class OrderFitter:
    """Looks through the messages of feeds, in the order in which they are to be sent, and makes orders for them."""

    def __init__(self, marketplace: Marketplace, now: datetime) -> None:
        """Make orders of that marketplace, bought before `now`."""
        self._marketplace = marketplace
        self._now = now
        self._orders: dict[OrderKey, _FittedOrder] = {}
        self._named: dict[str, OrderKey] = {}
        """By the seller's ids for orders: what Amazon calls them."""
        self.made_up: dict[str, int] = {}
        """How often something was made up, by what it is."""

    def look_at(self, feed: str, need: Need) -> None:
        """Take in what a message of a feed needs."""
        key = self._named.get(need.order.value, need.order) if need.order.given_by is GivenBy.SELLER else need.order
        order = self._orders.get(key)
        if order is None:
            order = self._orders[key] = _FittedOrder(key, need.status, {}, [], [])
        if need.merchant_order_id:
            order.merchant_order_id = need.merchant_order_id
            self._named[need.merchant_order_id] = key
        if need.purchased_by is not None:
            order.purchased_by.append(_as_moment(need.purchased_by))
        order.currencies += sorted(need.currencies)
        order.ships_rest |= need.ships_rest
        for item in need.items:
            _look_at_item(feed, item, self._find_item(order, item), is_refund=need.status is OrderStatus.SHIPPED)

    def make_orders(self) -> Iterator[Order]:
        """Yield the orders, in the order in which they were named first."""
        for order in self._orders.values():
            yield self._make_order(order)

    def _find_item(self, order: _FittedOrder, need: NeededItem) -> _FittedItem:
        key = need.item
        if key.given_by is GivenBy.SELLER:
            same = (one for one in order.items.values() if one.merchant_order_item_id == key.value)
            key = next(same, _FittedItem(key)).key
        found = order.items.get(key)
        if found is None:
            found = order.items[key] = _FittedItem(key, {}, {}, 0, False, {}, [], ZERO, {})
        if need.merchant_order_item_id:
            found.merchant_order_item_id = need.merchant_order_item_id
        return found

    def _make_order(self, fitted: _FittedOrder) -> Order:
        order_id = fitted.key.value
        named = fitted.merchant_order_id or None
        if fitted.key.given_by is GivenBy.SELLER:
            self._note("ids of orders")
            digits = make_item_code(order_id, "", 0)
            order_id, named = f"250-{digits[:7]}-{digits[7:]}", fitted.key.value
        currency = fitted.currencies[0] if fitted.currencies else self._marketplace.currency
        items = list(fitted.items.values())
        if not items:
            self._note("items")
            items = [_FittedItem(ItemKey(make_item_code(order_id, "item", 1)), units=1)]
        elif fitted.ships_rest:
            items[-1].rest = 1
        self._note("buyers and addresses")
        return Order(
            amazon_order_id=order_id,
            purchased_at=min([*fitted.purchased_by, self._now]) - 2 * _DAY,
            currency=currency,
            items=tuple(self._make_item(one, order_id, fitted.status, currency) for one in items),
            marketplace_id=self._marketplace.marketplace_id,
            marker=fitted.status if fitted.status is OrderStatus.PENDING else None,
            merchant_order_id=named,
            buyer=Buyer(_BUYERS[self._marketplace.language], _EMAIL),
            ship_to=_make_address(self._marketplace),
            service_level="Standard",
        )

    def _make_item(self, fitted: _FittedItem, order_id: str, status: OrderStatus, currency: str) -> Item:
        code, named = fitted.key.value, fitted.merchant_order_item_id or None
        if fitted.key.given_by is GivenBy.SELLER:
            self._note("codes of items")
            code, named = make_item_code(order_id, code, 0), code
        shipped, cancelled = max(fitted.shipped.values(), default=0), max(fitted.cancelled.values(), default=0)
        before = max(fitted.units, 1) if status is OrderStatus.SHIPPED else 0
        alive = max(before + shipped + fitted.rest, fitted.units, 0 if cancelled and not fitted.is_refunded else 1)
        ordered = max(alive + cancelled, 1)
        promotions = _make_promotions(fitted, ordered, alive)
        self._note("SKUs and titles")
        return Item(
            order_item_code=code,
            sku=f"SKU-{code[-6:]}",
            quantity_ordered=ordered,
            charges=self._make_charges(fitted, ordered, alive, currency, promotions),
            title=f"Item {code}",
            promotions=promotions,
            merchant_order_item_id=named,
            quantity_shipped=before,
        )

    def _make_charges(
        self, fitted: _FittedItem, ordered: int, alive: int, currency: str, promotions: tuple[Promotion, ...]
    ) -> dict[str, Decimal]:
        """Return charges that bear what is paid back: for units that are cancelled nothing was charged."""
        decimals = decimals_of(currency)
        needed = {name: amount * ordered / max(alive, 1) for name, amount in fitted.amounts.items()}
        for one in fitted.cancellations:
            for name, amount in one.amounts.items():
                needed[name] = max(needed.get(name, ZERO), amount * ordered / one.cancelled)
        charges = {name: _round_up(amount, decimals) for name, amount in needed.items()}
        if "Principal" not in charges:
            self._note("prices")
            charges["Principal"] = _PRICE[decimals] * ordered
            if not fitted.amounts:
                charges["Tax"] = _round_up(charges["Principal"] * _TAX, decimals)
        discounts = sum_amounts(add_amounts(*(one.amounts for one in promotions), {}, {}))
        cancelled = [one.net * ordered / one.cancelled for one in fitted.cancellations]
        lacking = max(fitted.net * ordered / max(alive, 1), *cancelled, ZERO) - sum_amounts(charges) - discounts
        if lacking > ZERO:
            charges["Principal"] += _round_up(lacking, decimals)
        return charges

    def _note(self, what: str) -> None:
        self.made_up[what] = self.made_up.get(what, 0) + 1


class Trial:
    """Applies messages to orders in memory, to tell which of them would be refused all the same."""

    def __init__(self, orders: Mapping[str, Order], context: Context) -> None:
        """Begin with these orders, by their ids."""
        self._context = context
        self._seen: dict[OrderKey, Order] = {}
        for order in orders.values():
            self._keep(order)

    def apply(self, feed_type: FeedType, message: Message) -> Result | None:
        """Apply a message; return the error that it would get, if any."""
        effects = feed_type.apply(message.message_id, message.body, Seen(self._seen), self._context)
        for order in effects.orders:
            self._keep(order)
        result = effects.result
        return result if result is not None and result.severity is Severity.ERROR else None

    def _keep(self, order: Order) -> None:
        self._seen[OrderKey(order.amazon_order_id)] = order
        if order.merchant_order_id:
            self._seen[OrderKey(order.merchant_order_id, GivenBy.SELLER)] = order


def _look_at_item(feed: str, need: NeededItem, item: _FittedItem, *, is_refund: bool) -> None:
    shipped = 1 if need.shipped is None else need.shipped
    if shipped:
        item.shipped[feed] = item.shipped.get(feed, 0) + shipped
    if need.cancelled:
        item.cancelled[feed] = item.cancelled.get(feed, 0) + need.cancelled
        item.cancellations.append(need)
        return
    item.units = max(item.units, need.units if is_refund else 0)
    if not is_refund:
        return
    item.is_refunded = True
    item.amounts = add_amounts(item.amounts, need.amounts, {})
    item.net += max(need.net, ZERO)
    for one in need.promotions:
        known = item.promotions.setdefault((one.promotion_id, one.claim_code), {})
        for name, amount in one.amounts.items():
            known[name] = known.get(name, ZERO) + amount


def _make_promotions(fitted: _FittedItem, ordered: int, alive: int) -> tuple[Promotion, ...]:
    """Return discounts that bear what is taken back of them; amounts are below nothing."""
    needed = {
        named: {part: amount * ordered / max(alive, 1) for part, amount in amounts.items()}
        for named, amounts in fitted.promotions.items()
    }
    for need in fitted.cancellations:
        for one in need.promotions:
            known = needed.setdefault((one.promotion_id, one.claim_code), {})
            for part, amount in one.amounts.items():
                known[part] = min(known.get(part, ZERO), amount * ordered / need.cancelled)
    return tuple(Promotion(promotion_id, amounts, claim) for (promotion_id, claim), amounts in needed.items())


def _make_address(marketplace: Marketplace) -> Address:
    if marketplace.language == "ja":
        return Address("見本 太郎", ("丸の内1-9-1",), "千代田区", "", "東京都", "100-0005", marketplace.country_code)
    return Address(_BUYERS["en"], ("1 Sample Street",), "Sampletown", country_code=marketplace.country_code)


def _as_moment(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _round_up(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_UP)
