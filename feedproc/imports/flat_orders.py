"""Orders as flat order reports tell them: a row for each item, tabs or commas between the cells.

Read are the order report, the report of unshipped (actionable) orders, the converged order report, the reports of all
orders and the one of pending orders, of MWS and of SP-API: their columns differ, and mean the same where they are
called the same (Reports API, order reports). A column is found by its heading, in English or in Japanese, wherever it
stands; other columns are left aside.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO, NamedTuple, TypeVar
from unicodedata import category, normalize

from msgspec import Struct

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.imports.lines import read_lines
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

MAX_LINE_BYTES = 256 * 1024
"""One row. Real ones are below 4 KiB."""
_MOST_BEFORE_HEADINGS = 10
"""Rows that may stand before the headings, such as one of labels."""
_SEPARATORS = ("\t", ",", ";", "|")
_JAPANESE = {
    "注文番号": "order-id", "注文ID": "order-id", "Amazon注文番号": "order-id", "Amazon注文ID": "order-id",
    "注文商品番号": "order-item-id", "注文商品ID": "order-item-id", "販売者注文番号": "merchant-order-id",
    "出品者注文番号": "merchant-order-id", "購入日": "purchase-date", "購入日時": "purchase-date",
    "注文日": "purchase-date", "注文日時": "purchase-date", "支払日": "payments-date", "支払い日": "payments-date",
    "支払日時": "payments-date", "最終更新日": "last-updated-date", "最終更新日時": "last-updated-date",
    "注文状況": "order-status", "注文ステータス": "order-status", "商品ステータス": "item-status",
    "フルフィルメントチャネル": "fulfillment-channel", "販売チャネル": "sales-channel", "販売経路": "sales-channel",
    "購入者メールアドレス": "buyer-email", "購入者のEメールアドレス": "buyer-email", "購入者Eメール": "buyer-email",
    "購入者名": "buyer-name", "購入者氏名": "buyer-name", "購入者電話番号": "buyer-phone-number",
    "SKU": "sku", "出品者SKU": "sku", "商品名": "product-name", "ASIN": "asin", "数量": "quantity-purchased",
    "購入数量": "quantity-purchased", "購入数": "quantity-purchased", "注文数量": "quantity-purchased",
    "出荷済み数量": "quantity-shipped", "出荷数": "quantity-shipped", "未出荷数量": "quantity-to-ship",
    "通貨": "currency", "通貨コード": "currency", "商品価格": "item-price", "商品代金": "item-price",
    "商品の税金": "item-tax", "商品税": "item-tax", "配送料": "shipping-price", "配送料の税金": "shipping-tax",
    "ギフト包装料": "gift-wrap-price", "ギフト包装料の税金": "gift-wrap-tax", "ギフト包装の種類": "gift-wrap-type",
    "ギフトメッセージ": "gift-message-text", "配送サービスレベル": "ship-service-level",
    "配送方法": "ship-service-level", "受取人名": "recipient-name", "届け先氏名": "recipient-name",
    "お届け先氏名": "recipient-name", "届け先住所1": "ship-address-1", "届け先住所2": "ship-address-2",
    "届け先住所3": "ship-address-3", "お届け先住所1": "ship-address-1", "お届け先住所2": "ship-address-2",
    "お届け先住所3": "ship-address-3", "届け先市区町村": "ship-city", "お届け先市区町村": "ship-city",
    "届け先都道府県": "ship-state", "お届け先都道府県": "ship-state", "届け先郵便番号": "ship-postal-code",
    "お届け先郵便番号": "ship-postal-code", "届け先国": "ship-country", "お届け先国": "ship-country",
    "届け先電話番号": "ship-phone-number", "お届け先電話番号": "ship-phone-number",
    "出荷予定日": "promise-date", "お支払い方法": "payment-method", "支払い方法": "payment-method",
    "代引手数料": "payment-method-fee",
}  # fmt: skip
"""What Japan's sellers see the columns called, in Seller Central and in the label rows of its templates."""
_SAME = {
    "amazon-order-id": "order-id", "quantity": "quantity-purchased", "item-name": "product-name",
    "ship-zip": "ship-postal-code", "ship-method": "ship-service-level", "payment-type": "payment-method",
    "promise-date": "latest-ship-date",
}  # fmt: skip
_JAPANESE_NAMES = {normalize("NFKC", name).lower(): column for name, column in _JAPANESE.items()}
_NEEDED = ("order-id", "purchase-date", "sku", "quantity-purchased")
_CHARGES = {
    "item-price": "Principal", "item-tax": "Tax", "shipping-price": "Shipping", "shipping-tax": "ShippingTax",
    "gift-wrap-price": "GiftWrap", "gift-wrap-tax": "GiftWrapTax", "payment-method-fee": "COD",
    "shipping-fee": "Shipping",
}  # fmt: skip
_CODECS = {"cp932": "Shift_JIS", "cp1252": "windows-1252", "utf-8": "UTF-8", "euc_jp": "EUC-JP"}
_SURPLUS = "it has {} cells below {} headings; perhaps a separator has slipped into a value"
_KANA = re.compile("[\u3041-\u30fc]")
_FEWEST_KANA = 2
"""Of a text in EUC-JP: two Western letters side by side may look like one kanji of it, and hardly like kana."""
_ESCAPE = b"\x1b$"
"""With which kanji begin in ISO-2022-JP, whose bytes are those of ASCII."""
_HARDLY_WESTERN = "\u0192\u201a\u02c6\u2030\u2039\u203a\u02dc\u2020\u2021"
"""How windows-1252 shows the first bytes of kana and kanji in Shift_JIS."""
_SITE_WIDE = "_SITE_WIDE_"
_COLUMN_OF = {
    "amazon_order_id": "order-id", "merchant_order_id": "merchant-order-id", "order_item_code": "order-item-id",
    "purchased_at": "purchase-date", "quantity_ordered": "quantity-purchased", "quantity_shipped": "quantity-shipped",
}  # fmt: skip
_FIELDS = re.compile("|".join(_COLUMN_OF))
_TWICE = re.compile(r"\d+ items have the order_item_code ")
_Parsed = TypeVar("_Parsed")


