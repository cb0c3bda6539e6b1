"""What there is to tell of feeds and reports that ended and of orders that changed, as entries of the outbox."""

from collections.abc import Iterable
from datetime import datetime

from feedproc.feeds.report_request import ReportRequest
from feedproc.feeds.submission import FeedSubmission, SubmissionKind
from feedproc.feeds.subscription import NotificationType
from feedproc.orders.news import find_news
from feedproc.orders.order import Order
from feedproc.ports import Backend, OrderTeller, OutboxEntry, OutboxKind, Subscriptions


def make_end_entry(submission: FeedSubmission | ReportRequest) -> OutboxEntry:
    """Return what tells of the end of a feed or a report; the same however often the end is repeated."""
    is_feed = isinstance(submission, FeedSubmission) and submission.kind is SubmissionKind.FEED
    kind = OutboxKind.FEED_FINISHED if is_feed else OutboxKind.REPORT_FINISHED
    name = submission.request_id if isinstance(submission, ReportRequest) else submission.submission_id
    began = submission.started_at or submission.submitted_at
    return OutboxEntry(f"{submission.seller_id}/{name}/end", kind, submission.seller_id, name, at=began)


def choose_teller(
    subscriptions: Subscriptions, seller_id: str, at: datetime, submission_id: str = ""
) -> OrderTeller | None:
    """Return what tells of changes `at` a moment of a seller's orders; None when nobody asked to be told of them."""
    listed = subscriptions.list_subscriptions(seller_id)
    if not any(one.notification_type is NotificationType.ORDER_CHANGE for one in listed):
        return None

    def tell(before: Order | None, after: Order) -> OutboxEntry | None:
        news = find_news(before, after, at)
        if news is None:
            return None
        # The version that the store is about to give it: no two changes of an order have the same.
        version = after.version if before is None else before.version + 1
        name = f"{seller_id}/orders/{after.amazon_order_id}/{version}"
        return OutboxEntry(name, OutboxKind.ORDER_CHANGED, seller_id, submission_id, at=at, news=news)

    return tell


def load_and_tell(backend: Backend, seller_id: str, orders: Iterable[Order], at: datetime) -> int:
    """Put orders into the book as `Orders.load` does, and tell of those that are new or stand otherwise."""
    return backend.orders.load(seller_id, orders, choose_teller(backend.subscriptions, seller_id, at))
