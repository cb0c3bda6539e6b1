"""What an OrderAdjustment message says, and what it does to its order."""

from datetime import datetime

from msgspec import Struct

from feedproc.feeds.effects import Effects, Need, NeededItem, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result
from feedproc.feedtypes.verdicts import apply_to_order, find_broken_rule
from feedproc.orders.adjustment import AdjustedItem, Adjustment, adjust, require_plausible
from feedproc.orders.money import ZERO, collect_amounts
from feedproc.orders.order import OrderKey, OrderStatus, Promotion


class OrderAdjustment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    adjustment: Adjustment


def touches(body: OrderAdjustment) -> Touches:
    """Name the order."""
    return Touches(orders=(body.order,))


def apply(message_id: str, body: OrderAdjustment, seen: Seen, context: Context) -> Effects:
    """Adjust the order's items: all that the message asks, or nothing."""
    return apply_to_order(
        message_id,
        body.order,
        seen,
        context,
        lambda order: adjust(order, body.adjustment, context.now, context.restocking),
    )


def check(message_id: str, body: OrderAdjustment, _at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a wrong sign, no credit in all, a reason that cancels nothing."""
    return find_broken_rule(message_id, marketplace_id, lambda: require_plausible(body.adjustment))


def find_need(body: OrderAdjustment) -> Need:
    """Say that the order must have shipped, and its charges and discounts bear what is paid back."""
    return Need(
        body.order,
        tuple(map(_find_item_need, body.adjustment.items)),
        OrderStatus.SHIPPED,
        currencies=body.adjustment.currencies,
    )


def _find_item_need(line: AdjustedItem) -> NeededItem:
    amounts, direct = collect_amounts(line.prices), sum((amount for _, amount in line.direct_payments), ZERO)
    promotions = tuple(
        Promotion(one.promotion_id or one.claim_code or _SITE_WIDE, collect_amounts(one.amounts), one.claim_code)
        for one in line.promotions
    )
    return NeededItem(
        line.item,
        cancelled=line.quantity_cancelled or 0,
        units=line.quantity or 1,
        amounts={name: amount for name, amount in amounts.items() if amount > ZERO},
        net=sum(amounts.values(), ZERO) + direct,
        promotions=promotions,
    )


_SITE_WIDE = "_SITE_WIDE_"
"""What Amazon calls a promotion that nobody named."""