class ReportForm(NamedTuple):
    """How a flat order report is written, and where its columns stand."""

    mark: int
    """Bytes of the byte order mark."""
    codec: str
    separator: str
    line: int
    """On which the headings stand."""
    columns: Mapping[str, int]
    width: int
    """How many headings there are."""

    def split_row(self, text: str) -> list[str]:
        """Return the cells of a row. Tabs are not quoted in Amazon's reports, commas are in a spreadsheet's."""
        if self.separator == "\t":
            return [_strip_quotes(cell) for cell in text.split("\t")]
        return [cell.strip() for cell in next(csv.reader([text], delimiter=self.separator), [])]


class _Row(Struct, frozen=True):
    """One row that can be read: its line, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def tell(self, column: str) -> str:
        """Return a cell; nothing where there is none."""
        return self.cells.get(column, "")

    def parse(self, column: str, parse: Callable[[str], _Parsed]) -> _Parsed:
        """Return a cell as it is meant. Raises `Unclear`, which names the column."""
        try:
            return parse(self.tell(column))
        except Unclear as unclear:
            raise Unclear(f"{column}: {unclear}") from None


class _Group(Struct, frozen=True):
    """The rows of one order, with those that cannot be read."""

    order_id: str
    rows: tuple[_Row, ...]
    bad: tuple[BadOrder, ...] = ()


def find_form(file: BinaryIO, codec: str) -> ReportForm | None:
    """Return how a file is written that is a flat order report; None for one that is none.

    A file that does not say its encoding and cannot be UTF-8 is in `codec`, or else in the other one of cp932 and
    cp1252.
    """
    file.seek(0)
    begin = file.read(MAX_LINE_BYTES)
    mark = len(codecs.BOM_UTF8) if begin.startswith(codecs.BOM_UTF8) else 0
    lines = begin[mark:].splitlines()[:_MOST_BEFORE_HEADINGS]
    found = "utf-8" if mark else _find_codec(file, codec)
    for number, line in enumerate(lines, 1):
        text = line.decode(found, "replace")
        for separator in _SEPARATORS:
            headings = text.split(separator)
            columns = _find_columns(headings)
            if all(name in columns for name in _NEEDED):
                return _prefer_english(ReportForm(mark, found, separator, number, columns, len(headings)), lines)
    return None


def _prefer_english(form: ReportForm, lines: Sequence[bytes]) -> ReportForm:
    """Take the next row for the headings when it says in English what a row of labels says in Japanese."""
    if form.line < len(lines):
        headings = lines[form.line].decode(form.codec, "replace").split(form.separator)
        below = _find_columns(headings)
        if all(name in below for name in _NEEDED):
            return form._replace(line=form.line + 1, columns=below, width=len(headings))
    return form


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


def _find_codec(file: BinaryIO, codec: str) -> str:
    file.seek(0)
    if _ESCAPE in file.read(MAX_LINE_BYTES):
        return "iso2022_jp"
    for one in ("utf-8", "euc_jp", codec, "cp1252" if codec == "cp932" else "cp932"):
        if _is_readable(file, one):
            return one
    return codec


def _is_readable(file: BinaryIO, codec: str) -> bool:
    """Say whether all of a file can be text in an encoding, and text that somebody writes."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    kana = 0
    try:
        while block := file.read(MAX_LINE_BYTES):
            text = decoder.decode(block)
            if _is_strange(text, codec):
                return False
            kana += len(_KANA.findall(text)) if codec == "euc_jp" else 0
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return codec != "euc_jp" or kana >= _FEWEST_KANA


