"""Requests that the protocol itself declines. What each becomes on the wire stands in `feedproc.mws.errors`.

The text of a refusal is the text that is sent; where Amazon's is known, it is Amazon's.
"""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from feedproc.errors import Refusal
from feedproc.mws import spelling
from feedproc.mws.signature import Signed
from feedproc.ports import Seller


class QueryMalformed(Refusal):
    """The query string or the form cannot be read as parameters."""

    def __init__(self, fault: str) -> None:
        """`fault` says what is wrong with it."""
        super().__init__(f"Invalid query string provided - {fault}")


class RequestTooLong(Refusal):
    """The request line or the form is longer than the service takes."""

    def __init__(self, what: str, limit: int) -> None:
        """Name what is too long, and its `limit` in bytes."""
        super().__init__(f"The {what} is longer than {limit} bytes")


class MethodUnsupported(Refusal):
    """The HTTP method cannot be used for this."""

    def __init__(self, what: str, method: str) -> None:
        """Name what was asked for, and the `method` that serves it."""
        super().__init__(f"{what} must be requested with {method}")


class OperationUnavailable(Refusal):
    """The section has no such operation."""

    def __init__(self, action: str, section: str) -> None:
        """Name the `action` as it was asked for, and the `section`, such as `Feeds/2009-01-01`."""
        super().__init__(f"Operation {action} is not available for section {section}")


class SectionUnknown(Refusal):
    """The path names a section or a version that is not served."""

    def __init__(self, section: str) -> None:
        """Name the `section`, such as `Feeds/2009-01-01`."""
        super().__init__(f"Invalid Section name or version provided - {section}")


class ResourceUnknown(Refusal):
    """The path names a section without its version."""

    def __init__(self, path: str) -> None:
        """`path` is as it was sent."""
        super().__init__(f"Resource {path} is not found on this server. API Version is missing")


class VersionEmpty(Refusal):
    """The parameter Version was sent without a value; leaving it out is allowed."""

    def __init__(self) -> None:
        super().__init__("parameter Version failed a validation check: value cannot be empty.")


class ParameterMissing(Refusal):
    """A parameter that every request needs is missing."""

    def __init__(self, name: str) -> None:
        """`name` is the parameter's."""
        super().__init__(f"Missing required parameter {name}.")


class ParameterInvalid(Refusal):
    """A parameter has a value that it cannot have."""


class ReportIdMissing(Refusal):
    """A report is asked for, and not which."""

    def __init__(self) -> None:
        """Name the fault."""
        super().__init__("Missing required parameter ReportId.")


class FrequencyInvalid(Refusal):
    """A schedule is to be due as often as none can be."""

    def __init__(self, value: str, known: Iterable[str]) -> None:
        """Name what was asked for, and what may be."""
        super().__init__(f"{value} is not a schedule; it must be one of {', '.join(known)}")


class MemberMissing(Refusal):
    """A parameter that this operation needs is missing."""

    def __init__(self, name: str) -> None:
        """`name` is the parameter's; Amazon's text begins it with a small letter."""
        member = name[:1].lower() + name[1:]
        super().__init__(
            f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
            "Member must not be null"
        )


class NextTokenUnreadable(Refusal):
    """A NextToken of a newer section is not one that this seller was given for this list."""

    def __init__(self) -> None:
        """Use the words of SP-API, MWS' successor; those of MWS are not known."""
        super().__init__(
            "We could not decode your NextToken. Possible reasons include: a transmission error, improper quoting or "
            "a truncation problem."
        )


class DateMalformed(Refusal):
    """A date that limits which submissions are meant is not in ISO 8601."""

    def __init__(self) -> None:
        super().__init__("timestamp must follow ISO8601")


class TimestampMalformed(Refusal):
    """The request's own time is not in ISO 8601."""

    def __init__(self, value: str) -> None:
        """`value` is echoed percent-encoded, as at Amazon."""
        super().__init__(f"Timestamp {quote(value, safe='', errors='replace')} must be in ISO8601 format")


class RequestExpired(Refusal):
    """The request's time is too far from the server's."""

    def __init__(self, at: datetime, now: datetime) -> None:
        """`at` is the request's time, `now` the server's; both are aware."""
        fault = "in the past and has expired." if at < now else "in the future."
        super().__init__(f"Request signature is too far {fault} Timestamp date: {at:%Y-%m-%dT%H:%M:%SZ}")


class AccessKeyUnknown(Refusal):
    """Nobody holds this access key."""

    def __init__(self) -> None:
        """Do not repeat the key."""
        super().__init__("The AWS Access Key Id you provided does not exist in our records.")


class SignatureMismatch(Refusal):
    """No form of this request has the signature that it carries."""

    def __init__(self, signed: Signed | None = None, holder: Seller | None = None, cause: str | None = None) -> None:
        """Take what the signature should cover, to be explained, whose key it should be, and why it does not fit.

        The signature is not repeated. `cause` is None where it is not known for certain.
        """
        self.signed = signed
        self.holder = holder
        self.cause = cause
        super().__init__(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."
        )


class SellerInvalid(Refusal):
    """The access key does not sign for this seller, or there is no such seller."""

    def __init__(self) -> None:
        """Leave untold which of the two it is."""
        super().__init__("Invalid seller id")


class NotFromHere(Refusal):
    """The local seller's keys are used by something else than a program of this machine."""

    def __init__(self, why: str) -> None:
        """`why` says what tells so."""
        super().__init__(
            f"The local seller's keys, which everybody knows, are good for programs of this machine alone: {why}. "
            "Use the keys of a seller of your own, which `feedproc sellers add` makes"
        )


class TokenInvalid(Refusal):
    """The MWSAuthToken is not this seller's."""

    def __init__(self) -> None:
        super().__init__("AuthToken is not valid for SellerId and AWSAccountId")


class TokenMissing(Refusal):
    """A developer who acts for several sellers did not send the seller's MWSAuthToken."""

    def __init__(self) -> None:
        super().__init__("Missing required MWSAuthToken for Seller.")


class HourlyQuotaExceeded(Refusal):
    """The hour's requests of this operation are used up."""

    def __init__(self, hourly: int, operation: str, resets_at: datetime) -> None:
        """`operation` reads like `Feeds/2009-01-01/SubmitFeed`; `resets_at` is when the next hour begins."""
        super().__init__(
            f"You exceeded your quota of {hourly:.1f} requests per 1 hour for operation {operation}.  "
            f"Your quota will reset on {spelling.format_java_date(resets_at)}"
        )


class RequestThrottled(Refusal):
    """Requests of this operation come faster than they are restored."""

    def __init__(self) -> None:
        super().__init__("Request is throttled")
