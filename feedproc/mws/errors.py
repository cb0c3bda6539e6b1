"""What refusals become on the wire: those of the gateway, and those that sections share."""

from collections.abc import Mapping

from feedproc import errors
from feedproc.errors import Refusal
from feedproc.mws import refusals
from feedproc.mws.responses import Dialect, WireError


def _make_gateway_error(code: str, status: int, fault: str = "Sender") -> WireError:
    return WireError(code, status, Dialect.GATEWAY, fault)


def make_service_error(code: str, status: int = 400) -> WireError:
    """Return the wire's form of an error that a newer back end tells."""
    return WireError(code, status, Dialect.SERVICE)


def _explain_busy(_: errors.StoreBusy) -> str:
    return "Request is throttled"


def _explain_interruption(_: errors.UploadInterrupted) -> str:
    return "There was an error reading the input stream."


GATEWAY_ERRORS: Mapping[type[Refusal], WireError] = {
    refusals.QueryMalformed: _make_gateway_error("InvalidParameterValue", 400),
    refusals.RequestTooLong: _make_gateway_error("InvalidParameterValue", 400),
    refusals.MethodUnsupported: _make_gateway_error("InvalidRequest", 400),
    refusals.OperationUnavailable: _make_gateway_error("InvalidAddress", 404),
    refusals.SectionUnknown: _make_gateway_error("InvalidAddress", 404),
    refusals.ResourceUnknown: _make_gateway_error("InvalidAddress", 404),
    refusals.VersionEmpty: _make_gateway_error("InvalidRequest", 400),
    refusals.ParameterMissing: _make_gateway_error("InvalidParameterValue", 400),
    refusals.ParameterInvalid: make_service_error("InvalidParameterValue"),
    refusals.MemberMissing: make_service_error("ValidationError"),
    refusals.NextTokenUnreadable: make_service_error("InvalidParameterValue"),
    refusals.DateMalformed: make_service_error("MalformedInput"),
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
    errors.StoreBusy: WireError("RequestThrottled", 503, Dialect.GATEWAY, "", _explain_busy),
    errors.UploadInterrupted: _make_gateway_error("InputStreamDisconnected", 400)._replace(
        message=_explain_interruption
    ),
}
"""What is refused before a section is asked, and by every section alike."""

INTERNAL_ERROR = WireError("InternalError", 500, Dialect.SERVICE, fault="Receiver")
"""For what is nobody's refusal: a fault of this server, or of the world around it."""
