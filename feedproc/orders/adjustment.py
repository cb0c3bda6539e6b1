"""Adjust an order: give money back for its items, or cancel units that were not shipped with the rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.cancellation import cancel_units
from feedproc.orders.change import Change
from feedproc.orders.credit import (
    NOTHING,
    Credit,
    find_excess,
    is_bearable,
    is_payable,
    is_within_charges,
    is_within_promotions,
    make_credit,
    pay_credit,
    read_credit,
    settle,
    sum_paid_back,
)
from feedproc.orders.money import ZERO, collect_amounts
from feedproc.orders.order import Event, Item, ItemKey, Order, Refund
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import find_position, has_shipped, is_fulfilled_by_amazon, require_alive
from feedproc.stock.change import StockChange
from feedproc.stock.restocking import restock

CANCEL = "Cancel"
"""The action of a message that cancels units; any other refunds."""
CANCEL_REASONS = frozenset({"NoInventory", "CustomerCancel"})
"""Why units may be cancelled once the rest has shipped."""
_RETURN = "CustomerReturn"
SIGNED = {"Principal": Rule.NEGATIVE_PRICE, "Tax": Rule.NEGATIVE_TAX, "ShippingTax": Rule.NEGATIVE_TAX}
"""Components that cannot be charged to the buyer, and the rule that says so."""

Amounts = tuple[tuple[str, Decimal], ...]
"""Components as a seller lists them: one may stand more than once."""


class PromotionAdjustment(Struct, frozen=True, gc=False):
    """Discount that is taken back (negative), of the promotion that is named, if one is."""

    amounts: Amounts
    promotion_id: str | None = None
    claim_code: str | None = None


class AdjustedItem(Struct, frozen=True, gc=False):
    """What changes for one item. Amounts are totals for the units concerned, positive to the buyer."""

    item: ItemKey
    reason: str
    prices: Amounts = ()
    promotions: tuple[PromotionAdjustment, ...] = ()
    direct_payments: Amounts = ()
    quantity_cancelled: int | None = None
    quantity: int | None = None
    """Units that the money is for."""
    merchant_adjustment_item_id: str | None = None

    @property
    def has_amounts(self) -> bool:
        """Return whether any amount is given, be it 0."""
        return bool(self.prices or self.promotions or self.direct_payments)


class Adjustment(Struct, frozen=True, gc=False):
    """What one message adjusts: all of it, or nothing."""

    items: tuple[AdjustedItem, ...]
    action: str | None = None
    """`Refund`, `Cancel`, or not said."""
    currencies: frozenset[str] = frozenset()
    """Currencies named beside the amounts; an amount without one is in the order's."""


def adjust(order: Order, adjustment: Adjustment, at: datetime, restocking: Mapping[str, bool]) -> Change:
    """Adjust the items in the order they are listed.

    Money for units that have shipped is paid; money for units that have not is held until they ship. Amounts that come
    with a cancellation belong to the cancelled units, which were never charged: they are checked, and change nothing.
    """
    _require_adjustable(order, adjustment)
    credited = [(line, _read_credit(line)) for line in adjustment.items]
    _require_credit(credited)
    adjusted = _AdjustedOrder(order, at)
    for line, credit in credited:
        number = find_position(order.items, line.item)
        item = adjusted.items[number]
        _require_sound(item, line)
        if line.quantity_cancelled is not None:
            adjusted.cancel(number, line.quantity_cancelled, line.reason, credit, restocking)
        elif line.has_amounts:
            adjusted.refund(number, _make_refund(item, line, credit, at), credit)
    return adjusted.finish()


