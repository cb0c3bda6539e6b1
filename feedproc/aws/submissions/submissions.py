"""Submissions in DynamoDB: handed in, found, claimed, ended; and schedules of more of them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import chain, count, islice

import msgspec
from botocore.exceptions import ClientError
from msgspec.structs import asdict, replace

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Statement
from feedproc.aws.dynamo.read import get_item, query_items
from feedproc.aws.dynamo.tables import SELLERS, SUBMISSIONS
from feedproc.aws.dynamo.transaction import ConditionsFailed, Write, make_token, transact
from feedproc.aws.errors import is_busy, is_refused
from feedproc.aws.outbox import outbox
from feedproc.aws.stock.journals import Journals
from feedproc.aws.submissions import search, statements
from feedproc.aws.submissions.item import make_key, parse_counter, pick_key, read_submission
from feedproc.aws.submissions.statements import ClaimListener
from feedproc.errors import ClaimLost, StoreBusy
from feedproc.feeds.moments import as_micros
from feedproc.feeds.progress import Claim
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.feeds.submission import (
    FIRST_COUNTER,
    OPEN,
    FeedSubmission,
    NewSubmission,
    ProcessingStatus,
    as_handed_in,
    submission_id,
)
from feedproc.ports import Filter, OutboxEntry

_SCHEDULES = "report schedules"
"""In the table of sellers, in the place of the group under which one is listed; no access key has such a name. There
are few schedules, so that one query of this partition finds what is due."""
_decode_schedule = msgspec.json.Decoder(ReportSchedule).decode
_LONGEST_WAIT = 15.0
"""Seconds that a feed waits for its number, while others of its seller take theirs: an HTTP API answers within 30."""


class DynamoSubmissions:
    """The port `Submissions`, and what a queue asks about those that are open."""

    def __init__(
        self, clients: Clients, new_token: Callable[[], str], listener: ClaimListener, journals: Journals
    ) -> None:
        """Use the table `submissions`; `new_token` never gives the same twice; `listener` hears of claims.

        Nothing ends before its `journals` are posted.
        """
        self._clients = clients
        self._table = clients.get_table_name(SUBMISSIONS)
        self._keep_days = clients.settings.keep_days
        self._new_token = new_token
        self._listener = listener
        self._journals = journals

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        """Give it the seller's next counter and keep it as SUBMITTED: one transaction, so that no place is skipped.

        The same transaction keeps the repetition key, and is refused where that is kept already.

        Raises:
            StoreBusy: others handed in feeds of this seller all the time, and took each number first; or DynamoDB
                throttles.

        """
        token = self._new_token()
        waited = 0.0
        for seconds in chain.from_iterable(draw_pauses() for _ in count()):
            found = get_item(self._clients, SUBMISSIONS, make_key(new.seller_id, statements.LAST))
            last = items.as_int(found["last"]) if found else FIRST_COUNTER
            submission = _number(new, last + 1)
            counting = statements.put_counter(self._table, new.seller_id, last, bool(found))
            writes = [Write("Put", counting), Write("Put", statements.put_submission(self._table, submission, token))]
            if repetition_key is not None:
                writes.append(Write("Put", statements.put_repetition(self._table, submission, repetition_key)))
            try:
                transact(self._clients, writes, make_token(writes))
            except ConditionsFailed:
                made = get_item(self._clients, SUBMISSIONS, make_key(new.seller_id, last + 1))
                if made is None or made["token"]["S"] != token:
                    earlier = self._find_repeated(new.seller_id, repetition_key)
                    if earlier is not None:
                        return as_handed_in(earlier)
                    if (waited := waited + seconds) > _LONGEST_WAIT:
                        break
                    self._clients.pause(seconds)
                    continue
            except ClientError as error:
                if is_busy(error):
                    raise StoreBusy(f"DynamoDB is too busy for a feed of seller {new.seller_id}; try again") from error
                raise
            return submission
        raise StoreBusy(f"seller {new.seller_id} hands in too many feeds at once; try again")

    def _find_repeated(self, seller_id: str, repetition_key: str | None) -> FeedSubmission | None:
        if repetition_key is None:
            return None
        kept = get_item(self._clients, SUBMISSIONS, statements.make_repetition_item_key(seller_id, repetition_key))
        if kept is None:
            return None
        found = get_item(self._clients, SUBMISSIONS, make_key(seller_id, items.as_int(kept["repeats"])))
        return read_submission(found) if found else None

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""
        found = self._get_item(seller_id, submission_id)
        return read_submission(found) if found else None

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""
        return list(islice(search.find_matching(self._clients, seller_id, which, limit), limit))

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""
        return search.count_matching(self._clients, seller_id, which)

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if no worker has begun it, with what is to be told about that."""
        found = self._get_item(seller_id, submission_id)
        if found is None or found["status"]["S"] != ProcessingStatus.SUBMITTED:
            return False
        call = self._new_token()
        entries = outbox.put_entries(self._clients, notices, at, f"{submission_id}/end")
        cancelling = statements.cancel(self._table, pick_key(found), call, at, self._keep_days)
        writes = [Write("Update", cancelling), *entries]
        try:
            transact(self._clients, writes, make_token(writes))
        except ConditionsFailed:
            found = self._get_item(seller_id, submission_id) or {}
            return found.get("call") == items.as_text(call)  # an earlier try of this very call
        return True

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`."""
        found = self._get_item(seller_id, submission_id)
        if found is None or found["status"]["S"] not in OPEN:
            return None
        if search.find_first_open(self._clients, seller_id, found["feed_type"]["S"]) != items.as_int(found["counter"]):
            return None
        claim = Claim(seller_id, submission_id, worker, at + lease)
        if not self._try_update(statements.take(self._table, found, claim, at, self._new_token())):
            return None
        self._journals.begin(claim, is_taken_over=statements.HAS_JOURNALS in found)
        return claim

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`.

        Raises:
            ClaimLost: another worker holds the submission, or it has ended.

        """
        if not self._try_update(statements.renew(self._table, claim, at + lease)):
            raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")
        self._listener.note_renewal(claim, at)

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        """Keep how it ended, with what is to be told about it.

        Raises:
            ClaimLost: another worker holds the submission, or ended it.

        """
        self._journals.post_all(claim)
        at = ended.completed_at or claim.expires_at
        ending = statements.end(self._table, claim, ended, at, self._keep_days)
        entries = outbox.put_entries(self._clients, notices, at, f"{claim.submission_id}/end")
        writes = [Write("Update", ending), *entries]
        try:
            transact(self._clients, writes, make_token(writes))
        except ConditionsFailed:
            found = self._get_item(claim.seller_id, claim.submission_id)
            if found is None or found["status"]["S"] != ended.status or not statements.is_held(found, claim):
                raise ClaimLost(f"submission {claim.submission_id} ended without worker {claim.worker}") from None
        self._journals.forget(claim)
        self._listener.note_end(claim)

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up, so that another worker may claim it at once."""
        self._journals.forget(claim)
        counter = parse_counter(claim.submission_id)
        if counter is not None:
            self._try_update(statements.let_go(self._table, counter, claim, reason))

    def acknowledge(self, seller_id: str, submission_id: str, at: datetime | None) -> FeedSubmission | None:
        """Note when its report was acknowledged, or None that it was not; return it as it is then."""
        counter = parse_counter(submission_id)
        if counter is None or not self._try_update(
            statements.acknowledge(self._table, make_key(seller_id, counter), submission_id, at)
        ):
            return None
        return self.get(seller_id, submission_id)

    def put_off(self, claim: Claim, reason: str, until: datetime) -> None:
        """Let it wait until a moment, held by nobody; that was no attempt."""
        self._journals.forget(claim)
        counter = parse_counter(claim.submission_id)
        if counter is not None:
            self._try_update(statements.put_off(self._table, counter, claim, reason, until))

    def find_head(self, seller_id: str, feed_type: str) -> search.Head | None:
        """Return a line's oldest open submission, whether a worker has it, and until when; None for an empty line."""
        return search.find_head(self._clients, seller_id, feed_type)

    def find_overdue(self, before: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions of all sellers that were handed in before a moment and have not ended."""
        return search.find_overdue(self._clients, before, limit)

    def _get_item(self, seller_id: str, submission_id: str) -> Item | None:
        counter = parse_counter(submission_id)
        found = get_item(self._clients, SUBMISSIONS, make_key(seller_id, counter)) if counter is not None else None
        return found if found and found["submission_id"]["S"] == submission_id else None

    def _try_update(self, statement: Statement) -> bool:
        """Write, and say whether the condition held."""
        try:
            self._clients.write("update_item", **statement)
        except ClientError as error:
            if is_refused(error):
                return False
            raise
        return True


def _number(new: NewSubmission, counter: int) -> FeedSubmission:
    identifier = submission_id(counter, new.submitted_at.date())
    return FeedSubmission(**asdict(new), counter=counter, submission_id=identifier)


class DynamoSchedules:
    """The port `Schedules`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `sellers`."""
        self._clients = clients
        self._table = clients.get_table_name(SELLERS)

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        self._clients.write("put_item", **items.put(self._table, _make_schedule_item(schedule)))

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        self._clients.write("delete_item", **items.delete(self._table, _make_schedule_key(seller_id, report_type)))

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        statement = items.query(
            self._table,
            "#listed_under = :group AND begins_with(#seller_id, :seller)",
            {"group": items.as_text(_SCHEDULES), "seller": items.as_text(items.make_key(seller_id, ""))},
        )
        return [_read_schedule(one) for one in query_items(self._clients, statement, ConsistentRead=True)]

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        statement = items.query(
            self._table,
            "#listed_under = :group",
            {"group": items.as_text(_SCHEDULES), "at": items.as_number(as_micros(at))},
            "#next_at <= :at",
        )
        due = [_read_schedule(one) for one in query_items(self._clients, statement, ConsistentRead=True)]
        return sorted(due, key=lambda one: one.next_at)[:limit]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        following = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        statement = items.put(
            self._table,
            _make_schedule_item(following),
            "#schedule = :read",
            {"read": items.as_json(schedule)},
        )
        try:
            self._clients.write("put_item", **statement)
        except ClientError as error:
            if is_refused(error):
                return False
            raise
        return True


def _make_schedule_key(seller_id: str, report_type: str) -> Item:
    return {
        "listed_under": items.as_text(_SCHEDULES),
        "seller_id": items.as_text(items.make_key(seller_id, report_type)),
    }


def _make_schedule_item(schedule: ReportSchedule) -> Item:
    return {
        **_make_schedule_key(schedule.seller_id, schedule.report_type),
        "next_at": items.as_number(as_micros(schedule.next_at)),
        "schedule": items.as_json(schedule),
    }


def _read_schedule(item: Item) -> ReportSchedule:
    return items.from_json(item["schedule"], _decode_schedule)
