"""Write a letter: what an order tells is taken out of it, and fills a template."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice
from feedproc.letters.plain import (
    write_english_amount,
    write_english_day,
    write_japanese_amount,
    write_japanese_day,
    write_line,
)
from feedproc.orders.correcting import show_corrected, show_first
from feedproc.orders.money import ZERO, sum_amounts
from feedproc.orders.order import Event, Order, Package, Refund

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


class Line(Struct, frozen=True):
    """Units of an item."""

    title: str
    quantity: int | None
    """None when nobody said how many."""
    amount: Decimal = ZERO
    """Paid back for them through Amazon."""


class Facts(Struct, frozen=True, kw_only=True):
    """What the templates print."""

    order_id: str
    name: str
    lines: Sequence[Line]
    package: Package | None = None
    total: Decimal = ZERO
    """Paid back through Amazon."""
    direct: Decimal = ZERO
    """Paid back past Amazon, from seller to buyer."""
    currency: str


def gather_facts(order: Order, notice: BuyerNotice) -> Facts:
    """Return what there is to tell. An order that was replaced since may leave little of it."""
    name = order.buyer.name or order.ship_to.name
    facts = Facts(order_id=order.amazon_order_id, name=name, lines=(), currency=order.currency)
    titles = {item.order_item_code: item.title or item.sku for item in order.items}
    return _OF[notice.kind](facts, order, titles, slice(notice.since, notice.until or None))


def _list_cancelled(facts: Facts, order: Order, titles: Mapping[str, str], new: slice) -> Facts:
    """Tell the new cancellations; those of one moment count in the order of their items."""
    of_items = [(one, titles[item.order_item_code]) for item in order.items for one in item.cancellations]
    by_time = sorted(of_items, key=lambda pair: pair[0].at)
    return replace(facts, lines=[Line(title, one.quantity) for one, title in by_time[new]])


def _list_shipped(facts: Facts, order: Order, titles: Mapping[str, str], new: slice) -> Facts:
    """Tell packages as they were confirmed: that they were corrected since is told by itself."""
    packages = [show_first(order, place) for place in range(len(order.packages))[new]]
    return replace(facts, lines=_list_packed(packages, titles), package=packages[-1] if packages else None)


def _list_redirected(facts: Facts, order: Order, titles: Mapping[str, str], new: slice) -> Facts:
    packages = [show_corrected(order, number) for number in range(len(order.corrections))[new]]
    return replace(facts, lines=_list_packed(packages, titles), package=packages[-1] if packages else None)


def _list_packed(packages: Sequence[Package], titles: Mapping[str, str]) -> list[Line]:
    return [
        Line(titles.get(one.order_item_code, one.order_item_code), one.quantity)
        for package in packages
        for one in package.items
    ]


def _list_refunded(facts: Facts, order: Order, titles: Mapping[str, str], new: slice) -> Facts:
    refunds = order.refunds[new]
    return replace(
        facts,
        lines=[
            Line(titles.get(one.order_item_code, one.order_item_code), one.quantity, _sum_up(one)) for one in refunds
        ],
        total=sum(map(_sum_up, refunds), ZERO),
        direct=sum((sum_amounts(one.direct_payments) for one in refunds), ZERO),
    )


def _sum_up(refund: Refund) -> Decimal:
    return sum_amounts(refund.amounts) + sum_amounts(refund.promotions)


_OF = {
    Event.CANCELLED: _list_cancelled,
    Event.SHIPPED: _list_shipped,
    Event.REDIRECTED: _list_redirected,
    Event.REFUNDED: _list_refunded,
}