class _AdjustedOrder:
    """An order while the items of one adjustment are worked through.

    It collects what changes, so that a message of many lines costs one new order and not one a line.

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
        promised = self._find_promised(number)
        if not is_bearable(item, promised, credit, refund.quantity):
            raise _explain_unbearable(item, promised, credit, item.quantity_ordered - item.quantity_cancelled)
        self._promised[number] = promised.add(credit)
        if is_payable(item, credit, refund.quantity):
            self.items[number] = pay_credit(item, credit)
            self._paid.append(refund)
        else:
            self._held.append(refund)

    def cancel(self, number: int, quantity: int, reason: str, credit: Credit, restocking: Mapping[str, bool]) -> None:
        """Cancel units of the item at position `number`; decline a credit above what they would have cost."""
        item = cancel_units(self.items[number], quantity, reason, self._at)
        if not (
            is_within_charges(item, NOTHING, credit, quantity) and is_within_promotions(item, NOTHING, credit, quantity)
        ):
            raise _explain_unbearable(item, NOTHING, credit, quantity)
        self._stock += restock(item.sku, quantity, reason, self._order.amazon_order_id, restocking)
        self.items[number], paid, self._held = settle(item, self._held, self._at)
        self._paid += paid
        self._promised.pop(number, None)
        self._cancelled = True

    def finish(self) -> Change:
        """Return what came of it all."""
        order = replace(
            self._order,
            items=tuple(self.items),
            refunds=(*self._order.refunds, *self._paid),
            held_refunds=tuple(self._held),
        )
        cancelled = (Event.CANCELLED,) if self._cancelled else ()
        return Change(order, tuple(self._stock), (*cancelled, Event.REFUNDED) if self._paid else cancelled)

    def _find_promised(self, number: int) -> Credit:
        """Return what was paid for an item together with what is held for it."""
        promised = self._promised.get(number)
        if promised is None:
            item = self.items[number]
            promised = sum_paid_back(item)
            for refund in self._held:
                if refund.order_item_code == item.order_item_code:
                    promised = promised.add(read_credit(refund))
        return promised


def require_plausible(adjustment: Adjustment) -> None:
    """Decline what no order at all could allow."""
    for line in adjustment.items:
        if line.quantity_cancelled is not None:
            _require_cancel_reason(line)
    _require_credit([(line, _read_credit(line)) for line in adjustment.items])


def _require_cancel_reason(line: AdjustedItem) -> None:
    if line.reason not in CANCEL_REASONS:
        words = "{} is no reason to cancel units; {} and {} are"
        if line.reason == _RETURN:
            words = (
                "{} is no reason to cancel units; {} and {} are. Units that came back are refunded, not cancelled: in "
                "XML, `Quantity` tells how many"
            )
        raise Declined(Rule.CANCEL_REASON, words, line.reason, *sorted(CANCEL_REASONS))


def _require_adjustable(order: Order, adjustment: Adjustment) -> None:
    """Refuse what the order's state, or its currency, does not allow."""
    require_alive(order)
    if is_fulfilled_by_amazon(order):
        words = "Amazon fulfils order {}, so only it can refund"
        raise Declined(Rule.REFUNDS_FULFILLED_BY_AMAZON, words, order.amazon_order_id)
    for line in adjustment.items:
        if line.quantity_cancelled is not None or adjustment.action == CANCEL:
            _require_cancellable(order, line, adjustment.action)
    currencies = adjustment.currencies
    if currencies and (len(currencies) > 1 or order.currency not in currencies):
        named = ", ".join(sorted(currencies))
        words = "The amounts are in {} and the order is in {}"
        raise Declined(Rule.WRONG_CURRENCY, words, named, order.currency)


def _require_cancellable(order: Order, line: AdjustedItem, action: str | None) -> None:
    """Refuse to cancel units before anything has shipped, and to cancel what is not given in units."""
    shipped = has_shipped(order)
    if action == CANCEL and not (shipped and line.quantity_cancelled is not None):
        words = "To cancel before anything has shipped takes an acknowledgement, and after it a QuantityCancelled"
        raise Declined(Rule.CANCEL_ACTION, words)
    if not shipped:
        words = "Nothing of order {} has shipped; confirm the rest first, or cancel it all"
        raise Declined(Rule.CANCELS_UNSHIPPED, words, order.amazon_order_id)
    _require_cancel_reason(line)


