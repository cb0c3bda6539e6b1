"""The port `Subscriptions`: where applications want notifications, and of what."""

from msgspec.structs import replace

from feedproc.feeds.subscription import Destination, EventFilter, NotificationType, Subscription
from feedproc.ports import Backend
from tests.builders import OTHER_SELLER, SELLER
from tests.ports.conftest import Store

QUEUE = Destination(
    destination_id="1", client_id="app", name="Orders", arn="arn:aws:sqs:us-east-1:123456789012:changes"
)
WANTED = Subscription(
    subscription_id="1",
    seller_id=SELLER,
    client_id="app",
    notification_type=NotificationType.ORDER_CHANGE,
    payload_version="1.0",
    destination_id="1",
    event_filter=EventFilter(kind="ORDER_CHANGE", marketplace_ids=("A1VC38T7YXB528",)),
)


def test_an_application_has_one_destination_of_a_queue(store: Store) -> None:
    subscriptions = store.backend.subscriptions
    assert subscriptions.add_destination(QUEUE)
    assert not subscriptions.add_destination(replace(QUEUE, destination_id="2", name="Again"))
    other = replace(QUEUE, destination_id="0", arn=QUEUE.arn + "-" + "x" * 900)
    assert subscriptions.add_destination(other)
    assert store.reopened().subscriptions.list_destinations("app") == [other, QUEUE]


def test_a_destination_is_its_applications_alone(backend: Backend) -> None:
    theirs = replace(QUEUE, destination_id="2", client_id="app/2")
    assert backend.subscriptions.add_destination(QUEUE)
    assert backend.subscriptions.add_destination(theirs)
    backend.subscriptions.remove_destination(QUEUE)
    assert backend.subscriptions.list_destinations("app") == []
    assert backend.subscriptions.list_destinations("app/2") == [theirs]


def test_a_queue_can_be_named_again_once_its_destination_is_gone(backend: Backend) -> None:
    backend.subscriptions.add_destination(QUEUE)
    backend.subscriptions.remove_destination(QUEUE)
    again = replace(QUEUE, destination_id="2")
    assert backend.subscriptions.add_destination(again)
    backend.subscriptions.remove_destination(QUEUE)  # whoever read the first one
    assert backend.subscriptions.list_destinations("app") == [again]


def test_there_is_one_subscription_for_an_application_seller_type_and_version(store: Store) -> None:
    subscriptions = store.backend.subscriptions
    assert subscriptions.add(WANTED)
    assert not subscriptions.add(replace(WANTED, subscription_id="2", destination_id="2"))
    others = [
        replace(WANTED, subscription_id="3", payload_version="2.0"),
        replace(WANTED, subscription_id="4", client_id="app2"),
        replace(WANTED, subscription_id="5", notification_type=NotificationType.FEED_PROCESSING_FINISHED),
    ]
    assert all(map(subscriptions.add, others))
    assert store.reopened().subscriptions.list_subscriptions(SELLER) == [WANTED, *others]


def test_a_subscription_is_about_its_seller_alone(backend: Backend) -> None:
    theirs = replace(WANTED, subscription_id="2", seller_id=OTHER_SELLER)
    assert backend.subscriptions.add(WANTED)
    assert backend.subscriptions.add(theirs)
    backend.subscriptions.remove(WANTED)
    backend.subscriptions.remove(WANTED)
    assert backend.subscriptions.list_subscriptions(SELLER) == []
    assert backend.subscriptions.list_subscriptions(OTHER_SELLER) == [theirs]
