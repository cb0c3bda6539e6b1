"""Pay held refunds once their units have shipped, and drop those whose units were cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from feedproc.orders.credit import Credit, credit_of, credited, paid_back, within_charges, within_promotions
from feedproc.orders.order import Item, Refund


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
    promised = paid_back(item)
    for refund in waiting:
        credit = credit_of(refund)
        if refund.order_item_code != item.order_item_code:
            held.append(refund)
        elif is_bearable(item, promised, credit, refund.quantity):
            promised = promised.plus(credit)
            if is_payable(item, credit, refund.quantity):
                item = credited(item, credit)
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
        and within_charges(item, prior, new, units)
        and within_promotions(item, prior, new, units)
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
    prior = paid_back(item)
    return within_charges(item, prior, credit, shipped) and within_promotions(item, prior, credit, shipped)
