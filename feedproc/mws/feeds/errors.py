"""What the refusals of the section Feeds become on the wire."""

from collections.abc import Callable, Mapping
from typing import Any

from feedproc import errors
from feedproc.errors import Refusal
from feedproc.mws.errors import make_service_error
from feedproc.mws.feeds import refusals
from feedproc.mws.feeds.digest_cause import find_cause
from feedproc.mws.responses import Dialect, WireError


def _make_feeds_error(code: str, status: int = 400, message: Callable[[Any], str] = str) -> WireError:
    return WireError(code, status, Dialect.FEEDS, message=message)


def _explain_unknown(refusal: errors.SubmissionUnknown) -> str:
    if len(refusal.submission_ids) == 1:
        return f"Failed to find feed with Feed Submission ID: {refusal.submission_ids[0]}"
    return "One or more of the provided FeedSubmissionIds could not be found."


def _explain_not_ready(refusal: errors.ResultNotReady) -> str:
    return f"Feed Submission Result is not ready for Feed Submission Id: {refusal.submission_id}"


def _explain_cancelled(refusal: errors.SubmissionCancelled) -> str:
    return f"Feed Submission Result not available. Feed Submission has been canceled for Feed: {refusal.submission_id}"


def _explain_mismatch(refusal: errors.DigestMismatch) -> str:
    cause = refusal.cause or find_cause(refusal.given, refusal.computed, None)
    return (
        f"the Content-MD5 HTTP header you passed for your feed ({refusal.given}) "
        f"did not match the Content-MD5 we calculated for your feed ({refusal.computed}){cause and f'. {cause}'}"
    )


FEEDS_ERRORS: Mapping[type[Refusal], WireError] = {
    refusals.IdentifierInvalid: make_service_error("InvalidRequest"),
    refusals.NextTokenCorrupted: make_service_error("NextTokenCorrupted"),
    refusals.DigestMissing: _make_feeds_error("ContentMD5Missing"),
    refusals.DigestsDiffer: _make_feeds_error("InvalidParameterValue"),
    refusals.MarketplaceInvalid: _make_feeds_error("InvalidMarketplace"),
    errors.SubmissionUnknown: _make_feeds_error("InvalidFeedSubmissionId", message=_explain_unknown),
    errors.ResultNotReady: _make_feeds_error("FeedProcessingResultNotReady", 404, _explain_not_ready),
    errors.SubmissionCancelled: _make_feeds_error("FeedCanceled", message=_explain_cancelled),
    errors.ResultGone: _make_feeds_error("FeedProcessingResultNoLongerAvailable"),
    errors.FeedTypeUnknown: _make_feeds_error("InvalidFeedType"),
    errors.FeedTooLarge: _make_feeds_error("InvalidParameterValue"),
    errors.DigestMismatch: _make_feeds_error("ContentMD5DoesNotMatch", message=_explain_mismatch),
}
"""By the refusal's exact class; codes and statuses as the developer guide and real answers have them."""
