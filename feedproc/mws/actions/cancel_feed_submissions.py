"""CancelFeedSubmissions: stop what no worker has begun."""

from msgspec.structs import replace

from feedproc.mws import responses
from feedproc.mws.call import Answer, Call
from feedproc.mws.filters import identified, matching
from feedproc.services.cancel import cancel

DEFAULT_DAYS = 180
"""How far back it reaches without SubmittedFromDate: twice as far as the list."""


def answer(call: Call) -> Answer:
    """Cancel the submissions with the ids given, or else all that match; tell those that match, in any status.

    The count is of those told, at most 100, as real answers have it. A status is no parameter of this action.
    Raises `SubmissionUnknown`, and what the filters raise.
    """
    which = identified(call.parameters) or replace(matching(call.parameters, call.now, DEFAULT_DAYS), statuses=())
    told = cancel(call.backend.submissions, call.seller.seller_id, which, call.now)
    return call.answered(("Count", str(len(told))), *map(responses.submission_info, told))
