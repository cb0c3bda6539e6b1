"""What a person typed into a form: read, and what cannot be read named in words."""

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

import msgspec
from msgspec import Struct
from werkzeug.datastructures import MultiDict

from feedproc.console.request import RequestContext

_UNITS = re.compile(r"\d{1,18}", re.ASCII)
_AMOUNT = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?", re.ASCII)
"""With commas between thousands or without; a comma elsewhere may be meant as a point."""
_PURPOSE = "form"
_NOT_TYPED = frozenset({"token", "form_id", "place"})
_LONGEST_FILLED = 4_000
"""Characters in an address."""
_LONGEST_SHOWN = 20
"""Characters of a wrong value that are shown again."""


class Form:
    """The fields of one form. A field that cannot be read counts as empty, and is among the problems."""

    def __init__(self, context: RequestContext) -> None:
        """Read the form of a context."""
        self._context = context
        self._form = context.request.form or _read_filled(context)
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


def keep_filled(context: RequestContext, page: str) -> str | None:
    """Return what was typed into a form, sealed for an address, so that `page` can show it again; None when too long.

    A feed can be refused although its form was in order. Then what was typed need not be typed anew.
    """
    fields = {
        name: values
        for name in context.request.form
        if name not in _NOT_TYPED and any(values := context.request.form.getlist(name))
    }
    for left_out in (frozenset[str](), frozenset({"order"})):
        kept = {name: values for name, values in fields.items() if name not in left_out}
        sealed = context.deps.seal.seal(_PURPOSE, msgspec.to_builtins(_Filled(context.seller.seller_id, page, kept)))
        if len(sealed) <= _LONGEST_FILLED:
            return sealed
    return None


def find_page_to_mend(context: RequestContext) -> str | None:
    """Return the page whose filled form the address carries; None when it carries none."""
    kept = _unseal(context)
    return kept.page if kept else None


def list_kept_orders(context: RequestContext) -> list[str]:
    """Return the orders that the filled form of the address was about; none where they were too many to keep."""
    kept = _unseal(context)
    return kept.fields.get("order", []) if kept else []


class _Filled(Struct, frozen=True):
    seller_id: str
    page: str
    fields: dict[str, list[str]]


def _read_filled(context: RequestContext) -> MultiDict[str, str]:
    kept = _unseal(context)
    return MultiDict(kept.fields if kept else {})


def _unseal(context: RequestContext) -> _Filled | None:
    """Return what the address carries, if this console sealed it for the seller."""
    try:
        kept = msgspec.convert(context.deps.seal.unseal(_PURPOSE, context.request.args.get("filled", "")), _Filled)
    except ValueError:
        return None
    return kept if context.signed_in and kept.seller_id == context.signed_in.seller_id else None


def _normalise(text: str) -> str:
    """Return a number as it was meant: Japanese keyboards give full-width digits."""
    return normalize("NFKC", text).strip()
