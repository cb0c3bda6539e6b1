"""What 1,000 messages cost on AWS: requests and DynamoDB's units, counted over moto.

Run as `python -m bench.aws_cost`. A unit of writing is 1 KiB of an item, twice in a transaction; of reading, 4 KiB,
read consistently; and each entry of an index that comes or goes is one more unit (DynamoDB, request units).
"""

import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient

from feedproc.aws import open_mailer, open_notifier
from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import TABLES
from feedproc.orders.order import Address, Buyer
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.aws.builders import CloudShop
from tests.aws.cloud import SETTINGS, a_cloud
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT, a_feed, an_order, cancels, refunds, ships

MESSAGES = 200
KINDS = {
    "ships": (FULFILLMENT, ships),
    "cancels": (ACKNOWLEDGEMENT, cancels),
    "refunds": (ADJUSTMENT, refunds),
}
BUYER = Buyer(name="Taro Yamada", email="taro.yamada@example.com")
HOME = Address(name=BUYER.name, lines=("1-2-3 Marunouchi", "Chiyoda Heights 405"), city="Chiyoda-ku", postal_code="100")
WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
LISTED = {"WRU": 0.625, "RRU": 0.125}
"""US dollars per million, us-east-1, list prices of 2025."""
IN_TOKYO = {"WRU": 0.715, "RRU": 0.1425}
"""The same in ap-northeast-1."""


