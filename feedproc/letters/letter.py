"""Write a letter: a template, filled with what an order tells."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from feedproc.feeds.effects import BuyerNotice
from feedproc.letters.facts import gather_facts
from feedproc.letters.plain import (
    write_english_amount,
    write_english_day,
    write_japanese_amount,
    write_japanese_day,
    write_line,
)
from feedproc.orders.order import Order

_FOLDER = Path(__file__).parent / "templates"
_FILTERS = {
    "en": {"amount": write_english_amount, "day": write_english_day},
    "ja": {"amount": write_japanese_amount, "day": write_japanese_day},
}
LANGUAGES = tuple(_FILTERS)
"""Those that there are templates in, as ISO 639 names them."""


class Letter(NamedTuple):
    """An e-mail without its addresses."""

    subject: str
    """One line."""
    text: str


def write_letter(order: Order, notice: BuyerNotice, language: str) -> Letter:
    """Write what the buyer of an order is told. Raises `KeyError` for an unknown kind of notice or language."""
    facts = gather_facts(order, notice)
    text = _get_template(language, notice.kind).render(facts=facts)
    subject, _, body = text.partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")


@cache
def _get_template(language: str, kind: str) -> Template:
    return _get_environment(language).get_template(f"{kind}.txt")


@cache
def _get_environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / language),
        autoescape=False,  # noqa: S701 - plain text, in which a name with an ampersand stays what it is
        finalize=_print_value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = _FILTERS[language]
    environment.filters.update(filters)
    return environment


def _print_value(value: object) -> str:
    """Return what stands in the text for a value: whatever a template prints passes through here."""
    return write_line(value)
