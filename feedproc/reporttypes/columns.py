"""Flat reports: tab-separated lines with a heading, each column told from one line of an order."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from feedproc.feeds.marketplaces import Marketplace, Region
from feedproc.feeds.moments import spell_seconds
from feedproc.orders.money import ZERO, format_fixed
from feedproc.orders.order import Program
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.services.reports.report_type import Layout, ReportScope, Teller

_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_IN_UTF_8 = frozenset({"A19VAU5U5O7RUS"})
"""Marketplaces whose flat reports were recorded in UTF-8: Singapore."""
_STANDARD, _SUMMER = timezone(timedelta(hours=-8)), timezone(timedelta(hours=-7))


class ReportLine(Struct, frozen=True, gc=False):
    """One line of an order."""

    view: OrderView
    item: ItemView
    scope: ReportScope


class ReportColumn(NamedTuple):
    """One column of a flat report."""

    heading: str
    tell: Callable[[ReportLine], str]


def lay_out_flat(
    choose_columns: Callable[[ReportScope], Sequence[ReportColumn]], *, tells_cancelled: bool = False
) -> Layout:
    """Return a layout of one row for each line of an order; lines of which nothing is left only if told to."""

    def make_teller(scope: ReportScope) -> Teller:
        columns = [column.tell for column in choose_columns(scope)]

        def tell(view: OrderView, _number: int) -> str:
            lines = [ReportLine(view, item, scope) for item in view.items if item.quantity or tells_cancelled]
            return "".join([_join([tell_column(line) for tell_column in columns]) for line in lines])

        return tell

    return Layout(
        begin=lambda scope: _join([column.heading for column in choose_columns(scope)]),
        make_teller=make_teller,
        encode=lambda text, scope: text.encode(_choose_codec(scope.marketplace), errors="replace"),
        name_content_type=lambda place: f"text/plain;charset={_name_charset(place)}",
    )


def _join(values: Sequence[str]) -> str:
    """Return a row: what would end a value or a row becomes a blank, and nothing is quoted."""
    row = "\t".join(values)
    if row.count("\t") >= len(values) or len(row.splitlines()) > 1:
        row = "\t".join([_BREAKS.sub(" ", value) for value in values])
    return row + "\n"


def _choose_codec(marketplace: Marketplace) -> str:
    return "utf-8" if marketplace.marketplace_id in _IN_UTF_8 else marketplace.codec


def _name_charset(marketplace: Marketplace) -> str:
    return "UTF-8" if marketplace.marketplace_id in _IN_UTF_8 else marketplace.report_charset


def format_utc(at: datetime | None) -> str:
    """Write a time as all-orders reports have it: `2020-08-19T03:33:14+00:00`."""
    return f"{spell_seconds(at)}+00:00" if at else ""


def format_local(at: datetime | None, scope: ReportScope) -> str:
    """Write a time as order reports have it: in North America that of the Pacific coast, elsewhere UTC."""
    if at is None or scope.marketplace.region is not Region.NORTH_AMERICA:
        return format_utc(at)
    zone = _SUMMER if _is_summer(at) else _STANDARD
    text = f"{at.astimezone(zone):%Y-%m-%dT%H:%M:%S%z}"
    return f"{text[:-2]}:{text[-2:]}"


def _is_summer(at: datetime) -> bool:
    """Say whether clocks of the Pacific coast are ahead: from March's second Sunday to November's first, at 2:00."""
    begin = _find_sunday(at.year, 3, 2) + timedelta(hours=10)
    end = _find_sunday(at.year, 11, 1) + timedelta(hours=9)
    return begin <= at < end


def _find_sunday(year: int, month: int, number: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def format_amount(amount: Decimal, view: OrderView) -> str:
    """Write an amount with as many decimals as the order's currency has: `1760`, `89.95`."""
    return format_fixed(amount, view.decimals)


def format_flag(flag: bool) -> str:
    """Write a truth."""
    return "true" if flag else "false"


def sum_charges(item: ItemView, *components: str) -> Decimal:
    """Return what is charged for a line under these components."""
    return sum([item.charges.get(one, ZERO) for one in components], ZERO)


def charge(heading: str, component: str) -> ReportColumn:
    """Return the column of what is charged under a component, zeros told."""
    return ReportColumn(heading, lambda line: format_fixed(line.item.charges.get(component, ZERO), line.view.decimals))


def ship_address(
    *, has_phone: bool = False, zip_heading: str = "ship-postal-code", lines: int = 3
) -> list[ReportColumn]:
    """Return the columns of where an order goes, from the recipient's name on."""

    def tell_line(number: int) -> Callable[[ReportLine], str]:
        return lambda line: _get_address_line(line.view, number)

    columns = [
        ReportColumn("recipient-name", lambda line: line.view.order.ship_to.name),
        *(ReportColumn(f"ship-address-{number + 1}", tell_line(number)) for number in range(lines)),
        ReportColumn("ship-city", lambda line: line.view.order.ship_to.city),
        ReportColumn("ship-state", lambda line: line.view.order.ship_to.state_or_region),
        ReportColumn(zip_heading, lambda line: line.view.order.ship_to.postal_code),
        ReportColumn("ship-country", lambda line: line.view.order.ship_to.country_code),
    ]
    if has_phone:
        columns.append(ReportColumn("ship-phone-number", lambda line: line.view.order.ship_to.phone_number))
    return columns


