"""What a flat file's template is made of, and what is said of a value that it does not take."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from feedproc.feeds.result_codes import INCOMPLETE, ReportText
from feedproc.feeds.saying import Saying, say

Hint = str | Saying | Callable[[], Saying | None] | None
"""What was probably meant, or what finds it out. That takes a while, and only people who look at a file are told."""
_KEEP = "This row for Amazon.com use only.  Do not modify or delete."
_KEEP_IN_JAPANESE = "この行はAmazonが使用しますので変更や削除しないでください。"


class Unfit(Exception):
    """A value, or a row, that its template does not take."""

    def __init__(
        self, reason: str | Saying, hint: Hint = None, verdict: ReportText = INCOMPLETE, column: str | None = None
    ) -> None:
        """Take why in plain words, what was probably meant, Amazon's verdict, and the column if it is not obvious.

        Words in which nothing is to be filled in may be given as they are in English.
        """
        self.reason = say(reason) if isinstance(reason, str) else reason
        self._hint = hint
        self.verdict = verdict
        self.column = column
        super().__init__(reason)

    @property
    def hint(self) -> Saying | None:
        """What was probably meant."""
        hint = self._hint() if callable(self._hint) else self._hint
        return say(hint) if isinstance(hint, str) else hint


class Column(Struct, frozen=True):
    """One column of a template."""

    name: str
    """Its heading, in small letters."""
    read: Callable[[str], Any]
    """Return what a cell's text, trimmed and not empty, means; raise `Unfit`."""
    is_required: bool = False
    """Each row needs a value, and the file needs the column."""
    may_be_empty: bool = False
    """The file needs the column, and a row may leave it empty all the same."""
    japanese: str = ""
    """Its heading in the Japanese template; empty for one that is not in it."""
    is_older: bool = False
    """Only older templates have it: it is read, and no longer given out."""


class RowName(Struct, frozen=True):
    """What a report names a row by, so that its sender finds it again."""

    field: str
    """Of a result, where it is kept."""
    column: str
    """In which it stands in a file; empty when the template has no such column."""
    heading: str
    """In a report in English."""
    japanese: str


def name_by_order(item: str = "") -> tuple[RowName, ...]:
    """Return what rows about orders are named by: the order, and the item that stands in the column `item`.

    The Japanese headings are those of the Japanese template; no Japanese report about orders was seen.
    """
    return (
        RowName("amazon_order_id", "order-id", "order-id", "注文番号"),
        RowName("order_item_code", item, "order-item-id", "注文商品番号"),
    )


def name_by_sku() -> tuple[RowName, ...]:
    """Return what rows about goods are named by."""
    return (RowName("sku", "sku", "sku", "SKU"),)


class Template(Struct, frozen=True):
    """One kind of flat file."""

    title: str
    """As Seller Central calls it, such as `Shipping Confirmation`."""
    columns: tuple[Column, ...]
    named_by: tuple[RowName, ...]
    """What the report names a row by."""
    feed_type: str = ""
    """As which it is sent."""
    kind: str = ""
    """What `TemplateType=` says in the first row, for those that have such a row."""
    version: str = ""
    """What `Version=` says beside it in English; empty when the English template has no such row."""
    japanese_version: str = ""
    """What it says in Japanese."""

    @property
    def names(self) -> tuple[str, ...]:
        """The headings, in the template's order."""
        return tuple(column.name for column in self.columns)

    def place(self, name: str) -> int:
        """Return at which place a column stands in the template."""
        return self.names.index(name)


def write_blank(template: Template, is_japanese: bool) -> str:
    """Return the empty file that people fill in, as Amazon lays it out: a Japanese one with headings in both languages.

    A template without Japanese headings has the English ones alone.
    """
    offered = [column for column in template.columns if not column.is_older]
    translated = [column for column in offered if column.japanese] if is_japanese else []
    version = template.japanese_version if is_japanese else template.version
    keep = _KEEP_IN_JAPANESE if is_japanese else _KEEP
    rows = [
        *([(f"TemplateType={template.kind}", f"Version={version}", keep)] if version else []),
        *([[column.japanese for column in translated]] if translated else []),
        [column.name for column in translated or offered],
    ]
    return "".join("\t".join(row) + "\r\n" for row in rows)
