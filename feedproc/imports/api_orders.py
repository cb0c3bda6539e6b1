"""An order as the Orders API tells it, v0 of SP-API and 2013-09-01 of MWS: the same names, and the items apart.

Both calls are needed for an order: ListOrders or getOrders tells who bought and when, ListOrderItems or getOrderItems
what. Their answers may lie in any number of files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.imports.order_check import find_problem
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import (
    Remark,
    Unclear,
    find_marketplace,
    parse_amount,
    parse_count,
    parse_flag,
    parse_moment,
    show_value,
)
from feedproc.orders.order import (
    Address,
    Buyer,
    Cancellation,
    Condition,
    Gift,
    Item,
    Order,
    OrderStatus,
    Package,
    PackageItem,
    Payment,
    PaymentTerms,
    Program,
    Promotion,
    Window,
)

Told = Mapping[str, Any]
"""An object of an answer, with the names of Orders v0."""
_CHARGES = {
    "ItemPrice": "Principal", "ItemTax": "Tax", "ShippingPrice": "Shipping", "ShippingTax": "ShippingTax",
    "GiftWrapPrice": "GiftWrap", "GiftWrapTax": "GiftWrapTax", "CODFee": "COD",
}  # fmt: skip
_DISCOUNTS = {"PromotionDiscount": "Principal", "ShippingDiscount": "Shipping"}
_PROGRAMS = {"IsBusinessOrder": Program.BUSINESS, "IsPrime": Program.PRIME, "IsPremiumOrder": Program.PREMIUM}
_MARKERS = (
    OrderStatus.PENDING,
    OrderStatus.PENDING_AVAILABILITY,
    OrderStatus.INVOICE_UNCONFIRMED,
    OrderStatus.UNFULFILLABLE,
)
_SITE_WIDE = "_SITE_WIDE_"


class Answers(Struct):
    """What the answers of some files tell, before it is put together."""

    orders: dict[str, tuple[str, Told]] = {}
    """By id of the order: where it stands, and what is told of it."""
    items: dict[str, list[Told]] = {}
    """By id of the order."""
    packages: dict[str, Sequence[Told]] = {}
    refused: list[tuple[str, BadOrder]] = []
    """With the file."""

    def add_order(self, name: str, order: Told) -> None:
        """Note an order that stands in a file of that name; one that is told again replaces it."""
        order_id = tell(order, "AmazonOrderId")
        if not order_id:
            self.refused.append((name, BadOrder("an order", "it has no AmazonOrderId")))
            return
        self.orders[order_id] = (name, order)
        items = order.get("OrderItems")
        if isinstance(items, list):
            self.add_items(order_id, items)

    def add_items(self, order_id: str, items: Iterable[Any]) -> None:
        """Note items of an order; one that is told again replaces it."""
        known = self.items.setdefault(order_id, [])
        for item in items:
            if isinstance(item, Mapping):
                code = tell(item, "OrderItemId")
                known[:] = [one for one in known if tell(one, "OrderItemId") != code]
                known.append(item)

    def put_together(self, marketplace_id: str) -> Iterator[tuple[str, Order | BadOrder | Remark]]:
        """Yield the order of each that is told, with its file, or why there is none."""
        yield from self.refused
        for order_id, (name, told) in self.orders.items():
            yield name, self._read(order_id, told, marketplace_id)
        for order_id in self.items.keys() - self.orders.keys():
            why = "its items are here and the order itself is not; give the answer of ListOrders or getOrders as well"
            yield "", BadOrder(f"order {order_id}", f"{why}, in the same command")

    def _read(self, order_id: str, told: Told, marketplace_id: str) -> Order | BadOrder:
        where = f"order {order_id}"
        items = self.items.get(order_id)
        if not items:
            why = "the order is here and its items are not; give the answer of ListOrderItems or getOrderItems as well"
            return BadOrder(where, f"{why}, in the same command")
        try:
            order = read_order(told, items, self.packages.get(order_id, ()), marketplace_id)
        except Unclear as unclear:
            return BadOrder(where, str(unclear))
        problem = find_problem(order)
        return BadOrder(where, problem) if problem else order


def tell(told: Told, name: str) -> str:
    """Return a member as text, whatever JSON made of it; nothing where there is none."""
    value = told.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float | Decimal) else ""


def tell_within(told: Told, name: str) -> Told:
    """Return a member that is an object; an empty one where there is none."""
    value = told.get(name)
    return value if isinstance(value, Mapping) else {}


def tell_all(told: Told, name: str) -> Sequence[Any]:
    """Return a member that is a list; an empty one where there is none."""
    value = told.get(name)
    return value if isinstance(value, list) else ()


def read_order(told: Told, items: Sequence[Told], packages: Sequence[Told], marketplace_id: str) -> Order:
    """Return the order that answers tell of.

    Raises:
        Unclear: something in them cannot be read.

    """
    channel = tell(told, "SalesChannel")
    marketplace_id = tell(told, "MarketplaceId") or find_marketplace(channel) or marketplace_id
    order_id, named = tell(told, "AmazonOrderId"), tell(told, "SellerOrderId")
    info = {**tell_within(told, "BuyerInfo"), **told}
    status = _read_status(told)
    asked = next((one for one in map(_read_request, items) if one is not None), None)
    purchased_at, updated_at = _parse(told, "PurchaseDate"), _parse_optional(told, "LastUpdateDate")
    return Order(
        amazon_order_id=order_id,
        purchased_at=purchased_at,
        currency=_find_currency(told, items) or marketplace_of(marketplace_id).currency,
        items=tuple(_read_item(item, status, updated_at or purchased_at) for item in items),
        marketplace_id=marketplace_id,
        marker=status if status in _MARKERS else None,
        fulfilled_by_amazon=tell(told, "FulfillmentChannel") == "AFN",
        merchant_order_id=named if named not in {"", order_id} else None,
        packages=tuple(_read_package(one) for one in packages),
        buyer=Buyer(
            tell(info, "BuyerName"),
            tell(info, "BuyerEmail"),
            tell(info, "BuyerCounty"),
            tell(info, "BuyerCompanyName"),
            tell(info, "PurchaseOrderNumber"),
        ),
        ship_to=_read_address(tell_within(told, "ShippingAddress")),
        service_level=tell(told, "ShipServiceLevel"),
        service_category=tell(told, "ShipmentServiceLevelCategory"),
        earliest_ship_date=_parse_optional(told, "EarliestShipDate"),
        latest_ship_date=_parse_optional(told, "LatestShipDate"),
        delivery=Window(_parse_optional(told, "EarliestDeliveryDate"), _parse_optional(told, "LatestDeliveryDate")),
        sales_channel=channel,
        order_type=tell(told, "OrderType"),
        payment=_read_payment(told),
        programs=tuple(program for name, program in _PROGRAMS.items() if parse_flag(tell(told, name))),
        replaced_order_id=tell(told, "ReplacedOrderId") or None,
        buyer_asked_to_cancel=asked is not None,
        buyer_cancel_reason=asked or "",
        updated_at=updated_at,
    )


def _read_status(told: Told) -> OrderStatus | None:
    given = tell(told, "OrderStatus")
    try:
        return OrderStatus(given) if given else None
    except ValueError:
        raise Unclear(f"OrderStatus {show_value(given)} is none of {', '.join(OrderStatus)}") from None


def _read_item(told: Told, status: OrderStatus | None, changed_at: datetime) -> Item:
    """Read an item. One of which no unit is left to deliver, as Amazon tells of cancelled ones, counts as one unit."""
    info = {**tell_within(told, "BuyerInfo"), **told}
    ordered = _count(told, "QuantityOrdered")
    shipped = _count(told, "QuantityShipped")
    if "QuantityShipped" not in told and status is OrderStatus.SHIPPED:
        shipped = ordered
    cancelled = max(1, ordered) - shipped if status is OrderStatus.CANCELED else int(not ordered)
    words = (tell(info, "GiftMessageText"), tell(info, "GiftWrapLevel"))
    return Item(
        order_item_code=tell(told, "OrderItemId"),
        sku=tell(told, "SellerSKU") or tell(told, "ASIN"),
        quantity_ordered=max(1, ordered),
        charges=_read_charges(info),
        title=tell(told, "Title"),
        asin=tell(told, "ASIN"),
        condition=Condition(
            tell(told, "ConditionId") or "New", tell(told, "ConditionSubtypeId") or "New", tell(told, "ConditionNote")
        ),
        gift=Gift(*words) if parse_flag(tell(told, "IsGift")) or any(words) else None,
        is_business_price=bool(tell(told, "PriceDesignation")),
        promotions=_read_promotions(told),
        quantity_shipped=shipped,
        cancellations=(Cancellation(cancelled, changed_at),) if cancelled > 0 else (),
    )


def _read_charges(told: Told) -> dict[str, Decimal]:
    charges = {name: _read_money(told, member) for member, name in _CHARGES.items() if member in told}
    if charges.get("COD"):
        charges["COD"] = max(Decimal(0), charges["COD"] - _read_money(told, "CODFeeDiscount"))
    return {name: amount for name, amount in charges.items() if amount or name == "Principal"}


def _read_promotions(told: Told) -> tuple[Promotion, ...]:
    """Return the discounts, which the API tells as positive amounts and once for all promotions together."""
    amounts = {name: -abs(_read_money(told, member)) for member, name in _DISCOUNTS.items()}
    amounts = {name: amount for name, amount in amounts.items() if amount}
    named = [one for one in tell_all(told, "PromotionIds") if isinstance(one, str) and one]
    return (Promotion(named[0] if named else _SITE_WIDE, amounts),) if amounts else ()


def _read_payment(told: Told) -> PaymentTerms:
    details = (one for one in tell_all(told, "PaymentMethodDetails") if isinstance(one, str))
    executions = (one for one in tell_all(told, "PaymentExecutionDetail") if isinstance(one, Mapping))
    return PaymentTerms(
        tell(told, "PaymentMethod"),
        tuple(details),
        tuple(Payment(tell(one, "PaymentMethod"), _read_money(one, "Payment")) for one in executions),
    )


def _read_request(item: Told) -> str | None:
    """Return why the buyer asks to cancel; None when he does not."""
    asked = tell_within(item, "BuyerRequestedCancel")
    return tell(asked, "BuyerCancelReason") if parse_flag(tell(asked, "IsBuyerRequestedCancel")) else None


def _read_address(told: Told) -> Address:
    lines = (tell(told, f"AddressLine{number}") for number in (1, 2, 3))
    return Address(
        name=tell(told, "Name"),
        lines=tuple(line for line in lines if line),
        city=tell(told, "City"),
        county=tell(told, "County") or tell(told, "District"),
        state_or_region=tell(told, "StateOrRegion"),
        postal_code=tell(told, "PostalCode"),
        country_code=tell(told, "CountryCode"),
        phone_number=tell(told, "Phone"),
    )


def _read_package(told: Told) -> Package:
    parts = (one for one in tell_all(told, "packageItems") if isinstance(one, Mapping))
    return Package(
        shipped_at=_parse(told, "shipTime"),
        items=tuple(PackageItem(tell(one, "orderItemId"), _count(one, "quantity")) for one in parts),
        carrier=tell(told, "carrier") or None,
        shipping_method=tell(told, "shippingService") or None,
        tracking_number=tell(told, "trackingNumber") or None,
    )


def _find_currency(told: Told, items: Sequence[Told]) -> str:
    money = [tell_within(told, "OrderTotal")]
    money += [tell_within({**tell_within(item, "BuyerInfo"), **item}, name) for item in items for name in _CHARGES]
    found = dict.fromkeys(tell(one, "CurrencyCode") for one in money if tell(one, "CurrencyCode"))
    if len(found) > 1:
        raise Unclear(f"its amounts are in several currencies: {', '.join(found)}")
    return next(iter(found), "")


def _read_money(told: Told, name: str) -> Decimal:
    try:
        return parse_amount(tell(tell_within(told, name), "Amount"))
    except Unclear as unclear:
        raise Unclear(f"{name}: {unclear}") from None


def _count(told: Told, name: str) -> int:
    try:
        return parse_count(tell(told, name))
    except Unclear as unclear:
        raise Unclear(f"{name}: {unclear}") from None


def _parse(told: Told, name: str) -> datetime:
    try:
        return parse_moment(tell(told, name))
    except Unclear as unclear:
        raise Unclear(f"{name}: {unclear}") from None


def _parse_optional(told: Told, name: str) -> datetime | None:
    return _parse(told, name) if tell(told, name) else None
