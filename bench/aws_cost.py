"""What 1,000 messages cost on AWS: requests and DynamoDB's units, counted over moto.

Run as `python -m bench.aws_cost`. A unit of writing is 1 KiB of an item, twice in a transaction; of reading, 4 KiB,
read consistently; and each entry of an index that comes or goes is one more unit (DynamoDB, request units).
"""

import base64
import json
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from feedproc.aws import open_mailer, open_notifier
from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import TABLES
from feedproc.orders.order import Address, Buyer
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.aws.builders import CloudShop
from tests.aws.cloud import SETTINGS, Answering, a_cloud, between, operation
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
        self._lock = threading.RLock()
        self._is_looking = False

    @contextmanager
    def on(self) -> Iterator[None]:
        with between(self._meter):
            yield

    def _meter(self, request: Any, answer: Answering) -> Any:
        with self._lock:
            if self._is_looking:
                return answer(request)
            service, called = operation(request).split()
            if service == "dynamodb":
                return self._count(called, json.loads(request.body), lambda: answer(request))
            self.calls[f"{service} {called}"] += 1
            return answer(request)

    def _count(self, called: str, given: dict[str, Any], ask: Callable[[], Any]) -> Any:
        self.calls[called] += 1
        writes = list(_writes(called, given))
        before = [self._look(one["TableName"], _key(one)) for one in writes]
        answer = ask()
        times = 2 if called == "TransactWriteItems" else 1
        for statement, was in zip(writes, before, strict=True):
            became = self._look(statement["TableName"], _key(statement))
            self.units["WRU"] += times * math.ceil(max(_size(was), _size(became), 1) / 1024)
            self.units["WRU"] += _entries(statement["TableName"], was, became)
        self.units["RRU"] += sum(self._read(called, given, json.loads(answer[2])))
        return answer

    def _look(self, table: str, key: dict[str, Any]) -> dict[str, Any]:
        self._is_looking = True
        try:
            return get_clients(SETTINGS).dynamodb.get_item(TableName=table, Key=key).get("Item") or {}
        finally:
            self._is_looking = False

    def _read(self, called: str, given: dict[str, Any], answer: dict[str, Any]) -> Iterator[int]:
        if called == "GetItem":
            yield math.ceil(max(_size(answer.get("Item", {})), 1) / 4096)
        elif called == "BatchGetItem":
            for name, asked in given["RequestItems"].items():
                for key in asked["Keys"]:  # the whole item counts, whatever is shown of it
                    yield math.ceil(max(_size(self._look(name, key)), 1) / 4096)
        elif called == "Query":
            yield math.ceil(max(sum(map(_size, answer["Items"])), 1) / 4096)


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


def _size(item: dict[str, Any]) -> int:
    return sum(len(name) + _value(value) for name, value in item.items())


def _value(value: dict[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "M":
        return 3 + sum(len(name) + 1 + _value(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in held)
    if kind == "B":
        return len(base64.b64decode(held) if isinstance(held, str) else held)
    return len(held.encode()) if kind == "S" else len(str(held)) // 2 + 2


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
