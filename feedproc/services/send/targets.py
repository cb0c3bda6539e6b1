"""Which queues an entry of the outbox goes to, and what each of them is told."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from feedproc.feeds.submission import FeedSubmission
from feedproc.feeds.subscription import NotificationType, Subscription
from feedproc.orders.news import OrderNews
from feedproc.orders.order import Order
from feedproc.ports import Backend, OutboxEntry, OutboxKind, Seller

_TYPES = {
    OutboxKind.FEED_FINISHED: NotificationType.FEED_PROCESSING_FINISHED,
    OutboxKind.REPORT_FINISHED: NotificationType.REPORT_PROCESSING_FINISHED,
    OutboxKind.ORDER_CHANGED: NotificationType.ORDER_CHANGE,
}


class Occasion(Struct, frozen=True):
    """What happened: to a submission, to an order, or nothing, for a test."""

    seller: Seller
    submission: FeedSubmission | None = None
    order: Order | None = None
    """As it is now, for what of it does not change."""
    news: OrderNews | None = None


class Notice(Struct, frozen=True):
    """An event as one subscription is told of it."""

    notice_id: str
    """The same however often it is sent."""
    published_at: datetime
    subscription: Subscription
    event: Occasion


class QueueWriters(NamedTuple):
    """What puts into words what queues are told."""

    end: Callable[[str, datetime, FeedSubmission], str]
    """Returns what the queues of a seller are told of a feed or a report that has ended, as MWS tells it. It is given
    an id that is the same for the same notification, the time, and the submission."""
    notice: Callable[[Notice], str]
    """Returns what a subscription is told, as SP-API tells it."""
    is_known: Callable[[FeedSubmission], bool]
    """Says whether a seller's programs know of a submission; a confirmed shipment, for one, is no feed to them."""


class Target(NamedTuple):
    """A queue, and what it is told."""

    name: str
    """Tells it from the entry's other targets."""
    queue: str
    """Its address or ARN."""
    write: Callable[[str, datetime], str]
    """Returns the text, given an id and the time."""


class Gone(Exception):
    """What an entry is about is no longer there."""


def find_event(backend: Backend, entry: OutboxEntry) -> Occasion:
    """Return what an entry is about.

    Raises:
        Gone: it is no longer there.

    """
    seller = backend.sellers.get(entry.seller_id)
    if seller is None:
        raise Gone("the seller is gone")
    if entry.trial is not None:
        return Occasion(seller)
    if entry.news is not None:
        order = backend.orders.get(entry.seller_id, entry.news.amazon_order_id)
        if order is None:
            raise Gone("the order is gone")
        return Occasion(seller, order=order, news=entry.news)
    submission = backend.submissions.get(entry.seller_id, entry.submission_id)
    if submission is None:
        raise Gone("the submission is gone")
    return Occasion(seller, submission)


def list_targets(backend: Backend, writers: QueueWriters, entry: OutboxEntry, event: Occasion) -> list[Target]:
    """Return where an entry goes: to the queues of its seller, and to those of subscriptions."""
    targets: list[Target] = []
    submission = event.submission
    if submission is not None and not writers.is_known(submission):
        return targets
    if submission is not None:
        targets += [
            Target(queue, queue, lambda unique_id, at: writers.end(unique_id, at, submission))
            for queue in event.seller.destinations
        ]
    queues: dict[str, dict[str, str]] = {}
    for one in _list_subscriptions(backend, entry, event):
        if one.client_id not in queues:
            listed = backend.subscriptions.list_destinations(one.client_id)
            queues[one.client_id] = {destination.destination_id: destination.arn for destination in listed}
        queue = queues[one.client_id].get(one.destination_id)
        if queue is not None:
            targets.append(Target(one.subscription_id, queue, _make_writer(writers, one, event)))
    return targets


def _make_writer(writers: QueueWriters, subscription: Subscription, event: Occasion) -> Callable[[str, datetime], str]:
    return lambda unique_id, at: writers.notice(Notice(unique_id, at, subscription, event))


def _list_subscriptions(backend: Backend, entry: OutboxEntry, event: Occasion) -> Iterator[Subscription]:
    """Yield the subscriptions that an entry is for."""
    if entry.trial is not None:
        yield entry.trial
        return
    for one in backend.subscriptions.list_subscriptions(entry.seller_id):
        if one.notification_type is _TYPES[entry.kind] and _suits(one, event):
            yield one


def _suits(subscription: Subscription, event: Occasion) -> bool:
    asked = subscription.event_filter
    if asked is None or event.news is None or event.order is None:
        return True
    place = event.order.marketplace_id or event.seller.marketplace.marketplace_id
    is_wanted = not asked.order_change_types or event.news.kind in asked.order_change_types
    return is_wanted and (not asked.marketplace_ids or place in asked.marketplace_ids)
