"""What requests of the section Reports have in common: types, ids, times, and what is told of a report."""

import re
from datetime import datetime

from feedproc.mws import spelling
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.services.reports.requests import FEED_SUMMARY

DEFAULT_DAYS = 90
"""How far back lists reach, and how long reports are kept."""
DEFAULT_COUNT = 10
MOST_COUNT = 100
"""Entries on a page, and ids that one request may name."""
_ID = re.compile("[0-9]{1,20}")


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