class Meter:
    """Counts while it is on."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._made = BaseClient._make_api_call
        self._lock = threading.RLock()

    @contextmanager
    def on(self) -> Iterator[None]:
        def metered(client: Any, operation: str, given: Any) -> Any:
            with self._lock:
                return self._metered(client, operation, given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", metered)
            yield

    def _metered(self, client: Any, operation: str, given: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if service != "dynamodb":
            self.calls[f"{service} {operation}"] += 1
            return self._made(client, operation, given)
        self.calls[operation] += 1
        writes = list(_writes(operation, given))
        before = [self._item(client, one) for one in writes]
        answer = self._made(client, operation, given)
        times = 2 if operation == "TransactWriteItems" else 1
        for statement, was in zip(writes, before, strict=True):
            became = self._item(client, statement)
            self.units["WRU"] += times * math.ceil(max(_size(was), _size(became), 1) / 1024)
            self.units["WRU"] += _entries(statement["TableName"], was, became)
        self.units["RRU"] += sum(_read(client, self._made, operation, given, answer))
        return answer

    def _item(self, client: Any, statement: dict[str, Any]) -> dict[str, Any]:
        found = self._made(client, "GetItem", {"TableName": statement["TableName"], "Key": _key(statement)})
        return found.get("Item") or {}


def _writes(operation: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if operation == "TransactWriteItems":
        for write in given["TransactItems"]:
            yield from write.values()
    elif operation == "BatchWriteItem":
        for name, requests in given["RequestItems"].items():
            for (asked,) in (one.values() for one in requests):
                yield {"TableName": name, **asked}
    elif operation in WRITES:
        yield given


def _table(name: str) -> Any:
    return TABLES[name.removeprefix(SETTINGS.table_prefix)]


def _key(statement: dict[str, Any]) -> dict[str, Any]:
    table = _table(statement["TableName"])
    item = statement.get("Key") or statement["Item"]
    return {name: item[name] for name in (table.partition, table.sort) if name}


def _entries(name: str, was: dict[str, Any], became: dict[str, Any]) -> int:
    """How many entries of indexes come or go."""
    changed = 0
    for index in _table(name).indexes:
        old, new = ([item.get(index.partition), item.get(index.sort)] for item in (was, became))
        changed += (old != new) * ((None not in old) + (None not in new))
    return changed


def _read(client: Any, made: Any, operation: str, given: dict[str, Any], answer: dict[str, Any]) -> Iterator[int]:
    if operation == "GetItem":
        yield math.ceil(max(_size(answer.get("Item", {})), 1) / 4096)
    elif operation == "BatchGetItem":
        for name, asked in given["RequestItems"].items():
            for key in asked["Keys"]:  # the whole item counts, whatever is shown of it
                found = made(client, "GetItem", {"TableName": name, "Key": key}).get("Item", {})
                yield math.ceil(max(_size(found), 1) / 4096)
    elif operation == "Query":
        yield math.ceil(max(sum(map(_size, answer["Items"])), 1) / 4096)


def _size(item: dict[str, Any]) -> int:
    return sum(len(name) + _value(value) for name, value in item.items())


def _value(value: dict[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "M":
        return 3 + sum(len(name) + 1 + _value(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in held)
    return len(held.encode()) if kind == "S" else len(held) if kind == "B" else len(str(held)) // 2 + 2


def measured(kind: str) -> Meter:
    """Process one feed and count."""
    feed_type, payload = KINDS[kind]
    with a_cloud() as settings:
        shop = CloudShop(settings)
        for first in range(1, MESSAGES + 1, 25):
            numbers = range(first, first + 25)
            shop.stocked(*(an_order(n, buyer=BUYER, ship_to=HOME, merchant_order_id=f"M-{n}") for n in numbers))
        if feed_type == ADJUSTMENT:
            shop.submit(a_feed(*map(ships, range(1, MESSAGES + 1)), feed_type=FULFILLMENT), FULFILLMENT)
            shop.work()
        meter = Meter()
        with meter.on():
            shop.submit(a_feed(*map(payload, range(1, MESSAGES + 1)), feed_type=feed_type), feed_type)
            shop.work()
        get_clients.cache_clear()
    return meter


def sending() -> Meter:
    """Send what 1,000 notices tell, one after another as the function `outbox` does."""
    with a_cloud() as settings:
        shop = CloudShop(settings)
        for first in range(1, MESSAGES + 1, 25):
            shop.stocked(*(an_order(n, buyer=BUYER, ship_to=HOME) for n in range(first, first + 25)))
        shop.submit(a_feed(*map(ships, range(1, MESSAGES + 1)), feed_type=FULFILLMENT), FULFILLMENT)
        shop.work()
        meter = Meter()
        outlets = Outlets(open_mailer(settings), open_notifier(settings), load_writers(load_feed_types()))
        outgoing = Outgoing(shop.backend, outlets, shop.clock, Patience())
        get_clients(settings).ses.create_email_identity(EmailIdentity=str(settings.mail_from))
        with meter.on():
            while send_pending(outgoing):
                pass
    return meter


def row(kind: str, meter: Meter, base: Meter, scale: float) -> str:
    """A row of the table: what is left of a count without its constant part, for 1,000 messages."""
    calls, less = (sum(n for name, n in one.calls.items() if " " not in name) for one in (meter, base))
    wru, rru = ((meter.units[unit] - base.units[unit]) * scale for unit in ("WRU", "RRU"))
    prices = [1000 * (wru * table["WRU"] + rru * table["RRU"]) / 1e6 for table in (LISTED, IN_TOKYO)]
    told = " | ".join(f"{price:.2f} USD" for price in prices)
    return f"| {kind} | {(calls - less) * scale:.0f} | {wru:.0f} | {rru:.0f} | {told} |"


def constant() -> Meter:
    """What a feed of a single message costs."""
    with a_cloud() as settings:
        shop = CloudShop(settings).stocked(an_order(1, buyer=BUYER, ship_to=HOME))
        meter = Meter()
        with meter.on():
            shop.submit(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
            shop.work()
    return meter


def main() -> None:
    one = constant()
    print(f"one feed of one message: {one.units['WRU']} WRU, {one.units['RRU']} RRU, calls {dict(one.calls)}\n")
    print("| 1,000 messages that are | DynamoDB calls | WRU | RRU | million messages, us-east-1 | ap-northeast-1 |")
    print("|---|---|---|---|---|---|")
    for kind in KINDS:
        print(row(kind, measured(kind), one, 1000 / (MESSAGES - 1)), flush=True)
    print(row("e-mails sent", sending(), Meter(), 1000 / MESSAGES))


if __name__ == "__main__":
    main()
