"""Submissions in SQLite: the ports `Submissions` and, over the same rows, `Queue`; and `Schedules` of more of them."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import asdict, replace

from feedproc.embedded.database import Database
from feedproc.embedded.outbox import put
from feedproc.embedded.tables import IS_REPORT_REQUEST
from feedproc.embedded.workers import Workers
from feedproc.errors import ClaimLost
from feedproc.feeds.endings import BY_SELLER, WORKER_STOPPED
from feedproc.feeds.moments import as_micros
from feedproc.feeds.progress import Claim
from feedproc.feeds.report import Summary
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.feeds.submission import (
    FIRST_COUNTER,
    REPETITIONS_ARE_KNOWN,
    FeedSubmission,
    NewSubmission,
    ProcessingStatus,
    SubmissionKind,
    as_claimed,
    as_handed_in,
    as_put_off,
    submission_id,
)
from feedproc.ports import LONGEST_PAUSE, Filter, OutboxEntry, Waiting

_decode = msgspec.json.Decoder(FeedSubmission).decode
_decode_schedule = msgspec.json.Decoder(ReportSchedule).decode
_encode = msgspec.json.Encoder().encode
_NOBODY = ""
"""In the place of a worker: holds what was put off until its pause is over."""


class SqliteSubmissions:
    """The port `Submissions`."""

    def __init__(self, database: Database, workers: Workers) -> None:
        """Use the table `submissions`; `workers` tells which claims died with their process."""
        self._database = database
        self._workers = workers

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        """Give it the seller's next counter and keep it as SUBMITTED, unless it was handed in before under that key."""
        with self._database.transaction() as connection:
            earlier = _find_repeated(connection, new, repetition_key)
            if earlier is not None:
                return as_handed_in(earlier)
            (last,) = connection.execute(
                "SELECT max(counter) FROM submissions WHERE seller_id = ?", (new.seller_id,)
            ).fetchone()
            counter = (last or FIRST_COUNTER) + 1
            identifier = submission_id(counter, new.submitted_at.date())
            submission = FeedSubmission(**asdict(new), counter=counter, submission_id=identifier)
            connection.execute(
                "INSERT INTO submissions (seller_id, counter, submission_id, feed_type, status, submitted_at, data)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    submission.seller_id,
                    counter,
                    identifier,
                    submission.feed_type,
                    submission.status,
                    as_micros(submission.submitted_at),
                    _encode(submission),
                ),
            )
            _keep_repetition_key(connection, submission, repetition_key)
        return submission

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""
        row = self._database.connection.execute(
            "SELECT data FROM submissions WHERE seller_id = ? AND submission_id = ?", (seller_id, submission_id)
        ).fetchone()
        return _decode(row[0]) if row else None

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""
        condition, values = _build_condition(seller_id, which)
        hint = _choose_index(which)
        rows = self._database.connection.execute(
            f"SELECT data FROM submissions {hint} WHERE {condition} ORDER BY counter DESC LIMIT ?",
            (*values, limit),
        )
        return [_decode(data) for (data,) in rows]

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""
        condition, values = _build_condition(seller_id, which)
        row = self._database.connection.execute(
            f"SELECT count(*) FROM submissions WHERE {condition}",
            values,
        ).fetchone()
        return int(row[0])

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if no worker has begun it, with what is to be told about that."""
        with self._database.transaction() as connection:
            submission = self.get(seller_id, submission_id)
            if submission is None or submission.status is not ProcessingStatus.SUBMITTED:
                return False
            _keep(connection, replace(submission, status=ProcessingStatus.CANCELLED, completed_at=at, reason=BY_SELLER))
            put(connection, notices)
        return True

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`."""
        with self._database.transaction() as connection:
            submission = self.get(seller_id, submission_id)
            if submission is None or not submission.status.is_open:
                return None
            head = self._find_head(connection, submission)
            if head != submission.counter or not self._is_free(connection, submission, at):
                return None
            claimed = as_claimed(submission, at, is_held=self._get_holder(connection, submission) == worker)
            claim = Claim(seller_id, submission_id, worker, at + lease)
            _keep(connection, claimed, claim)
        return claim

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`. Raises `ClaimLost`."""
        renew(self._database.connection, claim, at + lease)

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        """Keep how it ended, with what is to be told about it. Raises `ClaimLost`."""
        with self._database.transaction() as connection:
            renew(connection, claim, claim.expires_at)
            _keep(connection, ended)
            put(connection, notices)

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up, so that another worker may claim it at once. The lease's end stays, as its place in the queue."""
        with self._database.transaction() as connection:
            held = connection.execute(
                "SELECT data FROM submissions WHERE seller_id = ? AND submission_id = ? AND worker = ?",
                (claim.seller_id, claim.submission_id, claim.worker),
            ).fetchone()
            if held:
                connection.execute(
                    "UPDATE submissions SET worker = NULL, data = ? WHERE seller_id = ? AND submission_id = ?",
                    (_encode(replace(_decode(held[0]), reason=reason)), claim.seller_id, claim.submission_id),
                )

    def acknowledge(self, seller_id: str, submission_id: str, at: datetime | None) -> FeedSubmission | None:
        """Note when its report was acknowledged, or None that it was not; return it as it is then."""
        with self._database.transaction() as connection:
            submission = self.get(seller_id, submission_id)
            if submission is None or submission.report is None:
                return None
            noted = replace(submission, acknowledged_at=at)
            connection.execute(
                "UPDATE submissions SET data = ? WHERE seller_id = ? AND counter = ?",
                (_encode(noted), seller_id, submission.counter),
            )
        return noted

    def put_off(self, claim: Claim, reason: str, until: datetime) -> None:
        """Let it wait until a moment, held by nobody; that was no attempt."""
        with self._database.transaction() as connection:
            held = connection.execute(
                "SELECT data FROM submissions WHERE seller_id = ? AND submission_id = ? AND worker = ?",
                (claim.seller_id, claim.submission_id, claim.worker),
            ).fetchone()
            if held:
                _keep(
                    connection, as_put_off(_decode(held[0]), reason), replace(claim, worker=_NOBODY, expires_at=until)
                )

    def find_overdue(self, before: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions that were handed in before a moment and are still open, oldest first."""
        rows = self._database.connection.execute(
            "SELECT data FROM submissions WHERE status IN ('SUBMITTED', 'IN_PROGRESS') AND submitted_at < ?"
            " ORDER BY submitted_at LIMIT ?",
            (as_micros(before), limit),
        )
        return [_decode(data) for (data,) in rows]

    def documents(self) -> set[str]:
        """Return the keys of all feeds and reports."""
        rows = self._database.connection.execute("SELECT data FROM submissions")
        known = (_decode(data) for (data,) in rows)
        return {key for one in known for key in (one.document, one.report) if key is not None}

    def receive(self, at: datetime) -> Waiting | None:
        """Return the submission that has waited longest among those that can be claimed now (port `Queue`).

        One that a worker gave up waits anew from the end of that lease, so that a feed which makes every worker fail
        holds up its own line alone. One whose worker was killed keeps its place.
        """
        heads = self._database.connection.execute(
            "SELECT s.seller_id, s.submission_id, s.status, s.worker, s.lease_until FROM"
            " (SELECT seller_id, min(counter) AS counter FROM submissions"
            "  WHERE status IN ('SUBMITTED', 'IN_PROGRESS') GROUP BY seller_id, feed_type) AS head"
            " JOIN submissions AS s USING (seller_id, counter)"
            " ORDER BY max(s.submitted_at, iif(s.worker IS NULL, ifnull(s.lease_until, 0), 0))"
        )
        for seller_id, identifier, status, worker, lease_until in heads:
            if status == ProcessingStatus.SUBMITTED or self._is_abandoned(worker, lease_until, at):
                return Waiting(seller_id, identifier)
        return None

    def send(self, submission: FeedSubmission) -> None:
        """Do nothing: a submission's row is its place in the queue (port `Queue`)."""

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what a worker claimed and did not end; each keeps its place in the queue (port `Queue`)."""
        with self._database.transaction() as connection:
            left = connection.execute(
                "SELECT data FROM submissions WHERE worker = ? AND status = 'IN_PROGRESS'", (worker,)
            ).fetchall()
            for (data,) in left:
                _keep(connection, replace(_decode(data), reason=WORKER_STOPPED))

    def _find_head(self, connection: sqlite3.Connection, submission: FeedSubmission) -> int:
        (counter,) = connection.execute(
            "SELECT min(counter) FROM submissions"
            " WHERE status IN ('SUBMITTED', 'IN_PROGRESS') AND seller_id = ? AND feed_type = ?",
            (submission.seller_id, submission.feed_type),
        ).fetchone()
        return int(counter)

    def _get_holder(self, connection: sqlite3.Connection, submission: FeedSubmission) -> str | None:
        (worker,) = connection.execute(
            "SELECT worker FROM submissions WHERE seller_id = ? AND counter = ?",
            (submission.seller_id, submission.counter),
        ).fetchone()
        return None if worker is None else str(worker)

    def _is_free(self, connection: sqlite3.Connection, submission: FeedSubmission, at: datetime) -> bool:
        if submission.status is ProcessingStatus.SUBMITTED:
            return True
        worker, lease_until = connection.execute(
            "SELECT worker, lease_until FROM submissions WHERE seller_id = ? AND counter = ?",
            (submission.seller_id, submission.counter),
        ).fetchone()
        return self._is_abandoned(worker, lease_until, at)

    def _is_abandoned(self, worker: str | None, lease_until: int | None, at: datetime) -> bool:
        if worker is None or lease_until is None or lease_until < as_micros(at):
            return True
        if worker == _NOBODY:
            return lease_until > as_micros(at + LONGEST_PAUSE)  # the clock was set back
        return not self._workers.lives(worker)


def _find_repeated(connection: sqlite3.Connection, new: NewSubmission, key: str | None) -> FeedSubmission | None:
    """Return what the seller has handed in under this key lately; forget keys that are too old."""
    if key is None:
        return None
    known_since = as_micros(new.submitted_at - REPETITIONS_ARE_KNOWN)
    connection.execute("DELETE FROM repetition_keys WHERE submitted_at < ?", (known_since,))
    row = connection.execute(
        "SELECT s.data FROM repetition_keys AS k JOIN submissions AS s USING (seller_id, counter)"
        " WHERE k.seller_id = ? AND k.key = ?",
        (new.seller_id, key),
    ).fetchone()
    return _decode(row[0]) if row else None


def _keep_repetition_key(connection: sqlite3.Connection, submission: FeedSubmission, key: str | None) -> None:
    if key is not None:
        connection.execute(
            "INSERT OR REPLACE INTO repetition_keys VALUES (?, ?, ?, ?)",
            (submission.seller_id, key, submission.counter, as_micros(submission.submitted_at)),
        )


def renew(connection: sqlite3.Connection, claim: Claim, until: datetime) -> None:
    """Hold a claim until then. Raises `ClaimLost`."""
    renewed = connection.execute(
        "UPDATE submissions SET lease_until = ?"
        " WHERE seller_id = ? AND submission_id = ? AND worker = ? AND status = 'IN_PROGRESS'",
        (as_micros(until), claim.seller_id, claim.submission_id, claim.worker),
    )
    _require_held(claim, renewed)


def note_progress(connection: sqlite3.Connection, claim: Claim, until: datetime, summary: Summary) -> None:
    """Hold a claim until then, and note the counts so far, which forgives earlier attempts. Raises `ClaimLost`."""
    progress = {"summary": summary, "attempts": 1, "setbacks": 0}
    noted = connection.execute(
        "UPDATE submissions SET lease_until = ?, data = CAST(json_patch(CAST(data AS TEXT), ?) AS BLOB)"
        " WHERE seller_id = ? AND submission_id = ? AND worker = ? AND status = 'IN_PROGRESS'",
        (as_micros(until), _encode(progress).decode(), claim.seller_id, claim.submission_id, claim.worker),
    )
    _require_held(claim, noted)


def _require_held(claim: Claim, changed: sqlite3.Cursor) -> None:
    if not changed.rowcount:
        raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")


def _keep(connection: sqlite3.Connection, submission: FeedSubmission, claim: Claim | None = None) -> None:
    connection.execute(
        "UPDATE submissions SET status = ?, worker = ?, lease_until = ?, data = ? WHERE seller_id = ? AND counter = ?",
        (
            submission.status,
            claim and claim.worker,
            claim and as_micros(claim.expires_at),
            _encode(submission),
            submission.seller_id,
            submission.counter,
        ),
    )


def _choose_index(which: Filter) -> str:
    """Return the hint without which SQLite walks through all of a seller's submissions for a few among them."""
    if which.submission_ids:
        return ""
    if which.kind is SubmissionKind.REPORT_REQUEST:
        return "INDEXED BY report_requests"
    return "INDEXED BY submissions_by_status" if len(which.statuses) == 1 else ""


_KINDS = {
    None: "TRUE",
    SubmissionKind.REPORT_REQUEST: IS_REPORT_REQUEST,
    SubmissionKind.FEED: f"NOT ({IS_REPORT_REQUEST})",
}


def _build_condition(seller_id: str, which: Filter) -> tuple[str, list[str | int]]:
    conditions = ["seller_id = ?", _KINDS[which.kind]]
    values: list[str | int] = [seller_id]
    if which.before_counter is not None:
        conditions.append("counter < ?")
        values.append(which.before_counter)
    if which.submission_ids:
        _add_choice(conditions, values, "submission_id", which.submission_ids)
        return " AND ".join(conditions), values
    _add_choice(conditions, values, "feed_type", which.feed_types)
    _add_choice(conditions, values, "status", which.statuses)
    for operator, moment in ((">=", which.submitted_from), ("<=", which.submitted_to)):
        if moment is not None:
            conditions.append(f"submitted_at {operator} ?")
            values.append(as_micros(moment))
    return " AND ".join(conditions), values


def _add_choice(conditions: list[str], values: list[str | int], column: str, wanted: Sequence[str]) -> None:
    if wanted:
        conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
        values.extend(wanted)


class SqliteSchedules:
    """The port `Schedules`."""

    def __init__(self, database: Database) -> None:
        """Use the table `report_schedules`."""
        self._database = database

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        self._database.connection.execute(
            "INSERT OR REPLACE INTO report_schedules VALUES (?, ?, ?, ?)",
            (schedule.seller_id, schedule.report_type, as_micros(schedule.next_at), _encode(schedule)),
        )

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        self._database.connection.execute(
            "DELETE FROM report_schedules WHERE seller_id = ? AND report_type = ?", (seller_id, report_type)
        )

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        rows = self._database.connection.execute(
            "SELECT data FROM report_schedules WHERE seller_id = ? ORDER BY report_type", (seller_id,)
        )
        return [_decode_schedule(data) for (data,) in rows]

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        rows = self._database.connection.execute(
            "SELECT data FROM report_schedules WHERE next_at <= ? ORDER BY next_at LIMIT ?", (as_micros(at), limit)
        )
        return [_decode_schedule(data) for (data,) in rows]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        following = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        changed = self._database.connection.execute(
            "UPDATE report_schedules SET next_at = ?, data = ? WHERE seller_id = ? AND report_type = ? AND data = ?",
            (as_micros(next_at), _encode(following), schedule.seller_id, schedule.report_type, _encode(schedule)),
        )
        return bool(changed.rowcount)
