"""Orders as items of DynamoDB, and the names that sellers gave them: an item each, so that a name is given once."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item, Value
from feedproc.aws.dynamo.transaction import Write
from feedproc.errors import Conflict
from feedproc.orders.order import NOBODY, NOWHERE, Address, Buyer, GivenBy, Order, OrderKey, OrderStatus

_AMAZONS, _MERCHANTS = "order", "named"
_decode = msgspec.json.Decoder(Order).decode
_decode_recipient = msgspec.json.Decoder(tuple[Buyer, Address]).decode

STATUS_SHARDS, PURCHASE_SHARDS = 4, 4
"""Partitions of the indexes in which orders of one seller stand, of each status and by their purchase.

A partition takes 1,000 units of writing a second. A change takes one of the line of the old status, and one of that of
the new. Fewer shards would lose sight of orders; more are as good as these.
"""

Owners = Mapping[str, str]
"""Merchant order ids, and the Amazon ids of their orders."""


def can_be(key: OrderKey) -> bool:
    """Say whether an order can have this name."""
    return len(key.value.encode(errors="replace")) <= MOST_KEY_BYTES


def make_key(seller_id: str, key: OrderKey) -> Item:
    """Return the key of an order, or of a name."""
    kind = _MERCHANTS if key.given_by is GivenBy.SELLER else _AMAZONS
    return {"name": items.as_text(items.make_key(seller_id, kind, key.value))}


def name_status_partition(seller_id: str, status: OrderStatus, shard: int) -> str:
    """Return where a seller's orders of a status are listed; the shard 0 is the whole line of earlier versions."""
    return items.make_key(seller_id, status, *([str(shard)] if shard else []))


def name_purchase_partition(seller_id: str, shard: int) -> str:
    """Return where a seller's orders of all statuses are listed; the shard 0 is all of earlier versions."""
    return items.make_key(seller_id, str(shard)) if shard else seller_id


def is_order_of(seller_id: str, key: Item) -> bool:
    """Say whether an order is this seller's: another's id may read like the name of a shard."""
    return str(key["name"]["S"]).startswith(items.make_key(seller_id, _AMAZONS, ""))


def drop_recipient(order: Order) -> Order:
    """Leave out buyer and address, which are kept apart."""
    return replace(order, buyer=NOBODY, ship_to=NOWHERE)


def read_order(item: Item) -> Order:
    """Return the order that an item tells; buyer and address are blank when the item was read without them."""
    order = items.from_json(item["document"], _decode)
    buyer, ship_to = items.from_json(item["recipient"], _decode_recipient) if "recipient" in item else (NOBODY, NOWHERE)
    return replace(order, version=items.as_int(item["version"]), buyer=buyer, ship_to=ship_to)


def put_order(table: str, seller_id: str, order: Order, stored: int | None) -> Write:
    """Return the write of a whole order, new or in place of the one that is stored with a version."""
    version = order.version if stored is None else stored + 1
    item = {
        **make_key(seller_id, OrderKey(order.amazon_order_id)),
        "amazon_order_id": items.as_text(order.amazon_order_id),
        "seller_id": items.as_text(name_purchase_partition(seller_id, _choose_shard(order, PURCHASE_SHARDS))),
        "purchased_at": items.as_text(make_place(order.purchased_at, order.amazon_order_id)),
        "recipient": items.as_json((order.buyer, order.ship_to)),
        **_encode(seller_id, replace(order, version=version)),
    }
    if stored is None:
        return Write("Put", items.put(table, item, "attribute_not_exists(#name)"))
    return Write("Put", items.put(table, item, "#version = :stored", {"stored": items.as_number(stored)}))


def update_order(table: str, seller_id: str, order: Order, at: datetime) -> Write:
    """Return the write of an order that changed `at` a moment, if it still has the version it was read with."""
    values = _encode(seller_id, order.update(at))
    statement = items.update(
        table,
        make_key(seller_id, OrderKey(order.amazon_order_id)),
        "SET " + ", ".join(f"#{name} = :{name}" for name in values),
        "#version = :stored",
        {"stored": items.as_number(order.version), **values},
    )
    return Write("Update", statement)


def move_names(table: str, seller_id: str, before: Owners, after: Owners) -> Iterator[Write]:
    """Yield the writes after which names belong to other orders; each if it is still free, or whose it was."""
    for name in sorted(before.keys() | after.keys()):
        owner, next_owner = before.get(name), after.get(name)
        if owner == next_owner:
            continue
        key, had = make_key(seller_id, OrderKey(name, GivenBy.SELLER)), {"owner": items.as_text(owner or "")}
        if next_owner is None:
            yield Write("Delete", items.delete(table, key, "#owner = :owner", had))
        elif owner is None:
            item = {**key, "owner": items.as_text(next_owner)}
            yield Write("Put", items.put(table, item, "attribute_not_exists(#name)"))
        else:
            item = {**key, "owner": items.as_text(next_owner)}
            yield Write("Put", items.put(table, item, "#owner = :owner", had))


def map_owners(pairs: Iterable[tuple[str | None, str]]) -> Owners:
    """Return the owners of names: the Amazon id for each merchant order id.

    Raises:
        Conflict: two orders have the same merchant order id.

    """
    found: dict[str, str] = {}
    for name, amazon_order_id in pairs:
        if name is not None and found.setdefault(name, amazon_order_id) != amazon_order_id:
            raise Conflict("two orders of one seller cannot have the same merchant order id")
    return found


def make_place(moment: datetime, amazon_order_id: str) -> str:
    """Return what orders sort by in an index: a time, and then their id."""
    return f"{items.as_sortable(moment)}/{amazon_order_id}"


def _choose_shard(order: Order, shards: int) -> int:
    return zlib.crc32(order.amazon_order_id.encode(errors="replace")) % shards


def _encode(seller_id: str, order: Order) -> dict[str, Value]:
    return {
        "document": items.as_json(drop_recipient(order)),
        "version": items.as_number(order.version),
        "status_partition": items.as_text(
            name_status_partition(seller_id, order.status, _choose_shard(order, STATUS_SHARDS))
        ),
        "updated_at": items.as_text(make_place(order.last_updated_at, order.amazon_order_id)),
    }
