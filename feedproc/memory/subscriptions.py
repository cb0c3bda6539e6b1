"""Destinations of notifications and subscriptions to them, in memory."""

from collections.abc import Sequence

from feedproc.feeds.subscription import Destination, Subscription
from feedproc.memory.tables import Tables, require_text


class MemorySubscriptions:
    """The port `Subscriptions`."""

    def __init__(self, tables: Tables) -> None:
        """Use the tables `destinations` and `subscriptions`."""
        self._tables = tables

    def add_destination(self, destination: Destination) -> bool:
        """Keep a destination; False, and nothing is kept, if its application has one of the same queue."""
        require_text(destination.name, destination.arn)
        with self._tables.lock:
            key = destination.client_id, destination.arn
            return self._tables.destinations.setdefault(key, destination) is destination

    def list_destinations(self, client_id: str) -> Sequence[Destination]:
        """Return an application's destinations, by their ids."""
        with self._tables.lock:
            found = [one for one in self._tables.destinations.values() if one.client_id == client_id]
        return sorted(found, key=lambda one: one.destination_id)

    def remove_destination(self, destination: Destination) -> None:
        """Forget a destination, if it is there."""
        with self._tables.lock:
            key = destination.client_id, destination.arn
            if self._tables.destinations.get(key) == destination:
                del self._tables.destinations[key]

    def add(self, subscription: Subscription) -> bool:
        """Keep a subscription; False, and nothing is kept, if there is one like it."""
        with self._tables.lock:
            return self._tables.subscriptions.setdefault(_make_key(subscription), subscription) is subscription

    def list_subscriptions(self, seller_id: str) -> Sequence[Subscription]:
        """Return the subscriptions of all applications about a seller, by their ids."""
        with self._tables.lock:
            found = [one for one in self._tables.subscriptions.values() if one.seller_id == seller_id]
        return sorted(found, key=lambda one: one.subscription_id)

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription, if it is there."""
        with self._tables.lock:
            if self._tables.subscriptions.get(_make_key(subscription)) == subscription:
                del self._tables.subscriptions[_make_key(subscription)]


def _make_key(one: Subscription) -> tuple[str, str, str, str]:
    return one.seller_id, one.client_id, one.notification_type, one.payload_version
