"""Orders as flat order reports tell them: a row for each item.

Read are the order report, the report of unshipped (actionable) orders, the converged order report, the reports of all
orders and the one of pending orders, of MWS and of SP-API: their columns differ, and mean the same where they are
called the same (Reports API, order reports). How their rows are found is in `flat_rows`.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.imports.flat_rows import ReportForm, ReportRow, read_report_rows
from feedproc.imports.order_check import find_problem
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import (
    Remark,
    Unclear,
    find_marketplace,
    parse_amount,
    parse_count,
    parse_currency,
    parse_flag,
    parse_moment,
    require_no_shortened_number,
    show_value,
)
from feedproc.orders.generation import make_item_code
from feedproc.orders.order import (
    Address,
    Buyer,
    Cancellation,
    Gift,
    Item,
    Order,
    OrderStatus,
    PaymentTerms,
    Program,
    Promotion,
    Window,
)

_CHARGES = {
    "item-price": "Principal", "item-tax": "Tax", "shipping-price": "Shipping", "shipping-tax": "ShippingTax",
    "gift-wrap-price": "GiftWrap", "gift-wrap-tax": "GiftWrapTax", "payment-method-fee": "COD",
    "shipping-fee": "Shipping",
}  # fmt: skip
_SITE_WIDE = "_SITE_WIDE_"
_COLUMN_OF = {
    "amazon_order_id": "order-id", "merchant_order_id": "merchant-order-id", "order_item_code": "order-item-id",
    "purchased_at": "purchase-date", "quantity_ordered": "quantity-purchased", "quantity_shipped": "quantity-shipped",
}  # fmt: skip
_FIELDS = re.compile("|".join(_COLUMN_OF))
_TWICE = re.compile(r"\d+ items have the order_item_code ")


class _Group(Struct, frozen=True):
    """The rows of one order, with those that cannot be read."""

    order_id: str
    rows: tuple[ReportRow, ...]
    bad: tuple[BadOrder, ...] = ()


def read_flat_orders(file: BinaryIO, form: ReportForm, marketplace_id: str) -> Iterator[Order | BadOrder | Remark]:
    """Yield the orders of a report, what is wrong with a row, and what the report does not say. The file is read twice.

    The rows of an order are taken together wherever they stand. An order of which one row cannot be read is left out.
    """
    scattered = _find_scattered(file, form)
    kept: dict[str, _Group] = {}
    yield from _tell_lacking(form)
    for group in _group_rows(file, form):
        if group.order_id not in scattered:
            yield from _read_group(group, form, marketplace_id)
            continue
        before = kept.get(group.order_id, _Group(group.order_id, ()))
        kept[group.order_id] = _Group(group.order_id, before.rows + group.rows, before.bad + group.bad)
    for group in kept.values():
        yield from _read_group(group, form, marketplace_id)


def _find_scattered(file: BinaryIO, form: ReportForm) -> set[str]:
    """Return the ids of the orders whose rows do not all stand together."""
    seen, scattered, before = set[str](), set[str](), ""
    for row in read_report_rows(file, form):
        order_id = row.tell("order-id") if isinstance(row, ReportRow) else before
        if order_id != before and order_id in seen:
            scattered.add(order_id)
        seen.add(order_id)
        before = order_id
    return scattered


def _group_rows(file: BinaryIO, form: ReportForm) -> Iterator[_Group]:
    rows: list[ReportRow] = []
    for row in read_report_rows(file, form):
        if isinstance(row, BadOrder):
            yield _Group("", (), (row,))
        elif rows and row.tell("order-id") != rows[0].tell("order-id"):
            yield _Group(rows[0].tell("order-id"), tuple(rows))
            rows = [row]
        else:
            rows.append(row)
    if rows:
        yield _Group(rows[0].tell("order-id"), tuple(rows))


def _read_group(group: _Group, form: ReportForm, marketplace_id: str) -> Iterator[Order | BadOrder]:
    """Yield the order of its rows, or what is wrong with each of them."""
    yield from group.bad
    items, wrong = [], [*group.bad]
    for number, row in enumerate(group.rows):
        try:
            items.append(_read_item(row, form, number))
        except Unclear as unclear:
            wrong.append(BadOrder(f"line {row.line}", str(unclear)))
            yield wrong[-1]
    if not group.rows:
        return
    if wrong:
        faulty = wrong[0].where
        yield from (
            BadOrder(f"line {row.line}", f"left out: it is of order {group.order_id}, as {faulty} is")
            for row in group.rows
            if all(one.where != f"line {row.line}" for one in wrong)
        )
        return
    where = f"line {group.rows[0].line}"
    try:
        order = _read_order(group.rows[0], tuple(items), marketplace_id)
    except Unclear as unclear:
        yield BadOrder(where, str(unclear))
        return
    problem = find_problem(order)
    yield BadOrder(where, _name_columns(problem)) if problem else order


def _name_columns(problem: str) -> str:
    """Return what is wrong with an order in the words of the report's headings."""
    told = _FIELDS.sub(lambda found: _COLUMN_OF[found[0]], problem)
    return f"{told}; does a row stand there twice?" if _TWICE.match(problem) else told


