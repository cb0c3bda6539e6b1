"""Files of orders, whatever their form: told apart by what stands in them, never by their names."""

import codecs
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, BinaryIO, NamedTuple, cast

from feedproc.feeds.marketplaces import MARKETPLACES, marketplace_of
from feedproc.imports.api_orders import Answers
from feedproc.imports.flat_orders import read_flat_orders
from feedproc.imports.flat_rows import find_form
from feedproc.imports.mws_answers import read_mws_answer, recognise_mws_answer
from feedproc.imports.order_lines import BadOrder, read_order_lines
from feedproc.imports.order_report import read_order_report
from feedproc.imports.spapi_answers import read_spapi_answer, recognise_spapi_answer
from feedproc.imports.values import Remark
from feedproc.imports.xml_tables import read_xml_table, reads_as_table
from feedproc.orders.order import Order

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""One file of answers, which is held in memory as a tree. An answer of a hundred orders is below 1 MiB."""
_HEAD = 64 * 1024
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLOCK = 1024 * 1024
_KNOWN = (
    "a flat order report, one of XML, answers of ListOrders and ListOrderItems, of getOrders and "
    "getOrderItems or of searchOrders, or JSON Lines as `feedproc orders list --format json` prints them"
)
_ORDER_ID = re.compile(rb"(?<!\d)\d{3}-\d{7}-\d{7}(?!\d)")
_NO_HEADINGS = (
    "an order's id stands in the first row, and no headings: leave the row with order-id, purchase-date, sku and "
    "quantity-purchased above the rows of an order report."
)
_NOT_ORDERS = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook; save it as Text (Tab delimited)"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook; save it as Text (Tab delimited)"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"%PDF", "a PDF; download the report as text"),
    (b"<!DOCTYPE html", "a web page; download the report itself"),
    (b"<html", "a web page; download the report itself"),
)
Told = Order | BadOrder | Remark


class OrderFile(NamedTuple):
    """A file to take orders from."""

    name: str
    """As people are told of it."""
    content: IO[bytes]
    """Can be sought."""


def recognise_orders(content: IO[bytes], marketplace_id: str) -> bool:
    """Say whether a file is a flat order report, an OrderReport or an answer of the Orders API."""
    file = _read_as_utf8(content)
    begin = file.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()
    file.seek(0)
    if begin.startswith(b"<"):
        kind = _read_message_type(begin)
        return (
            kind == "OrderReport"
            or reads_as_table(kind)
            or (b"AmazonEnvelope" not in begin and recognise_mws_answer(begin))
        )
    return recognise_spapi_answer(begin) or find_form(file, marketplace_of(marketplace_id).codec) is not None


def take_orders(
    found: Iterable[tuple[str, Told]], tell: Callable[[str, BadOrder | Remark], None]
) -> Iterator[tuple[str, Order]]:
    """Yield the orders with their files' names; `tell` is called with what else there is."""
    for name, one in found:
        if isinstance(one, Order):
            yield name, one
        else:
            tell(name, one)


def read_orders(files: Iterable[OrderFile], marketplace_id: str) -> Iterator[tuple[str, Told]]:
    """Yield the name of a file and an order in it, what cannot be taken, or what should be known of it.

    Orders that do not say their marketplace are of the one that is given. Answers of the Orders API are put together
    at the end, for an order's items may lie in another file than the order.
    """
    answers = Answers({}, {}, {}, [])
    for name, content in files:
        for one in _read_file(name, _read_as_utf8(content), marketplace_id, answers):
            yield name, _check_marketplace(one)
    for name, one in answers.put_together(marketplace_id):
        yield name, _check_marketplace(one)


def _read_file(name: str, file: BinaryIO, marketplace_id: str, answers: Answers) -> Iterator[Told]:
    begin = file.read(_HEAD)
    file.seek(0)
    plain = begin.removeprefix(codecs.BOM_UTF8).lstrip()
    other = next((what for mark, what in _NOT_ORDERS if plain[: len(mark)].lower() == mark.lower()), None)
    if other is not None:
        yield BadOrder("line 1", f"the file is {other}")
    elif plain.startswith(b"<"):
        yield from _read_xml(name, file, plain, marketplace_id, answers)
    elif recognise_spapi_answer(plain):
        yield from _read_answer(name, file, read_spapi_answer, answers)
    elif plain[:1] in (b"{", b""):
        yield from read_order_lines(file)
    else:
        yield from _read_table(file, plain, marketplace_id)


