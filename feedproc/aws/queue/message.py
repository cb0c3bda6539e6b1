"""What the messages of the queue say.

A message is a nudge: process the oldest open submission of that seller and type. So a submission that was kept but
never announced, because a process died in between, is processed before the next one of its line, and blocks nobody.
"""

import hashlib
import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from feedproc.feeds.submission import FeedSubmission

_ID = re.compile(r"[0-9A-Za-z!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
"""What SQS takes for the id of a group, and of a message."""


class Nudge(Struct, frozen=True, omit_defaults=True):
    """What a message of the queue says: look at this line."""

    seller_id: str
    feed_type: str
    submission_id: str
    """The submission that was handed in; an older one of the line may come first."""
    holder: str | None = None
    """The worker that was at the line and could not give back what it had claimed, and that works no more."""


def read_nudge(body: str) -> Nudge:
    """Return what the body of a message says.

    Raises:
        msgspec.MsgspecError: it is not what `compose_message` writes.

    """
    return msgspec.json.decode(body, type=Nudge)


def compose_message(submission: FeedSubmission) -> Mapping[str, str]:
    """Return the message that announces a submission, without its queue."""
    return write_message(Nudge(submission.seller_id, submission.feed_type, submission.submission_id))


def write_message(nudge: Nudge) -> Mapping[str, str]:
    """Return a message that says that, without its queue. One that names a holder repeats none that names another."""
    named = f"{nudge.seller_id}/{nudge.submission_id}" + (f"/{nudge.holder}" if nudge.holder else "")
    return {
        "MessageBody": msgspec.json.encode(nudge).decode(),
        "MessageGroupId": _make_identifier(f"{nudge.seller_id}/{nudge.feed_type}"),
        "MessageDeduplicationId": _make_identifier(named),
    }


def _make_identifier(name: str) -> str:
    return name if _ID.fullmatch(name) else hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