def _is_strange(text: str, codec: str) -> bool:
    """Say whether a text shows that it was not written in its encoding: by signs that hardly anybody writes."""
    if codec == "cp932":
        return any(category(sign) == "Co" for sign in text if sign > "\u2fff")
    return codec == "cp1252" and any(sign in text for sign in _HARDLY_WESTERN)


def _find_columns(headings: Sequence[str]) -> dict[str, int]:
    """Return the place of each column that is known; of one that is there twice the first counts."""
    columns: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = normalize("NFKC", _strip_quotes(heading)).lower()
        name = _JAPANESE_NAMES.get(name, name.replace(" ", "-").replace("_", "-"))
        columns.setdefault(_SAME.get(name, name), place)
    return columns


def _strip_quotes(cell: str) -> str:
    """Return a cell without blanks around it, and without the quotes that a spreadsheet puts around all of it."""
    text = cell.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"').strip() if is_quoted else text


def _read_rows(file: BinaryIO, form: ReportForm) -> Iterator[_Row | BadOrder]:
    file.seek(form.mark)
    for number, line in read_lines(file, MAX_LINE_BYTES):
        if number <= form.line or (line is not None and not line.strip(b'\t\r\n ,;|"')):
            continue
        where = f"line {number}"
        if line is None:
            yield BadOrder(where, f"longer than {MAX_LINE_BYTES} bytes")
            continue
        try:
            cells = form.split_row(line.decode(form.codec).rstrip("\r\n"))
        except UnicodeDecodeError as error:
            name = _CODECS.get(form.codec, form.codec)
            yield BadOrder(where, f"byte {error.object[error.start]:#04x} is no character of {name}")
            continue
        if any(cells[form.width :]):
            yield BadOrder(where, _SURPLUS.format(len(cells), form.width))
            continue
        yield _Row(number, {name: cells[place] for name, place in form.columns.items() if place < len(cells)})


def _find_scattered(file: BinaryIO, form: ReportForm) -> set[str]:
    """Return the ids of the orders whose rows do not all stand together."""
    seen, scattered, before = set[str](), set[str](), ""
    for row in _read_rows(file, form):
        order_id = row.tell("order-id") if isinstance(row, _Row) else before
        if order_id != before and order_id in seen:
            scattered.add(order_id)
        seen.add(order_id)
        before = order_id
    return scattered


def _group_rows(file: BinaryIO, form: ReportForm) -> Iterator[_Group]:
    rows: list[_Row] = []
    for row in _read_rows(file, form):
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


def _read_order(row: _Row, items: tuple[Item, ...], marketplace_id: str) -> Order:
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


def _read_item(row: _Row, form: ReportForm, number: int) -> Item:
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


def _read_progress(row: _Row, quantity: int) -> tuple[int, int]:
    """Return how many units were shipped and how many cancelled. A cancelled row may have none left."""
    item, order = (row.tell(column).lower().split(" - ")[0] for column in ("item-status", "order-status"))
    if "cancelled" in {item, order} or "canceled" in {item, order}:
        return 0, max(1, quantity)
    if item == "shipped" or (order == "shipped" and not item):
        return quantity, 0
    return row.parse("quantity-shipped", parse_count), 0


def _read_charges(row: _Row, quantity: int) -> dict[str, Decimal]:
    charges = {name: row.parse(column, parse_amount) for column, name in _CHARGES.items() if row.tell(column)}
    if row.tell("price") and "Principal" not in charges:
        charges["Principal"] = row.parse("price", parse_amount) * quantity
    return {name: amount for name, amount in charges.items() if amount or name == "Principal"}


def _read_promotions(row: _Row) -> tuple[Promotion, ...]:
    """Return the discounts; reports write them with a sign or without."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for kind, component in (("item", "Principal"), ("ship", "Shipping")):
        amount = row.parse(f"{kind}-promotion-discount", parse_amount)
        if amount:
            name = row.tell(f"{kind}-promotion-id") or row.tell("promotion-ids").split(",")[0].strip() or _SITE_WIDE
            amounts.setdefault(name, {})[component] = -abs(amount)
    return tuple(Promotion(name, parts) for name, parts in amounts.items())


def _read_marker(row: _Row) -> OrderStatus | None:
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


def _read_address(row: _Row) -> Address:
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


def _read_optional_moment(row: _Row, column: str) -> datetime | None:
    return row.parse(column, parse_moment) if row.tell(column) else None


def _read_change(row: _Row) -> datetime:
    """Return when the row last changed, as far as it tells."""
    column = "last-updated-date" if row.tell("last-updated-date") else "purchase-date"
    return row.parse(column, parse_moment)


def _tell_lacking(form: ReportForm) -> Iterator[Remark]:
    if "order-item-id" not in form.columns:
        yield Remark("the report has no order-item-id; the items' ids are made up, `feedproc orders show` tells them")
    if not {"item-price", "price"} & form.columns.keys():
        yield Remark("the report has no prices; refunds of these orders will be refused")
