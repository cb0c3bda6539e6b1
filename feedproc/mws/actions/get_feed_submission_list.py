"""GetFeedSubmissionList: the newest submissions that match, a page of them."""

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.filters import MOST_IDS, read_filter, read_listed_ids
from feedproc.mws.next_token import RestOfList
from feedproc.mws.pages import answer_page

DEFAULT_DAYS = 90
"""How far back a list reaches without SubmittedFromDate."""
DEFAULT_COUNT = 10
MOST_COUNT = 100
"""Submissions on a page."""


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the submissions with the ids given, all on one page; or else the first page of those that match.

    Raises `SubmissionUnknown`, and what the filters raise.
    """
    named = read_listed_ids(call.parameters)
    if named:
        return answer_page(call, RestOfList(named, MOST_IDS))
    size = call.parameters.read_number("MaxCount", DEFAULT_COUNT, 1, MOST_COUNT)
    return answer_page(call, RestOfList(read_filter(call.parameters, call.now, DEFAULT_DAYS), size))
