"""GetFeedSubmissionCount: how many submissions match."""

from feedproc.mws.actions.get_feed_submission_list import DEFAULT_DAYS
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.filters import read_filter


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the number; ids are no parameter of this action. Raises what the filters raise."""
    which = read_filter(call.parameters, call.now, DEFAULT_DAYS)
    count = call.backend.submissions.count(call.seller.seller_id, which)
    return call.answer(("Count", str(count)))
