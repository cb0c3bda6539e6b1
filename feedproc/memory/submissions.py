"""Submissions in memory: the ports `Submissions` and, over the same lines, `Queue`; and `Schedules` of more of them."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from msgspec.structs import asdict, replace

from feedproc.errors import ClaimLost
from feedproc.feeds.endings import BY_SELLER, WORKER_STOPPED
from feedproc.feeds.progress import Claim
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.feeds.submission import (
    FIRST_COUNTER,
    REPETITIONS_ARE_KNOWN,
    FeedSubmission,
    NewSubmission,
    ProcessingStatus,
    as_claimed,
    as_handed_in,
    as_put_off,
    submission_id,
)
from feedproc.memory.outbox import put_entries
from feedproc.memory.tables import SubmissionRow, Tables, require_text
from feedproc.ports import LONGEST_PAUSE, Filter, OutboxEntry, Waiting

_NOBODY = ""
"""In the place of a worker: holds what was put off until its pause is over."""


class MemorySubmissions:
    """The port `Submissions`."""

    def __init__(self, tables: Tables) -> None:
        """Use the tables of submissions."""
        self._tables = tables

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        """Give it the seller's next counter and keep it as SUBMITTED, unless it was handed in before under that key."""
        tables = self._tables
        with tables.lock:
            earlier = self._find_repeated(new, repetition_key)
            if earlier is not None:
                return as_handed_in(earlier)
            rows = tables.submissions.setdefault(new.seller_id, {})
            counter = next(reversed(rows), FIRST_COUNTER) + 1
            identifier = submission_id(counter, new.submitted_at.date())
            submission = FeedSubmission(**asdict(new), counter=counter, submission_id=identifier)
            rows[counter] = SubmissionRow(submission)
            tables.counters[new.seller_id, identifier] = counter
            tables.lines.setdefault((new.seller_id, new.feed_type), deque()).append(counter)
            if repetition_key is not None:
                tables.repetition_keys[new.seller_id, repetition_key] = (new.submitted_at, counter)
        return submission

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""
        require_text(seller_id, submission_id)
        with self._tables.lock:
            row = find_row(self._tables, seller_id, submission_id)
            return row.submission if row else None

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""
        with self._tables.lock:
            return list(islice(self._walk(seller_id, which), limit))

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""
        with self._tables.lock:
            return sum(1 for _ in self._walk(seller_id, which))

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if no worker has begun it, with what is to be told about that."""
        with self._tables.lock:
            row = find_row(self._tables, seller_id, submission_id)
            if row is None or row.submission.status is not ProcessingStatus.SUBMITTED:
                return False
            cancelled = replace(row.submission, status=ProcessingStatus.CANCELLED, completed_at=at, reason=BY_SELLER)
            self._end(row, cancelled, notices)
        return True

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`."""
        with self._tables.lock:
            row = find_row(self._tables, seller_id, submission_id)
            if row is None or not row.submission.status.is_open or not _is_free(row, at):
                return None
            submission = row.submission
            if self._tables.lines[seller_id, submission.feed_type][0] != submission.counter:
                return None
            row.submission = as_claimed(submission, at, is_held=row.worker == worker)
            row.worker, row.lease_until = worker, at + lease
            return Claim(seller_id, submission_id, worker, at + lease)

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`.

        Raises:
            ClaimLost: somebody else holds the submission, or it has ended.

        """
        with self._tables.lock:
            require_held(self._tables, claim).lease_until = at + lease

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        """Keep how it ended, with what is to be told about it.

        Raises:
            ClaimLost: somebody else holds the submission, or it has ended.

        """
        with self._tables.lock:
            self._end(require_held(self._tables, claim), ended, notices)

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up, so that another worker may claim it at once. The lease's end stays, as its place in the queue."""
        with self._tables.lock:
            row = find_row(self._tables, claim.seller_id, claim.submission_id)
            if row is not None and row.worker == claim.worker:
                row.worker, row.submission = None, replace(row.submission, reason=reason)

    def acknowledge(self, seller_id: str, submission_id: str, at: datetime | None) -> FeedSubmission | None:
        """Note when its report was acknowledged, or None that it was not; return it as it is then."""
        with self._tables.lock:
            row = find_row(self._tables, seller_id, submission_id)
            if row is None or row.submission.report is None:
                return None
            row.submission = replace(row.submission, acknowledged_at=at)
            return row.submission

    def put_off(self, claim: Claim, reason: str, until: datetime) -> None:
        """Let it wait until a moment, held by nobody; that was no attempt."""
        with self._tables.lock:
            row = find_row(self._tables, claim.seller_id, claim.submission_id)
            if row is not None and row.worker == claim.worker:
                row.worker, row.lease_until, row.submission = _NOBODY, until, as_put_off(row.submission, reason)

    def find_overdue(self, before: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions that were handed in before a moment and are still open, oldest first."""
        with self._tables.lock:
            waiting = [
                self._tables.submissions[seller_id][counter].submission
                for (seller_id, _), line in self._tables.lines.items()
                for counter in line
            ]
        found = (one for one in waiting if one.submitted_at < before)
        return sorted(found, key=lambda one: one.submitted_at)[:limit]

    def _find_repeated(self, new: NewSubmission, key: str | None) -> FeedSubmission | None:
        """Return what the seller has handed in under this key lately; forget keys that are too old."""
        if key is None:
            return None
        keys = self._tables.repetition_keys
        known_since = new.submitted_at - REPETITIONS_ARE_KNOWN
        for one in [one for one, (at, _) in keys.items() if at < known_since]:
            del keys[one]
        found = keys.get((new.seller_id, key))
        return self._tables.submissions[new.seller_id][found[1]].submission if found else None

    def _walk(self, seller_id: str, which: Filter) -> Iterator[FeedSubmission]:
        """Yield what matches, newest first."""
        rows = self._tables.submissions.get(seller_id, {})
        before = which.before_counter
        if which.submission_ids:
            known = {self._tables.counters.get((seller_id, one)) for one in which.submission_ids}
            counters: Iterable[int] = sorted((one for one in known if one is not None), reverse=True)
            named = (rows[one].submission for one in counters)
            fitting = (one for one in named if which.kind in (None, one.kind))
        else:
            fitting = (one.submission for one in reversed(rows.values()) if _fits(one.submission, which))
        return (one for one in fitting if before is None or one.counter < before)

    def _end(self, row: SubmissionRow, ended: FeedSubmission, notices: Iterable[OutboxEntry]) -> None:
        self._tables.lines[ended.seller_id, ended.feed_type].remove(ended.counter)
        row.submission, row.worker, row.lease_until = ended, None, None
        put_entries(self._tables, notices)


class MemoryQueue:
    """The port `Queue`: a submission's place in its line is its place in the queue."""

    def __init__(self, tables: Tables) -> None:
        """Use the tables of submissions."""
        self._tables = tables

    def send(self, submission: FeedSubmission) -> None:
        """Do nothing: it stands in its line since it was handed in."""

    def receive(self, at: datetime) -> Waiting | None:
        """Return the submission that has waited longest among those that can be claimed now.

        One that a worker gave up waits anew from the end of that lease, so that a feed which makes every worker fail
        holds up its own line alone.
        """
        with self._tables.lock:
            heads = [
                self._tables.submissions[seller_id][line[0]]
                for (seller_id, _), line in self._tables.lines.items()
                if line
            ]
            free = [row for row in heads if _is_free(row, at)]
            longest = min(free, key=_waits_since, default=None)
        return Waiting(longest.submission.seller_id, longest.submission.submission_id) if longest else None

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what a worker claimed and did not end; each keeps its place in the queue."""
        with self._tables.lock:
            for (seller_id, _), line in self._tables.lines.items():
                for counter in line:
                    row = self._tables.submissions[seller_id][counter]
                    if row.worker == worker:
                        row.worker, row.lease_until = None, None
                        row.submission = replace(row.submission, reason=WORKER_STOPPED)


def find_row(tables: Tables, seller_id: str, submission_id: str) -> SubmissionRow | None:
    """Return one of a seller's submissions, and who holds it."""
    counter = tables.counters.get((seller_id, submission_id))
    return None if counter is None else tables.submissions[seller_id][counter]


def require_held(tables: Tables, claim: Claim) -> SubmissionRow:
    """Return the submission that a worker holds.

    Raises:
        ClaimLost: somebody else holds it, or it has ended.

    """
    row = find_row(tables, claim.seller_id, claim.submission_id)
    if row is None or row.worker != claim.worker or row.submission.status is not ProcessingStatus.IN_PROGRESS:
        raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")
    return row


def _is_free(row: SubmissionRow, at: datetime) -> bool:
    if row.worker is None or row.lease_until is None or row.lease_until < at:
        return True
    return row.worker == _NOBODY and row.lease_until > at + LONGEST_PAUSE  # the clock was set back


def _waits_since(row: SubmissionRow) -> datetime:
    if row.worker is None and row.lease_until is not None:
        return max(row.submission.submitted_at, row.lease_until)
    return row.submission.submitted_at


def _fits(one: FeedSubmission, which: Filter) -> bool:
    return (
        which.kind in (None, one.kind)
        and (not which.feed_types or one.feed_type in which.feed_types)
        and (not which.statuses or one.status in which.statuses)
        and (which.submitted_from is None or one.submitted_at >= which.submitted_from)
        and (which.submitted_to is None or one.submitted_at <= which.submitted_to)
    )


class MemorySchedules:
    """The port `Schedules`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table of schedules."""
        self._tables = tables

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        require_text(schedule.seller_id, schedule.report_type)
        with self._tables.lock:
            self._tables.schedules[schedule.seller_id, schedule.report_type] = schedule

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        with self._tables.lock:
            self._tables.schedules.pop((seller_id, report_type), None)

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        with self._tables.lock:
            found = [one for one in self._tables.schedules.values() if one.seller_id == seller_id]
        return sorted(found, key=lambda one: one.report_type)

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        with self._tables.lock:
            due = [one for one in self._tables.schedules.values() if one.next_at <= at]
        return sorted(due, key=lambda one: one.next_at)[:limit]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        key = schedule.seller_id, schedule.report_type
        with self._tables.lock:
            if self._tables.schedules.get(key) != schedule:
                return False
            self._tables.schedules[key] = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        return True
