"""An order as Orders v0 tells it: which members, by status, and what of its buyer (models, `Order`)."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from feedproc.feeds.marketplaces import decimals_of
from feedproc.orders.order import OrderStatus, Program
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import OrderView

PENDING = frozenset({OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY})
_NO_FLAGS = (
    "IsGlobalExpressEnabled",
    "IsSoldByAB",
    "IsIBA",
    "IsISPU",
    "IsAccessPointOrder",
    "HasRegulatedItems",
)
"""What no order here is."""


def describe_order(view: OrderView, elements: Collection[str]) -> dict[str, Any]:
    """Return the members of an order; `elements` are the data elements that the token opens."""
    order = view.order
    is_sellers, is_pending = not order.fulfilled_by_amazon, view.status in PENDING
    told: dict[str, Any] = {
        "AmazonOrderId": order.amazon_order_id,
        "SellerOrderId": tell_seller_order_id(order),
        "PurchaseDate": write_time(order.purchased_at),
        "LastUpdateDate": write_time(view.last_updated_at),
        "OrderStatus": view.status.value,
        "FulfillmentChannel": "MFN" if is_sellers else "AFN",
        "SalesChannel": view.sales_channel,
        "MarketplaceId": view.marketplace.marketplace_id,
        "ShipServiceLevel": view.service_level,
        "ShipmentServiceLevelCategory": view.service_category,
        "OrderType": view.order_type,
        "OrderTotal": None if is_pending else describe_money(view.total, order.currency),
        "NumberOfItemsShipped": 0 if is_pending else view.units_shipped,
        "NumberOfItemsUnshipped": 0 if is_pending else view.units_open,
        "PaymentMethod": view.payment.method,
        "PaymentMethodDetails": list(view.payment.details),
        "PaymentExecutionDetail": _describe_executions(view),
        "IsReplacementOrder": order.replaced_order_id is not None,
        "ReplacedOrderId": order.replaced_order_id,
        "IsBusinessOrder": Program.BUSINESS in order.programs,
        "IsPrime": Program.PRIME in order.programs,
        "IsPremiumOrder": Program.PREMIUM in order.programs,
        **dict.fromkeys(_NO_FLAGS, False),
        "AutomatedShippingSettings": {"HasAutomatedShippingSettings": False},
    }
    if is_sellers:
        told |= _describe_dates(view)
    if is_paid(view):
        told["ShippingAddress"] = describe_address(view, elements) or None
    told["BuyerInfo"] = describe_buyer(view, elements)
    return {name: value for name, value in told.items() if value is not None}


def describe_money(amount: Decimal, currency: str) -> dict[str, str]:
    """Return an amount as a text with as many places as its currency has."""
    return {"CurrencyCode": currency, "Amount": f"{amount:.{decimals_of(currency)}f}"}


def write_time(moment: datetime) -> str:
    """Return a time in whole seconds: `2017-01-20T19:49:35Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_paid(view: OrderView) -> bool:
    """Say whether the order was released to its seller and not cancelled, so that there is somewhere to ship it."""
    return view.status not in PENDING and view.status is not OrderStatus.CANCELED


def describe_buyer(view: OrderView, elements: Collection[str]) -> dict[str, str]:
    """Return what is told of the buyer: to everybody the e-mail address, of orders that the seller fulfils."""
    buyer, told = view.order.buyer, {}
    if view.order.fulfilled_by_amazon or view.status in PENDING:
        return {}
    told["BuyerEmail"] = buyer.email
    if "buyerInfo" in elements:
        told["BuyerName"] = buyer.name
        told["BuyerCounty"] = buyer.county
        told["PurchaseOrderNumber"] = buyer.purchase_order_number
    return {name: value for name, value in told.items() if value}


def describe_address(view: OrderView, elements: Collection[str]) -> dict[str, str]:
    """Return the parts of the address that are known; who lives there only with the data element for it."""
    address = view.order.ship_to
    told = {
        "City": address.city,
        "StateOrRegion": address.state_or_region,
        "PostalCode": address.postal_code,
        "CountryCode": address.country_code,
    }
    if "shippingAddress" in elements:
        lines = {f"AddressLine{number}": line for number, line in enumerate(address.lines[:3], 1)}
        told |= {"Name": address.name, **lines, "County": address.county}
        told["Phone"] = "" if view.order.fulfilled_by_amazon else address.phone_number
    return {name: value for name, value in told.items() if value}


def _describe_dates(view: OrderView) -> dict[str, str | None]:
    windows = {"Ship": view.ship, "Delivery": view.delivery}
    told = {
        f"{end}{name}Date": moment
        for name, window in windows.items()
        for end, moment in (("Earliest", window.earliest), ("Latest", window.latest))
        if name == "Ship" or is_paid(view)
    }
    return {name: None if moment is None else write_time(moment) for name, moment in told.items()}


def _describe_executions(view: OrderView) -> list[dict[str, Any]] | None:
    if view.payment.method != "COD" or not is_paid(view):
        return None
    currency = view.order.currency
    return [
        {"Payment": describe_money(one.amount, currency), "PaymentMethod": one.method}
        for one in view.payment.executions
    ]
