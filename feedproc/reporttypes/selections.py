"""Which orders reports tell."""

from datetime import timedelta

from feedproc.orders.order import OrderStatus
from feedproc.orders.standing import PENDING
from feedproc.ports import OrderFilter, OrderTime
from feedproc.services.read.order_view import OrderView
from feedproc.services.reports.report_type import ReportScope

_STEP = timedelta(microseconds=1)
PAID = (
    OrderStatus.UNSHIPPED,
    OrderStatus.PARTIALLY_SHIPPED,
    OrderStatus.SHIPPED,
    OrderStatus.INVOICE_UNCONFIRMED,
)
"""Of orders that were released to their seller."""
UNSHIPPED = (OrderStatus.UNSHIPPED, OrderStatus.PARTIALLY_SHIPPED)
MOST_DAYS = timedelta(days=60)
"""How far back reports of orders reach (Reports reference, ReportType)."""
_ACTIONABLE_DAYS = timedelta(days=38)


def select_released(scope: ReportScope) -> OrderFilter:
    """Return the orders that were bought within the dates, and released to their seller, oldest first.

    Amazon counts the moment of release; an order that was pending does not tell it, and counts by its purchase.
    """
    return _bound(scope, OrderTime.PURCHASED, PAID)


def select_pending(scope: ReportScope) -> OrderFilter:
    """Return the orders that were bought within the dates and still wait for their payment."""
    return _bound(scope, OrderTime.PURCHASED, tuple(sorted(PENDING)))


def select_by_order_date(scope: ReportScope) -> OrderFilter:
    """Return all orders that were bought within the dates, oldest first."""
    return _bound(scope, OrderTime.PURCHASED, ())


def select_by_last_update(scope: ReportScope) -> OrderFilter:
    """Return all orders that changed last within the dates, newest first (recorded)."""
    found = _bound(scope, OrderTime.UPDATED, ())
    return OrderFilter(by=found.by, since=found.since, before=found.before)


def select_actionable(scope: ReportScope) -> OrderFilter:
    """Return the orders of the last 38 days that are still to be shipped, whatever the dates say."""
    return OrderFilter(statuses=UNSHIPPED, since=scope.now - _ACTIONABLE_DAYS, oldest_first=True)


def is_sellers(view: OrderView, _scope: ReportScope) -> bool:
    """Say whether the seller ships the order."""
    return not view.order.fulfilled_by_amazon


def is_any(_view: OrderView, _scope: ReportScope) -> bool:
    """Say yes."""
    return True


def _bound(scope: ReportScope, by: OrderTime, statuses: tuple[OrderStatus, ...]) -> OrderFilter:
    asked = scope.asked
    before = asked.end + _STEP if asked.end else None
    return OrderFilter(statuses=statuses, by=by, since=asked.start, before=before, oldest_first=True)
