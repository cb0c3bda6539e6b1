"""What became of the feed that a page sent: running, then its report in place."""

from contextlib import suppress

from msgspec import Struct

from feedproc.console.request import RequestContext
from feedproc.errors import SubmissionUnknown
from feedproc.feeds.report import Severity
from feedproc.feeds.submission import ProcessingStatus
from feedproc.feedtypes.composing import read_memo
from feedproc.services.read.submissions import SubmissionResults, get_results, read_beginning

MOST_TOLD = 50
"""Results that are told in place; the others are in the report."""
_BEGINNING = 8 * 1024
_MOST_ASKED = 2
"""Feeds that one form sends: those of a selection are cancelled by one feed, the pending ones among them by another."""


class Outcome(Struct, frozen=True):
    """A submission with its verdicts, ready to be shown."""

    verdicts: SubmissionResults
    memo: str

    @property
    def kind(self) -> str:
        """Say in one word how it went: `running`, `good`, `warn`, `bad` or `cancelled`."""
        submission = self.verdicts.submission
        if submission.status is ProcessingStatus.CANCELLED:
            return "cancelled"
        summary = submission.summary
        if not self.verdicts.has_ended or summary is None:
            return "running"
        if summary.with_error:
            return "bad" if not summary.successful else "warn"
        return "warn" if summary.with_warning else "good"

    @property
    def refused_orders(self) -> list[str]:
        """The Amazon ids of orders that were refused, as far as the results told in place name them."""
        errors = [one for one in self.verdicts.results if one.severity is Severity.ERROR]
        return list(dict.fromkeys(one.amazon_order_id for one in errors if one.amazon_order_id))


def get_outcome(context: RequestContext, submission_id: str) -> Outcome:
    """Return what became of one of the seller's submissions. Raises `SubmissionUnknown`."""
    backend = context.backend
    found = get_results(backend.submissions, backend.marks, context.seller.seller_id, submission_id, MOST_TOLD)
    return Outcome(found, read_memo(read_beginning(backend.documents, found.submission, _BEGINNING)))


def list_asked_outcomes(context: RequestContext) -> list[Outcome]:
    """Return the outcomes that the address asks for with `submission`, without those that there are none of."""
    found = []
    for submission_id in context.request.args.getlist("submission")[:_MOST_ASKED]:
        with suppress(SubmissionUnknown):
            found.append(get_outcome(context, submission_id))
    return found
