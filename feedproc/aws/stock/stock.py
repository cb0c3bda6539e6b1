"""Units by SKU in DynamoDB, with every change and its cause."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item
from feedproc.aws.dynamo.read import fetch, get_item, query_items
from feedproc.aws.dynamo.tables import STOCK
from feedproc.aws.dynamo.transaction import ConditionsFailed, Write, make_stamp, make_token, transact
from feedproc.aws.stock.journals import list_journals, list_ledger_items
from feedproc.aws.stock.ledger import Line, Lines, make_item, read_entries
from feedproc.errors import Conflict
from feedproc.feeds.moments import as_micros
from feedproc.stock.change import StockMoves, measure
from feedproc.stock.level import LOADED, StockEntry, StockLevel

_SKUS_A_TRANSACTION = 50
_SIGN = "="
"""Stands before each SKU in the name of its level, as a name cannot be empty."""


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

    def get_level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        found = get_item(self._clients, STOCK, _make_level_key(seller_id, sku)) if _can_be(sku) else None
        return items.as_int(found["units"]) if found else 0

    def get_levels(self, seller_id: str, skus: Collection[str]) -> Mapping[str, int]:
        """Return the units of these SKUs; one that was never seen is absent."""
        found = fetch(self._clients, STOCK, [_make_level_key(seller_id, sku) for sku in skus if _can_be(sku)])
        return {item["name"]["S"].removeprefix(_SIGN): items.as_int(item["units"]) for item in found}

    def list_levels(self, seller_id: str, after: str = "") -> Iterator[StockLevel]:
        """Return every SKU whose name comes behind `after`, by name."""
        statement = items.query(
            self._clients.get_table_name(STOCK),
            "#owner = :owner AND #name > :after",
            {"owner": items.as_text(items.make_key(seller_id)), "after": items.as_text(_SIGN + after)},
        )
        for found in query_items(self._clients, statement, ConsistentRead=True):
            yield StockLevel(found["name"]["S"].removeprefix(_SIGN), items.as_int(found["units"]))

    def list_entries(self, seller_id: str, sku: str, limit: int) -> Sequence[StockEntry]:
        """Return the last changes of a SKU's level and their causes, newest first."""
        return list(islice(self._list_entries(seller_id, sku, limit), limit)) if _can_be(sku) else []

    def _list_entries(self, seller_id: str, sku: str, limit: int) -> Iterator[StockEntry]:
        """Yield what journals and the ledger hold. Journals are read first, so what is posted meanwhile is in both."""
        journals = list_journals(self._clients, seller_id)
        unposted = [item for one in journals for of, item in list_ledger_items(seller_id, one) if of == sku]
        owner = items.as_text(items.make_key(seller_id, sku))
        statement = items.query(self._clients.get_table_name(STOCK), "#owner = :owner", {"owner": owner})
        newest_first = {"ScanIndexForward": False, "ConsistentRead": True, "Limit": min(max(limit, 1), 1_000)}
        posted = query_items(self._clients, statement, **newest_first)
        for _, same in groupby(heapq.merge(reversed(unposted), posted, key=_get_name, reverse=True), _get_name):
            yield from read_entries(sku, next(same))

    def _load(self, seller_id: str, wanted: dict[str, int], at: datetime) -> None:
        for seconds in (*draw_pauses(), 0.0):
            before = self.get_levels(seller_id, wanted)
            changed = [sku for sku, units in wanted.items() if before.get(sku) != units]
            writes = [one for sku in changed for one in self._set(seller_id, sku, before.get(sku), wanted[sku], at)]
            if not writes:
                return
            try:
                transact(self._clients, writes, make_token(writes))
            except ConditionsFailed:
                self._clients.pause(seconds)
            else:
                return
        raise Conflict(f"others kept changing the stock of seller {seller_id}; try again")

    def _set(self, seller_id: str, sku: str, before: int | None, units: int, at: datetime) -> Iterator[Write]:
        yield _set_level(self._clients, seller_id, sku, before, units)
        difference = units - (before or 0)
        if difference:
            yield from put_lines(self._clients, seller_id, at, LOADED, {sku: [(difference, LOADED, None, None, None)]})


def list_lines(moves: StockMoves) -> Lines:
    """Return the lines of each SKU that changes; none for one that is set to the level that it has."""
    lines: dict[str, list[Line]] = {change.sku: [] for _, change in moves.changes}
    for message_id, change, units in measure(moves.changes, moves.levels):
        lines[change.sku].append((units, change.reason, change.amazon_order_id, moves.submission_id, message_id))
    return lines


def put_levels(clients: Clients, seller_id: str, moves: StockMoves, lines: Lines) -> Iterator[Write]:
    """Yield the writes of levels: one that was looked at is written on condition that it is still the same."""
    for sku, told in lines.items():
        units = sum(line[0] for line in told)
        if sku in moves.levels:
            before = moves.levels[sku]
            yield _set_level(clients, seller_id, sku, before, (before or 0) + units)
        else:
            more = {"more": items.as_number(units)}
            key = _make_level_key(seller_id, sku)
            yield Write("Update", items.update(clients.get_table_name(STOCK), key, "ADD #units :more", "", more))


def put_lines(clients: Clients, seller_id: str, at: datetime, cause: str, lines: Lines) -> Iterator[Write]:
    """Yield the writes of ledgers, one a SKU."""
    for sku, told in lines.items():
        if told:
            name = f"{make_stamp(clients, at)}/{cause}"
            item = make_item(seller_id, sku, name, items.as_number(as_micros(at)), told)
            yield Write("Put", items.put(clients.get_table_name(STOCK), item))


def put_changes(clients: Clients, seller_id: str, moves: StockMoves, at: datetime) -> Iterator[Write]:
    """Yield the writes of changes of stock: two a SKU, for its level and its ledger, or one of these."""
    lines = list_lines(moves)
    yield from put_levels(clients, seller_id, moves, lines)
    yield from put_lines(clients, seller_id, at, moves.cause, lines)


def _set_level(clients: Clients, seller_id: str, sku: str, before: int | None, units: int) -> Write:
    """Return the write of a level on condition that it still is `before`; None is that of a SKU never seen."""
    table, item = clients.get_table_name(STOCK), {**_make_level_key(seller_id, sku), "units": items.as_number(units)}
    if before is None:
        return Write("Put", items.put(table, item, "attribute_not_exists(#owner)"))
    return Write("Put", items.put(table, item, "#units = :before", {"before": items.as_number(before)}))


def _can_be(sku: str) -> bool:
    return len(sku.encode(errors="replace")) < MOST_KEY_BYTES


def _make_level_key(seller_id: str, sku: str) -> Item:
    return {"owner": items.as_text(items.make_key(seller_id)), "name": items.as_text(_SIGN + sku)}


def _get_name(item: Item) -> str:
    return str(item["name"]["S"])
