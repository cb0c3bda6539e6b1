"""Which feed type takes which messages, in plain words."""

from feedproc.explain import Plain
from feedproc.feeds.saying import Saying, quoted, say

_FEED_TYPES = {
    "OrderAcknowledgement": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "OrderAdjustment": "POST_PAYMENT_ADJUSTMENT_DATA",
    "OrderFulfillment": "POST_ORDER_FULFILLMENT_DATA",
}


def said_of(expected: str, found: str | None, envelope: str) -> Plain:
    """Say that messages of one type were sent as a feed of another."""
    if found == expected:
        words = "The envelope's `MessageType` is {}, but this feed type takes {} messages."
        reason = say(words, quoted(envelope), expected)
        return Plain(reason, say("Write `<MessageType>{}</MessageType>`.", expected))
    told = quoted(found) if found else say("empty")
    return Plain(say("This feed type takes {} messages; this one is {}.", expected, told), _right_type(found))


def _right_type(found: str | None) -> Saying:
    name = _FEED_TYPES.get(found or "")
    return say("Send it as `{}`.", name) if name else say("Reports come from Amazon; they are not sent back.")
