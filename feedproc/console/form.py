"""What a person typed into a form: read, and what cannot be read named in words."""

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

from feedproc.console.request import RequestContext

_UNITS = re.compile(r"\d{1,18}", re.ASCII)
_AMOUNT = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?", re.ASCII)
"""With commas between thousands or without; a comma elsewhere may be meant as a point."""
_LONGEST_SHOWN = 20
"""Characters of a wrong value that are shown again."""


class Form:
    """The fields of one form. A field that cannot be read counts as empty, and is among the problems."""

    def __init__(self, context: RequestContext) -> None:
        """Read the form of a context."""
        self._context = context
        self._form = context.request.form
        self.problems: dict[str, str] = {}
        """By field."""

    def get_typed(self, name: str, otherwise: str = "") -> str:
        """Return a field as it was typed, to show it again."""
        return str(self._form.get(name, otherwise))

    def read_text(self, name: str, longest: int) -> str:
        """Return a text in one line."""
        text = " ".join(self._form.get(name, "").split())
        if len(text) > longest:
            self.add_problem(name, "entry.too_long", longest=longest)
            return ""
        return text

    def read_choice(self, name: str, among: Collection[str]) -> str:
        """Return what was chosen; a choice must be made."""
        chosen = self._form.get(name, "")
        if chosen not in among:
            self.add_problem(name, "entry.choose")
            return ""
        return chosen

    def read_units(self, name: str) -> int:
        """Return a number of units; 0 for an empty field."""
        text = _normalise(self._form.get(name, ""))
        if text and not _UNITS.fullmatch(text):
            self.add_problem(name, "entry.no_units", given=text[:_LONGEST_SHOWN])
            return 0
        return int(text or 0)

    def read_amount(self, name: str) -> Decimal | None:
        """Return an amount with at most two decimals; None for an empty field."""
        text = _normalise(self._form.get(name, ""))
        if text and not _AMOUNT.fullmatch(text):
            self.add_problem(name, "entry.no_amount", given=text[:_LONGEST_SHOWN])
            return None
        return Decimal(text.replace(",", "")) if text else None

    def read_moment(self, name: str, otherwise: datetime) -> datetime:
        """Return a day and time as the clock on the page's wall shows it."""
        text = self._form.get(name, "").strip()
        try:
            return self._context.formatting.parse_moment(text) if text else otherwise
        except (ValueError, OverflowError):
            self.add_problem(name, "entry.no_moment", given=text[:_LONGEST_SHOWN])
            return otherwise

    def add_problem(self, name: str, key: str, **fields: object) -> None:
        """Note what is wrong with a field."""
        self.problems[name] = self._context.translate(key, **fields)


def _normalise(text: str) -> str:
    """Return a number as it was meant: Japanese keyboards give full-width digits."""
    return normalize("NFKC", text).strip()
