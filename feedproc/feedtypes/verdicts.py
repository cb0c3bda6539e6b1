"""What Amazon says when a rule is broken: one total table, and the outcome made from it."""

from collections.abc import Callable
from typing import NamedTuple

from feedproc.feeds.effects import BuyerNotice, Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result
from feedproc.feeds.saying import Saying, say
from feedproc.orders.change import Change, Event
from feedproc.orders.order import GivenBy, Order, OrderKey
from feedproc.orders.rules import Declined, Rule


class Verdict(NamedTuple):
    """A result message code and its text, with `{host}` and `{amazon_order_id}` to be filled in."""

    code: int
    text: str


NOT_FOUND = Verdict(
    18028,
    "Your order cannot be found using Merchant ID {merchant_identifier} and Merchant Order {order_id}. "
    "Enter the correct order ID and then resubmit your feed.",
)
INVALID = Verdict(
    18028, "The data you submitted is incomplete or invalid. For help fixing this, see http://{host}/gp/help/30721"
)
"""The verdict for whatever has no text of its own."""
INCOMPLETE = Verdict(
    18028,
    "The data you submitted with this item is incomplete or invalid. "
    "Please resubmit the item with all required fields completed with valid data.",
)
TOO_MANY = Verdict(
    18021,
    "The quantities you provided for order id ({amazon_order_id}) were larger than the quantities that could be "
    "fulfilled. Please review the quantity from the order report and take into account any items that have been "
    "cancelled or already fulfilled.",
)
NOT_FULFILLABLE = Verdict(18028, "Order cannot be fulfilled. For more information, please contact Seller Support.")
UNPROCESSABLE = Verdict(
    5002,
    "We are sorry, but we were unable to process this message. "
    "Please review the message and verify that it is accurate. Then, please resubmit the message.",
)
NEGATIVE_PRICE = Verdict(
    18028,
    "Adjustment amount for item price is a negative value. For help fixing this, see http://{host}/gp/help/25221",
)
NEGATIVE_TAX = Verdict(18028, "Adjustment amount for tax or shipping tax is a negative value.")
EXCESSIVE = Verdict(18028, "The requested refund amount exceeds the amount that can be refunded.")
NOT_A_CREDIT = Verdict(18028, "The net adjustment amount is not a positive amount and has therefore been rejected.")
NO_SHIP_METHOD = Verdict(
    18028,
    "ship-methodの項目が記入されていないか入力内容が無効です。 "
    "有効なship-methodの項目が入力されていることを確認してください。",
)
"""A warning of Japanese flat files since April 2021; its number is not known."""

VERDICTS: dict[Rule, Verdict] = {
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
    notices = tuple([_make_notice(event, order, change.order) for event in change.events])
    return Effects(() if change.order is order else (change.order,), change.stock, notices)


def _make_notice(event: Event, before: Order, after: Order) -> BuyerNotice:
    """Return what the buyer is told, with where in the order to find it."""
    count = _COUNTS[event]
    return BuyerNotice(event, before.amazon_order_id, count(before), count(after))


_COUNTS: dict[Event, Callable[[Order], int]] = {
    Event.CANCELLED: lambda order: sum(len(item.cancellations) for item in order.items),
    Event.SHIPPED: lambda order: len(order.packages),
    Event.REFUNDED: lambda order: len(order.refunds),
}
"""How often each of what a buyer is told has happened to an order."""


def find_broken_rule(message_id: str, marketplace_id: str, require: Callable[[], None]) -> Result | None:
    """Return what a report would say of a rule that does not ask about the order, if it is broken."""
    try:
        require()
    except Declined as declined:
        code, text = VERDICTS[declined.rule]
        return Result(
            message_id, code, text.format(host=marketplace_of(marketplace_id).seller_central), reason=_explain(declined)
        )
    return None


def _refuse_unknown(message_id: str, key: OrderKey, context: Context) -> Effects:
    """Say that the seller has no such order."""
    text = NOT_FOUND.text.format(merchant_identifier=context.merchant_identifier, order_id=key.value)
    reason = say("The order book has no order {!r}", key.value)
    return Effects(result=Result(message_id, NOT_FOUND.code, text, reason=reason))


def _refuse(message_id: str, key: OrderKey, order: Order, declined: Declined, context: Context) -> Effects:
    """Say which rule the message would have broken."""
    code, text = VERDICTS[declined.rule]
    text = text.format(
        host=marketplace_of(context.marketplace_id).seller_central, amazon_order_id=order.amazon_order_id
    )
    named_by = None if key.given_by is GivenBy.SELLER else order.amazon_order_id
    return Effects(result=Result(message_id, code, text, amazon_order_id=named_by, reason=_explain(declined)))


def _explain(declined: Declined) -> Saying:
    return say(declined.words, *declined.parts)
