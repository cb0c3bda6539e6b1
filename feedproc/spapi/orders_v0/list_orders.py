"""getOrders: orders by their purchase or their last update, oldest first."""

from typing import Any

from feedproc.orders.order import OrderStatus, Window
from feedproc.ports import OrderFilter, OrderTime
from feedproc.services.read.order_list import OrderListPage, OrderQuery
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.order_query import MOST_ORDERS, STEP, OrdersLeft, list_page, read_marketplaces, read_period
from feedproc.spapi.orders_v0.order import cut_time, describe_order
from feedproc.spapi.refusals import InputInvalid, MembersMissing
from feedproc.spapi.restricted import find_data_elements

MOST_IDS = 50
_STATUSES = {status.value: status for status in OrderStatus}
_CHANNELS = {"AFN": True, "MFN": False}
_PAYMENT_METHODS = frozenset({"COD", "CVS", "Other"})
_ELSEWHERE = (
    "EasyShipShipmentStatuses",
    "ElectronicInvoiceStatuses",
    "ActualFulfillmentSupplySourceId",
    "StoreChainStoreId",
)
"""Filters that no order here can match."""
_NOT_WITH_SELLER_ORDER_ID = (
    "FulfillmentChannels",
    "OrderStatuses",
    "PaymentMethods",
    "LastUpdatedAfter",
    "LastUpdatedBefore",
    "BuyerEmail",
)


def answer(call: Call) -> Answer:
    """Tell the first page of the orders that match, or the page of a token, whose filters stay in force.

    Raises:
        InputInvalid: a parameter is not as it must be, or does not go with another.
        MembersMissing: no marketplace is named.
        AccessDenied: a marketplace is of another region.

    """
    token = call.query.get("NextToken")
    rest = unseal_token(call.seller, token, OrdersLeft) if token else _begin(call)
    if not token and (any(call.query.get(name) for name in _ELSEWHERE) or call.query.get("IsISPU") == "true"):
        return _tell_page(call, OrderListPage((), None), rest, None)
    page, following = list_page(call, rest)
    return _tell_page(call, page, rest, following)


def _tell_page(call: Call, page: OrderListPage, rest: OrdersLeft, following: OrdersLeft | None) -> Answer:
    elements = find_data_elements(call)
    by_update = rest.query.which.by is OrderTime.UPDATED
    payload: dict[str, Any] = {
        "Orders": [describe_order(view, elements) for view in page.orders],
        "LastUpdatedBefore" if by_update else "CreatedBefore": cut_time(rest.until),
    }
    if following is not None:
        payload["NextToken"] = seal_token(call.seller, following)
    return Answer(200, {"payload": payload})


def _begin(call: Call) -> OrdersLeft:
    query = call.query
    marketplace_ids = read_marketplaces(call, "MarketplaceIds")
    if not marketplace_ids:
        raise MembersMissing(["MarketplaceIds"])
    ids = query.list("AmazonOrderIds")
    period = read_period(call, "Created", "LastUpdated", is_required=not ids)
    channels, methods = query.list("FulfillmentChannels"), query.list("PaymentMethods")
    statuses = query.list("OrderStatuses")
    is_known = (
        _CHANNELS.keys() >= set(channels) and set(methods) <= _PAYMENT_METHODS and _STATUSES.keys() >= set(statuses)
    )
    others = [name for name in _NOT_WITH_SELLER_ORDER_ID if query.get(name)]
    if not is_known or len(ids) > MOST_IDS or (query.get("SellerOrderId") and others):
        raise InputInvalid(INPUT_MALFORMED)
    which = OrderFilter(
        statuses=tuple(_STATUSES[one] for one in statuses),
        by=period.by,
        since=period.since,
        before=period.until + STEP,
        oldest_first=True,
    )
    asked = OrderQuery(
        which=which,
        marketplace_ids=marketplace_ids,
        fulfilled_by_amazon=_CHANNELS[channels[0]] if len(channels) == 1 else None,
        payment_methods=methods,
        buyer_email=query.get("BuyerEmail") or "",
        seller_order_id=query.get("SellerOrderId") or "",
        amazon_order_ids=ids,
        delivery=_read_delivery(call),
    )
    return OrdersLeft(asked, query.integer("MaxResultsPerPage", MOST_ORDERS, 1, MOST_ORDERS), period.until)


def _read_delivery(call: Call) -> tuple[Window, Window] | None:
    """Return the bounds of the promised days of arrival; None when none are given. Raises `InputInvalid`."""
    first, last = (
        Window(call.query.moment(f"{day}DeliveryDateAfter"), call.query.moment(f"{day}DeliveryDateBefore"))
        for day in ("Earliest", "Latest")
    )
    return None if first == last == Window() else (first, last)
