"""GetFeedSubmissionList: the newest submissions that match, a page of them."""

from feedproc.mws.call import Answer, Call
from feedproc.mws.filters import MOST_IDS, identified, matching
from feedproc.mws.next_token import Continuation
from feedproc.mws.pages import answer_page

DEFAULT_DAYS = 90
"""How far back a list reaches without SubmittedFromDate."""
DEFAULT_COUNT = 10
MOST_COUNT = 100
"""Submissions on a page."""


def answer(call: Call) -> Answer:
    """Tell the submissions with the ids given, all on one page; or else the first page of those that match.

    Raises `SubmissionUnknown`, and what the filters raise.
    """
    named = identified(call.parameters)
    if named:
        return answer_page(call, Continuation(named, MOST_IDS))
    size = call.parameters.integer("MaxCount", DEFAULT_COUNT, 1, MOST_COUNT)
    return answer_page(call, Continuation(matching(call.parameters, call.now, DEFAULT_DAYS), size))
