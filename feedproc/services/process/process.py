"""The life of a feed: claimed, surveyed, applied a batch at a time, told."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import BinaryIO

from msgspec.structs import replace

from feedproc.errors import BatchTooLarge, HeldUp, StillHeld
from feedproc.feeds import endings
from feedproc.feeds.feed_type import Context, FeedType, Provenance, ReportHead
from feedproc.feeds.finding import Portion, Survey
from feedproc.feeds.manner import Manner
from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import NO_MESSAGE, Result, Severity, Summary, shorten
from feedproc.feeds.result_codes import INTERRUPTED, WRONG_MERCHANT
from feedproc.feeds.saying import say
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus, SubmissionKind
from feedproc.feeds.wording import say_as_amazon
from feedproc.ports import LONGEST_PAUSE, Backend, Batch, Seller, Waiting
from feedproc.services.check import explain_merchant
from feedproc.services.process.batches import Application
from feedproc.services.process.effects import Cause
from feedproc.services.process.ending import finish
from feedproc.services.process.give_up import explain_failures, give_up
from feedproc.services.process.processing import Claimed, Processing, TimeIsUp
from feedproc.services.process.produce import produce
from feedproc.services.process.purge import NamedSkus, purge
from feedproc.services.process.reading import Read

_BROKEN_OFF = "Processing stopped for good after {} of {} messages: {}. What was applied stays; send the rest again."
_LONGEST_WAIT = 30.0
"""Seconds between two tries to give back what the world holds up."""
_logger = logging.getLogger(__name__)


def process(processing: Processing, waiting: Waiting, until: datetime | None = None) -> Claimed:
    """Process one submission, at the most until a moment; say how far it came.

    Raises:
        ClaimLost: another worker took over.
        HeldUp: the world does not let it be processed now. It waits, longer each time, and that is no attempt.
            `StillHeld` says under which name to go on, so that it is none, when it could not even be given back.
            Whatever else is raised leaves the submission to be tried again, a limited number of times.

    """
    backend, worker, policy, clock = processing.backend, processing.worker, processing.policy, processing.clock
    with name_fault(backend):
        claim = backend.submissions.claim(*waiting, worker, clock(), policy.lease)
    if claim is None:
        return Claimed.BUSY
    try:
        submission = _get_claimed(backend, claim)
        if submission.kind is not SubmissionKind.REPORT_REQUEST:
            _Process(processing, claim, submission, until).run()
        elif submission.attempts > policy.most_attempts:
            give_up(backend.submissions, claim, submission, explain_failures(submission), clock())
        else:
            produce(processing, claim, submission, until)
    except TimeIsUp:
        with _name_holder(processing):
            backend.submissions.release(claim, endings.TIME_IS_UP)
        return Claimed.OUT_OF_TIME
    except Exception as error:
        fault = backend.describe_fault(error)
        with _name_holder(processing):
            if fault is not None:
                pause = _give_back(processing, claim, fault, until)
                raise HeldUp(
                    f"submission {claim.submission_id} waits {pause.total_seconds():.0f} s: {fault}"
                ) from error
            backend.submissions.release(claim, endings.GIVEN_UP.format(type(error).__name__))
        raise
    return Claimed.FINISHED


@contextmanager
def name_fault(backend: Backend) -> Iterator[None]:
    """Turn what the world around the store makes go wrong into `HeldUp`, which says what and where."""
    try:
        yield
    except Exception as error:
        fault = backend.describe_fault(error)
        if fault is None:
            raise
        raise HeldUp(fault) from error


@contextmanager
def _name_holder(processing: Processing) -> Iterator[None]:
    """Turn what keeps a worker from giving a submission back into `StillHeld`."""
    try:
        yield
    except Exception as error:
        fault = processing.backend.describe_fault(error)
        if fault is None:
            raise
        raise StillHeld(fault, processing.worker) from error


def _give_back(processing: Processing, claim: Claim, fault: str, until: datetime | None) -> timedelta:
    """Put a claimed submission off, and keep trying while the world does not allow even that; return for how long."""
    seconds = 1.0
    while True:
        try:
            return _put_off(processing, claim, fault)
        except Exception as error:
            is_over = until is not None and processing.clock() + timedelta(seconds=seconds) >= until
            if processing.wait is None or is_over or processing.backend.describe_fault(error) is None:
                raise
        processing.wait(seconds)
        seconds = min(seconds * 2, _LONGEST_WAIT)


def _put_off(processing: Processing, claim: Claim, fault: str) -> timedelta:
    """Let a claimed submission wait for the world, twice as long as the last time; return how long."""
    submissions, policy = processing.backend.submissions, processing.policy
    submission = submissions.get(claim.seller_id, claim.submission_id)
    setbacks = submission.setbacks if submission is not None else 0
    pause = min(policy.first_pause * (1 << min(setbacks, 20)), LONGEST_PAUSE)
    submissions.put_off(claim, endings.HELD_UP.format(fault), processing.clock() + pause)
    return pause


class _Process:
    """One claimed submission."""

    def __init__(
        self, processing: Processing, claim: Claim, submission: FeedSubmission, until: datetime | None
    ) -> None:
        backend, policy, clock = processing.backend, processing.policy, processing.clock
        self._processing = processing
        self._backend = backend
        self._until = until
        self._claim = claim
        self._policy = policy
        self._clock = clock
        self._submission = submission
        self._began = submission.started_at or submission.submitted_at
        self._renewed_at = clock()

    def run(self) -> None:
        """Bring the submission to its end: process it, or end it when that was tried in vain too often."""
        mark = self._backend.marks.get_last(*self._key)
        if mark is not None and mark.is_last:
            self._report_marks(mark)
        elif self._submission.attempts > self._policy.most_attempts:
            self._give_up(explain_failures(self._submission), mark)
        else:
            self._process(mark)

    def _process(self, mark: Mark | None) -> None:
        try:
            feed = self._backend.documents.open(self._submission.document)
        except FileNotFoundError as error:
            if self._backend.describe_fault(error) is not None:
                raise
            _logger.error("%s of seller %s: %s", self._claim.submission_id, self._claim.seller_id, endings.FEED_MISSING)
            self._give_up(endings.FEED_MISSING, mark)
            return
        with feed, self._processing.open_reader(self._feed_type, feed) as read:
            if mark is None:
                self._warn_of_text(feed)
            survey = self._feed_type.format.survey(feed, self._tick, self._provenance)
            refusal = _refuse(survey, self._seller)
            if refusal:
                refusal = self._say(refusal)
                if mark is None:
                    self._commit_whole(survey, (refusal,))
                self._finish(survey, Summary(with_error=1), [refusal])
                return
            summary = self._apply(feed, survey, mark, read)
        self._finish(survey, summary, self._backend.marks.list_results(*self._key))

    def _warn_of_text(self, feed: BinaryIO) -> None:
        """Say in the log where text is not read as it was written, and not what it says: it may name a buyer."""
        found = self._feed_type.format.find_misread(feed, self._provenance)
        if found is not None:
            seller_id, submission_id = self._key
            place = f"line {found.line}, column {found.column}"
            _logger.warning("%s of seller %s, %s: %s", submission_id, seller_id, place, found.description)

    def _give_up(self, reason: str, mark: Mark | None) -> None:
        """End the submission: CANCELLED if nothing of it was applied, and else DONE with what was.

        A feed of which every message was applied has its report without another word.
        """
        if mark is None:
            give_up(self._backend.submissions, self._claim, self._submission, reason, self._clock())
            self._processing.tell_end(replace(self._submission, status=ProcessingStatus.CANCELLED, reason=reason))
            return
        if mark.summary.processed < mark.messages and mark.summary.with_error <= self._policy.most_errors:
            mark = self._break_off(reason, mark)
        self._report_marks(mark)

    def _break_off(self, reason: str, mark: Mark) -> Mark:
        """Note behind the last batch that no more will be applied, where that was, and why."""
        processed = mark.summary.processed
        result = Result(
            NO_MESSAGE,
            INTERRUPTED.code,
            INTERRUPTED.fill(processed=processed, messages=mark.messages),
            reason=say(_BROKEN_OFF, processed, mark.messages, endings.read_ending(reason)),
        )
        last = replace(
            mark,
            number=mark.number + 1,
            summary=mark.summary + Summary(with_error=1),
            results=(result,),
            places=(-1,),
            is_last=True,
        )
        self._backend.batches.commit(Batch(self._claim, (), (), (), last), self._clock(), self._policy.lease)
        return last

    def _report_marks(self, mark: Mark) -> None:
        """Write the report of what was applied, without looking at the feed, and end the submission."""
        self._finish(None, mark.summary, self._backend.marks.list_results(*self._key))

    @cached_property
    def _seller(self) -> Seller:
        seller = self._backend.sellers.get(self._claim.seller_id)
        if seller is None:
            raise LookupError(f"seller {self._claim.seller_id} is not in the store")
        return seller

    @cached_property
    def _feed_type(self) -> FeedType:
        return self._processing.feed_types.look_up(self._submission.feed_type)

    @property
    def _key(self) -> tuple[str, str]:
        return self._claim.seller_id, self._claim.submission_id

    def _tick(self, _done: int) -> None:
        now = self._check_time()
        if now - self._renewed_at > self._policy.lease / 4:
            self._backend.submissions.renew(self._claim, now, self._policy.lease)
            self._renewed_at = now

    def _check_time(self) -> datetime:
        """Return the time, unless it is up."""
        now = self._clock()
        if self._until is not None and now >= self._until:
            raise TimeIsUp
        return now

    @property
    def _provenance(self) -> Provenance:
        marketplace_id = self._seller.marketplace.marketplace_id
        return Provenance(self._submission.content_type, marketplace_id, self._manner.is_in_english)

    def _apply(self, feed: BinaryIO, survey: Survey, mark: Mark | None, read: Read) -> Summary:
        """Apply what no mark tells to be applied already; return the counts over the whole feed."""
        mark = mark or self._begin_marks(survey)
        context = Context(
            merchant_identifier=survey.merchant_identifier or self._seller.merchant_token,
            marketplace_id=self._seller.marketplace.marketplace_id,
            submitted_at=self._submission.submitted_at,
            now=self._began,
            restocking=self._policy.restocking,
            needs_carrier=self._manner.needs_carrier,
        )
        application = Application(
            self._processing._replace(clock=self._check_time),
            self._claim,
            self._feed_type,
            None if survey.withheld else context,
            Cause(self._began, self._submission.submission_id, self._submission.memo),
        )
        with application.begin(mark):
            for portion in read(feed, survey, mark.end):
                if application.is_over():
                    break
                application.apply(self._say_portion(portion))
            mark = application.finish()
        self._purge(feed, survey, mark)
        return mark.summary

    @property
    def _is_worded(self) -> bool:
        """Whether the parser's findings are told as Amazon tells them of order feeds."""
        return self._feed_type.is_about_orders and not self._manner.is_located

    @property
    def _manner(self) -> Manner:
        return self._seller.manner.fill_from(self._policy.manner)

    def _say(self, result: Result) -> Result:
        return say_as_amazon(result, self._seller.marketplace.seller_central) if self._is_worded else result

    def _say_portion(self, portion: Portion) -> Portion:
        if not self._is_worded or not any(isinstance(one, Result) for one in portion.messages):
            return portion
        return replace(
            portion, messages=[self._say(one) if isinstance(one, Result) else one for one in portion.messages]
        )

    def _purge(self, feed: BinaryIO, survey: Survey, mark: Mark) -> None:
        """Let go what the feed does not name, if it says so or was handed in so, and was processed to its end."""
        is_whole = not survey.withheld and mark.summary.with_error <= self._policy.most_errors
        if self._feed_type.purge is None or not is_whole or not (survey.purges or self._submission.purges):
            return
        named = NamedSkus()
        for portion in self._feed_type.format.read(feed, survey, survey.start):
            named.add(self._feed_type, portion.messages)
            self._tick(portion.end.offset)
        purge(self._processing._replace(clock=self._check_time), self._claim, self._feed_type, named, mark)

    def _begin_marks(self, survey: Survey) -> Mark:
        """Return where to begin; what is wrong with the feed as a whole is a batch of its own."""
        if not survey.findings:
            return Mark(0, survey.start, Summary(), messages=survey.messages)
        return self._commit_whole(survey, tuple(map(self._say, survey.results)))

    def _commit_whole(self, survey: Survey, results: tuple[Result, ...]) -> Mark:
        """Commit what is wrong with the feed as a whole."""
        warnings = sum(one.severity is Severity.WARNING for one in results)
        mark = Mark(
            number=1,
            end=survey.start,
            summary=Summary(with_error=len(results) - warnings, with_warning=warnings),
            results=results,
            messages=survey.messages,
            places=(-1,) * len(results),
        )
        try:
            self._backend.batches.commit(Batch(self._claim, (), (), (), mark), self._clock(), self._policy.lease)
        except BatchTooLarge:
            mark = replace(mark, results=tuple(map(shorten, results)))
            self._backend.batches.commit(Batch(self._claim, (), (), (), mark), self._clock(), self._policy.lease)
        return mark

    def _finish(self, survey: Survey | None, summary: Summary, results: Iterable[Result]) -> None:
        """Write the report, then end the submission."""
        head = ReportHead(
            submission_id=self._submission.submission_id,
            merchant_identifier=self._choose_identifier(survey),
            marketplace_id=self._seller.marketplace.marketplace_id,
            in_english=self._manner.is_in_english,
        )
        writer = self._backend.documents.create()
        try:
            for part in self._feed_type.format.report(head, summary, results):
                writer.write(part)
                self._tick(0)
            key = writer.commit()
        finally:
            writer.discard()
        done = replace(
            self._submission, status=ProcessingStatus.DONE, report=key, summary=summary, reason=None, setbacks=0
        )
        finish(self._backend.submissions, self._claim, done, self._clock())
        self._processing.tell_end(done)

    def _choose_identifier(self, survey: Survey | None) -> str:
        """Return how the report names the seller: as the feed does, unless that is another's name, or unknown."""
        given = survey.merchant_identifier if survey is not None else None
        return given if given in self._seller.names else self._seller.seller_id


def _get_claimed(backend: Backend, claim: Claim) -> FeedSubmission:
    submission = backend.submissions.get(claim.seller_id, claim.submission_id)
    if submission is None:
        raise LookupError(f"submission {claim.submission_id} is not in the store")
    return submission


def _refuse(survey: Survey, seller: Seller) -> Result | None:
    """Return the one result of a feed of which no message is looked at."""
    if survey.unreadable:
        return survey.findings[0].result
    if survey.merchant_identifier is None or survey.merchant_identifier in seller.names:
        return None
    text = WRONG_MERCHANT.fill(host=seller.marketplace.seller_central)
    reason = explain_merchant(survey.merchant_identifier, seller)
    return Result(NO_MESSAGE, WRONG_MERCHANT.code, text, reason=reason)
