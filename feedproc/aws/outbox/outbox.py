"""What is to be sent, and what was, in DynamoDB: the entries of one batch share an item."""

import heapq
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from urllib.parse import quote, unquote

import msgspec

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetch, query_items
from feedproc.aws.dynamo.tables import OUTBOX
from feedproc.aws.dynamo.transaction import Write, make_stamp
from feedproc.feeds.moments import as_micros, as_moment
from feedproc.ports import SENT_IS_KEPT, Lane, OutboxEntry, OutboxKind, SentEntry, Undelivered

_ITEMS_A_LOOK = 25
_SHARDS = 4
"""Partitions of the indexes of what waits, of which one takes 1,000 units of writing a second. All of a seller's items
are in one of them; the first is where those of all sellers were in earlier versions."""
_BEHIND_ALL = ":"
"""Sorts behind every digit, with which the times of items begin."""
_MOST_REMEMBERED = 10_000
_NOTED_AT_ONCE = 50
"""Entries of one item that one statement notes: an expression has at most 4 KB (DynamoDB quotas, expressions)."""
_decode = msgspec.json.Decoder(list[OutboxEntry]).decode


class DynamoOutbox:
    """The port `Outbox`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `outbox`."""
        self._clients = clients
        self._places: dict[str, Item] = {}
        """Keys of the items in which entries stand that this process was given, by entry id."""

    def add(self, entry: OutboxEntry, at: datetime) -> None:
        """Add an entry with a new id that belongs to no other change."""
        for write in put_entries(self._clients, [entry], at, f"alone/{entry.entry_id}"):
            self._clients.write("put_item", **write.statement)

    def list_waiting(self, limit: int, lane: Lane | None = None) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet, of one lane or of all. The newest second may be missing."""
        if len(self._places) > _MOST_REMEMBERED:
            self._places.clear()  # not in between: what is returned now must be found when it has been sent
        found: dict[str, OutboxEntry] = {}
        for item in self._query_waiting(lane):
            unsent = _list_unsent(item)
            if not unsent:
                self._note(_pick_key(item), (), max(_read_times(item).values()))
            found |= {entry.entry_id: entry for entry in unsent if entry.entry_id not in found}
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def list_lanes(self, limit: int, after: Lane | None = None) -> Sequence[Lane]:
        """Return at most `limit` lanes in which something waits, those behind `after`: a query for each."""
        found: list[Lane] = []
        behind = "" if after is None else _make_lane_prefix(after) + _BEHIND_ALL
        heads = [self._find_lane(shard, behind) for shard in range(_SHARDS)]
        while len(found) < limit and (first := min(filter(None, heads), default=None)):
            found.append(_read_lane(first))
            behind = _make_lane_prefix(found[-1]) + _BEHIND_ALL
            heads = [
                self._find_lane(shard, behind) if head and head < behind else head for shard, head in enumerate(heads)
            ]
        return found

    def _find_lane(self, shard: int, behind: str) -> str | None:
        """Return the first position behind one in the lanes of a shard; None when nothing waits there."""
        statement = items.query(
            self._clients.get_table_name(OUTBOX),
            "#waiting = :waits AND #lane_position > :behind",
            {"waits": _make_waiting(shard), "behind": items.as_text(behind or "/")},
        )
        key = next(query_items(self._clients, statement, IndexName="waiting_lanes", Limit=1), None)
        return str(key["lane_position"]["S"]) if key else None

    def note_sent(self, entries: Collection[OutboxEntry], at: datetime, undelivered: Undelivered | None = None) -> None:
        """Note that entries went out, or why they never will."""
        for entry in entries:
            if entry.entry_id not in self._places:
                self._look_for(entry)
        known = [entry for entry in entries if entry.entry_id in self._places]
        by_place = groupby(sorted(known, key=self._get_place), key=self._get_place)
        for _, group in by_place:
            ids = sorted({entry.entry_id for entry in group})
            for start in range(0, len(ids), _NOTED_AT_ONCE):
                self._note(self._places[ids[start]], ids[start : start + _NOTED_AT_ONCE], at, undelivered)

    def list_recent(self, seller_id: str, limit: int) -> Sequence[SentEntry]:
        """Return a seller's last entries, newest first."""
        return list(islice(self._list_entries(seller_id), limit))

    def _query_waiting(self, lane: Lane | None) -> Iterator[Item]:
        """Yield the items in which something waits, oldest first."""
        shards = range(_SHARDS) if lane is None else sorted({0, _choose_shard(lane.seller_id)})
        lines = [self._query_shard(shard, lane) for shard in shards]
        keys = map(_pick_key, heapq.merge(*lines, key=lambda key: str(key["written"]["S"])))
        while part := list(islice(keys, _ITEMS_A_LOOK)):
            found = {item["written"]["S"]: item for item in fetch(self._clients, OUTBOX, part)}
            for key in part:
                item = found.get(key["written"]["S"])
                if item is not None and "waiting" in item:
                    self._remember(item)
                    yield item

    def _query_shard(self, shard: int, lane: Lane | None) -> Iterator[Item]:
        condition, values, index = "#waiting = :waits", {"waits": _make_waiting(shard)}, "waiting"
        if lane is not None:
            condition += " AND begins_with(#lane_position, :lane)"
            values["lane"] = items.as_text(_make_lane_prefix(lane))
            index = "waiting_lanes"
        statement = items.query(self._clients.get_table_name(OUTBOX), condition, values)
        return query_items(self._clients, statement, IndexName=index, Limit=_ITEMS_A_LOOK)

    def _list_entries(self, seller_id: str) -> Iterator[SentEntry]:
        statement = items.query(
            self._clients.get_table_name(OUTBOX), "#seller_id = :seller", {"seller": items.as_text(seller_id)}
        )
        newest_first = {"ScanIndexForward": False, "ConsistentRead": True, "Limit": _ITEMS_A_LOOK}
        for item in query_items(self._clients, statement, **newest_first):
            times, reasons = _read_times(item), _read_reasons(item)
            for place, entry in reversed(list(enumerate(items.from_json(item["entries"], _decode)))):
                yield SentEntry(entry, times.get(place), reasons.get(place))

    def _note(self, key: Item, ids: Collection[str], at: datetime, undelivered: Undelivered | None = None) -> None:
        """Note the time for some entries of an item; once all are sent, the item waits no longer and will expire.

        Two senders that note its last entries at once both leave it waiting: who comes upon it then ends that.
        """
        (item,) = fetch(self._clients, OUTBOX, [key]) or (None,)
        if item is None or "waiting" not in item:
            return
        entries = items.from_json(item["entries"], _decode)
        gone = _read_times(item)
        now = [place for place, one in enumerate(entries) if one.entry_id in ids and place not in gone]
        changes = [f"#sent.#p{place} = if_not_exists(#sent.#p{place}, :at)" for place in now]
        values = {"at": _encode_end(at, undelivered)} if now else {}
        ending = ""
        if len(now) + len(gone) == len(entries):
            changes.append("#expires = :expires")
            values |= items.expire_after(at, SENT_IS_KEPT.days)
            ending = " REMOVE #waiting"
        if changes:
            names = {f"p{place}": str(place) for place in now}
            expression = f"SET {', '.join(changes)}{ending}"
            table = self._clients.get_table_name(OUTBOX)
            self._clients.write("update_item", **items.update(table, key, expression, "", values, names))

    def _look_for(self, entry: OutboxEntry) -> None:
        """Find the item of an entry that another process was given: among all of its seller's, newest first."""
        statement = items.query(
            self._clients.get_table_name(OUTBOX),
            "#seller_id = :seller",
            {"seller": items.as_text(entry.seller_id), "submission": items.as_text(entry.submission_id)},
            "#submission = :submission",
        )
        for item in query_items(self._clients, statement, ScanIndexForward=False, ConsistentRead=True):
            self._remember(item)
            if entry.entry_id in self._places:
                return

    def _remember(self, item: Item) -> None:
        for entry in items.from_json(item["entries"], _decode):
            self._places[entry.entry_id] = _pick_key(item)

    def _get_place(self, entry: OutboxEntry) -> tuple[str, str]:
        key = self._places[entry.entry_id]
        return key["seller_id"]["S"], key["written"]["S"]


