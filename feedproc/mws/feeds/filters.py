"""Which submissions a request means."""

import re
from datetime import datetime, timedelta

from feedproc.feeds.submission import ProcessingStatus
from feedproc.mws import spelling
from feedproc.mws.feeds.refusals import IdentifierInvalid
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.ports import Filter

MOST_IDS = 100
"""Ids that one request may name (Feeds reference, GetFeedSubmissionList)."""
_ID = re.compile("[0-9]{1,20}")
_LIST_FORM = re.compile(r"FeedSubmissionIdList\.Id(\.[0-9]{1,9})?")
_STATUSES = {spelling.add_underscores(one): one for one in ProcessingStatus}


def read_listed_ids(parameters: Parameters) -> Filter | None:
    """Return the filter of `FeedSubmissionIdList`, which overrides all others; None when no id was given.

    Raises `ParameterInvalid` for more than `MOST_IDS`, for an id that is empty and for a list in another form, which
    would otherwise mean every feed; `IdentifierInvalid` for an id that is not a number.
    """
    _require_list_form(parameters)
    ids = tuple(read_submission_id(one) for one in parameters.list_values("FeedSubmissionIdList.Id"))
    if len(ids) > MOST_IDS:
        raise ParameterInvalid(f"FeedSubmissionIdList may name at most {MOST_IDS} submissions")
    return Filter(submission_ids=tuple(dict.fromkeys(ids))) if ids else None


def _require_list_form(parameters: Parameters) -> None:
    for name, value in parameters.pairs:
        if not name.startswith("FeedSubmissionIdList"):
            continue
        if not _LIST_FORM.fullmatch(name):
            raise ParameterInvalid(
                f"{name} is not understood; ids are given as FeedSubmissionIdList.Id.1, .2 and so on"
            )
        if not value.strip():
            raise ParameterInvalid(f"{name} is empty; it must be the id of a feed submission")


def read_filter(parameters: Parameters, now: datetime, default_days: int) -> Filter:
    """Return the filter of feed types, statuses and dates; it reaches back `default_days` when no date says otherwise.

    Raises `ParameterInvalid` for a type or status that cannot be one, `DateMalformed`.
    """
    return Filter(
        feed_types=_read_feed_types(parameters),
        statuses=_read_statuses(parameters),
        submitted_from=parameters.read_time("SubmittedFromDate") or now - timedelta(days=default_days),
        submitted_to=_include_second(parameters.read_time("SubmittedToDate")),
    )


def read_submission_id(spelled: str) -> str:
    """Return the id without blanks around it. Raises `IdentifierInvalid` when it is not made of digits."""
    stripped = spelled.strip()
    if not _ID.fullmatch(stripped):
        raise IdentifierInvalid(spelled)
    return stripped


def _read_feed_types(parameters: Parameters) -> tuple[str, ...]:
    names = []
    for spelled in parameters.list_values("FeedTypeList.Type"):
        name = spelling.strip_underscores(spelled)
        if name is None:
            raise ParameterInvalid(f"{spelled} is not a feed type")
        names.append(name)
    return tuple(names)


def _read_statuses(parameters: Parameters) -> tuple[ProcessingStatus, ...]:
    found = []
    for spelled in parameters.list_values("FeedProcessingStatusList.Status"):
        status = _STATUSES.get(spelled)
        if status is None:
            raise ParameterInvalid(f"{spelled} is not a feed processing status")
        found.append(status)
    return tuple(found)


def _include_second(at: datetime | None) -> datetime | None:
    # Answers tell times in whole seconds; a limit taken from an answer must include what it was taken from.
    return at.replace(microsecond=999_999) if at and not at.microsecond else at
