"""The tables in DynamoDB, as data: `create_all` makes them, and a test compares `serverless.yml` with them.

Every attribute of a key is named here with its type; what else an item holds stands in the module that writes it.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

TTL = "expires"
"""The attribute that holds when an item may be deleted: seconds since the epoch."""


class Index(Struct, frozen=True):
    """Another order of a table's items. It holds little more than their keys, and only of items that have its own."""

    name: str
    partition: str
    sort: str
    is_local: bool = False
    """It shares the table's partitions, and can be read with strong consistency."""
    also: tuple[str, ...] = ()
    """Attributes that it holds besides keys."""


class Table(Struct, frozen=True):
    """One table: paid by request, with point-in-time recovery where it is deployed."""

    name: str
    partition: str
    sort: str | None = None
    numbers: tuple[str, ...] = ()
    """Those attributes of keys that are numbers; the others are texts."""
    indexes: tuple[Index, ...] = ()
    expires: bool = False
    """Its items go when their time (`TTL`) has come."""

    def define(self, prefix: str) -> dict[str, Any]:
        """Return what CreateTable takes, and CloudFormation as well."""
        definition: dict[str, Any] = {
            "TableName": prefix + self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": _build_schema(self.partition, self.sort),
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "N" if name in self.numbers else "S"}
                for name in sorted(self._attributes)
            ],
        }
        for name, is_local in (("LocalSecondaryIndexes", True), ("GlobalSecondaryIndexes", False)):
            indexes = [one for one in self.indexes if one.is_local is is_local]
            if indexes:
                definition[name] = [_build_index(one) for one in indexes]
        return definition

    @property
    def _attributes(self) -> set[str]:
        pairs = [(self.partition, self.sort), *((one.partition, one.sort) for one in self.indexes)]
        return {name for pair in pairs for name in pair if name}


def _build_schema(partition: str, sort: str | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return [*keys, {"AttributeName": sort, "KeyType": "RANGE"}] if sort else keys


def _build_index(index: Index) -> dict[str, Any]:
    held: dict[str, Any] = {"ProjectionType": "KEYS_ONLY"}
    if index.also:
        held = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.also)}
    return {
        "IndexName": index.name,
        "KeySchema": _build_schema(index.partition, index.sort),
        "Projection": held,
    }


SELLERS = Table("sellers", "listed_under", "seller_id")
SUBMISSIONS = Table(
    "submissions",
    "seller_id",
    "counter",
    numbers=("counter", "submitted_at"),
    indexes=(
        Index("in_line", "seller_id", "queue_position", is_local=True),
        Index("open_by_age", "is_open", "submitted_at"),
    ),
    expires=True,
)
MARKS = Table("marks", "submission", "number", numbers=("number",), expires=True)
ORDERS = Table(
    "orders",
    "name",
    indexes=(
        Index("by_purchase", "seller_id", "purchased_at"),
        Index("by_change", "status_partition", "updated_at", also=("purchased_at",)),
    ),
)
STOCK = Table("stock", "owner", "name")
TALLIES = Table("tallies", "seller_id", "day")
OUTBOX = Table(
    "outbox",
    "seller_id",
    "written",
    indexes=(Index("waiting", "waiting", "written"), Index("waiting_lanes", "waiting", "lane_position")),
    expires=True,
)

TABLES: Mapping[str, Table] = {
    table.name: table for table in (SELLERS, SUBMISSIONS, MARKS, ORDERS, STOCK, TALLIES, OUTBOX)
}
"""All tables, by name."""
