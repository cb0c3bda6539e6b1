"""What goes back to a buyer, and how much of it an item's charges can bear. Exact: compared without dividing."""

from decimal import Context, Decimal

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.money import ZERO, added, total
from feedproc.orders.order import Item, Refund

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

    def plus(self, other: "Credit") -> "Credit":
        """Return both together."""
        if self is NOTHING:
            return other
        return credit_from(
            added(self.amounts, other.amounts),
            added(self.promotions, other.promotions),
            self.direct + other.direct if other.direct else self.direct,
        )


def credit_from(amounts: dict[str, Decimal], promotions: dict[str, Decimal], direct: Decimal) -> Credit:
    """Return what these come to."""
    net = total(amounts)
    if promotions:
        net += total(promotions)
    return Credit(amounts, promotions, direct, net + direct if direct else net)


NOTHING = credit_from({}, {}, ZERO)


def paid_back(item: Item) -> Credit:
    """Return what was given back for an item so far."""
    if not (item.refunded or item.promotions_refunded or item.refunded_directly):
        return NOTHING
    return credit_from(item.refunded, item.promotions_refunded, item.refunded_directly)


def credit_of(refund: Refund) -> Credit:
    """Return what a refund gives."""
    return credit_from(refund.amounts, refund.promotions, total(refund.direct_payments))


def credited(item: Item, credit: Credit) -> Item:
    """Return the item after the credit was paid."""
    paid = paid_back(item).plus(credit)
    return replace(item, refunded=paid.amounts, promotions_refunded=paid.promotions, refunded_directly=paid.direct)


def within_charges(item: Item, prior: Credit, new: Credit, units: int) -> bool:
    """Return whether `new` on top of `prior` stays within what was charged for `units` of the item.

    Each component is held against its own charge, and the net against the item's charges less its discounts. An
    order's total needs no look of its own: it is the sum of its items'.
    """
    ordered = item.quantity_ordered
    for component, amount in new.amounts.items():
        if amount > ZERO:
            charge = _charge(item, component)
            used = prior.amounts.get(component, ZERO) + amount
            if charge is not None and _exceeds(used, charge, units, ordered):
                return False
    net = new.net
    return net <= ZERO or not _exceeds(prior.net + net, charged(item), units, ordered)


def within_promotions(item: Item, prior: Credit, new: Credit, units: int) -> bool:
    """Return whether the discount taken back stays within the discount that `units` of the item were given."""
    for component, amount in new.promotions.items():
        taken = -prior.promotions.get(component, ZERO) - amount
        if amount and _exceeds(taken, -_discount(item, component), units, item.quantity_ordered):
            return False
    return True


def charged(item: Item) -> Decimal:
    """Return the item's charges less its discounts, for all units ordered."""
    charges = total(item.charges)
    for promotion in item.promotions:
        charges += total(promotion.amounts)
    return charges


def _charge(item: Item, component: str) -> Decimal | None:
    """Return the charge that bounds a component, or None when only the item's total does."""
    charge = item.charges.get(component)
    if component == "COD" and "CODFee" in item.charges:
        return (charge or ZERO) + item.charges["CODFee"]
    return ZERO if charge is None and component in CHARGE_COMPONENTS else charge


def _discount(item: Item, component: str) -> Decimal:
    """Return the item's discount (negative) on a component, over all its promotions."""
    return sum((promotion.amounts.get(component, ZERO) for promotion in item.promotions), ZERO)


def _exceeds(used: Decimal, whole: Decimal, units: int, ordered: int) -> bool:
    """Return whether `used` is more than `whole * units / ordered`."""
    if units == ordered:
        return used > whole
    return _EXACT.multiply(used, ordered) > _EXACT.multiply(whole, units)
