"""What the filter of the order list asks for, read from the address."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from unicodedata import normalize
from urllib.parse import parse_qs, urlencode

from msgspec import Struct
from werkzeug.datastructures import MultiDict

from feedproc.console.request import RequestContext
from feedproc.orders.order import OrderStatus
from feedproc.ports import OrderFilter

_LONGEST = 100
_DASHES = re.compile("[‐‑‒–—―−ー]")
_LONGEST_PLACE = 1_000
_PARTS_OF_PLACE = ("q", "status", "from", "to", "after")
_T = TypeVar("_T")


class Asked(Struct, frozen=True, kw_only=True):
    """A filter as it was typed, and what it means."""

    which: OrderFilter
    query: str = ""
    """What to search for."""
    statuses: tuple[str, ...] = ()
    first_day: str = ""
    last_day: str = ""
    problems: tuple[str, ...] = ()
    """What cannot be understood, in the visitor's words."""

    @property
    def order_id(self) -> str:
        """What to search for, as an id: full-width digits and dashes are those of a Japanese keyboard."""
        return _DASHES.sub("-", normalize("NFKC", self.query))

    @property
    def parameters(self) -> dict[str, object]:
        """The filter without its place, to be asked again."""
        given = {"q": self.query, "status": list(self.statuses), "from": self.first_day, "to": self.last_day}
        return {name: value for name, value in given.items() if value}

    @property
    def place(self) -> str:
        """The filter and the page of the list, as `read_list_place` reads it."""
        after = {"after": following} if (following := format_place(self.which.after)) else {}
        return urlencode({**self.parameters, **after}, doseq=True)


def read_order_filter(context: RequestContext, among: Sequence[OrderStatus] = tuple(OrderStatus)) -> Asked:
    """Read the filter. What cannot be understood is no condition, and is named among the problems."""
    values, problems = context.request.args, list[str]()
    first = _read_day(context, values, "from", problems)
    last = _read_day(context, values, "to", problems)
    before = _find_next_day(last)
    if first and before and first >= before:
        problems.append(context.translate("orders.days_crossed"))
    statuses = _read_statuses(context, values, among, problems)
    chosen = () if len(statuses) == len(OrderStatus) else statuses
    which = OrderFilter(
        statuses=chosen,
        since=first,
        before=before,
        after=_try(lambda: parse_place(values.get("after", "")), context.translate("orders.bad_place"), problems),
    )
    return Asked(
        which=which,
        query=values.get("q", "").strip()[:_LONGEST],
        statuses=tuple(status.value for status in statuses),
        first_day=values.get("from", "")[:_LONGEST],
        last_day=values.get("to", "")[:_LONGEST],
        problems=tuple(problems),
    )


def read_list_place(context: RequestContext) -> dict[str, list[str]] | None:
    """Return where in the list of orders a form was opened, to go back there; None when it was opened elsewhere."""
    text = context.request.values.get("place")
    if text is None:
        return None
    given = parse_qs(text[:_LONGEST_PLACE], max_num_fields=len(OrderStatus) + len(_PARTS_OF_PLACE))
    return {name: given[name] for name in _PARTS_OF_PLACE if name in given}


def format_place(following: tuple[datetime, str] | None) -> str | None:
    """Return a place in the list as it stands in an address."""
    return f"{following[0].astimezone(UTC):%Y%m%dT%H%M%S%f}_{following[1]}" if following else None


def parse_place(text: str) -> tuple[datetime, str] | None:
    """Read a place from an address; an empty one is the beginning. Raises `ValueError`."""
    if not text:
        return None
    moment, _, amazon_order_id = text.partition("_")
    return datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), amazon_order_id[:_LONGEST]


def _find_next_day(day: datetime | None) -> datetime | None:
    """Return the first moment after a day."""
    try:
        return day + timedelta(days=1) if day else None
    except OverflowError:
        return None


def _read_day(context: RequestContext, values: MultiDict[str, str], name: str, problems: list[str]) -> datetime | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    return _try(
        lambda: context.formatting.parse_day(text), context.translate("orders.bad_day", given=text[:_LONGEST]), problems
    )


def _read_statuses(
    context: RequestContext, values: MultiDict[str, str], among: Sequence[OrderStatus], problems: list[str]
) -> tuple[OrderStatus, ...]:
    named = dict.fromkeys(values.getlist("status"))
    known = {status.value: status for status in among}
    problems += [context.translate("orders.bad_status", given=name[:_LONGEST]) for name in named if name not in known]
    return tuple(known[name] for name in named if name in known)


def _try(parse: Callable[[], _T], problem: str, problems: list[str]) -> _T | None:
    try:
        return parse()
    except (ValueError, OverflowError):
        problems.append(problem)
        return None
