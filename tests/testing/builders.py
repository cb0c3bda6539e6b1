"""A refund, submitted by a real client, in one line."""

from typing import Any

from feedproc.orders.order import Order
from feedproc.testing import Feedproc
from tests.clients.drivers import installed

ADJUSTMENT = "_POST_PAYMENT_ADJUSTMENT_DATA_"


def submit(feedproc: Feedproc, *orders: Order) -> str:
    """Refund orders, or a new one, by MWS; return the id of the feed."""
    installed("mws", "mws")
    feed = feedproc.write_refund(*orders or (feedproc.orders.add(shipped=True),))
    told: Any = feedproc.mws.client().submit_feed(feed, ADJUSTMENT).parsed
    return str(told.FeedSubmissionInfo.FeedSubmissionId)


def list_statuses(feedproc: Feedproc) -> list[str]:
    """The statuses of all feeds as a program is told them, newest first."""
    told: Any = feedproc.mws.client().get_feed_submission_list().parsed.get("FeedSubmissionInfo", [])
    return [str(one.FeedProcessingStatus) for one in (told if isinstance(told, list) else [told])]
