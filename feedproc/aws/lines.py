"""The lines in which open submissions stand: each seller's feeds of one type, the oldest at the head."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from feedproc.aws import items
from feedproc.aws.clients import Clients
from feedproc.aws.reading import fetched, one, queried
from feedproc.aws.record import OPEN, key_in, key_of, submission_in
from feedproc.aws.searching import in_line
from feedproc.aws.tables import SUBMISSIONS
from feedproc.feeds.submission import FeedSubmission

Head = tuple[FeedSubmission, bool, datetime | None]
"""A line's oldest open submission, whether a worker has it, and until when."""


def first_in_line(clients: Clients, seller_id: str, feed_type: str) -> int | None:
    """Return the counter of a line's oldest open submission; None for an empty line."""
    first = next(in_line(clients, seller_id, feed_type, Limit=1), None)
    return items.integer(first["counter"]) if first else None


def head_of(clients: Clients, seller_id: str, feed_type: str) -> Head | None:
    """Return the head of a line; None for an empty one."""
    counter = first_in_line(clients, seller_id, feed_type)
    found = one(clients, SUBMISSIONS, key_of(seller_id, counter)) if counter is not None else None
    if found is None:
        return None
    lease = items.as_moment(items.integer(found["lease"])) if "lease" in found else None
    return submission_in(found), "worker" in found, lease


def waiting_since(clients: Clients, moment: datetime, limit: int) -> Sequence[FeedSubmission]:
    """Return the oldest submissions that were handed in before a moment and have not ended, of all sellers.

    The index may lag behind by about a second.
    """
    statement = items.query(
        clients.table(SUBMISSIONS),
        "#open = :open AND #submitted_at < :moment",
        {"open": items.text("open"), "moment": items.number(items.as_micros(moment))},
    )
    keys = islice(queried(clients, statement, IndexName="open_by_age", Limit=min(limit, 1_000)), limit)
    found = map(submission_in, fetched(clients, SUBMISSIONS, map(key_in, keys)))
    return sorted((one for one in found if one.status in OPEN), key=lambda one: one.submitted_at)
