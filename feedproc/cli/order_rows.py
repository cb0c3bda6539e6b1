"""An order as a row of a table."""

from collections.abc import Sequence
from decimal import Decimal

from feedproc.orders.money import add_amounts, sum_amounts
from feedproc.orders.order import Order

COLUMNS = ("order", "purchased", "status", "items", "units", "shipped", "cancelled", "charged", "refunded")


def make_row(order: Order) -> Sequence[object]:
    """Return what `COLUMNS` names."""
    return (
        order.amazon_order_id,
        f"{order.purchased_at:%Y-%m-%d %H:%M}",
        order.status,
        len(order.items),
        sum(item.quantity_ordered for item in order.items),
        sum(item.quantity_shipped for item in order.items),
        sum(item.quantity_cancelled for item in order.items),
        f"{format_amount(sum_charges(order))} {order.currency}",
        format_amount(sum_refunds(order)),
    )


def sum_charges(order: Order) -> Decimal:
    """Return what all items cost, less discounts."""
    discounts = [promotion.amounts for item in order.items for promotion in item.promotions]
    return sum_amounts(add_amounts(*[item.charges for item in order.items], *discounts, {}))


def sum_refunds(order: Order) -> Decimal:
    """Return what was paid back for all items."""
    return sum_amounts(
        add_amounts(*[one for item in order.items for one in (item.refunded, item.promotions_refunded)], {})
    )


def format_amount(amount: Decimal) -> str:
    """Write an amount for people, without decimals that are zero."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,}"
