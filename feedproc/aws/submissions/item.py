"""A submission as an item of DynamoDB: what never changes as one text, and the rest each by itself."""

from datetime import datetime

import msgspec
from msgspec.structs import asdict, replace

from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Value
from feedproc.feeds.moments import as_micros, as_moment
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus

_CHANGING = (
    "status", "started_at", "completed_at", "report", "summary", "attempts", "setbacks", "reason", "acknowledged_at",
)  # fmt: skip
_decode = msgspec.json.Decoder(FeedSubmission).decode
_decode_counts = msgspec.json.Decoder(tuple[int, int, int, int]).decode


def make_key(seller_id: str, counter: int) -> Item:
    """Return the key of a submission."""
    return {"seller_id": items.as_text(seller_id), "counter": items.as_number(counter)}


def pick_key(found: Item) -> Item:
    """Return the key of a submission that was found."""
    return {name: found[name] for name in ("seller_id", "counter")}


def parse_counter(submission_id: str) -> int | None:
    """Return the counter that an id tells; None for what is no id of ours."""
    digits = submission_id[:-6]
    if not 0 < len(digits) <= 18 or not (submission_id.isascii() and submission_id.isdigit()) or digits[0] == "0":
        return None
    return int(digits)


def make_queue_position(feed_type: str, counter: int) -> str:
    """Return where a submission stands in the line of its seller's feeds of its type."""
    return f"{feed_type}#{counter:018d}"


def make_item(submission: FeedSubmission, token: str) -> Item:
    """Return the item of a new submission; `token` tells by whom it was made."""
    fixed = {name: value for name, value in asdict(submission).items() if name not in _CHANGING}
    return {
        **make_key(submission.seller_id, submission.counter),
        "submission_id": items.as_text(submission.submission_id),
        "feed_type": items.as_text(submission.feed_type),
        "submitted_at": items.as_number(as_micros(submission.submitted_at)),
        "document": items.as_json(fixed),
        "status": items.as_text(submission.status),
        "attempts": items.as_number(0),
        "queue_position": items.as_text(make_queue_position(submission.feed_type, submission.counter)),
        "is_open": items.as_text("yes"),
        "token": items.as_text(token),
    }


def read_submission(item: Item) -> FeedSubmission:
    """Return what an item tells."""
    found = items.from_json(item["document"], _decode)
    return replace(
        found,
        status=ProcessingStatus(item["status"]["S"]),
        started_at=_read_moment(item, "started_at"),
        completed_at=_read_moment(item, "completed_at"),
        report=_read_text(item, "report"),
        summary=Summary(*items.from_json(item["summary"], _decode_counts)) if "summary" in item else None,
        attempts=items.as_int(item["attempts"]),
        setbacks=items.as_int(item["setbacks"]) if "setbacks" in item else 0,
        reason=_read_text(item, "reason"),
        acknowledged_at=_read_moment(item, "acknowledged_at"),
    )


def encode_counts(summary: Summary) -> Value:
    """Return a summary as a value."""
    return items.as_json((summary.processed, summary.successful, summary.with_error, summary.with_warning))


def encode_end(ended: FeedSubmission) -> dict[str, Value | None]:
    """Return what a submission's attributes are once it has ended; None for those that it does not have."""
    moments = {"started_at": ended.started_at, "completed_at": ended.completed_at}
    texts = {"report": ended.report, "reason": ended.reason}
    return {
        "status": items.as_text(ended.status),
        "attempts": items.as_number(ended.attempts),
        "setbacks": items.as_number(ended.setbacks) if ended.setbacks else None,
        "summary": None if ended.summary is None else encode_counts(ended.summary),
        **{name: None if at is None else items.as_number(as_micros(at)) for name, at in moments.items()},
        **{name: None if text is None else items.as_text(text) for name, text in texts.items()},
    }


def _read_moment(item: Item, name: str) -> datetime | None:
    return as_moment(items.as_int(item[name])) if name in item else None


def _read_text(item: Item, name: str) -> str | None:
    return str(item[name]["S"]) if name in item else None
