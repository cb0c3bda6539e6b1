"""What Amazon says when a rule is broken: one total table, and the effects made from it."""

from collections.abc import Callable, Iterable

from feedproc.feeds.effects import BuyerNotice, Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import (
    EXCESSIVE,
    EXCESSIVE_PRICE,
    EXCESSIVE_TAX,
    INCOMPLETE,
    INVALID,
    NEGATIVE_PRICE,
    NEGATIVE_TAX,
    NOT_A_CREDIT,
    NOT_FOUND,
    NOT_FULFILLABLE,
    TOO_MANY,
    UNPROCESSABLE,
    ReportText,
)
from feedproc.feeds.saying import Saying, quote_value, say
from feedproc.orders.change import Change
from feedproc.orders.order import Event, GivenBy, Order, OrderKey
from feedproc.orders.rules import Declined, Rule

VERDICTS: dict[Rule, ReportText] = {
    Rule.ORDER_PENDING: INVALID,
    Rule.NOT_PENDING: INVALID,
    Rule.ALREADY_CANCELED: INVALID,
    Rule.ALREADY_SHIPPED: INVALID,
    Rule.FULFILLED_BY_AMAZON: INVALID,
    Rule.MERCHANT_ORDER_ID_TAKEN: INVALID,
    Rule.ITEM_UNKNOWN: INVALID,
    Rule.ITEM_AMBIGUOUS: INVALID,
    Rule.SHIPS_CANCELED: NOT_FULFILLABLE,
    Rule.SHIP_DATE_IMPLAUSIBLE: UNPROCESSABLE,
    Rule.MORE_THAN_OPEN: TOO_MANY,
    Rule.CARRIER_MISSING: INCOMPLETE,
    Rule.SHIPMENT_INCOMPLETE: INCOMPLETE,
    Rule.COLLECTION_MISSING: NOT_FULFILLABLE,
    Rule.CANCEL_ACTION: INCOMPLETE,
    Rule.CANCEL_REASON: INVALID,
    Rule.CANCELS_UNSHIPPED: INVALID,
    Rule.CANCELS_MORE_THAN_OPEN: INVALID,
    Rule.REFUNDS_FULFILLED_BY_AMAZON: EXCESSIVE,
    Rule.WRONG_CURRENCY: INVALID,
    Rule.NEGATIVE_PRICE: NEGATIVE_PRICE,
    Rule.NEGATIVE_TAX: NEGATIVE_TAX,
    Rule.NET_NOT_POSITIVE: NOT_A_CREDIT,
    Rule.MORE_THAN_ORDERED: INVALID,
    Rule.MORE_THAN_REFUNDABLE: EXCESSIVE,
    Rule.PROMOTION_UNKNOWN: INVALID,
    Rule.PROMOTION_POSITIVE: INVALID,
    Rule.MORE_THAN_PROMOTED: INVALID,
}


_EXCESSES = {"Tax": EXCESSIVE_TAX, "ShippingTax": EXCESSIVE_TAX, "Principal": EXCESSIVE_PRICE}
"""What is said when more of a component is asked for than is left of it; of others, what is said of a whole."""


def _find_text(declined: Declined) -> ReportText:
    if declined.rule is Rule.MORE_THAN_REFUNDABLE:
        return _EXCESSES.get(declined.component, EXCESSIVE)
    return VERDICTS[declined.rule]


def apply_to_order(
    message_id: str, key: OrderKey, seen: Seen, context: Context, effect: Callable[[Order], Change]
) -> Effects:
    """Return what a message does to the order that `key` names, or the result that says why it does nothing."""
    order = seen.orders.get(key)
    if order is None:
        return _refuse_unknown(message_id, key, context)
    try:
        change = effect(order)
    except Declined as declined:
        return _refuse(message_id, key, order, declined, context)
    after = change.order
    notices = _make_notices(change.events, order, after) if change.events else ()
    return Effects(() if after is order else (after,), change.stock, notices)


def _make_notices(events: Iterable[Event], before: Order, after: Order) -> tuple[BuyerNotice, ...]:
    """Return what the buyer is told, with where in the order to find it."""
    named = before.amazon_order_id
    return tuple([BuyerNotice(one, named, _COUNTS[one](before), _COUNTS[one](after)) for one in events])


def _count_cancellations(order: Order) -> int:
    return sum([len(item.cancellations) for item in order.items])


_COUNTS: dict[Event, Callable[[Order], int]] = {
    Event.CANCELLED: _count_cancellations,
    Event.SHIPPED: lambda order: len(order.packages),
    Event.REDIRECTED: lambda order: len(order.corrections),
    Event.REFUNDED: lambda order: len(order.refunds),
}
"""How often each of what a buyer is told has happened to an order."""


def find_broken_rule(message_id: str, marketplace_id: str, require: Callable[[], None]) -> Result | None:
    """Return what a report would say of a rule that does not ask about the order, if it is broken."""
    try:
        require()
    except Declined as declined:
        text = _find_text(declined)
        description = text.fill(host=marketplace_of(marketplace_id).seller_central)
        return Result(message_id, text.code, description, reason=_explain(declined))
    return None


def _refuse_unknown(message_id: str, key: OrderKey, context: Context) -> Effects:
    """Say that the seller has no such order."""
    text = NOT_FOUND.fill(merchant_identifier=context.merchant_identifier, order_id=key.value)
    reason = say(
        "The order book has no order {!r}; {} loads orders that you have, {} makes orders that fit a feed",
        key.value,
        quote_value("feedproc orders load FILE"),
        quote_value("feedproc orders for FEED"),
    )
    return Effects(result=Result(message_id, NOT_FOUND.code, text, reason=reason))


def _refuse(message_id: str, key: OrderKey, order: Order, declined: Declined, context: Context) -> Effects:
    """Say which rule the message would have broken."""
    text = _find_text(declined)
    host = marketplace_of(context.marketplace_id).seller_central
    description = text.fill(host=host, amazon_order_id=order.amazon_order_id)
    named_by = None if key.given_by is GivenBy.SELLER else order.amazon_order_id
    return Effects(
        result=Result(message_id, text.code, description, amazon_order_id=named_by, reason=_explain(declined))
    )


def _explain(declined: Declined) -> Saying:
    return say(declined.words, *declined.parts)
