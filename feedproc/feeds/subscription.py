"""Where an application's notifications go, and which of them it asked for (Notifications API v1)."""

from enum import StrEnum

from msgspec import Struct


class NotificationType(StrEnum):
    """The notifications that are sent."""

    FEED_PROCESSING_FINISHED = "FEED_PROCESSING_FINISHED"
    REPORT_PROCESSING_FINISHED = "REPORT_PROCESSING_FINISHED"
    ORDER_CHANGE = "ORDER_CHANGE"


class Destination(Struct, frozen=True, kw_only=True):
    """A queue that gets an application's notifications, whichever seller they are about."""

    destination_id: str
    client_id: str
    """Of the application whose it is."""
    name: str
    arn: str
    """Of a queue of SQS."""


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events of its type a subscription is about. An empty tuple means no condition."""

    kind: str
    marketplace_ids: tuple[str, ...] = ()
    order_change_types: tuple[str, ...] = ()


class Subscription(Struct, frozen=True, kw_only=True):
    """That an application wants notifications of one type about one seller."""

    subscription_id: str
    seller_id: str
    client_id: str
    """Of the application that asked for it."""
    notification_type: NotificationType
    payload_version: str
    destination_id: str
    event_filter: EventFilter | None = None
