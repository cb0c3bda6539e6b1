"""An order as Orders 2026-01-01 tells it: what stands always, and what each part of `includedData` opens."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from feedproc.orders.money import ZERO
from feedproc.orders.order import OrderStatus, Package, PackageItem, Program, Window
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import OrderView
from feedproc.spapi.orders_2026.item import describe_item, sum_kinds
from feedproc.spapi.orders_2026.values import IncludedData, describe_money, write_time

STATUSES = {
    OrderStatus.PENDING_AVAILABILITY: "PENDING_AVAILABILITY",
    OrderStatus.PENDING: "PENDING",
    OrderStatus.UNSHIPPED: "UNSHIPPED",
    OrderStatus.PARTIALLY_SHIPPED: "PARTIALLY_SHIPPED",
    OrderStatus.SHIPPED: "SHIPPED",
    OrderStatus.INVOICE_UNCONFIRMED: "SHIPPED",
    OrderStatus.CANCELED: "CANCELLED",
    OrderStatus.UNFULFILLABLE: "UNFULFILLABLE",
}
"""Of `FulfillmentStatus`, which has no word for an invoice that is yet to be confirmed."""
_LEVELS = {
    "Expedited": "EXPEDITED",
    "FreeEconomy": "FREE_ECONOMY",
    "NextDay": "NEXT_DAY",
    "Priority": "PRIORITY",
    "SameDay": "SAME_DAY",
    "SecondDay": "SECOND_DAY",
    "Scheduled": "SCHEDULED",
    "Standard": "STANDARD",
}
_PROGRAMS = {Program.BUSINESS: "AMAZON_BUSINESS", Program.PRIME: "PRIME", Program.PREMIUM: "PREMIUM"}


def describe_order(view: OrderView, included: Collection[IncludedData]) -> dict[str, Any]:
    """Return the members of an order, with the parts that are asked for."""
    order = view.order
    is_sellers = not order.fulfilled_by_amazon
    seller_order_id = tell_seller_order_id(order)
    told: dict[str, Any] = {
        "orderId": order.amazon_order_id,
        "orderAliases": [{"aliasId": seller_order_id, "aliasType": "SELLER_ORDER_ID"}] if seller_order_id else None,
        "createdTime": write_time(order.purchased_at),
        "lastUpdatedTime": write_time(view.last_updated_at),
        "programs": _list_programs(view) or None,
        "associatedOrders": _list_associated(view),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": view.marketplace.marketplace_id,
            "marketplaceName": view.sales_channel,
        },
        "orderItems": [describe_item(view, item, included) for item in view.items],
    }
    parts = {
        IncludedData.BUYER: ("buyer", _describe_buyer),
        IncludedData.RECIPIENT: ("recipient", _describe_recipient),
        IncludedData.PROCEEDS: ("proceeds", _describe_proceeds),
        IncludedData.FULFILLMENT: ("fulfillment", _describe_fulfillment),
        IncludedData.PAYMENT: ("payment", _describe_payment),
    }
    for part, (name, describe) in parts.items():
        if part in included:
            told[name] = describe(view) or None
    if IncludedData.PACKAGES in included and is_sellers:
        told["packages"] = [_describe_package(one, number) for number, one in enumerate(order.packages, 1)]
    return {name: value for name, value in told.items() if value is not None}


def _list_programs(view: OrderView) -> list[str]:
    named = [_PROGRAMS[program] for program in view.order.programs]
    return named + ["PREORDER"] * (view.status is OrderStatus.PENDING_AVAILABILITY)


def _list_associated(view: OrderView) -> list[dict[str, str]] | None:
    replaced = view.order.replaced_order_id
    return [{"orderId": replaced, "associationType": "REPLACEMENT_ORIGINAL_ID"}] if replaced else None


def _describe_buyer(view: OrderView) -> dict[str, str]:
    buyer = view.order.buyer
    if view.status in PENDING:
        return {}
    told = {
        "buyerName": buyer.name,
        "buyerEmail": "" if view.order.fulfilled_by_amazon else buyer.email,
        "buyerCompanyName": buyer.company_name,
        "buyerPurchaseOrderNumber": buyer.purchase_order_number,
    }
    return {name: value for name, value in told.items() if value}


def _describe_recipient(view: OrderView) -> dict[str, Any]:
    if view.status in PENDING or view.status is OrderStatus.CANCELED:
        return {}
    address = view.order.ship_to
    lines = {f"addressLine{number}": line for number, line in enumerate(address.lines[:3], 1)}
    told = {
        "name": address.name,
        **lines,
        "city": address.city,
        "districtOrCounty": address.county,
        "stateOrRegion": address.state_or_region,
        "postalCode": address.postal_code,
        "countryCode": address.country_code,
        "phone": address.phone_number,
    }
    known = {name: value for name, value in told.items() if value}
    return {"deliveryAddress": known} if known else {}


def _describe_proceeds(view: OrderView) -> dict[str, Any]:
    if view.status in PENDING:
        return {}
    currency = view.order.currency
    sums: dict[str, Decimal] = {}
    for item in view.items:
        for kind, amount in sum_kinds(item).items():
            sums[kind] = sums.get(kind, ZERO) + amount
    return {
        "grandTotal": describe_money(view.total, currency),
        "breakdowns": [{"type": kind, "subtotal": describe_money(amount, currency)} for kind, amount in sums.items()],
    }


def _describe_fulfillment(view: OrderView) -> dict[str, Any]:
    told: dict[str, Any] = {
        "fulfillmentStatus": STATUSES[view.status],
        "fulfilledBy": "AMAZON" if view.order.fulfilled_by_amazon else "MERCHANT",
        "fulfillmentServiceLevel": _LEVELS.get(view.service_category, "STANDARD"),
    }
    if not view.order.fulfilled_by_amazon:
        told["shipByWindow"] = _describe_window(view.ship)
        if view.status not in PENDING and view.status is not OrderStatus.CANCELED:
            told["deliverByWindow"] = _describe_window(view.delivery)
    return told


def _describe_window(window: Window) -> dict[str, str]:
    ends: dict[str, datetime | None] = {"earliestDateTime": window.earliest, "latestDateTime": window.latest}
    return {name: write_time(moment) for name, moment in ends.items() if moment is not None}


def _describe_payment(view: OrderView) -> dict[str, Any]:
    if view.status in PENDING or view.payment.method != "COD":
        return {}
    currency = view.order.currency
    executions = [
        {"paymentMethod": one.method, "paymentAmount": describe_money(one.amount, currency)}
        for one in view.payment.executions
    ]
    return {"paymentExecutions": executions}


def _describe_package(package: Package, number: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "packageReferenceId": package.merchant_fulfillment_id or str(number),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": package.carrier,
        "shipTime": write_time(package.shipped_at),
        "shippingService": package.shipping_method,
        "trackingNumber": package.tracking_number,
        "packageItems": [_describe_packed(one) for one in package.items],
    }
    return {name: value for name, value in told.items() if value is not None}


def _describe_packed(one: PackageItem) -> dict[str, Any]:
    told: dict[str, Any] = {"orderItemId": one.order_item_code, "quantity": one.quantity}
    return told | ({"transparencyCodes": list(one.transparency_codes)} if one.transparency_codes else {})
