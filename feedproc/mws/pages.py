"""A page of a list of submissions, and the token for the next."""

from msgspec.structs import replace

from feedproc.mws import responses
from feedproc.mws.call import Answer, Call
from feedproc.mws.next_token import Continuation, seal
from feedproc.services.read.submissions import list_submissions


def answer_page(call: Call, part: Continuation) -> Answer:
    """Tell the first page of a part of a list. Raises `SubmissionUnknown`."""
    page = list_submissions(call.backend.submissions, call.seller.seller_id, part.which, part.size)
    infos = [responses.submission_info(one) for one in page.submissions]
    if not page.has_next:
        return call.answered(("HasNext", "false"), *infos)
    which = replace(part.which, before_counter=page.submissions[-1].counter)
    token = seal(call.seller, Continuation(which, part.size))
    return call.answered(("NextToken", token), ("HasNext", "true"), *infos)
