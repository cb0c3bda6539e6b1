"""Feeds as a page writes them: what a person chose, as the XML or the rows that a seller's program would send."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from feedproc.formats.characters import drop_forbidden, escape_markup

LONGEST_MEMO = 250
"""Characters."""
_MEMO = re.compile(rb"<!-- seller-memo: (.*?) -->", re.DOTALL)
_MEMO_COLUMN = "seller-memo"


class Composed(Struct, frozen=True):
    """A feed that is ready to be submitted."""

    feed_type: str
    body: bytes
    content_type: str


def compose_xml(feed_type: str, merchant: str, message_type: str, bodies: Iterable[str], memo: str = "") -> Composed:
    """Return an envelope with a message for each body. The memo is a comment: it stays with the feed."""
    messages = "".join(
        f"  <Message>\n    <MessageID>{number}</MessageID>\n    {wrap(message_type, body)}\n  </Message>\n"
        for number, body in enumerate(bodies, 1)
    )
    note = f"  <!-- seller-memo: {_hide(memo)} -->\n" if memo else ""
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
  <Header>
    <DocumentVersion>1.01</DocumentVersion>
    <MerchantIdentifier>{as_text(merchant)}</MerchantIdentifier>
  </Header>
  <MessageType>{message_type}</MessageType>
{note}{messages}</AmazonEnvelope>
"""
    return Composed(feed_type, body.encode(), "text/xml; charset=UTF-8")


def compose_rows(feed_type: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Composed:
    """Return a tab-delimited feed in UTF-8. The memo, if there is one, stands in the column `seller-memo`."""
    text = "".join("\t".join(map(_as_cell, row)) + "\n" for row in (columns, *rows))
    return Composed(feed_type, text.encode(), "text/tab-separated-values; charset=UTF-8")


def read_memo(feed: bytes) -> str:
    """Return the seller's memo in the beginning of a feed that was composed; empty when there is none."""
    columns, _, rows = feed.partition(b"\n")
    names = columns.decode("utf-8", "replace").split("\t")
    if _MEMO_COLUMN in names:
        cells = rows.decode("utf-8", "replace").partition("\n")[0].split("\t")
        return cells[names.index(_MEMO_COLUMN)] if len(cells) == len(names) else ""
    found = _MEMO.search(feed)
    return _unhide(found[1].decode("utf-8", "replace")) if found else ""


class Markup(str):
    """Elements, as opposed to text that must be escaped."""

    __slots__ = ()


def make_element(name: str, *content: object) -> Markup:
    """Return an element of elements, or of text, which is escaped."""
    return wrap(name, "".join(part if isinstance(part, Markup) else as_text(part) for part in content))


def make_optional(name: str, text: str) -> Markup:
    """Return an element of a text; nothing for an empty one."""
    return make_element(name, text) if text else Markup()


def wrap(name: str, content: str) -> Markup:
    """Return an element around what is XML already."""
    return Markup(f"<{name}>{content}</{name}>")


def as_text(text: object) -> str:
    """Return a text as it stands in XML."""
    return escape_markup(drop_forbidden(str(text))).replace('"', "&quot;")


def _as_cell(text: str) -> str:
    """Return what can stand in one cell: tabs and line ends become blanks."""
    return " ".join(drop_forbidden(text).split())


def _hide(memo: str) -> str:
    """Return a text that can stand in a comment, where two hyphens cannot; `_unhide` gives it back."""
    return as_text(" ".join(memo.split())).replace("-", "&#45;")


def _unhide(text: str) -> str:
    for written, meant in (("&#45;", "-"), ("&quot;", '"'), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text
