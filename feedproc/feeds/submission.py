"""A feed that was handed in once, and how far it has come."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.endings import read_ending
from feedproc.feeds.report import Summary
from feedproc.feeds.saying import Part

FIRST_COUNTER = 50_000
"""New sellers' submission counters start above this number, as recorded on Amazon's service since 2015."""


class ProcessingStatus(StrEnum):
    """How far a submission has come (MWS developer guide, FeedProcessingStatus enumeration)."""

    UNCONFIRMED = "UNCONFIRMED"
    SUBMITTED = "SUBMITTED"
    IN_PROGRESS = "IN_PROGRESS"
    IN_SAFETY_NET = "IN_SAFETY_NET"
    AWAITING_ASYNCHRONOUS_REPLY = "AWAITING_ASYNCHRONOUS_REPLY"
    CANCELLED = "CANCELLED"
    DONE = "DONE"

    @property
    def is_open(self) -> bool:
        """Whether a submission that stands so is still to be processed, or being processed."""
        return self in OPEN


OPEN = (ProcessingStatus.SUBMITTED, ProcessingStatus.IN_PROGRESS)
"""Statuses of what is still to be processed, or being processed."""


class SubmissionKind(StrEnum):
    """What was handed in: a feed, or a request for a report, which stands in lines and has ids like a feed."""

    FEED = "feed"
    REPORT_REQUEST = "report request"


class Door(StrEnum):
    """Through which door a feed came."""

    MWS = "MWS"
    SP_API = "SP-API"
    CONSOLE = "console"


REPORT_PREFIX = "GET_"
"""How the names of all types of reports begin, and of no feed type (`GET_ORDERS_DATA`, `POST_ORDER_...`)."""


def kind_of(type_name: str) -> SubmissionKind:
    """Return what a type of that name is a type of."""
    return SubmissionKind.REPORT_REQUEST if type_name.startswith(REPORT_PREFIX) else SubmissionKind.FEED


class ReportAsk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked for beside the type of a report."""

    start: datetime | None = None
    end: datetime | None = None
    """From when until when, both inclusive; None where the type asks no dates."""
    options: dict[str, str] = {}
    """Such as `ShowSalesChannel`: `true`."""
    is_scheduled: bool = False
    """A schedule asked for it; where there is nothing to tell, there is no report."""
    schedule_id: str = ""
    spelled_type: str = ""
    """The type as its requester called it, where that is another of its names; answers say it so."""


class NewSubmission(Struct, frozen=True, kw_only=True):
    """What a seller hands in, before it has an id."""

    seller_id: str
    feed_type: str
    document: str
    """Key of the stored feed."""
    size: int
    """Bytes."""
    submitted_at: datetime
    content_type: str | None = None
    marketplace_ids: tuple[str, ...] = ()
    memo: str = ""
    """What the seller noted for himself; it stays with each order that this changes."""
    purges: bool = False
    """What the feed does not name is to go (PurgeAndReplace); only some feed types know what that means."""
    asked: ReportAsk | None = None
    """Of a request for a report: `feed_type` is then the report's type, and there is no document."""
    door: Door | None = None
    """Through which a feed came; None of one that came otherwise, or before that was noted."""


class FeedSubmission(NewSubmission, frozen=True, kw_only=True):
    """One feed handed in once. Times are aware and in UTC."""

    submission_id: str
    """Digits: the seller's counter followed by the epoch day; unique per seller."""
    counter: int
    """The seller's running number; newer submissions have higher ones."""
    status: ProcessingStatus = ProcessingStatus.SUBMITTED
    started_at: datetime | None = None
    completed_at: datetime | None = None
    report: str | None = None
    """Key of the stored report."""
    summary: Summary | None = None
    """Counts so far; final once it is DONE."""
    attempts: int = 0
    """Claims since the last progress, without those that the world held up."""
    setbacks: int = 0
    """How often the world held it up, a full disk say, since the last progress."""
    reason: str | None = None
    """Why it was cancelled, or given up the last time, for people."""
    acknowledged_at: datetime | None = None
    """When the seller's program said that it has the report, which it may say again, or take back."""

    @property
    def kind(self) -> SubmissionKind:
        """What was handed in."""
        return kind_of(self.feed_type)

    @property
    def why(self) -> Part | None:
        """The same, to be said in any language."""
        return read_ending(self.reason) if self.reason else None


REPETITIONS_ARE_KNOWN = timedelta(hours=1)
"""How long a request that is repeated finds the submission it has made. Its signature is good for half an hour at most:
15 minutes to either side of the server's clock (MWS developer guide, timestamps)."""


def as_handed_in(submission: FeedSubmission) -> FeedSubmission:
    """Return a submission as it was when it was handed in."""
    given = {name: getattr(submission, name) for name in NewSubmission.__struct_fields__}
    return FeedSubmission(**given, submission_id=submission.submission_id, counter=submission.counter)


def as_claimed(submission: FeedSubmission, at: datetime, is_held: bool) -> FeedSubmission:
    """Return a submission that a worker claims: one more attempt.

    It is none when the worker has it already (`is_held`): the world did not let it give back what it held.
    """
    return replace(
        submission,
        status=ProcessingStatus.IN_PROGRESS,
        started_at=submission.started_at or at,
        attempts=submission.attempts + (not is_held),
    )


def as_put_off(submission: FeedSubmission, reason: str) -> FeedSubmission:
    """Return a submission that the world holds up: what was tried is no attempt, but one more setback."""
    attempts, setbacks = max(submission.attempts - 1, 0), submission.setbacks + 1
    return replace(submission, attempts=attempts, setbacks=setbacks, reason=reason)


def submission_id(counter: int, day: date) -> str:
    """Return the id in the form that Amazon has used since 2015: `<counter><six-digit epoch day>`."""
    return f"{counter}{(day - date(1970, 1, 1)).days:06d}"
