"""Orders 2026-01-01 (models, `orders_2026-01-01.json`): the two reads that take the place of v0's."""

from feedproc.spapi.call import Operation
from feedproc.spapi.orders_2026 import search

_BASE = "/orders/2026-01-01/orders"
OPERATIONS = (
    Operation(name="searchOrders", method="GET", path=_BASE, answer=search.answer_search, rate=0.0056, burst=20),
    Operation(name="getOrder", method="GET", path=f"{_BASE}/<orderId>", answer=search.answer_one, rate=0.5, burst=30),
)
