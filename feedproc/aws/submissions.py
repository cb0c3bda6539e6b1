"""Submissions in DynamoDB: handed in, found, claimed, ended."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from botocore.exceptions import ClientError
from msgspec.structs import asdict

from feedproc.aws import items, outbox
from feedproc.aws.claims import Watching, held, renewal
from feedproc.aws.clients import Clients, is_refused
from feedproc.aws.items import Item, Statement
from feedproc.aws.patience import pauses
from feedproc.aws.reading import fetched, one, queried
from feedproc.aws.record import (
    KEPT_DAYS,
    OPEN,
    counter_of,
    ended_values,
    key_of,
    new_item,
    submission_in,
)
from feedproc.aws.searching import counted, in_line, matching
from feedproc.aws.tables import SUBMISSIONS
from feedproc.aws.transaction import Refused, Write, token_of, transact
from feedproc.errors import ClaimLost, Conflict
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FIRST_COUNTER, FeedSubmission, NewSubmission, ProcessingStatus, submission_id
from feedproc.ports import Filter, OutboxEntry

_LAST = 0
"""In the place of a counter: the item that tells the last one given."""


class DynamoSubmissions:
    """The port `Submissions`, and what a queue asks about those that are open."""

    def __init__(self, clients: Clients, new_token: Callable[[], str], watching: Watching) -> None:
        """Use the table `submissions`; `new_token` never gives the same twice; `watching` hears of claims."""
        self._clients = clients
        self._table = clients.table(SUBMISSIONS)
        self._new_token = new_token
        self._watching = watching

    def add(self, new: NewSubmission) -> FeedSubmission:
        """Give it the seller's next counter and keep it as SUBMITTED: one transaction, so that no place is skipped."""
        token = self._new_token()
        for seconds in (*pauses(), *pauses(), 0.0):
            found = one(self._clients, SUBMISSIONS, key_of(new.seller_id, _LAST))
            last = items.integer(found["last"]) if found else FIRST_COUNTER
            submission = _numbered(new, last + 1)
            writes = [Write("Put", self._last(new.seller_id, last, bool(found))), self._first(submission, token)]
            try:
                transact(self._clients, writes, token_of(writes))
            except Refused:
                made = one(self._clients, SUBMISSIONS, key_of(new.seller_id, last + 1))
                if made is None or made["token"]["S"] != token:
                    self._clients.pause(seconds)
                    continue
            return submission
        raise Conflict(f"seller {new.seller_id} handed in too many feeds at once; try again")

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""
        found = self._item(seller_id, submission_id)
        return submission_in(found) if found else None

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""
        return list(islice(matching(self._clients, seller_id, which, limit), limit))

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""
        return counted(self._clients, seller_id, which)

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if no worker has begun it, with what is to be told about that."""
        found = self._item(seller_id, submission_id)
        if found is None or found["status"]["S"] != ProcessingStatus.SUBMITTED:
            return False
        call = self._new_token()
        told = outbox.puts(self._clients, notices, at, f"{submission_id}/end")
        writes = [Write("Update", self._cancelling(_key(found), call, at)), *told]
        try:
            transact(self._clients, writes, token_of(writes))
        except Refused:
            found = self._item(seller_id, submission_id) or {}
            return found.get("call") == items.text(call)  # an earlier try of this very call
        return True

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`."""
        found = self._item(seller_id, submission_id)
        if found is None or found["status"]["S"] not in OPEN:
            return None
        if self._head(seller_id, found["feed_type"]["S"]) != items.integer(found["counter"]):
            return None
        claim = Claim(seller_id, submission_id, worker, at + lease)
        return claim if self._written(self._claiming(_key(found), claim, at)) else None

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`. Raises `ClaimLost`."""
        if not self._written(renewal(self._table, claim, at + lease)):
            raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")
        self._watching.renewed(claim, at)

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        """Keep how it ended, with what is to be told about it. Raises `ClaimLost`."""
        at = ended.completed_at or claim.expires_at
        place = f"{claim.submission_id}/end"
        writes = [self._end(claim, ended, at), *outbox.puts(self._clients, notices, at, place)]
        try:
            transact(self._clients, writes, token_of(writes))
        except Refused:
            found = self._item(claim.seller_id, claim.submission_id)
            if found is None or found["status"]["S"] != ended.status or not held(found, claim):
                raise ClaimLost(f"submission {claim.submission_id} ended without worker {claim.worker}") from None
        self._watching.ended(claim)

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up, so that another worker may claim it at once."""
        counter = counter_of(claim.submission_id)
        if counter is not None:
            self._written(
                items.update(
                    self._table,
                    key_of(claim.seller_id, counter),
                    "SET #reason = :reason REMOVE #worker, #lease",
                    "#worker = :worker AND #status = :held",
                    {
                        "reason": items.text(reason),
                        "worker": items.text(claim.worker),
                        "held": items.text(ProcessingStatus.IN_PROGRESS),
                    },
                )
            )

    def head(self, seller_id: str, feed_type: str) -> tuple[FeedSubmission, bool, datetime | None] | None:
        """Return a line's oldest open submission, whether a worker has it, and until when; None for an empty line."""
        counter = self._head(seller_id, feed_type)
        found = one(self._clients, SUBMISSIONS, key_of(seller_id, counter)) if counter is not None else None
        if found is None:
            return None
        lease = items.as_moment(items.integer(found["lease"])) if "lease" in found else None
        return submission_in(found), "worker" in found, lease

    def waiting_since(self, moment: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions that were handed in before a moment and have not ended, of all sellers.

        The index may lag behind by about a second.
        """
        statement = items.query(
            self._table,
            "#open = :open AND #submitted_at < :moment",
            {"open": items.text("open"), "moment": items.number(items.as_micros(moment))},
        )
        keys = islice(queried(self._clients, statement, IndexName="open_by_age", Limit=min(limit, 1_000)), limit)
        found = map(submission_in, fetched(self._clients, SUBMISSIONS, map(_key, keys)))
        return sorted((one for one in found if one.status in OPEN), key=lambda one: one.submitted_at)

    def _item(self, seller_id: str, submission_id: str) -> Item | None:
        counter = counter_of(submission_id)
        found = one(self._clients, SUBMISSIONS, key_of(seller_id, counter)) if counter is not None else None
        return found if found and found["submission_id"]["S"] == submission_id else None

    def _head(self, seller_id: str, feed_type: str) -> int | None:
        first = next(in_line(self._clients, seller_id, feed_type, Limit=1), None)
        return items.integer(first["counter"]) if first else None

    def _last(self, seller_id: str, last: int, is_known: bool) -> Statement:
        item = {**key_of(seller_id, _LAST), "last": items.number(last + 1)}
        if not is_known:
            return items.put(self._table, item, "attribute_not_exists(#seller_id)")
        return items.put(self._table, item, "#last = :last", {"last": items.number(last)})

    def _first(self, submission: FeedSubmission, token: str) -> Write:
        return Write("Put", items.put(self._table, new_item(submission, token), "attribute_not_exists(#seller_id)"))

    def _claiming(self, key: Item, claim: Claim, at: datetime) -> Statement:
        return items.update(
            self._table,
            key,
            "SET #status = :taken, #worker = :worker, #lease = :lease, #call = :call, #attempts = #attempts + :one,"
            " #started_at = if_not_exists(#started_at, :at)",
            "#status = :waiting OR (#status = :taken AND"
            " (attribute_not_exists(#worker) OR #lease < :at OR #call = :call))",
            {
                "taken": items.text(ProcessingStatus.IN_PROGRESS),
                "waiting": items.text(ProcessingStatus.SUBMITTED),
                "worker": items.text(claim.worker),
                "lease": items.number(items.as_micros(claim.expires_at)),
                "call": items.text(self._new_token()),
                "one": items.number(1),
                "at": items.number(items.as_micros(at)),
            },
        )

    def _end(self, claim: Claim, ended: FeedSubmission, at: datetime) -> Write:
        told = ended_values(ended) | {"expires": items.expiry(at, KEPT_DAYS)}
        values = {name: value for name, value in told.items() if value is not None}
        gone = ["lease", "line", "open", *(name for name, value in told.items() if value is None)]
        statement = items.update(
            self._table,
            key_of(claim.seller_id, counter_of(claim.submission_id) or _LAST),
            f"SET {', '.join(f'#{name} = :{name}' for name in values)} REMOVE {', '.join(f'#{name}' for name in gone)}",
            "#worker = :worker AND #status = :held",
            {
                **values,
                "worker": items.text(claim.worker),
                "held": items.text(ProcessingStatus.IN_PROGRESS),
            },
        )
        return Write("Update", statement)

    def _cancelling(self, key: Item, call: str, at: datetime) -> Statement:
        return items.update(
            self._table,
            key,
            "SET #status = :cancelled, #completed_at = :at, #reason = :reason, #expires = :expires, #call = :call"
            " REMOVE #line, #open",
            "#status = :submitted",
            {
                "cancelled": items.text(ProcessingStatus.CANCELLED),
                "submitted": items.text(ProcessingStatus.SUBMITTED),
                "at": items.number(items.as_micros(at)),
                "reason": items.text("cancelled by the seller"),
                "expires": items.expiry(at, KEPT_DAYS),
                "call": items.text(call),
            },
        )

    def _written(self, statement: Statement) -> bool:
        """Write, and say whether the condition held."""
        try:
            self._clients.write("update_item", **statement)
        except ClientError as error:
            if is_refused(error):
                return False
            raise
        return True


def _numbered(new: NewSubmission, counter: int) -> FeedSubmission:
    identifier = submission_id(counter, new.submitted_at.date())
    return FeedSubmission(**asdict(new), counter=counter, submission_id=identifier)


def _key(found: Item) -> Item:
    return {name: found[name] for name in ("seller_id", "counter")}