def _read_credit(line: AdjustedItem) -> Credit:
    """Return what a line gives in all; decline an amount with the wrong sign."""
    for component, amount in line.prices:
        if amount < ZERO and component in SIGNED:
            raise Declined(SIGNED[component], "{} of item {} is negative", component, line.item.value)
    if not (line.promotions or line.direct_payments):
        return make_credit(collect_amounts(line.prices), {}, ZERO)
    promotions = [pair for promotion in line.promotions for pair in promotion.amounts]
    if any(amount > ZERO for _, amount in promotions):
        words = "A promotion of item {} has a positive adjustment"
        raise Declined(Rule.PROMOTION_POSITIVE, words, line.item.value)
    direct = sum((amount for _, amount in line.direct_payments), ZERO)
    return make_credit(collect_amounts(line.prices), collect_amounts(promotions), direct)


def _require_credit(credited: Sequence[tuple[AdjustedItem, Credit]]) -> None:
    """Refuse a message whose amounts do not come to a credit, and one that neither credits nor cancels."""
    net = ZERO
    for _, credit in credited:
        net += credit.net
    if net > ZERO:
        return
    if any(line.has_amounts for line, _ in credited):
        raise Declined(Rule.NET_NOT_POSITIVE, "The amounts of the message do not come to a credit for the buyer")
    if all(line.quantity_cancelled is None for line, _ in credited):
        raise Declined(Rule.NET_NOT_POSITIVE, "The message names neither an amount nor units to cancel")


def _require_sound(item: Item, line: AdjustedItem) -> None:
    """Refuse units that were never ordered, or no longer are, and promotions that the item does not have."""
    if line.quantity is not None:
        units = item.quantity_ordered - item.quantity_cancelled
        if line.quantity > units:
            words = "Item {} is ordered {} times; {} cannot be refunded"
            raise Declined(Rule.MORE_THAN_ORDERED, words, item.order_item_code, units, line.quantity)
    for asked in line.promotions:
        if not _has_promotion(item, asked):
            named = asked.promotion_id or asked.claim_code
            raise Declined(Rule.PROMOTION_UNKNOWN, "Item {} has no promotion {}", item.order_item_code, repr(named))


def _has_promotion(item: Item, asked: PromotionAdjustment) -> bool:
    """Return whether the item has the promotion that is named; one without a known claim code goes by its id."""
    if asked.promotion_id is None and asked.claim_code is None:
        return True
    return any(
        asked.promotion_id in (None, promotion.promotion_id)
        and (asked.claim_code in (None, promotion.claim_code) or (asked.promotion_id and promotion.claim_code is None))
        for promotion in item.promotions
    )


def _make_refund(item: Item, line: AdjustedItem, credit: Credit, at: datetime) -> Refund:
    """Return the refund to be kept."""
    return Refund(
        order_item_code=item.order_item_code,
        reason=line.reason,
        at=at,
        amounts=credit.amounts,
        promotions=credit.promotions,
        direct_payments=collect_amounts(line.direct_payments),
        quantity=line.quantity,
        merchant_adjustment_item_id=line.merchant_adjustment_item_id,
    )


def _explain_unbearable(item: Item, prior: Credit, credit: Credit, units: int) -> Declined:
    """Tell which limit a credit for `units` breaks: of which component how much is asked for, and how much is left."""
    code = item.order_item_code
    excess = find_excess(item, prior, credit, units)
    if excess is not None:
        component, asked, charged, refunded = excess
        left = max(charged - refunded, ZERO)
        numbers = (code, *(f"{amount:f}" for amount in (asked, charged, refunded, left)))
        if not component:
            words = "All of item {}: {} is asked for, {} was charged, {} was refunded before; {} is left"
            return Declined(Rule.MORE_THAN_REFUNDABLE, words, *numbers)
        words = "{} of item {}: {} is asked for, {} was charged, {} was refunded before; {} is left"
        return Declined(Rule.MORE_THAN_REFUNDABLE, words, component, *numbers, component=component)
    if is_within_promotions(item, prior, credit, units):
        return Declined(Rule.MORE_THAN_REFUNDABLE, "The refund is more than what is left to refund for item {}", code)
    return Declined(Rule.MORE_THAN_PROMOTED, "More discount is taken back than item {} was given", code)
