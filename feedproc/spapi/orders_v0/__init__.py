"""Orders v0 (models, `ordersV0.json`). Amazon removes its reads on 27 March 2027; `confirmShipment` stays."""

from feedproc.spapi.call import Access, Operation
from feedproc.spapi.orders_v0 import confirm_shipment, get_order, list_orders

_BASE = "/orders/v0/orders"
_ONE = f"{_BASE}/<orderId>"
OPERATIONS = (
    Operation(name="getOrders", method="GET", path=_BASE, answer=list_orders.answer, rate=0.0167, burst=20),
    Operation(name="getOrder", method="GET", path=_ONE, answer=get_order.answer, rate=0.5, burst=30),
    Operation(
        name="getOrderBuyerInfo",
        method="GET",
        path=f"{_ONE}/buyerInfo",
        answer=get_order.answer_buyer,
        rate=0.5,
        burst=30,
        access=Access.RESTRICTED,
    ),
    Operation(
        name="getOrderAddress",
        method="GET",
        path=f"{_ONE}/address",
        answer=get_order.answer_address,
        rate=0.5,
        burst=30,
        access=Access.RESTRICTED,
    ),
    Operation(
        name="getOrderItems", method="GET", path=f"{_ONE}/orderItems", answer=get_order.answer_items, rate=0.5, burst=30
    ),
    Operation(
        name="getOrderItemsBuyerInfo",
        method="GET",
        path=f"{_ONE}/orderItems/buyerInfo",
        answer=get_order.answer_items_buyer,
        rate=0.5,
        burst=30,
        access=Access.RESTRICTED,
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
