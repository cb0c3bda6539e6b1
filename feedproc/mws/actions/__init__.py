"""One module per action of the protocol, named for it; each answers with `answer(call)`."""

from collections.abc import Callable, Mapping

from feedproc.mws.actions import (
    cancel_feed_submissions,
    get_feed_submission_count,
    get_feed_submission_list,
    get_feed_submission_list_by_next_token,
    get_feed_submission_result,
    get_service_status,
    submit_feed,
)
from feedproc.mws.call import MwsAnswer, MwsCall

ACTIONS: Mapping[str, Callable[[MwsCall], MwsAnswer]] = {
    "SubmitFeed": submit_feed.answer,
    "GetFeedSubmissionList": get_feed_submission_list.answer,
    "GetFeedSubmissionListByNextToken": get_feed_submission_list_by_next_token.answer,
    "GetFeedSubmissionCount": get_feed_submission_count.answer,
    "CancelFeedSubmissions": cancel_feed_submissions.answer,
    "GetFeedSubmissionResult": get_feed_submission_result.answer,
    "GetServiceStatus": get_service_status.answer,
}
"""By the exact value of the parameter Action."""
