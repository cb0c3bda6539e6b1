"""Whatever sellers send in whatever order: units and money are conserved."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from feedproc.orders.acknowledgement import acknowledge
from feedproc.orders.adjustment import AdjustedItem, Adjustment, PromotionAdjustment, adjust
from feedproc.orders.cancellation import cancel_order
from feedproc.orders.change import Change
from feedproc.orders.credit import CHARGE_COMPONENTS, NOTHING, Credit, read_credit, sum_charges, sum_paid_back
from feedproc.orders.order import Item, ItemKey, Order, OrderStatus, Promotion
from feedproc.orders.rules import Declined
from feedproc.orders.shipping import Shipment, ShippedItem, ship
from feedproc.stock.restocking import RESTOCKING

from .builders import LATER, NOW, PURCHASED

CODES = ["11111111111111", "22222222222222", "33333333333333"]
Action = Callable[[Order], Change]

a_promotion = st.builds(Promotion, st.just("P"), st.just({"Principal": Decimal("-10.00")}))
cents = st.integers(0, 40_000).map(lambda number: Decimal(number) / 100)
signed = st.integers(-2_000, 12_000).map(lambda number: Decimal(number) / 100)
few = st.integers(1, 4)
maybe_few = st.none() | few
other_charges = st.dictionaries(st.sampled_from(["Tax", "Shipping", "Goodwill"]), cents)
item_keys = st.sampled_from([*CODES[:1] * 3, *CODES]).map(ItemKey)
prices = st.lists(st.tuples(st.sampled_from(["Principal", "Tax", "Shipping", "Goodwill", "RestockingFee"]), signed))
a_discount = st.tuples(st.sampled_from(["Principal", "Shipping"]), cents.map(lambda amount: -amount))
discounts = st.lists(st.builds(PromotionAdjustment, st.lists(a_discount, max_size=2).map(tuple)), max_size=1)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    items = [
        Item(
            order_item_code=code,
            sku=f"SKU-{code[0]}",
            quantity_ordered=draw(few),
            charges={"Principal": draw(cents), **draw(other_charges)},
            promotions=tuple(draw(st.lists(a_promotion, max_size=1))),
        )
        for code in CODES[: draw(few.filter(lambda count: count < 4))]
    ]
    marker = draw(st.sampled_from([None] * 15 + [OrderStatus.PENDING]))
    return Order("250-1234567-7654321", PURCHASED, "JPY", tuple(items), marker=marker)


acknowledging = st.builds(
    lambda ids: lambda order: acknowledge(order, "M-1", ids, NOW),
    st.dictionaries(st.sampled_from(CODES), st.text(max_size=3), max_size=2),
)
cancelling = st.builds(
    lambda reasons: lambda order: cancel_order(order, reasons, NOW, RESTOCKING),
    st.dictionaries(st.sampled_from(CODES), st.none() | st.sampled_from(["BuyerCanceled", "NoInventory"]), max_size=2),
)
shipping = st.builds(
    lambda lines: lambda order: ship(order, Shipment(LATER, tuple(lines)), NOW, NOW),
    st.lists(st.builds(ShippedItem, item_keys, st.sampled_from([None, 1, 1, 2])), max_size=2),
)
lines = st.builds(
    AdjustedItem,
    item=item_keys,
    reason=st.sampled_from(["NoInventory", "CustomerReturn"]),
    prices=prices.map(tuple),
    promotions=discounts.map(tuple),
    direct_payments=st.lists(st.tuples(st.just("Bank"), cents), max_size=1).map(tuple),
    quantity_cancelled=st.sampled_from([None, None, 1, 2]),
    quantity=maybe_few,
)
adjusting = st.builds(
    lambda listed, action: lambda order: adjust(order, Adjustment(tuple(listed), action), NOW, {"NoInventory": True}),
    st.lists(lines, min_size=1, max_size=3),
    st.sampled_from([None, None, "Refund", "Cancel"]),
)
refunding = st.builds(
    lambda key, amount, units: (
        lambda order: adjust(
            order, Adjustment((AdjustedItem(key, "Other", (("Principal", amount),), quantity=units),)), NOW, RESTOCKING
        )
    ),
    item_keys,
    st.integers(1, 12_000).map(lambda number: Decimal(number) / 100),
    st.sampled_from([None, None, 1, 2]),
)
dropping = st.builds(
    lambda key, units: (
        lambda order: adjust(
            order,
            Adjustment((AdjustedItem(key, "NoInventory", quantity_cancelled=units),)),
            NOW,
            {"NoInventory": True},
        )
    ),
    item_keys,
    few,
)
frequent = [shipping, shipping, adjusting, adjusting, refunding, refunding, refunding, dropping, dropping]
ship_one = partial(ship, shipment=Shipment(LATER, (ShippedItem(ItemKey(CODES[0]), 1),)), told_at=NOW, at=NOW)
actions = st.builds(
    lambda beginning, rest: [*beginning, *rest],
    st.sampled_from([[ship_one], []]),
    st.lists(st.one_of(*frequent, acknowledging, cancelling), min_size=3, max_size=15),
)


@settings(max_examples=300, deadline=None)
@given(orders(), actions)
def test_units_and_money_are_conserved(order: Order, steps: list[Action]) -> None:
    restocked: Counter[str] = Counter()
    for step in steps:
        before = msgspec.json.encode(order)
        try:
            change = step(order)
        except Declined:
            assert msgspec.json.encode(order) == before
        else:
            order = change.order
            restocked.update({part.sku: part.move.apply_to(0) for part in change.stock})
        assert_sound(order)
    for item in order.items:
        assert restocked[item.sku] <= item.quantity_cancelled


def assert_sound(order: Order) -> None:
    for item in order.items:
        assert_units_conserved(order, item)
        assert_money_conserved(order, item)
        assert_within_charges(order, item)
    assert_status(order)
    assert msgspec.json.decode(msgspec.json.encode(order), type=Order) == order


def assert_units_conserved(order: Order, item: Item) -> None:
    parts = [item.quantity_shipped, item.quantity_cancelled, item.quantity_open]
    assert min(parts) >= 0
    assert sum(parts) == item.quantity_ordered
    packed = [part for package in order.packages for part in package.items]
    assert sum(p.quantity for p in packed if p.order_item_code == item.order_item_code) == item.quantity_shipped


def assert_money_conserved(order: Order, item: Item) -> None:
    paid = summed(read_credit(part) for part in order.refunds if part.order_item_code == item.order_item_code)
    assert paid == sum_paid_back(item)


def assert_within_charges(order: Order, item: Item) -> None:
    held = [part for part in order.held_refunds if part.order_item_code == item.order_item_code]
    assert not held or item.quantity_open
    paid, units = sum_paid_back(item), item.quantity_ordered - item.quantity_cancelled
    assert_bounded(item, paid, item.quantity_shipped)
    assert_bounded(item, summed([paid, *map(read_credit, held)]), units)
    assert all(paid.amounts.get(component, 0) >= 0 for component in ("Principal", "Tax", "ShippingTax"))


def assert_bounded(item: Item, credit: Credit, units: int) -> None:
    for component, amount in credit.amounts.items():
        if component in item.charges or component in CHARGE_COMPONENTS:
            assert amount * item.quantity_ordered <= item.charges.get(component, Decimal(0)) * units
    if credit.net > 0:
        assert credit.net * item.quantity_ordered <= sum_charges(item) * units
    given = -sum(promotion.amounts["Principal"] for promotion in item.promotions)
    assert -credit.promotions.get("Principal", 0) * item.quantity_ordered <= given * units


def assert_status(order: Order) -> None:
    shipped = sum(item.quantity_shipped for item in order.items)
    remaining = sum(item.quantity_open for item in order.items)
    expected = {
        (True, False): OrderStatus.SHIPPED,
        (True, True): OrderStatus.PARTIALLY_SHIPPED,
        (False, True): OrderStatus.UNSHIPPED,
        (False, False): OrderStatus.CANCELED,
    }[bool(shipped), bool(remaining)]
    assert order.status is (order.marker or expected)


def summed(credits_: Iterable[Credit]) -> Credit:
    whole = NOTHING
    for credit in credits_:
        whole = whole.add(credit)
    return whole
