"""What a flat file's template is made of, and what is said of a value that it does not take."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from feedproc.feeds.saying import Saying, say
from feedproc.formats.flat.verdicts import INCOMPLETE, Verdict

Hint = str | Saying | Callable[[], Saying | None] | None
"""What was probably meant, or what finds it out. That takes a while, and only people who look at a file are told."""


class Unfit(Exception):
    """A value, or a row, that its template does not take."""

    def __init__(
        self, reason: str | Saying, hint: Hint = None, verdict: Verdict = INCOMPLETE, column: str | None = None
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


class Template(Struct, frozen=True):
    """One kind of flat file."""

    title: str
    """As Seller Central calls it, such as `Shipping Confirmation`."""
    columns: tuple[Column, ...]
    item: str = ""
    """The column that names the item, for the report."""
    feed_type: str = ""
    """As which it is sent."""
    kind: str = ""
    """What `TemplateType=` says in the first row, for those that have such a row."""

    @property
    def names(self) -> tuple[str, ...]:
        """The headings, in the template's order."""
        return tuple(column.name for column in self.columns)

    def place(self, name: str) -> int:
        """Return at which place a column stands in the template."""
        return self.names.index(name)
