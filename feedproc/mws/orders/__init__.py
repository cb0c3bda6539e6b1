"""The section Orders: what is in the order book. One module an action, named for it."""

from datetime import timedelta

from feedproc.mws import service_status
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.orders import get_order, list_order_items, list_orders
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota

_LIST, _GET = Quota(6, timedelta(minutes=1)), Quota(6, timedelta(minutes=1))
_ITEMS, _STATUS = Quota(30, timedelta(seconds=2)), Quota(2, timedelta(minutes=5))
_ACTIONS = {
    "ListOrders": Action(list_orders.answer, _LIST),
    "ListOrdersByNextToken": Action(list_orders.answer_next, _LIST, counts_as="ListOrders"),
    "GetOrder": Action(get_order.answer, _GET),
    "ListOrderItems": Action(list_order_items.answer, _ITEMS),
    "ListOrderItemsByNextToken": Action(list_order_items.answer_next, _ITEMS, counts_as="ListOrderItems"),
    "GetServiceStatus": Action(service_status.answer, _STATUS),
}
"""Quotas as the Orders reference states them, which counts no hours; an action and its next pages share one."""


def _make_section(version: str) -> Section:
    return Section(
        name="Orders",
        version=version,
        namespace=f"https://mws.amazonservices.com/Orders/{version}",
        actions=_ACTIONS,
        errors=GATEWAY_ERRORS,
        request_id_name="RequestId",
    )


ORDERS = _make_section("2013-09-01")
ORDERS_2011 = _make_section("2011-01-01")
"""The version before, which clients of 2012 call: the same answers in its own namespace."""
