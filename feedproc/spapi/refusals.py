"""What SP-API refuses by itself, named for what happened; the sentences are Amazon's and stand in `errors.py`."""

from collections.abc import Sequence
from enum import StrEnum

from feedproc.errors import Refusal


class Denial(StrEnum):
    """Why nobody is let in: what stands in `details` of the answer (recorded, or quoted by users)."""

    NO_TOKEN = "Access token is missing in the request header."
    UNKNOWN_TOKEN = "The access token you provided is revoked, malformed or invalid."
    EXPIRED_TOKEN = "The access token you provided has expired."
    NOT_ALLOWED = ""
    """A path that is not served, a token of the wrong kind, or restricted data without a restricted data token."""


class AccessDenied(Refusal):
    """The request may not do this."""

    def __init__(self, denial: str, reason: str = "") -> None:
        """Say why: a `Denial`, or for what Amazon does not know a sentence; `reason` says more, for the log alone."""
        self.denial = denial
        super().__init__(reason or denial or "Access to requested resource is denied.")


class InputInvalid(Refusal):
    """Something in the request is not as it must be."""

    def __init__(self, message: str, details: str = "") -> None:
        """Say what, in the words of the answer."""
        self.message = message
        self.details = details
        super().__init__(f"{message} {details}".strip())


class MembersMissing(Refusal):
    """Required members of a request are not there."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name them."""
        self.names = tuple(names)
        super().__init__(f"Required, and missing: {', '.join(names)}")


class RequestInvalid(Refusal):
    """A request for a restricted data token is not as it must be."""

    def __init__(self, details: str) -> None:
        """Say what is wrong."""
        self.details = details
        super().__init__(details)


class DocumentUnknown(Refusal):
    """The seller has no such document to download."""


class OrderMissing(Refusal):
    """The seller has no such order; another seller's counts as missing."""


class ScheduleMissing(Refusal):
    """The seller has no such schedule of reports."""


class DestinationExists(Refusal):
    """The application has a destination of this queue."""

    def __init__(self, arn: str, client_id: str) -> None:
        """Name the queue and the application."""
        super().__init__(f"A destination with arn {arn} already exists for the application {client_id}")


class DestinationInUse(Refusal):
    """There are subscriptions to the destination that is to be deleted."""

    def __init__(self, destination_id: str) -> None:
        """Name it."""
        super().__init__(f"Destination {destination_id} has subscriptions; delete them first")


class DestinationMissing(Refusal):
    """The application has no such destination; another application's counts as missing."""

    def __init__(self, destination_id: str, client_id: str) -> None:
        """Name both."""
        super().__init__(f"No destination with id {destination_id[:100]!r} for the application {client_id}")


class SubscriptionExists(Refusal):
    """The application has a subscription of this type and version for the seller."""

    def __init__(self, notification_type: str, version: str) -> None:
        """Name both."""
        super().__init__(f"Subscription already exists for notification type {notification_type}, version {version}")


class SubscriptionMissing(Refusal):
    """The application has no such subscription; another application's counts as missing."""

    def __init__(self, notification_type: str) -> None:
        """Name its type."""
        super().__init__(f"No such subscription for notification type {notification_type}")


class ResultWithdrawn(Refusal):
    """A cancelled feed has no result."""

    def __init__(self, feed_id: str) -> None:
        """Name the feed."""
        self.feed_id = feed_id
        super().__init__(f"Feed {feed_id} was cancelled and has no result")


class QuotaExceeded(Refusal):
    """More calls than the usage plan allows."""
