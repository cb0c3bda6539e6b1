"""What MWS puts into a seller's queue when a feed or a report has ended (Subscriptions API, Notifications)."""

from datetime import datetime

from feedproc.feeds.report_request import read_request
from feedproc.feeds.submission import FeedSubmission, SubmissionKind
from feedproc.formats.characters import escape_text
from feedproc.mws.spelling import add_underscores, format_short_second

PAYLOAD_VERSION = "1.0"
_Fields = dict[str, str]


def write_end(unique_id: str, published_at: datetime, submission: FeedSubmission) -> str:
    """Return the notification that a feed, or a request for a report, has ended.

    A receiver tells repetitions by `unique_id`. The status stands between underscores, as in the notifications that
    clients were tested with.
    """
    if submission.kind is SubmissionKind.FEED:
        return _write("FeedProcessingFinished", unique_id, published_at, _describe_feed(submission))
    return _write("ReportProcessingFinished", unique_id, published_at, _describe_report(submission))


def _describe_feed(submission: FeedSubmission) -> _Fields:
    return {
        "SellerId": submission.seller_id,
        "FeedSubmissionId": submission.submission_id,
        "FeedType": add_underscores(submission.feed_type),
        "FeedProcessingStatus": add_underscores(submission.status),
    }


def _describe_report(submission: FeedSubmission) -> _Fields:
    request = read_request(submission)
    return {
        "SellerId": request.seller_id,
        "ReportRequestId": request.request_id,
        **({"ReportId": request.report_id} if request.report_id else {}),
        "ReportType": add_underscores(request.report_type),
        "ReportProcessingStatus": add_underscores(request.status),
    }


def _write(kind: str, unique_id: str, published_at: datetime, fields: _Fields) -> str:
    payload = "\n".join(f"      <{name}>{escape_text(value)}</{name}>" for name, value in fields.items())
    return f"""<Notification>
  <NotificationMetaData>
    <NotificationType>{kind}</NotificationType>
    <PayloadVersion>{PAYLOAD_VERSION}</PayloadVersion>
    <UniqueId>{escape_text(unique_id)}</UniqueId>
    <PublishTime>{format_short_second(published_at)}</PublishTime>
    <SellerId>{escape_text(fields["SellerId"])}</SellerId>
  </NotificationMetaData>
  <NotificationPayload>
    <{kind}Notification>
{payload}
    </{kind}Notification>
  </NotificationPayload>
</Notification>
"""
