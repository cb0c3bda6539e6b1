"""An order as Orders v0 tells it: which members, by status, and what of its buyer (models, `Order`)."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from feedproc.feeds.marketplaces import decimals_of
from feedproc.orders.order import OrderStatus, PaymentTerms, Program, Window
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import OrderView

_ABBREVIATIONS = frozenset({"ab", "iba", "ispu"})


def _name_member(name: str) -> str:
    """Return what a member is called in the models: `is_iba` is `IsIBA` there."""
    return "".join(part.upper() if part in _ABBREVIATIONS else part.capitalize() for part in name.split("_"))


class ShippingAddress(Struct, frozen=True, omit_defaults=True, gc=False, rename=_name_member):
    """Where an order goes; what is not known, or not to be told, is left out."""

    city: str = ""
    state_or_region: str = ""
    postal_code: str = ""
    country_code: str = ""
    name: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    county: str = ""
    phone: str = ""


class BuyerInfo(Struct, frozen=True, omit_defaults=True, gc=False, rename=_name_member):
    """Who bought, as far as it is told."""

    buyer_email: str = ""
    buyer_name: str = ""
    buyer_county: str = ""
    purchase_order_number: str = ""


class OrderMembers(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, rename=_name_member):
    """An order, its members as they follow each other in answers. Those that have a default are left out without it."""

    amazon_order_id: str
    seller_order_id: str | None = None
    purchase_date: datetime
    last_update_date: datetime
    order_status: str
    fulfillment_channel: str
    sales_channel: str
    marketplace_id: str
    ship_service_level: str
    shipment_service_level_category: str
    order_type: str
    order_total: dict[str, str] | None = None
    number_of_items_shipped: int
    number_of_items_unshipped: int
    payment_method: str
    payment_method_details: tuple[str, ...]
    payment_execution_detail: list[dict[str, Any]] | None = None
    is_replacement_order: bool
    replaced_order_id: str | None = None
    is_business_order: bool
    is_prime: bool
    is_premium_order: bool
    is_global_express_enabled: bool
    is_sold_by_ab: bool
    is_iba: bool
    is_ispu: bool
    is_access_point_order: bool
    has_regulated_items: bool
    automated_shipping_settings: dict[str, bool]
    earliest_ship_date: datetime | None = None
    latest_ship_date: datetime | None = None
    earliest_delivery_date: datetime | None = None
    latest_delivery_date: datetime | None = None
    shipping_address: ShippingAddress | None = None
    buyer_info: BuyerInfo


_NOWHERE, _NOBODY, _NEVER = ShippingAddress(), BuyerInfo(), Window()
_NOT_AUTOMATED = {"HasAutomatedShippingSettings": False}


def describe_order(view: OrderView, elements: Collection[str]) -> OrderMembers:
    """Return the members of an order; `elements` are the data elements that the token opens."""
    order, programs, payment = view.order, view.order.programs, view.payment
    is_sellers, is_pending, is_to_ship = not order.fulfilled_by_amazon, view.status in PENDING, is_paid(view)
    ship = view.ship if is_sellers else _NEVER
    delivery = view.delivery if is_sellers and is_to_ship else _NEVER
    return OrderMembers(
        amazon_order_id=order.amazon_order_id,
        seller_order_id=tell_seller_order_id(order),
        purchase_date=cut_time(order.purchased_at),
        last_update_date=cut_time(view.last_updated_at),
        order_status=view.status,
        fulfillment_channel="MFN" if is_sellers else "AFN",
        sales_channel=view.sales_channel,
        marketplace_id=view.marketplace.marketplace_id,
        ship_service_level=view.service_level,
        shipment_service_level_category=view.service_category,
        order_type=view.order_type,
        order_total=None if is_pending else describe_money(view.total, order.currency),
        number_of_items_shipped=0 if is_pending else view.units_shipped,
        number_of_items_unshipped=0 if is_pending else view.units_open,
        payment_method=payment.method,
        payment_method_details=payment.details,
        payment_execution_detail=_describe_executions(payment, order.currency) if is_to_ship else None,
        is_replacement_order=order.replaced_order_id is not None,
        replaced_order_id=order.replaced_order_id,
        is_business_order=Program.BUSINESS in programs,
        is_prime=Program.PRIME in programs,
        is_premium_order=Program.PREMIUM in programs,
        is_global_express_enabled=False,
        is_sold_by_ab=False,
        is_iba=False,
        is_ispu=False,
        is_access_point_order=False,
        has_regulated_items=False,
        automated_shipping_settings=_NOT_AUTOMATED,
        earliest_ship_date=ship.earliest and cut_time(ship.earliest),
        latest_ship_date=ship.latest and cut_time(ship.latest),
        earliest_delivery_date=delivery.earliest and cut_time(delivery.earliest),
        latest_delivery_date=delivery.latest and cut_time(delivery.latest),
        shipping_address=describe_address(view, elements) if is_to_ship else None,
        buyer_info=describe_buyer(view, elements),
    )


def describe_money(amount: Decimal, currency: str) -> dict[str, str]:
    """Return an amount as a text with as many places as its currency has."""
    return {"CurrencyCode": currency, "Amount": f"{amount:.{decimals_of(currency)}f}"}


def cut_time(moment: datetime) -> datetime:
    """Return a time in UTC without parts of a second, which JSON then tells as `2017-01-20T19:49:35Z`."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.replace(microsecond=0) if utc.microsecond else utc


def is_paid(view: OrderView) -> bool:
    """Say whether the order was released to its seller and not cancelled, so that there is somewhere to ship it."""
    return view.status not in PENDING and view.status is not OrderStatus.CANCELED


def describe_buyer(view: OrderView, elements: Collection[str]) -> BuyerInfo:
    """Return what is told of the buyer: to everybody the e-mail address, of orders that the seller fulfils."""
    if view.order.fulfilled_by_amazon or view.status in PENDING:
        return _NOBODY
    buyer = view.order.buyer
    if "buyerInfo" not in elements:
        return BuyerInfo(buyer.email)
    return BuyerInfo(buyer.email, buyer.name, buyer.county, buyer.purchase_order_number)


def describe_address(view: OrderView, elements: Collection[str]) -> ShippingAddress | None:
    """Return the parts of the address that are known; who lives there only with the data element for it."""
    to = view.order.ship_to
    place = (to.city, to.state_or_region, to.postal_code, to.country_code)
    if "shippingAddress" not in elements:
        return ShippingAddress(*place) if any(place) else None
    line1, line2, line3 = (*to.lines[:3], "", "", "")[:3]
    phone = "" if view.order.fulfilled_by_amazon else to.phone_number
    told = ShippingAddress(*place, to.name, line1, line2, line3, to.county, phone)
    return None if told == _NOWHERE else told


def _describe_executions(payment: PaymentTerms, currency: str) -> list[dict[str, Any]] | None:
    if payment.method != "COD":
        return None
    return [
        {"Payment": describe_money(one.amount, currency), "PaymentMethod": one.method} for one in payment.executions
    ]
