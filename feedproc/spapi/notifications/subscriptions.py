"""createSubscription and its like: which notifications about a seller go to which destination."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.subscription import EventFilter, NotificationType, Subscription
from feedproc.ports import OutboxEntry, OutboxKind
from feedproc.spapi.call import Answer, Call, Members
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.notifications.destinations import find_destination
from feedproc.spapi.refusals import InputInvalid, MembersMissing, SubscriptionExists, SubscriptionMissing

VERSIONS = {
    NotificationType.FEED_PROCESSING_FINISHED: ("1.0", "2020-09-04"),
    NotificationType.REPORT_PROCESSING_FINISHED: ("1.0", "2020-09-04"),
    NotificationType.ORDER_CHANGE: ("1.0",),
}
"""Versions of a payload that can be asked for: of the first two, Amazon's guides name one and its schemas the other."""
ORDER_CHANGES = ("OrderStatusChange", "BuyerRequestedChange", "DeliveryTipChange")
DEFAULT_PAGE, MOST_PAGE = 30, 100
_MOST_VALUES = 50


def create_subscription(call: Call) -> Answer:
    """Let notifications of a type about the seller go to a destination of the application.

    Raises:
        MembersMissing: with the names of all that are not there.
        InputInvalid: the type is not sent here, or not in this version; or it is filtered in a way that is not known.
        DestinationMissing: the application has no such destination.
        SubscriptionExists: the application has one of this type and version for the seller.

    """
    kind = _read_type(call.path["notificationType"])
    call.members.require("payloadVersion", "destinationId")
    event_filter = _read_filter(kind, call.members.read_object("processingDirective"))
    made = replace(_make(call, kind, call.members.text("payloadVersion") or ""), event_filter=event_filter)
    if not call.services.backend.subscriptions.add(made):
        raise SubscriptionExists(kind, made.payload_version)
    return Answer(200, {"payload": _tell(made)})


def get_subscription(call: Call) -> Answer:
    """Tell the application's subscription of a type for the seller; without a version, that of the latest one.

    Raises:
        InputInvalid: there is no such type.
        SubscriptionMissing: there is none.

    """
    kind, version = _read_type(call.path["notificationType"]), call.query.get("payloadVersion")
    found = [one for one in _list_own(call, kind) if version in (None, one.payload_version)]
    if not found:
        raise SubscriptionMissing(kind)
    return Answer(200, {"payload": _tell(max(found, key=lambda one: VERSIONS[kind].index(one.payload_version)))})


class SubscriptionsLeft(Struct, frozen=True):
    """The rest of a list of subscriptions: which, and how many a page."""

    kind: NotificationType
    version: str | None
    size: int
    after: str = ""
    """Id of the subscription with which the page before ended."""


def list_subscriptions(call: Call) -> Answer:
    """Tell the application's subscriptions of one type for the seller, or the next page of them.

    Raises:
        MembersMissing: neither a type nor a token is named.
        InputInvalid: a parameter is not as it must be; or others stand beside a token.

    """
    token = call.query.get("nextToken")
    rest = unseal_token(call.seller, token, SubscriptionsLeft) if token else _begin(call)
    found = [
        one
        for one in _list_own(call, rest.kind)
        if one.subscription_id > rest.after and rest.version in (None, one.payload_version)
    ]
    payload: dict[str, Any] = {"subscriptions": [_tell(one) for one in found[: rest.size]]}
    if len(found) > rest.size:
        following = SubscriptionsLeft(rest.kind, rest.version, rest.size, found[rest.size - 1].subscription_id)
        payload["nextToken"] = seal_token(call.seller, following)
    return Answer(200, {"payload": payload})


def get_subscription_by_id(call: Call) -> Answer:
    """Tell one of the application's subscriptions, whichever seller it is about. Raises `SubscriptionMissing`."""
    return Answer(200, {"payload": _tell(_find_by_id(call))})


def delete_subscription(call: Call) -> Answer:
    """End one of the application's subscriptions, whichever seller it is about. Raises `SubscriptionMissing`."""
    call.services.backend.subscriptions.remove(_find_by_id(call))
    return Answer(200, {})


