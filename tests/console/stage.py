"""A Japanese shop in full swing: orders in every state, for screenshots and for looking at the console by hand."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from feedproc.feedtypes.order_acknowledgement.compose import CancelledOrder, compose_cancellation
from feedproc.feedtypes.order_adjustment.compose import ItemRefund, compose_refund
from feedproc.feedtypes.order_fulfillment.compose import Parcel, compose_shipment
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter
from feedproc.stock.level import StockLevel
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT, NOON, SELLER, Shop, a_seller

JAPAN = "A1VC38T7YXB528"
_MERCHANT = f"M_{SELLER}_1"


def staged(data_dir: Path) -> Shop:
    """Sixty orders of the last month: some pending, shipped whole or in part, refunded, cancelled."""
    shop = Shop(data_dir)
    orders = [_told(number, order) for number, order in enumerate(generate_orders(60, 7, NOON - timedelta(hours=2)))]
    shop.stocked(*orders, seller=a_seller(marketplace_id=JAPAN))
    goods = [StockLevel(f"JP-{number:04d}", 7 * number % 40) for number in range(1, 13)]
    shop.backend.stock.load(SELLER, goods, NOON - timedelta(days=9))
    newest = list(shop.backend.orders.list(SELLER, OrderFilter(statuses=(OrderStatus.UNSHIPPED,)), 60))
    for order in newest[8::3]:
        shop.submit(compose_shipment(_MERCHANT, _parcel(order, whole=True)).body, FULFILLMENT)
    for order in [one for one in newest if one.items[0].quantity_ordered > 1][:3]:
        shop.submit(compose_shipment(_MERCHANT, _parcel(order, whole=False)).body, FULFILLMENT)
    shop.work()
    for order in newest[8::9]:
        shop.submit(compose_refund(_MERCHANT, order.amazon_order_id, [_refund(order)], "JPY").body, ADJUSTMENT)
    for order in newest[9::10]:
        listed = [CancelledOrder(order.amazon_order_id, [item.order_item_code for item in order.items])]
        shop.submit(compose_cancellation(_MERCHANT, listed, "NoInventory").body, ACKNOWLEDGEMENT)
    mixed = [newest[number] for number in (20, 21, 9, 8)]
    listed = [CancelledOrder(order.amazon_order_id, [item.order_item_code for item in order.items]) for order in mixed]
    shop.submit(compose_cancellation(_MERCHANT, listed, "BuyerCanceled", "お客様よりお電話").body, ACKNOWLEDGEMENT)
    shop.work()
    return shop


def _told(number: int, order: Order) -> Order:
    """Let every ninth order be pending, and every fifth have an id of the seller's."""
    marker = OrderStatus.PENDING if number % 9 == 5 else OrderStatus.PENDING_AVAILABILITY if number == 50 else None
    own = f"WEB-{20240000 + number}" if number % 5 == 0 and marker is None else None
    by = order.purchased_at + timedelta(days=2)
    acknowledged = order.purchased_at + timedelta(hours=1) if own else None
    return replace(order, marker=marker, merchant_order_id=own, latest_ship_date=by, acknowledged_at=acknowledged)


def _parcel(order: Order, whole: bool) -> Parcel:
    first = order.items[0]
    return Parcel(
        amazon_order_id=order.amazon_order_id,
        shipped_at=order.purchased_at + timedelta(hours=1),
        units={} if whole else {first.order_item_code: 1},
        carrier_code="YamatoTransport",
        shipping_method="宅急便",
        tracking_number="4567-8901-2345",
    )


def _refund(order: Order) -> ItemRefund:
    first = order.items[0]
    half = first.charges["Principal"] // 2
    return ItemRefund(item_code=first.order_item_code, reason="CustomerReturn", amounts={"Principal": half})
