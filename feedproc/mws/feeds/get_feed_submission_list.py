"""GetFeedSubmissionList, its next pages, and GetFeedSubmissionCount: the newest submissions that match."""

from msgspec import Struct
from msgspec.structs import replace

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.filters import MOST_IDS, read_filter, read_listed_ids
from feedproc.mws.feeds.refusals import NextTokenCorrupted
from feedproc.mws.feeds.submission_info import describe_submission
from feedproc.mws.next_token import seal, unseal
from feedproc.ports import Filter
from feedproc.services.read.submissions import list_submissions

DEFAULT_DAYS = 90
"""How far back a list reaches without SubmittedFromDate."""
DEFAULT_COUNT = 10
MOST_COUNT = 100
"""Submissions on a page."""


class RestOfList(Struct, frozen=True):
    """The rest of a list: which submissions, and how many a page."""

    which: Filter
    """With `before_counter` at the end of the page before."""
    size: int


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the submissions with the ids given, all on one page; or else the first page of those that match.

    Raises:
        SubmissionUnknown: an id is not this seller's.
        Refusal: any that the filters raise.

    """
    named = read_listed_ids(call.parameters)
    if named:
        return _answer_page(call, RestOfList(named, MOST_IDS))
    size = call.parameters.read_number("MaxCount", DEFAULT_COUNT, 1, MOST_COUNT)
    return _answer_page(call, RestOfList(read_filter(call.parameters, call.now, DEFAULT_DAYS), size))


def answer_next(call: MwsCall) -> MwsAnswer:
    """GetFeedSubmissionListByNextToken: tell the page that the token stands for, as large as the first call asked.

    Raises:
        MemberMissing: there is no token.
        NextTokenCorrupted: this seller was not given such a token.

    """
    rest = unseal(call.seller, call.parameters.require("NextToken"), RestOfList)
    if rest is None:
        raise NextTokenCorrupted
    return _answer_page(call, rest)


def answer_count(call: MwsCall) -> MwsAnswer:
    """GetFeedSubmissionCount: tell how many match; ids are no parameter of this action.

    Raises:
        Refusal: any that the filters raise.

    """
    which = read_filter(call.parameters, call.now, DEFAULT_DAYS)
    return call.answer(("Count", str(call.backend.submissions.count(call.seller.seller_id, which))))


def _answer_page(call: MwsCall, part: RestOfList) -> MwsAnswer:
    """Tell the first page of a part of a list, and the token for the next."""
    page = list_submissions(call.backend.submissions, call.seller.seller_id, part.which, part.size)
    infos = [describe_submission(one) for one in page.submissions]
    if not page.has_next:
        return call.answer(("HasNext", "false"), *infos)
    which = replace(part.which, before_counter=page.submissions[-1].counter)
    token = seal(call.seller, RestOfList(which, part.size))
    return call.answer(("NextToken", token), ("HasNext", "true"), *infos)
