"""A back end in memory: the ports that the protocol's services use, played by dictionaries."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, BinaryIO, cast

from msgspec.structs import asdict, replace

from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import (
    FIRST_COUNTER,
    FeedSubmission,
    NewSubmission,
    ProcessingStatus,
    as_handed_in,
    submission_id,
)
from feedproc.ports import Backend, Filter, OutboxEntry, Seller, Waiting


class MemorySellers:
    def __init__(self) -> None:
        self._by_id: dict[str, Seller] = {}

    def add(self, seller: Seller) -> None:
        self._by_id[seller.seller_id] = seller

    def get(self, seller_id: str) -> Seller | None:
        return self._by_id.get(seller_id)

    def holding(self, access_key: str) -> Sequence[Seller]:
        access_key.encode()  # as strict as a data base: no surrogates
        return [one for one in self.all() if one.access_key == access_key]

    def all(self) -> Sequence[Seller]:
        return [self._by_id[one] for one in sorted(self._by_id)]


class MemoryWriter:
    def __init__(self, documents: "MemoryDocuments") -> None:
        self._documents = documents
        self._written = bytearray()

    def write(self, data: bytes) -> None:
        self._written += data

    def commit(self) -> str:
        key = f"document-{next(self._documents.numbers)}"
        self._documents.kept[key] = bytes(self._written)
        return key

    def discard(self) -> None:
        self._written.clear()


class MemoryDocuments:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.numbers = count(1)

    def create(self) -> MemoryWriter:
        return MemoryWriter(self)

    def open(self, key: str) -> BinaryIO:
        if key not in self.kept:
            raise FileNotFoundError(key)
        return io.BytesIO(self.kept[key])

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)


class MemorySubmissions:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], FeedSubmission] = {}
        self._keys: dict[tuple[str, str | None], str] = {}

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        earlier = self._keys.get((new.seller_id, repetition_key))
        if earlier is not None:
            return as_handed_in(self.kept[new.seller_id, earlier])
        counter = FIRST_COUNTER + 1 + sum(seller_id == new.seller_id for seller_id, _ in self.kept)
        identifier = submission_id(counter, new.submitted_at.date())
        kept = FeedSubmission(**asdict(new), submission_id=identifier, counter=counter)
        self.kept[new.seller_id, identifier] = kept
        if repetition_key is not None:
            self._keys[new.seller_id, repetition_key] = identifier
        return kept

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        return self.kept.get((seller_id, submission_id))

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        found = [one for (owner, _), one in self.kept.items() if owner == seller_id and _matches(one, which)]
        return sorted(found, key=lambda one: -one.counter)[:limit]

    def count(self, seller_id: str, which: Filter) -> int:
        return len(self.find(seller_id, which, 1_000_000))

    def cancel(self, seller_id: str, submission_id: str, at: datetime, _notices: Sequence[OutboxEntry] = ()) -> bool:
        kept = self.kept[seller_id, submission_id]
        if kept.status is not ProcessingStatus.SUBMITTED:
            return False
        self.kept[seller_id, submission_id] = replace(kept, status=ProcessingStatus.CANCELLED)
        return True

    def change(self, seller_id: str, submission_id: str, **changes: Any) -> None:
        """Stand in for a worker."""
        self.kept[seller_id, submission_id] = replace(self.kept[seller_id, submission_id], **changes)

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        raise NotImplementedError

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        raise NotImplementedError

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[Any]) -> None:
        raise NotImplementedError

    def release(self, claim: Claim) -> None:
        raise NotImplementedError


def _matches(one: FeedSubmission, which: Filter) -> bool:
    if which.submission_ids:
        return one.submission_id in which.submission_ids
    latest = datetime.max.replace(tzinfo=UTC)
    earliest = datetime.min.replace(tzinfo=UTC)
    return (
        (not which.feed_types or one.feed_type in which.feed_types)
        and (not which.statuses or one.status in which.statuses)
        and (which.submitted_from or earliest) <= one.submitted_at <= (which.submitted_to or latest)
        and (which.before_counter is None or one.counter < which.before_counter)
    )


class MemoryQueue:
    def __init__(self) -> None:
        self.sent: list[FeedSubmission] = []

    def send(self, submission: FeedSubmission) -> None:
        self.sent.append(submission)

    def receive(self, at: datetime) -> Waiting | None:
        raise NotImplementedError


def memory_backend(*sellers: Seller) -> Backend:
    """Return a back end that knows these sellers; it has no orders, stock or outbox."""
    kept = MemorySellers()
    for seller in sellers:
        kept.add(seller)
    nothing = cast(Any, None)
    return Backend(kept, MemoryDocuments(), MemorySubmissions(), MemoryQueue(), *[nothing] * 6)
