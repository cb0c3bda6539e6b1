"""The FeedProcessingFinished notification of MWS, as it lies in a seller's queue (Subscriptions API, Notifications)."""

import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from feedproc.feeds.submission import FeedSubmission

PAYLOAD_VERSION = "1.0"
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def write_feed_finished(unique_id: str, published_at: datetime, submission: FeedSubmission) -> str:
    """Return the notification that a feed is done or cancelled. A receiver tells repetitions by `unique_id`.

    The status stands between underscores, as in the notifications that clients were tested with.
    """
    return f"""<Notification>
  <NotificationMetaData>
    <NotificationType>FeedProcessingFinished</NotificationType>
    <PayloadVersion>{PAYLOAD_VERSION}</PayloadVersion>
    <UniqueId>{_escape(unique_id)}</UniqueId>
    <PublishTime>{published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</PublishTime>
    <SellerId>{_escape(submission.seller_id)}</SellerId>
  </NotificationMetaData>
  <NotificationPayload>
    <FeedProcessingFinishedNotification>
      <SellerId>{_escape(submission.seller_id)}</SellerId>
      <FeedSubmissionId>{_escape(submission.submission_id)}</FeedSubmissionId>
      <FeedType>_{_escape(submission.feed_type)}_</FeedType>
      <FeedProcessingStatus>_{_escape(submission.status)}_</FeedProcessingStatus>
    </FeedProcessingFinishedNotification>
  </NotificationPayload>
</Notification>
"""


def _escape(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value))
