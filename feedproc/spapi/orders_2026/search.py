"""searchOrders and getOrder of 2026-01-01."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from feedproc.orders.order import OrderStatus
from feedproc.ports import OrderFilter, OrderTime
from feedproc.services.read.order_list import OrderQuery
from feedproc.services.read.order_view import view_order
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.order_query import MOST_ORDERS, STEP, OrdersLeft, list_page, read_marketplaces, read_period
from feedproc.spapi.orders_2026.order import STATUSES, describe_order
from feedproc.spapi.orders_2026.values import IncludedData, write_time
from feedproc.spapi.refusals import InputInvalid, OrderMissing

PAGE_MISMATCH = (
    "The paginationToken you have submitted is not valid. "
    "All parameters must match the original request except maxResultsPerPage."
)
_PAGE_LIFE = 24 * 3600
"""Seconds."""
_FULFILLED_BY = {"AMAZON": True, "MERCHANT": False}
_COMPARED = (
    "createdAfter",
    "createdBefore",
    "lastUpdatedAfter",
    "lastUpdatedBefore",
    "fulfillmentStatuses",
    "marketplaceIds",
    "fulfilledBy",
)
"""What must be the same on every page."""


class Continuation2026(Struct, frozen=True):
    """The rest of a search, what was asked for, and when the token was given (seconds since 1970)."""

    rest: OrdersLeft
    asked: tuple[tuple[str, ...], ...]
    given_at: float


def answer_search(call: Call) -> Answer:
    """Tell the first page of the orders that match, or the page of a token.

    Raises:
        InputInvalid: a parameter is not as it must be, or is not that of the first page.
        AccessDenied: a marketplace is of another region.

    """
    included, token = _read_included(call), call.query.get("paginationToken")
    size = call.query.integer("maxResultsPerPage", MOST_ORDERS, 1, MOST_ORDERS)
    rest = _continue(call, token, size) if token else _begin(call, size)
    page, following = list_page(call, rest)
    by_update = rest.query.which.by is OrderTime.UPDATED
    body: dict[str, Any] = {"orders": [describe_order(view, included) for view in page.orders]}
    if following is not None:
        left = Continuation2026(following, _list_asked(call), call.now.timestamp())
        body["pagination"] = {"nextToken": seal_token(call.seller, left)}
    body["lastUpdatedBefore" if by_update else "createdBefore"] = write_time(rest.until)
    return Answer(200, body)


def answer_one(call: Call) -> Answer:
    """getOrder: tell one order. Raises `OrderMissing`."""
    included = _read_included(call)
    order = call.services.backend.orders.get(call.seller.seller_id, call.path["orderId"])
    if order is None:
        raise OrderMissing(call.path["orderId"])
    return Answer(200, {"order": describe_order(view_order(order), included)})


def _begin(call: Call, size: int) -> OrdersLeft:
    query = call.query
    period = read_period(call, "created", "lastUpdated")
    fulfilled_by = query.list("fulfilledBy")
    statuses = query.list("fulfillmentStatuses")
    if not _FULFILLED_BY.keys() >= set(fulfilled_by) or not set(statuses) <= set(STATUSES.values()):
        raise InputInvalid(INPUT_MALFORMED)
    which = OrderFilter(
        statuses=tuple(status for status in OrderStatus if STATUSES[status] in statuses),
        by=period.by,
        since=period.since,
        before=period.until + STEP,
        oldest_first=True,
    )
    asked = OrderQuery(
        which=which,
        marketplace_ids=read_marketplaces(call, "marketplaceIds"),
        fulfilled_by_amazon=_FULFILLED_BY[fulfilled_by[0]] if len(fulfilled_by) == 1 else None,
    )
    return OrdersLeft(asked, size, period.until)


def _continue(call: Call, token: str, size: int) -> OrdersLeft:
    try:
        left = unseal_token(call.seller, token, Continuation2026)
    except InputInvalid:
        raise InputInvalid(PAGE_MISMATCH) from None
    if left.asked != _list_asked(call) or _is_stale(left, call.now):
        raise InputInvalid(PAGE_MISMATCH)
    return OrdersLeft(left.rest.query, size, left.rest.until)


def _is_stale(left: Continuation2026, now: datetime) -> bool:
    return now.timestamp() > left.given_at + _PAGE_LIFE


def _list_asked(call: Call) -> tuple[tuple[str, ...], ...]:
    return tuple(call.query.list(name) for name in _COMPARED)


def _read_included(call: Call) -> frozenset[IncludedData]:
    names = call.query.list("includedData")
    if not set(names) <= {one.value for one in IncludedData}:
        raise InputInvalid(INPUT_MALFORMED, "includedData")
    return frozenset(IncludedData(name) for name in names)
