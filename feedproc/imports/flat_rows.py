"""How flat order reports are written: their encoding and separator, their headings, and the rows below those.

A column is found by its heading, in English or in Japanese, wherever it stands; other columns are left aside.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple, TypeVar
from unicodedata import category, normalize

from msgspec import Struct

from feedproc.imports.lines import read_lines
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import Unclear

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
_CODECS = {"cp932": "Shift_JIS", "cp1252": "windows-1252", "utf-8": "UTF-8", "euc_jp": "EUC-JP"}
_SURPLUS = "it has {} cells below {} headings; perhaps a separator has slipped into a value"
_KANA = re.compile("[\u3041-\u30fc]")
_FEWEST_KANA = 2
"""Of a text in EUC-JP: two Western letters side by side may look like one kanji of it, and hardly like kana."""
_ESCAPE = b"\x1b$"
"""With which kanji begin in ISO-2022-JP, whose bytes are those of ASCII."""
_HARDLY_WESTERN = "\u0192\u201a\u02c6\u2030\u2039\u203a\u02dc\u2020\u2021"
"""How windows-1252 shows the first bytes of kana and kanji in Shift_JIS."""
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


class ReportRow(Struct, frozen=True):
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


def read_report_rows(file: BinaryIO, form: ReportForm) -> Iterator[ReportRow | BadOrder]:
    """Yield each row below the headings that is not empty, or why it cannot be read."""
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
        yield ReportRow(number, {name: cells[place] for name, place in form.columns.items() if place < len(cells)})


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
