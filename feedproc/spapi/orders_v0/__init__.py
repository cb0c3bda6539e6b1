"""Orders v0 (models, `ordersV0.json`). Amazon removes its reads on 27 March 2027; `confirmShipment` stays."""

from functools import partial

from feedproc.spapi.call import Access, Operation
from feedproc.spapi.orders_v0 import confirm_shipment, get_order, list_orders

_BASE = "/orders/v0/orders"
_ONE = f"{_BASE}/<orderId>"
_make_read = partial(Operation, method="GET", rate=0.5, burst=30)
_make_restricted = partial(_make_read, access=Access.RESTRICTED)
OPERATIONS = (
    Operation(name="getOrders", method="GET", path=_BASE, answer=list_orders.answer, rate=0.0167, burst=20),
    _make_read(name="getOrder", path=_ONE, answer=get_order.answer),
    _make_restricted(name="getOrderBuyerInfo", path=f"{_ONE}/buyerInfo", answer=get_order.answer_buyer),
    _make_restricted(name="getOrderAddress", path=f"{_ONE}/address", answer=get_order.answer_address),
    _make_read(name="getOrderItems", path=f"{_ONE}/orderItems", answer=get_order.answer_items),
    _make_restricted(
        name="getOrderItemsBuyerInfo", path=f"{_ONE}/orderItems/buyerInfo", answer=get_order.answer_items_buyer
    ),
    Operation(
        name="confirmShipment",
        method="POST",
        path=f"{_ONE}/shipmentConfirmation",
        answer=confirm_shipment.answer,
        rate=2,
        burst=10,
    ),
    Operation(
        name="updateShipmentStatus",
        method="POST",
        path=f"{_ONE}/shipment",
        answer=confirm_shipment.answer_status,
        rate=5,
        burst=15,
    ),
)

READS = tuple(one for one in OPERATIONS if one.method == "GET")
"""What Orders 2026-01-01 replaces."""
