"""GetFeedSubmissionCount: how many submissions match."""

from feedproc.mws.actions.get_feed_submission_list import DEFAULT_DAYS
from feedproc.mws.call import Answer, Call
from feedproc.mws.filters import matching


def answer(call: Call) -> Answer:
    """Tell the number; ids are no parameter of this action. Raises what the filters raise."""
    which = matching(call.parameters, call.now, DEFAULT_DAYS)
    count = call.backend.submissions.count(call.seller.seller_id, which)
    return call.answered(("Count", str(count)))
