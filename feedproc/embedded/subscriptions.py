"""Destinations of notifications and subscriptions to them, in SQLite."""

from collections.abc import Sequence

import msgspec

from feedproc.embedded.database import Database
from feedproc.feeds.subscription import Destination, Subscription

_encode = msgspec.json.Encoder().encode
_decode_destination = msgspec.json.Decoder(Destination).decode
_decode_subscription = msgspec.json.Decoder(Subscription).decode


class SqliteSubscriptions:
    """The port `Subscriptions`."""

    def __init__(self, database: Database) -> None:
        """Use the tables `destinations` and `subscriptions`."""
        self._database = database

    def add_destination(self, destination: Destination) -> bool:
        """Keep a destination; False, and nothing is kept, if its application has one of the same queue."""
        added = self._database.connection.execute(
            "INSERT OR IGNORE INTO destinations VALUES (?, ?, ?)",
            (destination.client_id, destination.arn, _encode(destination)),
        )
        return bool(added.rowcount)

    def list_destinations(self, client_id: str) -> Sequence[Destination]:
        """Return an application's destinations, by their ids."""
        rows = self._database.connection.execute("SELECT data FROM destinations WHERE client_id = ?", (client_id,))
        return sorted((_decode_destination(data) for (data,) in rows), key=lambda one: one.destination_id)

    def remove_destination(self, destination: Destination) -> None:
        """Forget a destination, if it is there."""
        self._database.connection.execute(
            "DELETE FROM destinations WHERE client_id = ? AND arn = ? AND data = ?",
            (destination.client_id, destination.arn, _encode(destination)),
        )

    def add(self, subscription: Subscription) -> bool:
        """Keep a subscription; False, and nothing is kept, if there is one like it."""
        added = self._database.connection.execute(
            "INSERT OR IGNORE INTO subscriptions VALUES (?, ?, ?, ?, ?)",
            (
                subscription.seller_id,
                subscription.client_id,
                subscription.notification_type,
                subscription.payload_version,
                _encode(subscription),
            ),
        )
        return bool(added.rowcount)

    def list_subscriptions(self, seller_id: str) -> Sequence[Subscription]:
        """Return the subscriptions of all applications about a seller, by their ids."""
        rows = self._database.connection.execute("SELECT data FROM subscriptions WHERE seller_id = ?", (seller_id,))
        return sorted((_decode_subscription(data) for (data,) in rows), key=lambda one: one.subscription_id)

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription, if it is there."""
        self._database.connection.execute(
            "DELETE FROM subscriptions WHERE seller_id = ? AND client_id = ? AND data = ?",
            (subscription.seller_id, subscription.client_id, _encode(subscription)),
        )
