"""What requests of the section Reports have in common: types, ids, times, pages of lists, what is told of a report."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from feedproc.mws import spelling
from feedproc.mws.call import MwsCall
from feedproc.mws.next_token import open_token, seal
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.services.reports.requests import FEED_SUMMARY, ReportFilter

DEFAULT_DAYS = 90
"""How far back lists reach, and how long reports are kept."""
DEFAULT_COUNT = 10
MOST_COUNT = 100
"""Entries on a page, and ids that one request may name."""
_ID = re.compile("[0-9]{1,20}")


class RestOfReports(Struct, frozen=True):
    """The rest of a list: which, and how many a page. Each list has its own kind, so that its tokens fit no other."""

    which: ReportFilter
    size: int


_Rest = TypeVar("_Rest", bound=RestOfReports)


def read_part(call: MwsCall, kind: type[_Rest], read_filter: Callable[[MwsCall], ReportFilter]) -> _Rest:
    """Return which entries of a list are asked for: those of the requests that are named, or else the first page.

    Raises:
        ParameterInvalid: a parameter has a value that it cannot have.

    """
    ids = read_ids(call.parameters, "ReportRequestIdList")
    if ids:
        return kind(ReportFilter(request_ids=ids), MOST_COUNT)
    size = call.parameters.read_number("MaxCount", DEFAULT_COUNT, 1, MOST_COUNT)
    return kind(read_filter(call), size)


def read_next_part(call: MwsCall, kind: type[_Rest]) -> _Rest:
    """Return the page that the call's NextToken stands for.

    Raises:
        MemberMissing: there is no token.
        NextTokenUnreadable: this seller was not given such a token.

    """
    return open_token(call.seller, call.parameters.require("NextToken"), kind)


def seal_following(call: MwsCall, part: RestOfReports, counter: int) -> str:
    """Return the token of the page behind this one, which ended with the entry of that counter."""
    return seal(call.seller, replace(part, which=replace(part.which, before_counter=counter)))


def read_ids(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the ids of a list. Raises `ParameterInvalid` for more than `MOST_COUNT`, or for what can be no id."""
    ids = tuple(one.strip() for one in parameters.list_values(f"{name}.Id"))
    if len(ids) > MOST_COUNT:
        raise ParameterInvalid(f"{name} may name at most {MOST_COUNT} ids")
    for one in ids:
        if not _ID.fullmatch(one):
            raise ParameterInvalid(f"{one} in {name} is not a number")
    return ids


def read_report_type(spelled: str) -> str:
    """Return the name of a type without the underscores around it. Raises `ParameterInvalid`."""
    if spelled == FEED_SUMMARY:
        return spelled
    name = spelling.strip_underscores(spelled)
    if name is None:
        raise ParameterInvalid(f"{spelled} is not a report type")
    return name


def read_report_types(parameters: Parameters) -> tuple[str, ...]:
    """Return the types that a list is bounded to. Raises `ParameterInvalid`."""
    return tuple(read_report_type(one) for one in parameters.list_values("ReportTypeList.Type"))


def spell_report_type(name: str) -> str:
    """Return a type as answers tell it: with underscores around it, but for that of feeds' reports."""
    return name if name == FEED_SUMMARY else spelling.add_underscores(name)


def include_second(at: datetime | None) -> datetime | None:
    """Return the end of the second that a limit names: answers tell whole seconds, and limits are taken from them."""
    return at.replace(microsecond=999_999) if at and not at.microsecond else at


def spell_flag(flag: bool) -> str:
    """Write a truth."""
    return "true" if flag else "false"
