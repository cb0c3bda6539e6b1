"""What can go wrong on purpose. Each error is one line that names what, where and how to mend it."""

from collections.abc import Sequence


class FeedprocError(Exception):
    """The root of every error that feedproc raises itself; its text is meant for a person."""


class Refusal(FeedprocError):
    """A request is declined on purpose. The edge that speaks the wire turns it into that wire's error."""


class SubmissionUnknown(Refusal):
    """The seller has no submission with one of these ids (another seller's counts as unknown)."""

    def __init__(self, submission_ids: Sequence[str]) -> None:
        """Name `submission_ids`, as the request gave them."""
        self.submission_ids = tuple(submission_ids)
        super().__init__(f"No such submission: {', '.join(submission_ids)}")


class ResultNotReady(Refusal):
    """The feed has not been processed to its end yet."""

    def __init__(self, submission_id: str) -> None:
        """Name `submission_id`, which was asked for."""
        self.submission_id = submission_id
        super().__init__(f"Submission {submission_id} has no report yet; ask again when its status is DONE")


class SubmissionCancelled(Refusal):
    """The submission was cancelled, by the seller or by a fatal error, so it has no report."""

    def __init__(self, submission_id: str) -> None:
        """Name `submission_id`, which was asked for."""
        self.submission_id = submission_id
        super().__init__(f"Submission {submission_id} was cancelled and has no report")


class ResultGone(Refusal):
    """The report once existed and is no longer kept."""

    def __init__(self, submission_id: str) -> None:
        """Name `submission_id`, which was asked for."""
        self.submission_id = submission_id
        super().__init__(f"The report of submission {submission_id} is no longer kept")


class ReportTypeUnknown(Refusal):
    """No type of report has this name, or it cannot be had in the way it is asked for."""

    def __init__(self, name: str, why: str = "") -> None:
        """`name` was asked for; `why` says why it cannot be had so, and is empty when there is no such type."""
        self.name = name
        super().__init__(f"Report type {name}: {why or 'there is no such type'}")


class ReportRequestUnknown(Refusal):
    """The seller has asked for no report under one of these ids (another seller's counts as unknown)."""

    def __init__(self, request_ids: Sequence[str]) -> None:
        """Name `request_ids`, as the request gave them."""
        self.request_ids = tuple(request_ids)
        super().__init__(f"No such report request: {', '.join(request_ids)}")


class ReportUnknown(Refusal):
    """The seller has no report with this id."""

    def __init__(self, report_id: str) -> None:
        """`report_id` is as the request gave it."""
        self.report_id = report_id
        super().__init__(f"No such report: {report_id}")


class ReportNotReady(Refusal):
    """There is no report of this request, or not yet."""

    def __init__(self, request_id: str, status: str) -> None:
        """`status` says how far the request is."""
        self.request_id = request_id
        super().__init__(f"Report request {request_id} is {status} and has no report")


class ReportGone(Refusal):
    """The report once existed and is no longer kept."""

    def __init__(self, report_id: str) -> None:
        """Name `report_id`, which was asked for."""
        self.report_id = report_id
        super().__init__(f"The report {report_id} is no longer kept")


class StoreBusy(Refusal):
    """The store is too busy to take this now; the same request may be sent again after a while."""


class FeedTypeUnknown(Refusal):
    """No feed type has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """`name` was asked for; `known` are the names that exist."""
        self.name = name
        super().__init__(f"Unknown feed type {name!r}; known are {', '.join(known)}")


class FeedTooLarge(Refusal):
    """The feed is larger than the service takes."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes."""
        self.limit = limit
        super().__init__(f"The feed is larger than {limit} bytes; split it into several feeds")


class DigestMismatch(Refusal):
    """The MD5 that came with a feed is not the MD5 of the bytes that arrived."""

    def __init__(self, given: str, computed: str, cause: str = "") -> None:
        """Both digests are in base64; `cause` is a sentence on why they differ, where that is certain."""
        self.given = given
        self.computed = computed
        self.cause = cause
        super().__init__(
            f"The feed's MD5 is {computed}, not {given}: it was probably re-encoded, given a byte order mark "
            "or other line ends after the digest was taken"
        )


class UploadInterrupted(Refusal):
    """The sender went away before the whole feed had arrived; nothing was stored."""

    def __init__(self) -> None:
        super().__init__("The upload ended before the whole feed had arrived; send it again")


class Unusable(FeedprocError):
    """The command cannot run at all: a missing file, a busy port, a damaged store."""


class StoreUnusable(Unusable):
    """The data directory cannot be used: damaged, written by a newer version, or not writable."""


class StoreDamaged(StoreUnusable):
    """What is read from the store is not what was written: the disk, or a program, changed it."""


class ClaimLost(FeedprocError):
    """Another worker holds the submission now, so this one must stop and leave it alone."""


class HeldUp(FeedprocError):
    """The world does not let feedproc work now: a full disk, a service out of reach; its text says what and where."""


class StillHeld(HeldUp):
    """The world does not even let a worker give back what it claimed, and it is at it no more."""

    def __init__(self, fault: str, worker: str) -> None:
        """Say what is wrong, and who holds the submission: who goes on under this name makes no further attempt."""
        super().__init__(fault)
        self.worker = worker


class Conflict(FeedprocError):
    """An order changed between reading and committing; read it again and apply again."""


class BatchTooLarge(FeedprocError):
    """The store cannot commit so many messages at once; try fewer."""


class Undeliverable(FeedprocError):
    """What was to be sent can never arrive, however often it is tried, say because its destination is gone."""


class DeliveryDelayed(FeedprocError):
    """What was to be sent could not be handed over now, and may be later.

    Its text goes into logs: it says what the transport said by a code or a name, and repeats no address and no text of
    the other side.
    """


class SellerUnknown(FeedprocError):
    """No seller with this id is kept."""


class SellerExists(FeedprocError):
    """A seller with this id is already kept, or its access key is kept with another secret."""


class SoldOut(FeedprocError):
    """There are not as many units of a SKU as an order wants."""

    def __init__(self, sku: str, wanted: int, left: int) -> None:
        """Name the SKU, and how many units are wanted and left."""
        super().__init__(f"SKU {sku} has {left} units left, and the order wants {wanted}")


class OrderExists(FeedprocError):
    """There is an order with that id."""

    def __init__(self, amazon_order_id: str) -> None:
        """Name the order."""
        super().__init__(f"order {amazon_order_id} is there already")