def _get_address_line(view: OrderView, number: int) -> str:
    lines = view.order.ship_to.lines
    return lines[number] if number < len(lines) else ""


def _tell_promotion(what: str, component: str) -> tuple[ReportColumn, ReportColumn]:
    """Return the columns of what is taken off a component, positive, and of what that is called."""

    def tell_ids(line: ReportLine) -> str:
        return ",".join(one.promotion_id for one in line.item.item.promotions if component in one.amounts)

    return (
        ReportColumn(
            f"{what}-promotion-discount",
            lambda line: format_amount(-line.item.promotions.get(component, ZERO), line.view),
        ),
        ReportColumn(f"{what}-promotion-id", tell_ids),
    )


def leave_empty(*headings: str) -> list[ReportColumn]:
    """Return columns of which feedproc knows nothing."""
    return [ReportColumn(heading, lambda _line: "") for heading in headings]


def wants_sales_channel(scope: ReportScope) -> bool:
    """Say whether the option ShowSalesChannel asks for that column."""
    return scope.asked.options.get("ShowSalesChannel", "").lower() == "true"


ORDER_ID = ReportColumn("order-id", lambda line: line.view.order.amazon_order_id)
ORDER_ITEM_ID = ReportColumn("order-item-id", lambda line: line.item.item.order_item_code)
PURCHASE_DATE = ReportColumn("purchase-date", lambda line: format_local(line.view.order.purchased_at, line.scope))
PAYMENTS_DATE = ReportColumn("payments-date", lambda line: format_local(line.view.order.purchased_at, line.scope))
BUYER = (
    ReportColumn("buyer-email", lambda line: line.view.order.buyer.email),
    ReportColumn("buyer-name", lambda line: line.view.order.buyer.name),
)
BUYER_PHONE = ReportColumn("buyer-phone-number", lambda line: line.view.order.ship_to.phone_number)
SKU = ReportColumn("sku", lambda line: line.item.item.sku)
PRODUCT_NAME = ReportColumn("product-name", lambda line: line.item.item.title or line.item.item.sku)
QUANTITY_PURCHASED = ReportColumn("quantity-purchased", lambda line: str(line.item.quantity))
SERVICE_LEVEL = ReportColumn("ship-service-level", lambda line: line.view.service_level)
SALES_CHANNEL = ReportColumn("sales-channel", lambda line: line.view.sales_channel)
IS_BUSINESS = ReportColumn("is-business-order", lambda line: format_flag(Program.BUSINESS in line.view.order.programs))
PURCHASE_ORDER_NUMBER = ReportColumn("purchase-order-number", lambda line: line.view.order.buyer.purchase_order_number)
PRICE_DESIGNATION = ReportColumn(
    "price-designation", lambda line: "BusinessPrice" if line.item.item.is_business_price else ""
)
NUMBER_OF_ITEMS = ReportColumn("number-of-items", lambda _line: "1")
IS_PRIME = ReportColumn("is-prime", lambda line: format_flag(Program.PRIME in line.view.order.programs))
IS_IBA = ReportColumn("is-iba", lambda _line: "false")
GIFT_WRAP = (charge("gift-wrap-price", "GiftWrap"), charge("gift-wrap-tax", "GiftWrapTax"))
GIFT_WORDS = (
    ReportColumn("gift-wrap-type", lambda line: line.item.item.gift.wrap_level if line.item.item.gift else ""),
    ReportColumn("gift-message-text", lambda line: line.item.item.gift.message if line.item.item.gift else ""),
)
BILL_ADDRESS = tuple(
    leave_empty(
        *(f"bill-address-{number}" for number in (1, 2, 3)),
        *(f"bill-{part}" for part in ("city", "state", "postal-code", "country")),
    )
)
PROMOTIONS = (
    *_tell_promotion("item", "Principal"),
    *_tell_promotion("ship", "Shipping"),
)
PROMISES = (
    ReportColumn("earliest-ship-date", lambda line: format_local(line.view.ship.earliest, line.scope)),
    ReportColumn("latest-ship-date", lambda line: format_local(line.view.ship.latest, line.scope)),
    ReportColumn("earliest-delivery-date", lambda line: format_local(line.view.delivery.earliest, line.scope)),
    ReportColumn("latest-delivery-date", lambda line: format_local(line.view.delivery.latest, line.scope)),
    IS_BUSINESS,
    PURCHASE_ORDER_NUMBER,
    PRICE_DESIGNATION,
    IS_PRIME,
    *leave_empty("tax-collection-model", "tax-collection-responsible-party"),
)
REQUESTS = (
    ReportColumn("buyer-company-name", lambda line: line.view.order.buyer.company_name),
    IS_IBA,
    ReportColumn("is-buyer-requested-cancellation", lambda line: format_flag(line.view.order.buyer_asked_to_cancel)),
    ReportColumn("buyer-requested-cancel-reason", lambda line: line.view.order.buyer_cancel_reason),
)
