"""Which feed type takes which messages, in plain words."""

from feedproc.formats.plain import Plain
from feedproc.formats.quoting import quoted

_FEED_TYPES = {
    "OrderAcknowledgement": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "OrderAdjustment": "POST_PAYMENT_ADJUSTMENT_DATA",
    "OrderFulfillment": "POST_ORDER_FULFILLMENT_DATA",
}


def said_of(expected: str, found: str | None, envelope: str) -> Plain:
    """Say that messages of one type were sent as a feed of another."""
    if found == expected:
        reason = f"The envelope's `MessageType` is {quoted(envelope)}, but this feed type takes {expected} messages."
        return Plain(reason, f"Write `<MessageType>{expected}</MessageType>`.")
    told = quoted(found) if found else "empty"
    return Plain(f"This feed type takes {expected} messages; this one is {told}.", _right_type(found))


def _right_type(found: str | None) -> str | None:
    name = _FEED_TYPES.get(found or "")
    return f"Send it as `{name}`." if name else "Reports come from Amazon; they are not sent back."