def _read_xml(name: str, file: BinaryIO, plain: bytes, marketplace_id: str, answers: Answers) -> Iterator[Told]:
    if b"AmazonEnvelope" not in plain and recognise_mws_answer(plain):
        yield from _read_answer(name, file, read_mws_answer, answers)
        return
    kind = _read_message_type(plain)
    if reads_as_table(kind):
        yield from read_xml_table(file, kind, marketplace_id)
        return
    if kind.startswith("Order") and kind != "OrderReport":
        yield BadOrder("line 1", f"the file is a feed of {kind} messages; an order report has OrderReport messages; "
                       f"`feedproc orders for {name}` makes orders that fit it")  # fmt: skip
        return
    yield from read_order_report(file, marketplace_id)


def _read_message_type(begin: bytes) -> str:
    return begin.partition(b"<MessageType>")[2].partition(b"</MessageType>")[0].strip().decode("ascii", "replace")


def _read_table(file: BinaryIO, plain: bytes, marketplace_id: str) -> Iterator[Told]:
    form = find_form(file, marketplace_of(marketplace_id).codec)
    if form is not None:
        yield from read_flat_orders(file, form, marketplace_id)
    elif b"order-id" in plain:
        why = "order-id stands in it, and no purchase-date, sku and quantity-purchased: it is no order report"
        yield BadOrder("line 1", f"{why}. Of a feed, `feedproc orders for` makes orders that fit it")
    elif _ORDER_ID.search(plain.partition(b"\n")[0]):
        yield BadOrder("line 1", f"{_NO_HEADINGS} What can be loaded is {_KNOWN}")
    elif plain.startswith(b"["):
        yield BadOrder("line 1", f"a list, and no orders in it. What can be loaded is {_KNOWN}")
    else:
        first = next(iter(read_order_lines(file)), None)
        detail = f" (as JSON: {first.problem})" if isinstance(first, BadOrder) else ""
        yield BadOrder("line 1", f"its content is not recognised{detail}. What can be loaded is {_KNOWN}")


def _read_answer(
    name: str, file: BinaryIO, read: Callable[[str, BinaryIO, Answers], None], answers: Answers
) -> Iterator[BadOrder]:
    size = file.seek(0, 2)
    file.seek(0)
    if size > MAX_ANSWER_BYTES:
        yield BadOrder("line 1", f"{size} bytes; one file of answers may have {MAX_ANSWER_BYTES}")
        return
    file.seek(len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0)
    read(name, file, answers)


def _read_as_utf8(file: IO[bytes]) -> BinaryIO:
    """Return a file as others read it; one that is so already as it is.

    One in UTF-16, as PowerShell writes what it redirects, is told in UTF-8; lines that end with carriage returns alone,
    as old programs for the Mac write them, end with line feeds.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(_WIDE):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        return _copy(file, lambda block: decoder.decode(block).replace("\r\n", "\n").encode("utf-8", "replace"))
    if b"\r" in head and b"\n" not in head:
        return _copy(file, lambda block: block.replace(b"\r", b"\n"))
    return cast("BinaryIO", file)


def _copy(file: IO[bytes], change: Callable[[bytes], bytes]) -> BinaryIO:
    copy = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - it goes with the last who reads it
    while block := file.read(_BLOCK):
        copy.write(change(block))
    copy.seek(0)
    return copy


def _check_marketplace(one: Told) -> Told:
    """Refuse an order of a marketplace that Amazon never had: its e-mails would be in the wrong language."""
    if not isinstance(one, Order) or not one.marketplace_id or one.marketplace_id in MARKETPLACES:
        return one
    known = ", ".join(MARKETPLACES)
    return BadOrder(one.amazon_order_id, f"marketplace_id {one.marketplace_id!r} is none; there are {known}")