def send_test(call: Call) -> Answer:
    """Let a notification of a type about nothing go to a destination of the application.

    Raises:
        MembersMissing: with the names of all that are not there.
        InputInvalid: the type is not sent here, or not in this version.
        DestinationMissing: the application has no such destination.

    """
    kind, test = _read_type(call.path["notificationType"]), call.members.read_object("testNotification")
    call.members.require("destinationId", "testNotification")
    test.require("payloadVersion", "testScenario")
    test.text("testScenario")
    subscription = _make(call, kind, test.text("payloadVersion") or "")
    name = f"{call.seller.seller_id}/test/{subscription.subscription_id}"
    entry = OutboxEntry(name, OutboxKind.TEST, call.seller.seller_id, "", at=call.now, trial=subscription)
    call.services.backend.outbox.add(entry, call.now)
    return Answer(200, {})


def _make(call: Call, kind: NotificationType, version: str) -> Subscription:
    if version not in VERSIONS[kind]:
        raise InputInvalid(INPUT_MALFORMED, f"payloadVersion of {kind} must be one of {', '.join(VERSIONS[kind])}")
    return Subscription(
        subscription_id=call.services.new_id(),
        seller_id=call.seller.seller_id,
        client_id=call.grant.client_id,
        notification_type=kind,
        payload_version=version,
        destination_id=find_destination(call, call.members.text("destinationId") or "").destination_id,
    )


def _begin(call: Call) -> SubscriptionsLeft:
    kinds = call.query.list("notificationTypes")
    if not kinds:
        raise MembersMissing(["notificationTypes"])
    if len(kinds) > 1:
        raise InputInvalid(INPUT_MALFORMED, "notificationTypes: one at a time")
    size = call.query.integer("pageSize", DEFAULT_PAGE, DEFAULT_PAGE, MOST_PAGE)
    return SubscriptionsLeft(_read_type(kinds[0]), call.query.get("payloadVersion"), size)


def _read_type(name: str) -> NotificationType:
    try:
        return NotificationType(name)
    except ValueError:
        sent = ", ".join(NotificationType)
        raise InputInvalid(
            INPUT_MALFORMED, f"{name[:100]} is not sent here; notificationType is one of {sent}"
        ) from None


def _read_filter(kind: NotificationType, directive: Members) -> EventFilter | None:
    """Return what a subscription is limited to. An expression is refused, as no server here could judge by it."""
    if directive.text("filterExpression") is not None:
        raise InputInvalid(INPUT_MALFORMED, "processingDirective.filterExpression is not judged here; use eventFilter")
    if directive.members.get("eventFilter") is None:
        return None
    given = directive.read_object("eventFilter")
    if kind is not NotificationType.ORDER_CHANGE or given.text("eventFilterType") != kind:
        raise InputInvalid(INPUT_MALFORMED, "eventFilter is for ORDER_CHANGE, with eventFilterType ORDER_CHANGE")
    changes = given.texts("orderChangeTypes", _MOST_VALUES)
    if not set(changes) <= set(ORDER_CHANGES):
        raise InputInvalid(INPUT_MALFORMED, f"orderChangeTypes are of {', '.join(ORDER_CHANGES)}")
    return EventFilter(
        kind=kind, marketplace_ids=given.texts("marketplaceIds", _MOST_VALUES), order_change_types=changes
    )


def _list_own(call: Call, kind: NotificationType) -> list[Subscription]:
    found = call.services.backend.subscriptions.list_subscriptions(call.seller.seller_id)
    return [one for one in found if one.client_id == call.grant.client_id and one.notification_type is kind]


def _find_by_id(call: Call) -> Subscription:
    """Return a subscription of the application that has the type and the id of the path."""
    kept, name = call.services.backend, call.path["subscriptionId"]
    kind = _read_type(call.path["notificationType"])
    for seller in kept.sellers.find_by_client(call.grant.client_id):
        for one in kept.subscriptions.list_subscriptions(seller.seller_id):
            if (one.client_id, one.notification_type, one.subscription_id) == (call.grant.client_id, kind, name):
                return one
    raise SubscriptionMissing(kind)


def _tell(one: Subscription) -> dict[str, Any]:
    told: dict[str, Any] = {
        "subscriptionId": one.subscription_id,
        "payloadVersion": one.payload_version,
        "destinationId": one.destination_id,
    }
    if one.event_filter is not None:
        lists = {
            "marketplaceIds": one.event_filter.marketplace_ids,
            "orderChangeTypes": one.event_filter.order_change_types,
        }
        asked = {name: values for name, values in lists.items() if values}
        told["processingDirective"] = {"eventFilter": {"eventFilterType": one.event_filter.kind, **asked}}
    return told
