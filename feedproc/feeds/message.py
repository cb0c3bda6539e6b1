"""One unit of a feed, decoded."""

from typing import Any

from msgspec import Struct


class Message(Struct, frozen=True, gc=False):
    """A message that fits its schema. What `body` is, only the feed type knows."""

    message_id: str
    """The seller's number for it: 1 to 20 digits, as sent but without blanks around it."""
    body: Any
