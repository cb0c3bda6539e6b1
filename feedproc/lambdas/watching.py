"""Logs and metrics of the functions: what happened to which submission, never what is in a feed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, wraps
from traceback import extract_tb
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit, MetricUnitError, MetricValueError, SchemaValidationError
from aws_lambda_powertools.utilities.typing import LambdaContext

from feedproc.errors import FeedprocError
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.ports import Backend, Filter, OutboxEntry, Submissions
from feedproc.services.send import send as sending

SERVICE = "feedproc"
"""Also the name of the logger above all of the package's own, so that their lines come out in the same form."""

Event = dict[str, Any]
"""What Lambda hands to a handler and takes from it, as JSON has it."""
Handler = Callable[[Event, Any], Event]


class _Discreet(LambdaPowertoolsFormatter):
    """Tells where an error came from, and leaves out its text, which may quote what a feed or an order holds."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that `logging` calls
        lines = [line for one in _follow_causes(ei[1]) for line in _describe(one)]
        return "\n".join(lines)


def _follow_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _describe(error: BaseException) -> Iterator[str]:
    text = f": {error}" if isinstance(error, FeedprocError) else ""
    response = getattr(error, "response", None)  # of botocore's errors; their codes are names
    if isinstance(response, dict):
        text = f": {response.get('Error', {}).get('Code')} of {getattr(error, 'operation_name', '')}"
    yield f"{type(error).__name__}{text}"
    for frame in extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"


def _add_ids(record: logging.LogRecord) -> bool:
    """Let a line of the sender name the submission of the outbox entry that it begins with."""
    if isinstance(record.args, tuple) and record.args:
        seller_id, _, rest = str(record.args[0]).partition("/")
        record.seller_id, record.submission_id = seller_id, rest.partition("/")[0]
    return True


@cache
def get_logger() -> Logger:
    """Return the logger, which writes a line of JSON for each entry."""
    logging.getLogger(sending.__name__).addFilter(_add_ids)
    return Logger(service=SERVICE, logger_formatter=_Discreet(serialize_stacktrace=False))


@cache
def get_metrics() -> Metrics:
    """Return the metrics, written in CloudWatch's embedded format when an event has been handled.

    The namespace is POWERTOOLS_METRICS_NAMESPACE, which `serverless.yml` sets for each stage.
    """
    return Metrics(service=SERVICE)


def count(name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric."""
    with _lose_faulty():
        get_metrics().add_metric(name=name, unit=unit, value=value)


@contextmanager
def _lose_faulty() -> Iterator[None]:
    """Lose metrics that cannot be written, with a line that says so: what they count has happened all the same."""
    try:
        yield
    except (SchemaValidationError, MetricUnitError, MetricValueError, OSError) as error:
        get_metrics().clear_metrics()
        get_logger().warning("metrics are lost: %s (is POWERTOOLS_METRICS_NAMESPACE set?)", error)


def speak_of(seller_id: str, submission_id: str) -> None:
    """Put these ids on every line from here to the end of the event."""
    get_logger().append_keys(seller_id=seller_id, submission_id=submission_id)


def speak_of_none() -> None:
    """Let the lines that follow name no submission."""
    get_logger().remove_keys(["seller_id", "submission_id"])


def wrap_handler(handle: Handler) -> Handler:
    """Return a handler whose lines name function and request, and whose metrics are written at its end."""

    @wraps(handle)
    def handler(event: Event, context: LambdaContext) -> Event:
        get_logger().append_keys(function=context.function_name, function_request_id=context.aws_request_id)
        try:
            return handle(event, context)
        finally:
            speak_of_none()
            if get_metrics().metric_set:
                with _lose_faulty():
                    get_metrics().flush_metrics()

    return handler


def watch(backend: Backend) -> Backend:
    """Return a back end that tells log and metrics what becomes of submissions."""
    return backend._replace(submissions=_WatchedSubmissions(backend.submissions))


class _WatchedSubmissions:
    """The port `Submissions`, with an eye on how submissions begin and end."""

    def __init__(self, submissions: Submissions) -> None:
        self._submissions = submissions

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        submission = self._submissions.add(new, repetition_key)
        speak_of(submission.seller_id, submission.submission_id)
        if submission.document != new.document:
            get_logger().info("submitted before")
            return submission
        count("FeedsSubmitted")
        get_logger().info("submitted", extra={"feed_type": submission.feed_type, "size": submission.size})
        return submission

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        found = self._submissions.get(seller_id, submission_id)
        if found is not None:
            speak_of(seller_id, submission_id)
        return found

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        claim = self._submissions.claim(seller_id, submission_id, worker, at, lease)
        if claim is not None:
            speak_of(seller_id, submission_id)
            get_logger().info("claimed", extra={"worker": worker})
        return claim

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        self._submissions.finish(claim, ended, notices)
        _count_ended(ended)

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        return self._submissions.find(seller_id, which, limit)

    def count(self, seller_id: str, which: Filter) -> int:
        return self._submissions.count(seller_id, which)

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        return self._submissions.cancel(seller_id, submission_id, at, notices)

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        self._submissions.renew(claim, at, lease)

    def release(self, claim: Claim, reason: str) -> None:
        self._submissions.release(claim, reason)

    def acknowledge(self, seller_id: str, submission_id: str, at: datetime | None) -> FeedSubmission | None:
        return self._submissions.acknowledge(seller_id, submission_id, at)

    def put_off(self, claim: Claim, reason: str, until: datetime) -> None:
        self._submissions.put_off(claim, reason, until)

    def find_overdue(self, before: datetime, limit: int) -> Sequence[FeedSubmission]:
        return self._submissions.find_overdue(before, limit)


def _count_ended(ended: FeedSubmission) -> None:
    told: dict[str, object] = {"status": ended.status.value, "feed_type": ended.feed_type, "reason": ended.reason}
    count("Feeds")
    if ended.status is ProcessingStatus.CANCELLED:
        count("FeedsCancelled")
    if ended.summary is not None:
        count("Messages", ended.summary.processed)
        count("Errors", ended.summary.with_error)
        told |= {"messages": ended.summary.processed, "errors": ended.summary.with_error}
    if ended.completed_at is not None and ended.started_at is not None:
        seconds = (ended.completed_at - ended.started_at).total_seconds()
        count("Seconds", seconds, MetricUnit.Seconds)
        told["seconds"] = seconds
    get_logger().info("ended", extra=told)
