"""ListOrders and its next pages: orders by their purchase or their last update, oldest first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.marketplaces import NON_RETAIL
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.next_token import read_rest, seal
from feedproc.mws.orders.order_element import describe_order
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.responses import Element
from feedproc.mws.spelling import format_millisecond
from feedproc.orders.order import OrderStatus
from feedproc.ports import OrderFilter, OrderTime
from feedproc.services.read.order_list import OrderListPage, OrderQuery, list_matching

MOST_MARKETPLACES = 50
MOST_ORDERS = 100
"""On a page, and unless another number is asked for."""
_CHANNELS = {"AFN": True, "MFN": False}
_PAYMENT_METHODS = ("COD", "CVS", "Other")
_TOGETHER = (OrderStatus.UNSHIPPED, OrderStatus.PARTIALLY_SHIPPED)
_ELSEWHERE = ("TFMShipmentStatus.Status", "EasyShipShipmentStatus.Status")
"""Of programs of China and India: who asks for their orders gets none, as there are none."""
_Value = TypeVar("_Value")
_STEP = timedelta(microseconds=1)


class RestOfOrders(Struct, frozen=True):
    """The rest of a list of orders: which, how many a page, and the bound that every page tells."""

    query: OrderQuery
    size: int
    until: datetime


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the first page of the orders that match.

    Raises:
        ParameterInvalid: a parameter is missing, has a value that it cannot have, or does not go with another.
        DateMalformed: a time is none.

    """
    given = call.parameters
    query, until = _read_query(call)
    if any(given.list_values(name) for name in _ELSEWHERE):
        return _answer_page(call, OrderListPage((), None), RestOfOrders(query, MOST_ORDERS, until))
    size = given.read_number("MaxResultsPerPage", MOST_ORDERS, 1, MOST_ORDERS)
    return _answer_part(call, RestOfOrders(query, size, until))


def answer_next(call: MwsCall) -> MwsAnswer:
    """ListOrdersByNextToken: tell the page that the token stands for.

    Raises:
        ParameterInvalid: there is no token.
        NextTokenUnreadable: this seller was not given such a token.

    """
    return _answer_part(call, read_rest(call.seller, call.parameters, RestOfOrders))


def _answer_part(call: MwsCall, part: RestOfOrders) -> MwsAnswer:
    return _answer_page(call, list_matching(call.backend.orders, call.seller.seller_id, part.query, part.size), part)


def _answer_page(call: MwsCall, page: OrderListPage, part: RestOfOrders) -> MwsAnswer:
    by_update = part.query.which.by is OrderTime.UPDATED
    result: list[Element] = [
        ("Orders", [describe_order(one) for one in page.orders]),
        ("LastUpdatedBefore" if by_update else "CreatedBefore", format_millisecond(part.until)),
    ]
    if page.following is not None:
        query = replace(part.query, which=replace(part.query.which, after=page.following))
        result.append(("NextToken", seal(call.seller, replace(part, query=query))))
    return call.answer(*result)


def _read_query(call: MwsCall) -> tuple[OrderQuery, datetime]:
    """Return what is asked for, and the upper bound, which is told back."""
    given = call.parameters
    by, since, until = _read_period(given, call.now - call.orders_delay)
    _check_together(given, by)
    which = OrderFilter(statuses=_read_statuses(given), by=by, since=since, before=until + _STEP, oldest_first=True)
    channels = {
        _look_up(one, _CHANNELS, "FulfillmentChannel") for one in given.list_values("FulfillmentChannel.Channel")
    }
    methods = given.list_values("PaymentMethod.Method") or given.list_values("PaymentMethod")
    query = OrderQuery(
        which=which,
        marketplace_ids=_read_marketplaces(call),
        fulfilled_by_amazon=channels.pop() if len(channels) == 1 else None,
        payment_methods=tuple(
            _look_up(one, {name: name for name in _PAYMENT_METHODS}, "PaymentMethod") for one in methods
        ),
        buyer_email=given.get("BuyerEmail") or "",
        seller_order_id=given.get("SellerOrderId") or "",
    )
    return query, until


def _read_period(given: Parameters, latest: datetime) -> tuple[OrderTime, datetime, datetime]:
    """Return which time is asked, from when, and until when; the end is never later than `latest`."""
    created, updated = given.read_time("CreatedAfter"), given.read_time("LastUpdatedAfter")
    if created is not None and updated is not None:
        raise ParameterInvalid("CreatedAfter and LastUpdatedAfter cannot both be specified")
    if created is not None:
        return OrderTime.PURCHASED, created, _read_end(given, "Created", created, latest)
    if updated is not None:
        return OrderTime.UPDATED, updated, _read_end(given, "LastUpdated", updated, latest)
    raise ParameterInvalid("CreatedAfter or LastUpdatedAfter must be specified")


def _read_end(given: Parameters, what: str, since: datetime, latest: datetime) -> datetime:
    end = given.read_time(f"{what}Before")
    if end is not None and end < since:
        raise ParameterInvalid(f"The {what}After date is after the {what}Before date.")
    return latest if end is None else min(end, latest)


_FORBIDDEN = ("FulfillmentChannel.Channel", "OrderStatus.Status", "PaymentMethod.Method", "PaymentMethod")
"""What does not go with BuyerEmail or SellerOrderId."""


def _check_together(given: Parameters, by: OrderTime) -> None:
    """Raise `ParameterInvalid` for parameters that do not go together (Orders reference, ListOrders)."""
    alone = [name for name in ("BuyerEmail", "SellerOrderId") if given.get(name)]
    if not alone:
        return
    others = [name for name in _FORBIDDEN if given.list_values(name)] + alone[1:]
    if by is OrderTime.UPDATED:
        others.append("LastUpdatedAfter")
    if others:
        raise ParameterInvalid(f"{alone[0]} cannot be specified together with {others[0]}")


def _read_statuses(given: Parameters) -> tuple[OrderStatus, ...]:
    """Return the statuses asked for; of Unshipped and PartiallyShipped one alone means both."""
    known = {status.value: status for status in OrderStatus}
    asked = [_look_up(one, known, "OrderStatus") for one in given.list_values("OrderStatus.Status")]
    if any(status in _TOGETHER for status in asked):
        asked += _TOGETHER
    return tuple(dict.fromkeys(asked))


def _read_marketplaces(call: MwsCall) -> tuple[str, ...]:
    ids = call.parameters.list_values("MarketplaceId.Id")
    if not ids:
        raise ParameterInvalid("Missing required parameter MarketplaceId.")
    if len(ids) > MOST_MARKETPLACES:
        raise ParameterInvalid(f"MarketplaceId may name at most {MOST_MARKETPLACES} marketplaces")
    foreign = [one for one in ids if one not in (*call.seller.marketplace_ids, NON_RETAIL.marketplace_id)]
    if foreign:
        raise ParameterInvalid(f"Invalid MarketplaceId: {foreign[0]}")
    return ids


def _look_up(spelled: str, known: Mapping[str, _Value], what: str) -> _Value:
    if spelled not in known:
        raise ParameterInvalid(f"Invalid {what}: {spelled}. It must be one of {', '.join(known)}")
    return known[spelled]
