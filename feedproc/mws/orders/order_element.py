"""An order as an element: which parts, in which order, by status (Orders reference, datatypes; recorded answers)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from feedproc.feeds.marketplaces import JAPAN
from feedproc.mws.responses import Element
from feedproc.mws.spelling import format_millisecond, format_short_second
from feedproc.orders.money import format_fixed
from feedproc.orders.order import OrderStatus, Program
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import OrderView


def describe_order(view: OrderView) -> Element:
    """Return the element `Order`."""
    return ("Order", list(_describe_parts(view)))


def describe_money(name: str, amount: Decimal, currency: str) -> Element:
    """Return an amount, with two places in every currency."""
    return (name, _describe_amount(amount, currency))


_Content = str | Sequence[Element] | None
"""Of an element; None where there is none."""


class _Part(NamedTuple):
    """One element of an order: in which orders it stands, and what it holds there."""

    name: str
    describe: Callable[[OrderView], _Content]
    is_told: Callable[[OrderView], bool] = lambda _: True


def _is_not_pending(view: OrderView) -> bool:
    return view.status not in PENDING


def _is_not_cancelled(view: OrderView) -> bool:
    return view.status is not OrderStatus.CANCELED


def _is_paid(view: OrderView) -> bool:
    return _is_not_pending(view) and _is_not_cancelled(view)


def _is_sellers(view: OrderView) -> bool:
    return not view.order.fulfilled_by_amazon


def _is_sellers_and_released(view: OrderView) -> bool:
    return _is_sellers(view) and _is_not_pending(view)


def _is_sellers_and_paid(view: OrderView) -> bool:
    return _is_sellers(view) and _is_paid(view)


def _tells_buyer(view: OrderView) -> bool:
    return _is_paid(view) or view.status is OrderStatus.PENDING_AVAILABILITY


def _describe_executions(view: OrderView) -> _Content:
    if view.payment.method != "COD":
        return None
    return [_describe_payment(view, one.method, one.amount) for one in view.payment.executions]


_PARTS = (
    _Part("LatestShipDate", lambda view: _write_time(view.ship.latest)),
    _Part("OrderType", lambda view: view.order_type),
    _Part("PurchaseDate", lambda view: format_millisecond(view.order.purchased_at)),
    _Part("AmazonOrderId", lambda view: view.order.amazon_order_id),
    _Part("BuyerEmail", lambda view: view.order.buyer.email or None, _tells_buyer),
    _Part("LastUpdateDate", lambda view: format_millisecond(view.last_updated_at)),
    _Part("IsReplacementOrder", lambda view: _write_flag(view.order.replaced_order_id is not None)),
    _Part("ReplacedOrderId", lambda view: view.order.replaced_order_id),
    _Part("NumberOfItemsShipped", lambda view: str(view.units_shipped)),
    _Part("ShipServiceLevel", lambda view: view.service_level),
    _Part("OrderStatus", lambda view: view.status.value),
    _Part("SalesChannel", lambda view: view.sales_channel),
    _Part("ShippedByAmazonTFM", lambda _: _write_flag(False), _is_sellers_and_released),
    _Part("IsBusinessOrder", lambda view: _write_flag(Program.BUSINESS in view.order.programs)),
    _Part("NumberOfItemsUnshipped", lambda view: str(view.units_open)),
    _Part("LatestDeliveryDate", lambda view: _write_time(view.delivery.latest), _is_sellers_and_paid),
    _Part("PaymentMethodDetails", lambda view: [("PaymentMethodDetail", one) for one in view.payment.details]),
    _Part("PaymentExecutionDetail", _describe_executions, _is_paid),
    _Part("IsGlobalExpressEnabled", lambda _: _write_flag(False)),
    _Part("IsSoldByAB", lambda _: _write_flag(False)),
    _Part(
        "BuyerName", lambda view: view.order.buyer.name or None, lambda view: _tells_buyer(view) and _is_sellers(view)
    ),
    _Part("BuyerCounty", lambda view: view.order.buyer.county or None, _is_paid),
    _Part("PurchaseOrderNumber", lambda view: view.order.buyer.purchase_order_number or None, _is_paid),
    _Part("EarliestDeliveryDate", lambda view: _write_time(view.delivery.earliest), _is_sellers_and_paid),
    _Part("IsPremiumOrder", lambda view: _write_flag(Program.PREMIUM in view.order.programs)),
    _Part("OrderTotal", lambda view: _describe_amount(view.total, view.order.currency), _is_not_pending),
    _Part("EarliestShipDate", lambda view: _write_time(view.ship.earliest)),
    _Part("MarketplaceId", lambda view: view.marketplace.marketplace_id),
    _Part("FulfillmentChannel", lambda view: "MFN" if _is_sellers(view) else "AFN"),
    _Part("PaymentMethod", lambda view: view.payment.method, _is_not_cancelled),
    _Part("ShippingAddress", lambda view: list(_describe_address(view)) or None, _is_paid),
    _Part("IsISPU", lambda _: _write_flag(False), _is_sellers_and_released),
    _Part("IsPrime", lambda view: _write_flag(Program.PRIME in view.order.programs)),
    _Part("SellerOrderId", lambda view: tell_seller_order_id(view.order)),
    _Part("ShipmentServiceLevelCategory", lambda view: view.service_category),
)
"""In the order of recorded answers of 2020."""


def _describe_parts(view: OrderView) -> Iterator[Element]:
    for part in _PARTS:
        content = part.describe(view) if part.is_told(view) else None
        if content is not None:
            yield (part.name, content)


def _describe_payment(view: OrderView, method: str, amount: Decimal) -> Element:
    payment = describe_money("Payment", amount, view.order.currency)
    return ("PaymentExecutionDetailItem", [payment, ("PaymentMethod", method)])


def _describe_address(view: OrderView) -> Iterator[Element]:
    """Yield the parts of the address that are known. In Japan the city begins the first line.

    Of an order that Amazon fulfils name, lines and phone number are not told (since July 2021).
    """
    address = view.order.ship_to
    if address == type(address)():
        return
    is_sellers = not view.order.fulfilled_by_amazon
    lines, city = list(address.lines), address.city
    if view.marketplace.marketplace_id == JAPAN and lines and city:
        lines[0], city = city + lines[0], ""
    parts = {
        "City": city,
        "PostalCode": address.postal_code,
        "isAddressSharingConfidential": "false",
        "StateOrRegion": address.state_or_region,
        "CountryCode": address.country_code,
    }
    if is_sellers:
        numbered = {f"AddressLine{number}": line for number, line in enumerate(lines[:3], 1)}
        parts |= {"Name": address.name, **numbered, "County": address.county, "Phone": address.phone_number}
    yield from ((name, value) for name, value in parts.items() if value)


def _describe_amount(amount: Decimal, currency: str) -> Sequence[Element]:
    return [("Amount", format_fixed(amount, 2)), ("CurrencyCode", currency)]


def _write_time(moment: datetime | None) -> str | None:
    return None if moment is None else format_short_second(moment)


def _write_flag(claim: bool) -> str:
    return "true" if claim else "false"
