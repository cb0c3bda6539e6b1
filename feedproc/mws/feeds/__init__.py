"""The section Feeds: feeds in, processing reports out. One module an action, named for it."""

from datetime import timedelta

from feedproc.mws import service_status
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.feeds import (
    cancel_feed_submissions,
    get_feed_submission_list,
    get_feed_submission_result,
    submit_feed,
)
from feedproc.mws.feeds.errors import FEEDS_ERRORS
from feedproc.mws.responses import NAMESPACE
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota

FEEDS = Section(
    name="Feeds",
    version="2009-01-01",
    namespace=NAMESPACE,
    errors={**GATEWAY_ERRORS, **FEEDS_ERRORS},
    actions={
        "SubmitFeed": Action(submit_feed.answer, Quota(15, timedelta(minutes=2), 30), is_relayed=True),
        "GetFeedSubmissionList": Action(get_feed_submission_list.answer, Quota(10, timedelta(seconds=45), 80)),
        "GetFeedSubmissionListByNextToken": Action(
            get_feed_submission_list.answer_next, Quota(30, timedelta(seconds=2), 1800)
        ),
        "GetFeedSubmissionCount": Action(get_feed_submission_list.answer_count, Quota(10, timedelta(seconds=45), 80)),
        "CancelFeedSubmissions": Action(cancel_feed_submissions.answer, Quota(10, timedelta(seconds=45), 80)),
        "GetFeedSubmissionResult": Action(
            get_feed_submission_result.answer, Quota(15, timedelta(minutes=1), 60), is_relayed=True
        ),
        "GetServiceStatus": Action(service_status.answer, Quota(2, timedelta(minutes=5), 12)),
    },
)
"""Quotas as each action's page in the Feeds reference states them; GetServiceStatus as in the other sections."""
