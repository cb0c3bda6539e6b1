"""What goes back to a buyer: how much of it an item's charges bear, and what waits until the units have shipped.

All of it is exact: amounts are compared without dividing.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.money import ZERO, add_amounts, sum_amounts
from feedproc.orders.order import Item, Order, Refund

CHARGE_COMPONENTS = frozenset(
    {
        "Principal",
        "Tax",
        "Shipping",
        "ShippingTax",
        "GiftWrap",
        "GiftWrapTax",
        "COD",
        "CODTax",
        "ExportCharge",
        "Surcharge",
    }
)
"""Components that repay a charge of the same name: without the charge there is nothing to repay.

Any other component (Goodwill, ReturnShipping, …) that was not charged is bounded by the item's total alone.
"""

_CENT = Decimal("0.01")
_EXACT = Context(prec=400)
"""Room for an amount of any length that a feed may give, times any number of units."""


class Credit(Struct, frozen=True, gc=False):
    """Money for a buyer: components positive to the buyer, discount taken back negative."""

    amounts: dict[str, Decimal]
    promotions: dict[str, Decimal]
    direct: Decimal
    """Paid past Amazon."""
    net: Decimal
    """What the buyer gets in all."""

    def add(self, other: "Credit") -> "Credit":
        """Return both together."""
        if self is NOTHING:
            return other
        return make_credit(
            add_amounts(self.amounts, other.amounts),
            add_amounts(self.promotions, other.promotions),
            self.direct + other.direct if other.direct else self.direct,
        )


def make_credit(amounts: dict[str, Decimal], promotions: dict[str, Decimal], direct: Decimal) -> Credit:
    """Return what these come to."""
    net = sum_amounts(amounts)
    if promotions:
        net += sum_amounts(promotions)
    return Credit(amounts, promotions, direct, net + direct if direct else net)


NOTHING = make_credit({}, {}, ZERO)


def sum_paid_back(item: Item) -> Credit:
    """Return what was given back for an item so far."""
    if not (item.refunded or item.promotions_refunded or item.refunded_directly):
        return NOTHING
    return make_credit(item.refunded, item.promotions_refunded, item.refunded_directly)


def read_credit(refund: Refund) -> Credit:
    """Return what a refund gives."""
    return make_credit(refund.amounts, refund.promotions, sum_amounts(refund.direct_payments))


def pay_credit(item: Item, credit: Credit) -> Item:
    """Return the item after the credit was paid."""
    paid = sum_paid_back(item).add(credit)
    return replace(item, refunded=paid.amounts, promotions_refunded=paid.promotions, refunded_directly=paid.direct)


class Excess(NamedTuple):
    """More than is left of a charge: what is asked for on top of what was paid back."""

    component: str
    """Empty for the item's charges as a whole."""
    asked: Decimal
    charged: Decimal
    """For the units that are not cancelled."""
    refunded: Decimal


def find_excess(item: Item, prior: Credit, new: Credit, units: int) -> Excess | None:
    """Return where `new` on top of `prior` goes beyond what was charged for `units` of the item, if it does.

    Each component is held against its own charge, and the net against the item's charges less its discounts. An
    order's total needs no look of its own: it is the sum of its items'.
    """
    ordered = item.quantity_ordered
    for component, amount in new.amounts.items():
        if amount > ZERO and (charge := _find_charge(item, component)) is not None:
            refunded = prior.amounts.get(component, ZERO)
            if _exceeds(refunded + amount, charge, units, ordered):
                return Excess(component, amount, _share(charge, units, ordered), refunded)
    net = new.net
    if net > ZERO and _exceeds(prior.net + net, sum_charges(item), units, ordered):
        return Excess("", net, _share(sum_charges(item), units, ordered), prior.net)
    return None


def is_within_charges(item: Item, prior: Credit, new: Credit, units: int) -> bool:
    """Return whether `new` on top of `prior` stays within what was charged for `units` of the item."""
    return find_excess(item, prior, new, units) is None


def is_within_promotions(item: Item, prior: Credit, new: Credit, units: int) -> bool:
    """Return whether the discount taken back stays within the discount that `units` of the item were given."""
    for component, amount in new.promotions.items():
        taken = -prior.promotions.get(component, ZERO) - amount
        if amount and _exceeds(taken, -_sum_discounts(item, component), units, item.quantity_ordered):
            return False
    return True