def _read_order(row: ReportRow, items: tuple[Item, ...], marketplace_id: str) -> Order:
    marketplace_id = find_marketplace(row.tell("sales-channel")) or marketplace_id
    order_id, named = row.tell("order-id"), row.tell("merchant-order-id")
    return Order(
        amazon_order_id=order_id,
        purchased_at=row.parse("purchase-date", parse_moment),
        currency=row.parse("currency", parse_currency) or marketplace_of(marketplace_id).currency,
        items=items,
        marketplace_id=marketplace_id,
        marker=_read_marker(row),
        fulfilled_by_amazon=row.tell("fulfillment-channel").lower() in {"amazon", "afn"},
        merchant_order_id=named if named not in {"", order_id} else None,
        buyer=Buyer(
            row.tell("buyer-name"),
            row.tell("buyer-email"),
            company_name=row.tell("buyer-company-name"),
            purchase_order_number=row.tell("purchase-order-number"),
        ),
        ship_to=_read_address(row),
        service_level=row.tell("ship-service-level"),
        earliest_ship_date=_read_optional_moment(row, "earliest-ship-date"),
        latest_ship_date=_read_optional_moment(row, "latest-ship-date"),
        delivery=Window(
            _read_optional_moment(row, "earliest-delivery-date"), _read_optional_moment(row, "latest-delivery-date")
        ),
        sales_channel=row.tell("sales-channel"),
        payment=PaymentTerms(row.tell("payment-method")),
        programs=tuple(
            program
            for program, column in ((Program.BUSINESS, "is-business-order"), (Program.PRIME, "is-prime"))
            if parse_flag(row.tell(column))
        ),
        buyer_asked_to_cancel=parse_flag(row.tell("is-buyer-requested-cancellation")),
        buyer_cancel_reason=row.tell("buyer-requested-cancel-reason"),
        updated_at=_read_optional_moment(row, "last-updated-date"),
    )


def _read_item(row: ReportRow, form: ReportForm, number: int) -> Item:
    order_id, sku = row.tell("order-id"), row.tell("sku")
    quantity = row.parse("quantity-purchased", parse_count)
    code = row.parse("order-item-id", require_no_shortened_number)
    shipped, cancelled = _read_progress(row, quantity)
    is_gift = row.tell("gift-wrap-type") or row.tell("gift-message-text")
    return Item(
        order_item_code=code or make_item_code(order_id, sku, number),
        sku=sku,
        quantity_ordered=max(quantity, cancelled),
        charges=_read_charges(row, quantity),
        title=row.tell("product-name"),
        asin=row.tell("asin"),
        gift=Gift(row.tell("gift-message-text"), row.tell("gift-wrap-type")) if is_gift else None,
        is_business_price=bool(row.tell("price-designation")),
        promotions=_read_promotions(row),
        quantity_shipped=shipped,
        cancellations=(Cancellation(cancelled, _read_change(row)),) if cancelled else (),
    )


