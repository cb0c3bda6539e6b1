"""CancelFeedSubmissions: stop what no worker has begun."""

from msgspec.structs import replace

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.filters import read_filter, read_listed_ids
from feedproc.mws.feeds.submission_info import describe_submission
from feedproc.services.cancel import cancel

DEFAULT_DAYS = 180
"""How far back it reaches without SubmittedFromDate: twice as far as the list."""


def answer(call: MwsCall) -> MwsAnswer:
    """Cancel the submissions with the ids given, or else all that match; tell those that match, in any status.

    The count is of those told, at most 100, as real answers have it. A status is no parameter of this action.
    Raises `SubmissionUnknown`, and what the filters raise.
    """
    which = read_listed_ids(call.parameters) or replace(
        read_filter(call.parameters, call.now, DEFAULT_DAYS), statuses=()
    )
    cancelled = cancel(call.backend.submissions, call.seller.seller_id, which, call.now)
    return call.answer(("Count", str(len(cancelled))), *map(describe_submission, cancelled))
