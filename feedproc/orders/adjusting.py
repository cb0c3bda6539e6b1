"""An order while the items of one adjustment are worked through."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from feedproc.orders.cancellation import cancel_units
from feedproc.orders.change import Change, Event
from feedproc.orders.credit import NOTHING, Credit, credit_of, credited, paid_back, within_charges, within_promotions
from feedproc.orders.order import Item, Order, Refund
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.settlement import is_bearable, is_payable, settle
from feedproc.stock.change import StockChange
from feedproc.stock.restocking import restock


class Adjusting:
    """Collects what changes, so that a message of many lines costs one new order and not one a line.

    When a line is declined, this is thrown away and the order is as it was.
    """

    def __init__(self, order: Order, at: datetime) -> None:
        """Begin with the order as it is."""
        self._order = order
        self._at = at
        self.items: list[Item] = list(order.items)
        self._held: list[Refund] = list(order.held_refunds)
        self._paid: list[Refund] = []
        self._promised: dict[int, Credit] = {}
        self._stock: list[StockChange] = []
        self._cancelled = False

    def refund(self, number: int, refund: Refund, credit: Credit) -> None:
        """Pay a refund of the item at position `number`, or hold it; decline more than the item bears."""
        item = self.items[number]
        promised = self._promised_to(number)
        if not is_bearable(item, promised, credit, refund.quantity):
            raise _unbearable(item, promised, credit)
        self._promised[number] = promised.plus(credit)
        if is_payable(item, credit, refund.quantity):
            self.items[number] = credited(item, credit)
            self._paid.append(refund)
        else:
            self._held.append(refund)

    def cancel(self, number: int, quantity: int, reason: str, credit: Credit, restocking: Mapping[str, bool]) -> None:
        """Cancel units of the item at position `number`; decline a credit above what they would have cost."""
        item = cancel_units(self.items[number], quantity, reason, self._at)
        if not (within_charges(item, NOTHING, credit, quantity) and within_promotions(item, NOTHING, credit, quantity)):
            raise _unbearable(item, NOTHING, credit)
        self._stock += restock(item.sku, quantity, reason, self._order.amazon_order_id, restocking)
        self.items[number], paid, self._held = settle(item, self._held, self._at)
        self._paid += paid
        self._promised.pop(number, None)
        self._cancelled = True

    def change(self) -> Change:
        """Return what came of it all."""
        order = replace(
            self._order,
            items=tuple(self.items),
            refunds=(*self._order.refunds, *self._paid),
            held_refunds=tuple(self._held),
        )
        cancelled = (Event.CANCELLED,) if self._cancelled else ()
        return Change(order, tuple(self._stock), (*cancelled, Event.REFUNDED) if self._paid else cancelled)

    def _promised_to(self, number: int) -> Credit:
        """Return what was paid for an item together with what is held for it."""
        promised = self._promised.get(number)
        if promised is None:
            item = self.items[number]
            promised = paid_back(item)
            for refund in self._held:
                if refund.order_item_code == item.order_item_code:
                    promised = promised.plus(credit_of(refund))
        return promised


def _unbearable(item: Item, prior: Credit, credit: Credit) -> Declined:
    """Tell which limit a credit breaks."""
    code = item.order_item_code
    if within_promotions(item, prior, credit, item.quantity_ordered - item.quantity_cancelled):
        return Declined(Rule.MORE_THAN_REFUNDABLE, "The refund is more than what is left to refund for item {}", code)
    return Declined(Rule.MORE_THAN_PROMOTED, "More discount is taken back than item {} was given", code)
