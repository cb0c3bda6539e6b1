"""Reading of DynamoDB: many items at once, and page after page."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from feedproc.aws.clients import MOST_TRIES, Clients, draw_pauses
from feedproc.aws.dynamo.items import Item, Statement
from feedproc.aws.dynamo.tables import Table
from feedproc.aws.errors import TooBusy

_MOST_KEYS = 100
"""BatchGetItem takes no more."""


def fetch(clients: Clients, table: Table, keys: Iterable[Item], shown: Sequence[str] = ()) -> list[Item]:
    """Return the items with these keys, in any order, as they are now; with some of their attributes, or with all."""
    found: list[Item] = []
    unique = {tuple((name, *value.values()) for name, value in key.items()): key for key in keys}
    remaining = iter(unique.values())
    while part := list(islice(remaining, _MOST_KEYS)):
        found += _fetch_part(clients, clients.get_table_name(table), part, shown)
    return found


def _fetch_part(clients: Clients, name: str, keys: Sequence[Item], shown: Sequence[str]) -> list[Item]:
    request: dict[str, Any] = {"Keys": keys, "ConsistentRead": True}
    if shown:
        request["ProjectionExpression"] = ", ".join(f"#{one}" for one in shown)
        request["ExpressionAttributeNames"] = {f"#{one}": one for one in shown}
    found: list[Item] = []
    asked = {name: request}
    for seconds in (*draw_pauses(), 0.0):
        answer = clients.dynamodb.batch_get_item(RequestItems=asked)
        found += answer["Responses"].get(name, [])
        asked = answer.get("UnprocessedKeys") or {}
        if not asked:
            return found
        clients.pause(seconds)
    raise TooBusy(f"table {name} left keys unread {MOST_TRIES} times in a row; try again later")


def get_item(clients: Clients, table: Table, key: Item) -> Item | None:
    """Return the item with this key as it is now."""
    answer = clients.dynamodb.get_item(TableName=clients.get_table_name(table), Key=key, ConsistentRead=True)
    found: Item | None = answer.get("Item")
    return found


def query_items(clients: Clients, statement: Statement, **options: Any) -> Iterator[Item]:
    """Yield what a query finds, asking for further pages as they are needed."""
    for page in query_pages(clients, statement, **options):
        yield from page["Items"]


def query_pages(clients: Clients, statement: Statement, **options: Any) -> Iterator[dict[str, Any]]:
    """Yield the answers to a query, a page each."""
    asked = {**statement, **options}
    while True:
        answer = clients.dynamodb.query(**asked)
        yield answer
        if not answer.get("LastEvaluatedKey"):
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
