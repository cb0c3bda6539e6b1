"""A page of a list of submissions, and the token for the next."""

from msgspec.structs import replace

from feedproc.mws import responses
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.next_token import RestOfList, seal
from feedproc.services.read.submissions import list_submissions


def answer_page(call: MwsCall, part: RestOfList) -> MwsAnswer:
    """Tell the first page of a part of a list. Raises `SubmissionUnknown`."""
    page = list_submissions(call.backend.submissions, call.seller.seller_id, part.which, part.size)
    infos = [responses.describe_submission(one) for one in page.submissions]
    if not page.has_next:
        return call.answer(("HasNext", "false"), *infos)
    which = replace(part.which, before_counter=page.submissions[-1].counter)
    token = seal(call.seller, RestOfList(which, part.size))
    return call.answer(("NextToken", token), ("HasNext", "true"), *infos)
