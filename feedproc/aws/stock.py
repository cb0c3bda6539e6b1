"""Units by SKU in DynamoDB, with every change and its cause."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item
from feedproc.aws.dynamo.read import fetch, get_item, query_items
from feedproc.aws.dynamo.tables import STOCK
from feedproc.aws.dynamo.transaction import Refused, Write, make_token, transact
from feedproc.errors import Conflict
from feedproc.orders.inventory import LOADED, StockEntry, StockLevel
from feedproc.ports import Batch

_SKUS_A_TRANSACTION = 50
_SIGN = "="
"""Stands before each SKU in the name of its level, as a name cannot be empty."""
_Line = tuple[int, str, str | None, str | None, str | None]
"""Units, reason, Amazon order id, submission id and message id."""
_decode = msgspec.json.Decoder(list[_Line]).decode


class DynamoStock:
    """The port `Stock`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `stock`."""
        self._clients = clients

    def load(self, seller_id: str, levels: Iterable[StockLevel], at: datetime) -> int:
        """Set the level of each SKU, and note each difference in its ledger; return how many SKUs."""
        wanted = iter({level.sku: level.quantity for level in levels}.items())
        count = 0
        while part := dict(islice(wanted, _SKUS_A_TRANSACTION)):
            self._load(seller_id, part, at)
            count += len(part)
        return count

    def level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        found = get_item(self._clients, STOCK, _level_key(seller_id, sku)) if _can_be(sku) else None
        return items.integer(found["units"]) if found else 0

    def all(self, seller_id: str, after: str = "") -> Iterator[StockLevel]:
        """Return every SKU whose name comes behind `after`, by name."""
        statement = items.query(
            self._clients.name_table(STOCK),
            "#owner = :owner AND #name > :after",
            {"owner": items.text(items.make_key(seller_id)), "after": items.text(_SIGN + after)},
        )
        for found in query_items(self._clients, statement, ConsistentRead=True):
            yield StockLevel(found["name"]["S"].removeprefix(_SIGN), items.integer(found["units"]))

    def ledger(self, seller_id: str, sku: str, limit: int) -> Sequence[StockEntry]:
        """Return the last changes of a SKU's level and their causes, newest first."""
        return list(islice(self._entries(seller_id, sku, limit), limit)) if _can_be(sku) else []

    def _entries(self, seller_id: str, sku: str, limit: int) -> Iterator[StockEntry]:
        statement = items.query(
            self._clients.name_table(STOCK), "#owner = :owner", {"owner": items.text(items.make_key(seller_id, sku))}
        )
        newest_first = {"ScanIndexForward": False, "ConsistentRead": True, "Limit": min(max(limit, 1), 1_000)}
        for found in query_items(self._clients, statement, **newest_first):
            at = items.as_moment(items.integer(found["at"]))
            for units, reason, *cause in reversed(items.from_json(found["lines"], _decode)):
                yield StockEntry(sku, units, reason, at, *cause)

    def _load(self, seller_id: str, wanted: dict[str, int], at: datetime) -> None:
        for seconds in (*draw_pauses(), 0.0):
            found = fetch(self._clients, STOCK, [_level_key(seller_id, sku) for sku in wanted])
            before = {item["name"]["S"].removeprefix(_SIGN): items.integer(item["units"]) for item in found}
            changed = [sku for sku, units in wanted.items() if before.get(sku) != units]
            writes = [one for sku in changed for one in self._set(seller_id, sku, before.get(sku), wanted[sku], at)]
            if not writes:
                return
            try:
                transact(self._clients, writes, make_token(writes))
            except Refused:
                self._clients.pause(seconds)
            else:
                return
        raise Conflict(f"others kept changing the stock of seller {seller_id}; try again")

    def _set(self, seller_id: str, sku: str, before: int | None, units: int, at: datetime) -> Iterator[Write]:
        table = self._clients.name_table(STOCK)
        item = {**_level_key(seller_id, sku), "units": items.number(units)}
        if before is None:
            yield Write("Put", items.put(table, item, "attribute_not_exists(#owner)"))
        else:
            yield Write("Put", items.put(table, item, "#units = :before", {"before": items.number(before)}))
        difference = units - (before or 0)
        if difference:
            lines: list[_Line] = [(difference, LOADED, None, None, None)]
            yield _ledger(self._clients, seller_id, sku, at, LOADED, lines)


def changes(clients: Clients, seller_id: str, batch: Batch, at: datetime) -> Iterator[Write]:
    """Yield the writes of a batch's changes of stock: two a SKU, for its level and its ledger."""
    table, submission = clients.name_table(STOCK), batch.claim.submission_id
    by_sku: dict[str, list[_Line]] = {}
    for message_id, change in batch.stock:
        line = (change.quantity, change.reason, change.amazon_order_id, submission, message_id)
        by_sku.setdefault(change.sku, []).append(line)
    for sku, lines in by_sku.items():
        more = items.number(sum(line[0] for line in lines))
        yield Write("Update", items.update(table, _level_key(seller_id, sku), "ADD #units :more", "", {"more": more}))
        yield _ledger(clients, seller_id, sku, at, f"{submission}/{batch.mark.number:08d}", lines)


def _ledger(clients: Clients, seller_id: str, sku: str, at: datetime, cause: str, lines: Sequence[_Line]) -> Write:
    item = {
        "owner": items.text(items.make_key(seller_id, sku)),
        "name": items.text(f"{clients.make_stamp(at)}/{cause}"),
        "at": items.number(items.as_micros(at)),
        "lines": items.json(lines),
    }
    return Write("Put", items.put(clients.name_table(STOCK), item))


def _can_be(sku: str) -> bool:
    return len(sku.encode(errors="replace")) < MOST_KEY_BYTES


def _level_key(seller_id: str, sku: str) -> Item:
    return {"owner": items.text(items.make_key(seller_id)), "name": items.text(_SIGN + sku)}