def _read_progress(row: ReportRow, quantity: int) -> tuple[int, int]:
    """Return how many units were shipped and how many cancelled. A cancelled row may have none left."""
    item, order = (row.tell(column).lower().split(" - ")[0] for column in ("item-status", "order-status"))
    if "cancelled" in {item, order} or "canceled" in {item, order}:
        return 0, max(1, quantity)
    if item == "shipped" or (order == "shipped" and not item):
        return quantity, 0
    return row.parse("quantity-shipped", parse_count), 0


def _read_charges(row: ReportRow, quantity: int) -> dict[str, Decimal]:
    charges = {name: row.parse(column, parse_amount) for column, name in _CHARGES.items() if row.tell(column)}
    if row.tell("price") and "Principal" not in charges:
        charges["Principal"] = row.parse("price", parse_amount) * quantity
    return {name: amount for name, amount in charges.items() if amount or name == "Principal"}


def _read_promotions(row: ReportRow) -> tuple[Promotion, ...]:
    """Return the discounts; reports write them with a sign or without."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for kind, component in (("item", "Principal"), ("ship", "Shipping")):
        amount = row.parse(f"{kind}-promotion-discount", parse_amount)
        if amount:
            name = row.tell(f"{kind}-promotion-id") or row.tell("promotion-ids").split(",")[0].strip() or _SITE_WIDE
            amounts.setdefault(name, {})[component] = -abs(amount)
    return tuple(Promotion(name, parts) for name, parts in amounts.items())


def _read_marker(row: ReportRow) -> OrderStatus | None:
    """Return what quantities cannot tell. Raises `Unclear` for a status that no report has."""
    told = row.tell("order-status")
    known = {"pending": OrderStatus.PENDING, "pendingavailability": OrderStatus.PENDING_AVAILABILITY}
    known |= {"unfulfillable": OrderStatus.UNFULFILLABLE, "invoiceunconfirmed": OrderStatus.INVOICE_UNCONFIRMED}
    plain = {"", "unshipped", "shipped", "shipping", "partiallyshipped", "partially shipped", "cancelled", "canceled"}
    if told.lower() in known:
        return known[told.lower()]
    if told.lower().split(" - ")[0] not in plain | set(known):
        raise Unclear(f"order-status: {show_value(told)} is no status")
    is_pending_report = not told and "payment-method" in row.cells and "payments-date" not in row.cells
    return OrderStatus.PENDING if is_pending_report and "buyer-email" not in row.cells else None


def _read_address(row: ReportRow) -> Address:
    lines = (row.tell(f"ship-address-{number}") for number in (1, 2, 3))
    return Address(
        name=row.tell("recipient-name"),
        lines=tuple(line for line in lines if line),
        city=row.tell("ship-city"),
        county=row.tell("ship-county"),
        state_or_region=row.tell("ship-state"),
        postal_code=row.tell("ship-postal-code"),
        country_code=row.tell("ship-country"),
        phone_number=row.tell("ship-phone-number") or row.tell("buyer-phone-number"),
    )


def _read_optional_moment(row: ReportRow, column: str) -> datetime | None:
    return row.parse(column, parse_moment) if row.tell(column) else None


def _read_change(row: ReportRow) -> datetime:
    """Return when the row last changed, as far as it tells."""
    column = "last-updated-date" if row.tell("last-updated-date") else "purchase-date"
    return row.parse(column, parse_moment)


def _tell_lacking(form: ReportForm) -> Iterator[Remark]:
    if "order-item-id" not in form.columns:
        yield Remark("the report has no order-item-id; the items' ids are made up, `feedproc orders show` tells them")
    if not {"item-price", "price"} & form.columns.keys():
        yield Remark("the report has no prices; refunds of these orders will be refused")
