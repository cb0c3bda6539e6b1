"""Destinations of notifications and subscriptions to them, in the table of sellers."""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
from botocore.exceptions import ClientError

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import get_item, query_items
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.errors import is_refused
from feedproc.feeds.subscription import Destination, Subscription

_DESTINATIONS, _SUBSCRIPTIONS = "destinations", "subscriptions"
_decode_destination = msgspec.json.Decoder(Destination).decode
_decode_subscription = msgspec.json.Decoder(Subscription).decode


class DynamoSubscriptions:
    """The port `Subscriptions`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `sellers`."""
        self._clients = clients
        self._table = clients.get_table_name(SELLERS)

    def add_destination(self, destination: Destination) -> bool:
        """Keep a destination; False, and nothing is kept, if its application has one of the same queue."""
        return self._add(_make_destination_key(destination), destination)

    def list_destinations(self, client_id: str) -> Sequence[Destination]:
        """Return an application's destinations, by their ids."""
        found = [items.from_json(one, _decode_destination) for one in self._list(_DESTINATIONS, client_id)]
        return sorted(found, key=lambda one: one.destination_id)

    def remove_destination(self, destination: Destination) -> None:
        """Forget a destination, if it is there."""
        self._remove(_make_destination_key(destination), destination)

    def add(self, subscription: Subscription) -> bool:
        """Keep a subscription; False, and nothing is kept, if there is one like it."""
        return self._add(_make_subscription_key(subscription), subscription)

    def list_subscriptions(self, seller_id: str) -> Sequence[Subscription]:
        """Return the subscriptions of all applications about a seller, by their ids."""
        found = [items.from_json(one, _decode_subscription) for one in self._list(_SUBSCRIPTIONS, seller_id)]
        return sorted(found, key=lambda one: one.subscription_id)

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription, if it is there."""
        self._remove(_make_subscription_key(subscription), subscription)

    def _add(self, key: Item, kept: Destination | Subscription) -> bool:
        written = items.as_json(kept)
        statement = items.put(self._table, {**key, "document": written}, "attribute_not_exists(#listed_under)")
        try:
            self._clients.write("put_item", **statement)
        except ClientError as error:
            if not is_refused(error):
                raise
            found = get_item(self._clients, SELLERS, key)
            # An earlier try may have taken effect, of which only the answer was lost.
            return found is not None and found["document"] == written
        return True

    def _remove(self, key: Item, kept: Destination | Subscription) -> None:
        statement = items.delete(self._table, key, "#document = :read", {"read": items.as_json(kept)})
        try:
            self._clients.write("delete_item", **statement)
        except ClientError as error:
            if not is_refused(error):
                raise

    def _list(self, group: str, owner: str) -> Iterator[items.Value]:
        statement = items.query(
            self._table,
            "#listed_under = :group AND begins_with(#seller_id, :owner)",
            {"group": items.as_text(group), "owner": items.as_text(items.make_key(owner, ""))},
        )
        return (one["document"] for one in query_items(self._clients, statement, ConsistentRead=True))


def _make_destination_key(one: Destination) -> Item:
    queue = hashlib.sha256(one.arn.encode()).hexdigest()  # a name of a queue may be longer than a key
    return {
        "listed_under": items.as_text(_DESTINATIONS),
        "seller_id": items.as_text(items.make_key(one.client_id, queue)),
    }


def _make_subscription_key(one: Subscription) -> Item:
    name = items.make_key(one.seller_id, items.make_key(one.client_id, one.notification_type, one.payload_version))
    return {"listed_under": items.as_text(_SUBSCRIPTIONS), "seller_id": items.as_text(name)}
