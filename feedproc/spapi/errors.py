"""What each refusal is on the wire: one total table (SP-API developer guide, response codes; recorded answers)."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from feedproc.errors import (
    FeedTooLarge,
    FeedTypeUnknown,
    Refusal,
    ReportRequestUnknown,
    ReportTypeUnknown,
    ResultGone,
    ResultNotReady,
    StoreBusy,
    SubmissionUnknown,
)
from feedproc.spapi import refusals

FEED_NOT_FOUND = "One or more of the provided FeedSubmissionIds could not be found."
"""Of getFeed and cancelFeed, in the words of MWS."""
REPORT_NOT_FOUND = "One or more of the provided ReportRequestIds could not be found."
INPUT_MALFORMED = "The input you have submitted is not valid. Please check your input and try again."
NOTHING_FOUND = "The requested resource could not be found."
PARAMETERS_INVALID = "Invalid request parameters"
PARAMETERS_MISSING = "One or more required parameters missing"


class Wire(Struct, frozen=True):
    """How a refusal is told."""

    status: int
    code: str
    message: Callable[[Any], str]
    details: Callable[[Any], str | None] = lambda _refusal: ""
    """None leaves `details` out."""
    error_type: str = "InvalidInputException"
    """Value of `x-amzn-ErrorType`."""


def _say(text: str) -> Callable[[Any], str]:
    return lambda _refusal: text


def _leave_out(_refusal: Any) -> None:
    return None


TABLE: dict[type[Refusal], Wire] = {
    refusals.AccessDenied: Wire(
        403,
        "Unauthorized",
        _say("Access to requested resource is denied."),
        lambda refusal: str(refusal.denial),
        "AccessDeniedException",
    ),
    refusals.InputInvalid: Wire(400, "InvalidInput", lambda refusal: refusal.message, lambda refusal: refusal.details),
    refusals.MembersMissing: Wire(
        400,
        "InvalidInput",
        _say(PARAMETERS_MISSING),
        lambda refusal: "".join(f"{name};" for name in refusal.names),
    ),
    refusals.RequestInvalid: Wire(
        400,
        "InvalidRequest",
        _say("Request is missing or has invalid parameters"),
        lambda refusal: refusal.details,
        "InvalidRequestException",
    ),
    FeedTypeUnknown: Wire(400, "InvalidInput", lambda refusal: f"feed type {refusal.name} is invalid"),
    FeedTooLarge: Wire(400, "InvalidInput", _say(PARAMETERS_INVALID), str),
    SubmissionUnknown: Wire(404, "NotFound", _say(FEED_NOT_FOUND), _leave_out, "ResourceNotFoundException"),
    ResultNotReady: Wire(400, "InvalidInput", _say("Invalid feedDocumentId")),
    ResultGone: Wire(400, "InvalidInput", _say("Invalid feedDocumentId"), _say("The document is no longer kept.")),
    ReportTypeUnknown: Wire(400, "InvalidInput", _say(PARAMETERS_INVALID), str),
    ReportRequestUnknown: Wire(404, "NotFound", _say(REPORT_NOT_FOUND), _leave_out, "ResourceNotFoundException"),
    refusals.ScheduleMissing: Wire(404, "NotFound", _say(REPORT_NOT_FOUND), _leave_out, "ResourceNotFoundException"),
    refusals.OrderMissing: Wire(
        404, "NotFound", _say("The requested order could not be found."), error_type="ResourceNotFoundException"
    ),
    refusals.DestinationExists: Wire(
        409,
        "Conflict",
        _say("The requested resource conflict with a resource in the server."),
        str,
        "ConflictException",
    ),
    refusals.DestinationInUse: Wire(
        403, "Unauthorized", _say("The requested action is forbidden."), str, "AccessDeniedException"
    ),
    refusals.DestinationMissing: Wire(404, "NotFound", _say(NOTHING_FOUND), str, "ResourceNotFoundException"),
    refusals.SubscriptionExists: Wire(
        409,
        "StateConflict",
        _say("The resource specified conflicts with the current state."),
        str,
        "ConflictException",
    ),
    refusals.SubscriptionMissing: Wire(404, "NotFound", _say(NOTHING_FOUND), str, "ResourceNotFoundException"),
    refusals.DocumentUnknown: Wire(400, "InvalidInput", _say("Invalid feedDocumentId")),
    refusals.ResultWithdrawn: Wire(
        400,
        "InvalidInput",
        lambda refusal: (
            "Feed Submission Result not available. Feed Submission has been canceled for Feed: " + refusal.feed_id
        ),
    ),
    StoreBusy: Wire(
        503,
        "ServiceUnavailable",
        _say("Service is unavailable. Please try again later."),
        error_type="ServiceUnavailableException",
    ),
    refusals.QuotaExceeded: Wire(
        429,
        "QuotaExceeded",
        _say("You exceeded your quota for the requested resource."),
        error_type="TooManyRequestsException",
    ),
}