def put_entries(clients: Clients, entries: Sequence[OutboxEntry], at: datetime, place: str) -> Iterator[Write]:
    """Yield the writes that add entries, with a place of their own behind the time: one for all of a submission."""
    groups: dict[tuple[str, str, OutboxKind], list[OutboxEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.seller_id, entry.submission_id, entry.kind), []).append(entry)
    for number, ((seller_id, submission, kind), group) in enumerate(groups.items()):
        written = f"{make_stamp(clients, at)}/{place}" + (f"/{number}" if number else "")
        item: Item = {
            "seller_id": items.as_text(seller_id),
            "written": items.as_text(written),
            "lane_position": items.as_text(_make_lane_prefix(Lane(kind, seller_id)) + written),
            "submission": items.as_text(submission),
            "entries": items.as_dense_json(group),
            "sent": {"M": {}},
            "waiting": _make_waiting(_choose_shard(seller_id)),
        }
        yield Write("Put", items.put(clients.get_table_name(OUTBOX), item))


def _choose_shard(seller_id: str) -> int:
    return zlib.crc32(seller_id.encode(errors="replace")) % _SHARDS


def _make_waiting(shard: int) -> items.Value:
    return items.as_text(f"yes/{shard}" if shard else "yes")


def _read_lane(position: str) -> Lane:
    kind, seller_id, _ = position.split("/", 2)
    return Lane(OutboxKind(kind), unquote(seller_id))


def _make_lane_prefix(lane: Lane) -> str:
    """Return with what the positions of a lane's items begin. No name of a seller can hold the slash behind it."""
    return f"{lane.kind}/{quote(lane.seller_id, safe='')}/"


def _list_unsent(item: Item) -> list[OutboxEntry]:
    gone = _read_times(item)
    return [one for place, one in enumerate(items.from_json(item["entries"], _decode)) if place not in gone]


def _read_times(item: Item) -> Mapping[int, datetime]:
    """Return when entries of an item were sent, by their place in it."""
    return {int(place): _decode_end(end)[0] for place, end in item["sent"]["M"].items()}


def _read_reasons(item: Item) -> Mapping[int, Undelivered]:
    """Return why entries of an item were given up, by their place in it."""
    ends = ((int(place), _decode_end(end)[1]) for place, end in item["sent"]["M"].items())
    return {place: why for place, why in ends if why is not None}


def _encode_end(at: datetime, undelivered: Undelivered | None) -> items.Value:
    """Return when an entry went out as a number; when and why it was given up as a text."""
    if undelivered is None:
        return items.as_number(as_micros(at))
    return items.as_text(f"{as_micros(at)} {msgspec.json.encode(undelivered).decode()}")


def _decode_end(end: items.Value) -> tuple[datetime, Undelivered | None]:
    if "N" in end:
        return as_moment(items.as_int(end)), None
    at, _, undelivered = str(end["S"]).partition(" ")
    return as_moment(int(at)), msgspec.json.decode(undelivered, type=Undelivered)


def _pick_key(item: Item) -> Item:
    return {name: item[name] for name in ("seller_id", "written")}
