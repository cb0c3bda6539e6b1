"""Orders listed for programs, page by page, by the time of their purchase or of their last update."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.order import GivenBy, Order, OrderKey, OrderStatus, Window
from feedproc.orders.standing import PENDING
from feedproc.ports import OrderFilter, Orders, OrderTime
from feedproc.services.read.order_view import OrderView, view_order

_NOT_ON_ITS_WAY = PENDING | {OrderStatus.CANCELED}
MOST_LOOKED_AT = 2_000
"""Orders that are read for one page. Where few of them match, a page may be empty and still have a next one."""


class OrderQuery(Struct, frozen=True, kw_only=True):
    """Which orders a program asks for. An empty tuple, an empty text and None mean no condition."""

    which: OrderFilter
    marketplace_ids: tuple[str, ...] = ()
    fulfilled_by_amazon: bool | None = None
    payment_methods: tuple[str, ...] = ()
    """COD, CVS and Other."""
    buyer_email: str = ""
    seller_order_id: str = ""
    """The seller's own id of the order; an order that Amazon fulfils has Amazon's."""
    amazon_order_ids: tuple[str, ...] = ()
    delivery: tuple[Window, Window] | None = None
    """When the first and the last day lie on which an order is promised to arrive, both ends included."""


class OrderListPage(Struct, frozen=True):
    """Some of the orders that match, in the list's order."""

    orders: Sequence[OrderView]
    following: tuple[datetime, str] | None
    """Where the next page begins, for `OrderFilter.after`; None when this is the last."""


def list_matching(orders: Orders, seller_id: str, query: OrderQuery, size: int) -> OrderListPage:
    """Return the next `size` orders that match, or fewer, and where the next page begins."""
    if query.seller_order_id or query.amazon_order_ids:
        return _list_named(orders, seller_id, query, size)
    found: list[OrderView] = []
    looked_at, which = 0, query.which
    while looked_at < MOST_LOOKED_AT:
        part = list(orders.list(seller_id, which, size + 1))
        for order in part:
            looked_at += 1
            if len(found) == size:
                return OrderListPage(found, which.after)
            which = replace(which, after=get_place(order, which))
            view = view_order(order)
            if _matches(view, query):
                found.append(view)
        if len(part) <= size:
            return OrderListPage(found, None)
    return OrderListPage(found, which.after)


def _list_named(orders: Orders, seller_id: str, query: OrderQuery, size: int) -> OrderListPage:
    """Return the orders with the ids that are asked for; there are too few of them to divide in any other way."""
    keys = [OrderKey(one) for one in (query.seller_order_id, *query.amazon_order_ids) if one]
    if query.seller_order_id:
        keys.append(OrderKey(query.seller_order_id, GivenBy.SELLER))
    names = {order.amazon_order_id for order in orders.find(seller_id, keys).values()}
    known = [order for name in names if (order := orders.get(seller_id, name)) is not None]
    matching = [one for one in map(view_order, known) if _is_in_period(one.order, query.which) and _matches(one, query)]
    matching.sort(key=lambda one: get_place(one.order, query.which), reverse=not query.which.oldest_first)
    following = get_place(matching[size - 1].order, query.which) if len(matching) > size else None
    return OrderListPage(matching[:size], following)


def _matches(view: OrderView, query: OrderQuery) -> bool:
    order, statuses = view.order, query.which.statuses
    return (
        (not statuses or view.status in statuses)
        and (not query.marketplace_ids or order.marketplace_id in ("", *query.marketplace_ids))
        and query.fulfilled_by_amazon in (None, order.fulfilled_by_amazon)
        and (not query.payment_methods or view.payment.method in query.payment_methods)
        and (not query.buyer_email or order.buyer.email.lower() == query.buyer_email.lower())
        and (not query.seller_order_id or query.seller_order_id == tell_seller_order_id(order))
        and (query.delivery is None or _arrives_within(view, *query.delivery))
    )


def _arrives_within(view: OrderView, first: Window, last: Window) -> bool:
    """Say when an order arrives that its seller is to ship; of others no such day is told."""
    is_told = not view.order.fulfilled_by_amazon and view.status not in _NOT_ON_ITS_WAY
    told = view.delivery if is_told else Window()
    return _lies_within(told.earliest, first) and _lies_within(told.latest, last)


def _lies_within(moment: datetime | None, window: Window) -> bool:
    if moment is None:
        return window == Window()
    return (window.earliest is None or moment >= window.earliest) and (window.latest is None or moment <= window.latest)


def get_place(order: Order, which: OrderFilter) -> tuple[datetime, str]:
    """Return where an order stands in a list, for `OrderFilter.after`."""
    moment = order.purchased_at if which.by is OrderTime.PURCHASED else order.last_updated_at
    return moment, order.amazon_order_id


def tell_seller_order_id(order: Order) -> str | None:
    """Return the seller's own id of an order; Amazon's where Amazon fulfils it; None while there is none."""
    return order.merchant_order_id or (order.amazon_order_id if order.fulfilled_by_amazon else None)


def _is_in_period(order: Order, which: OrderFilter) -> bool:
    place = get_place(order, which)
    if which.after is not None and (place <= which.after if which.oldest_first else place >= which.after):
        return False
    return (which.since is None or place[0] >= which.since) and (which.before is None or place[0] < which.before)
