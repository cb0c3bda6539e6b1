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


def _gateway(code: str, status: int, fault: str = "Sender") -> WireError:
    return WireError(code, status, Dialect.GATEWAY, fault)


def _service(code: str, status: int = 400) -> WireError:
    return WireError(code, status, Dialect.SERVICE)


def _feeds(code: str, status: int = 400, message: Callable[[Any], str] = str) -> WireError:
    return WireError(code, status, Dialect.FEEDS, message=message)


def _unknown(refusal: errors.SubmissionUnknown) -> str:
    if len(refusal.submission_ids) == 1:
        return f"Failed to find feed with Feed Submission ID: {refusal.submission_ids[0]}"
    return "One or more of the provided FeedSubmissionIds could not be found."


def _not_ready(refusal: errors.ResultNotReady) -> str:
    return f"Feed Submission Result is not ready for Feed Submission Id: {refusal.submission_id}"


def _cancelled(refusal: errors.SubmissionCancelled) -> str:
    return f"Feed Submission Result not available. Feed Submission has been canceled for Feed: {refusal.submission_id}"


def _mismatch(refusal: errors.DigestMismatch) -> str:
    return (
        f"the Content-MD5 HTTP header you passed for your feed ({refusal.given}) "
        f"did not match the Content-MD5 we calculated for your feed ({refusal.computed})"
    )


def _interrupted(_: errors.UploadInterrupted) -> str:
    return "There was an error reading the input stream."


TABLE: Mapping[type[Refusal], WireError] = {
    refusals.QueryMalformed: _gateway("InvalidParameterValue", 400),
    refusals.RequestTooLong: _gateway("InvalidParameterValue", 400),
    refusals.MethodUnsupported: _gateway("InvalidRequest", 400),
    refusals.OperationUnavailable: _gateway("InvalidAddress", 404),
    refusals.SectionUnknown: _gateway("InvalidAddress", 404),
    refusals.ResourceUnknown: _gateway("InvalidAddress", 404),
    refusals.VersionEmpty: _gateway("InvalidRequest", 400),
    refusals.ParameterMissing: _gateway("InvalidParameterValue", 400),
    refusals.ParameterInvalid: _service("InvalidParameterValue"),
    refusals.MemberMissing: _service("ValidationError"),
    refusals.IdentifierInvalid: _service("InvalidRequest"),
    refusals.DateMalformed: _service("MalformedInput"),
    refusals.TimestampMalformed: _gateway("InvalidParameterValue", 400),
    refusals.RequestExpired: _gateway("RequestExpired", 400),
    refusals.AccessKeyUnknown: _gateway("InvalidAccessKeyId", 403),
    refusals.SignatureMismatch: _gateway("SignatureDoesNotMatch", 403),
    refusals.SellerInvalid: _gateway("AccessDenied", 401),
    refusals.NotFromHere: _gateway("AccessDenied", 401),
    refusals.TokenInvalid: _gateway("AccessDenied", 401),
    refusals.TokenMissing: _gateway("AccessDenied", 401),
    refusals.QuotaExceeded: _gateway("QuotaExceeded", 503, fault=""),
    refusals.RequestThrottled: _gateway("RequestThrottled", 503, fault=""),
    refusals.NextTokenCorrupted: _service("NextTokenCorrupted"),
    refusals.DigestMissing: _feeds("ContentMD5Missing"),
    refusals.DigestsDiffer: _feeds("InvalidParameterValue"),
    refusals.MarketplaceInvalid: _feeds("InvalidMarketplace"),
    errors.SubmissionUnknown: _feeds("InvalidFeedSubmissionId", message=_unknown),
    errors.ResultNotReady: _feeds("FeedProcessingResultNotReady", 404, _not_ready),
    errors.SubmissionCancelled: _feeds("FeedCanceled", message=_cancelled),
    errors.ResultGone: _feeds("FeedProcessingResultNoLongerAvailable"),
    errors.FeedTypeUnknown: _feeds("InvalidFeedType"),
    errors.FeedTooLarge: _feeds("InvalidParameterValue"),
    errors.DigestMismatch: _feeds("ContentMD5DoesNotMatch", message=_mismatch),
    errors.UploadInterrupted: _gateway("InputStreamDisconnected", 400)._replace(message=_interrupted),
}
"""By the refusal's exact class; codes and statuses as the developer guide and real answers have them."""

INTERNAL_ERROR = WireError("InternalError", 500, Dialect.SERVICE, fault="Receiver")
"""For what is nobody's refusal: a fault of this server, or of the world around it."""
