"""What a type of report is: which orders it tells, and how.

Each type stands in a module of its own in the room `reporttypes`, as `REPORT_TYPE`, and is found there by listing. So a
new type is one file.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from feedproc.feeds.marketplaces import Marketplace
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.feeds.submission import ReportAsk
from feedproc.ports import OrderFilter
from feedproc.services.read.order_view import OrderView


class ReportScope(Struct, frozen=True, kw_only=True):
    """What one report is made for."""

    marketplace: Marketplace
    """Whose language, encoding and clock the report has."""
    marketplace_ids: tuple[str, ...]
    """Whose orders it tells; empty for all."""
    merchant_token: str
    extras: tuple[ReportExtra, ...] = ()
    """Columns that the seller's flat reports have besides."""
    asked: ReportAsk
    now: datetime
    """When it was begun; the same however often it is taken up again."""


Teller = Callable[[OrderView, int], str]
"""Writes one order with its number in the report, from 1; empty when there is nothing to tell of it."""


class Layout(Struct, frozen=True, kw_only=True):
    """How a report is written. The parts follow each other without anything between them."""

    begin: Callable[[ReportScope], str]
    make_teller: Callable[[ReportScope], Teller]
    end: str = ""
    encode: Callable[[str, ReportScope], bytes]
    name_content_type: Callable[[Marketplace], str]
    """Return what a report for sellers of a marketplace is sent as: `text/plain;charset=windows-31j`."""


class ReportType(Struct, frozen=True, kw_only=True):
    """One type of report."""

    name: str
    """As MWS calls it, without the underscores around it."""
    aliases: tuple[str, ...] = ()
    """How SP-API calls it, when that is another name."""
    select: Callable[[ReportScope], OrderFilter]
    """Return which orders are read, and in which order."""
    suits: Callable[[OrderView, ReportScope], bool]
    """Say whether one of them is told."""
    layout: Layout
    is_requestable: bool = True
    is_schedulable: bool = True
    has_dates: bool = True
    """Start and end bound it; else they are told back, and mean nothing."""
    longest: timedelta | None = None
    """How far back it reaches at the most."""
    rivals: str = ""
    """Of types with the same word here a seller has one schedule at a time."""


class ReportTypes:
    """The types of reports that there are, by each of their names."""

    def __init__(self, types: Iterable[ReportType]) -> None:
        """Keep them."""
        self.types: Mapping[str, ReportType] = {one.name: one for one in types}
        self._by_name = {name: one for one in self.types.values() for name in (one.name, *one.aliases)}

    def find(self, name: str) -> ReportType | None:
        """Return the type that MWS or SP-API calls so, without underscores around it."""
        return self._by_name.get(name)

    def list_rivals(self, report_type: ReportType) -> tuple[str, ...]:
        """Return the names of other types whose schedules end when this one's begins."""
        if not report_type.rivals:
            return ()
        others = (one for one in self.types.values() if one.rivals == report_type.rivals)
        return tuple(one.name for one in others if one.name != report_type.name)