def sum_charges(item: Item) -> Decimal:
    """Return the item's charges less its discounts, for all units ordered."""
    charges = sum_amounts(item.charges)
    for promotion in item.promotions:
        charges += sum_amounts(promotion.amounts)
    return charges


class Settlement(NamedTuple):
    """An item after its held refunds were looked at: those that were paid now, and those that still wait."""

    item: Item
    paid: list[Refund]
    held: list[Refund]


def settle(item: Item, waiting: Sequence[Refund], at: datetime) -> Settlement:
    """Drop what the item's units can no longer bear, pay what has shipped, and hold the rest, all in order.

    `waiting` may hold refunds of other items, which stay held.
    """
    paid: list[Refund] = []
    held: list[Refund] = []
    promised = sum_paid_back(item)
    for refund in waiting:
        credit = read_credit(refund)
        if refund.order_item_code != item.order_item_code:
            held.append(refund)
        elif is_bearable(item, promised, credit, refund.quantity):
            promised = promised.add(credit)
            if is_payable(item, credit, refund.quantity):
                item = pay_credit(item, credit)
                paid.append(replace(refund, at=at))
            else:
                held.append(refund)
    return Settlement(item, paid, held)


def is_bearable(item: Item, prior: Credit, new: Credit, quantity: int | None) -> bool:
    """Return whether the units that are not cancelled bear `new` on top of `prior`, now or once they have shipped."""
    units = item.quantity_ordered - item.quantity_cancelled
    return (
        units > 0
        and (quantity is None or quantity <= units)
        and find_excess(item, prior, new, units) is None
        and (not new.promotions or is_within_promotions(item, prior, new, units))
    )


def is_payable(item: Item, credit: Credit, quantity: int | None) -> bool:
    """Return whether the units shipped so far bear a credit that the item bears in the end.

    An item that has nothing left to ship bears all of it.
    """
    shipped = item.quantity_shipped
    if not shipped or (quantity is not None and quantity > shipped):
        return False
    if not item.quantity_open:
        return True
    prior = sum_paid_back(item)
    return is_within_charges(item, prior, credit, shipped) and is_within_promotions(item, prior, credit, shipped)


def sum_left_to_refund(order: Order, item: Item, component: str) -> Decimal:
    """Return how much of a component may still be given back for an item of the order; 0 when nothing may.

    That is what the units that are not cancelled were charged, less what was paid back and what is held. Whole cents,
    rounded down.
    """
    promised = sum_paid_back(item)
    for refund in order.held_refunds:
        if refund.order_item_code == item.order_item_code:
            promised = promised.add(read_credit(refund))
    units, ordered = item.quantity_ordered - item.quantity_cancelled, item.quantity_ordered
    left = sum_charges(item) * units / ordered - promised.net
    charge = _find_charge(item, component)
    if charge is not None:
        left = min(left, charge * units / ordered - promised.amounts.get(component, ZERO))
    return max(left.quantize(_CENT, ROUND_DOWN).normalize(), ZERO)


def _find_charge(item: Item, component: str) -> Decimal | None:
    """Return the charge that bounds a component, or None when only the item's total does."""
    charge = item.charges.get(component)
    if component == "COD" and "CODFee" in item.charges:
        return (charge or ZERO) + item.charges["CODFee"]
    return ZERO if charge is None and component in CHARGE_COMPONENTS else charge


def _sum_discounts(item: Item, component: str) -> Decimal:
    """Return the item's discount (negative) on a component, over all its promotions."""
    return sum((promotion.amounts.get(component, ZERO) for promotion in item.promotions), ZERO)


def _share(whole: Decimal, units: int, ordered: int) -> Decimal:
    """Return what was charged for some of the units, in whole cents, rounded down."""
    return whole if units == ordered else (whole * units / ordered).quantize(_CENT, ROUND_DOWN)


def _exceeds(used: Decimal, whole: Decimal, units: int, ordered: int) -> bool:
    """Return whether `used` is more than `whole * units / ordered`."""
    if units == ordered:
        return used > whole
    return _EXACT.multiply(used, ordered) > _EXACT.multiply(whole, units)
