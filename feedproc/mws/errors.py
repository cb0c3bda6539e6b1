"""What each refusal becomes on the wire: one total table."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from feedproc import errors
from feedproc.errors import Refusal
from feedproc.mws import refusals


class Dialect(Enum):
    """Which of Amazon's programs says so; they differ in details."""

    GATEWAY = "gateway"
    """Authentication, routing and throttling: its answers tell no quota."""
    FEEDS = "feeds"
    """The older back end: an empty `<Detail/>` follows the message."""
    SERVICE = "service"
    """The newer back end."""


class WireError(NamedTuple):
    """Code, HTTP status, fault and dialect of an error, and how its message is worded."""

    code: str
    status: int
    dialect: Dialect
    fault: str = "Sender"
    """The element Type: whose fault it is. Amazon leaves it empty for throttling."""
    message: Callable[[Any], str] = str


def _make_gateway_error(code: str, status: int, fault: str = "Sender") -> WireError:
    return WireError(code, status, Dialect.GATEWAY, fault)


def _make_service_error(code: str, status: int = 400) -> WireError:
    return WireError(code, status, Dialect.SERVICE)


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
    return (
        f"the Content-MD5 HTTP header you passed for your feed ({refusal.given}) "
        f"did not match the Content-MD5 we calculated for your feed ({refusal.computed})"
    )


def _explain_interruption(_: errors.UploadInterrupted) -> str:
    return "There was an error reading the input stream."


TABLE: Mapping[type[Refusal], WireError] = {
    refusals.QueryMalformed: _make_gateway_error("InvalidParameterValue", 400),
    refusals.RequestTooLong: _make_gateway_error("InvalidParameterValue", 400),
    refusals.MethodUnsupported: _make_gateway_error("InvalidRequest", 400),
    refusals.OperationUnavailable: _make_gateway_error("InvalidAddress", 404),
    refusals.SectionUnknown: _make_gateway_error("InvalidAddress", 404),
    refusals.ResourceUnknown: _make_gateway_error("InvalidAddress", 404),
    refusals.VersionEmpty: _make_gateway_error("InvalidRequest", 400),
    refusals.ParameterMissing: _make_gateway_error("InvalidParameterValue", 400),
    refusals.ParameterInvalid: _make_service_error("InvalidParameterValue"),
    refusals.MemberMissing: _make_service_error("ValidationError"),
    refusals.IdentifierInvalid: _make_service_error("InvalidRequest"),
    refusals.DateMalformed: _make_service_error("MalformedInput"),
    refusals.TimestampMalformed: _make_gateway_error("InvalidParameterValue", 400),
    refusals.RequestExpired: _make_gateway_error("RequestExpired", 400),
    refusals.AccessKeyUnknown: _make_gateway_error("InvalidAccessKeyId", 403),
    refusals.SignatureMismatch: _make_gateway_error("SignatureDoesNotMatch", 403),
    refusals.SellerInvalid: _make_gateway_error("AccessDenied", 401),
    refusals.NotFromHere: _make_gateway_error("AccessDenied", 401),
    refusals.TokenInvalid: _make_gateway_error("AccessDenied", 401),
    refusals.TokenMissing: _make_gateway_error("AccessDenied", 401),
    refusals.HourlyQuotaExceeded: _make_gateway_error("QuotaExceeded", 503, fault=""),
    refusals.RequestThrottled: _make_gateway_error("RequestThrottled", 503, fault=""),
    refusals.NextTokenCorrupted: _make_service_error("NextTokenCorrupted"),
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
    errors.UploadInterrupted: _make_gateway_error("InputStreamDisconnected", 400)._replace(
        message=_explain_interruption
    ),
}
"""By the refusal's exact class; codes and statuses as the developer guide and real answers have them."""

INTERNAL_ERROR = WireError("InternalError", 500, Dialect.SERVICE, fault="Receiver")
"""For what is nobody's refusal: a fault of this server, or of the world around it."""
