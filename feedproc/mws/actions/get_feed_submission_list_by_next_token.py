"""GetFeedSubmissionListByNextToken: the next page of a list."""

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.next_token import unseal
from feedproc.mws.pages import answer_page


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the page that the token stands for, of the size that the first call had.

    Raises `MemberMissing` without a token, `NextTokenCorrupted` for one that this seller was not given.
    """
    return answer_page(call, unseal(call.seller, call.parameters.require("NextToken")))
