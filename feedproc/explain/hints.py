"""What a feed type tells of its messages, so that their faults can be explained to people."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct

from feedproc.explain.elements import AMOUNT, MOMENT, NUMBER, TEXT_50, UNITS, VERSION, YES_OR_NO, About
from feedproc.explain.value_hints import (
    leave_out,
    mend_amount,
    mend_message_id,
    mend_moment,
    mend_number,
    mend_units,
    mend_version,
    mend_yes_or_no,
)
from feedproc.feeds.saying import Saying

Mend = Callable[[str], Saying | None]
"""Returns what was probably meant by a value that is not valid; None when nothing comes to mind."""


class Called(NamedTuple):
    """What people call the names of a list."""

    names: Mapping[str, str]
    """From what they write, in small letters and without blanks and signs, to the name that is meant."""
    words: str = "Write `{}`."
    """How they are told, with a place for the name."""
    tells_value: bool = False
    """Whether the words have a place for what was written, before that of the name."""


class Hints(Struct, frozen=True, kw_only=True):
    """What is known of the messages of one type, beyond what their schema says."""

    message_type: str = ""
    """As the envelope's MessageType says it; empty for the envelope itself."""
    feed_type: str = ""
    """As which feed type such messages are sent in XML."""
    also_called: tuple[str, ...] = ()
    """What people call the message type, in small letters and without blanks and signs."""
    elements: Mapping[str, About] = {}
    """By the element's name, with one or two of those above it in front where the name alone does not tell."""
    in_place: Mapping[tuple[str, str], str] = {}
    """By the parent and by what was found in it: where that belongs."""
    repeated: Mapping[tuple[str, str], str] = {}
    """By the parent and by what stands in it a second time: what is mostly wanted, and how to get it."""
    missing: Mapping[tuple[str, str], str] = {}
    """By the parent and by what is missing in it: what to write."""
    either: Mapping[str, str] = {}
    """By the first of two elements of which one may stand: which of them to keep."""
    called: Mapping[str, tuple[Called, ...]] = {}
    """By the element or attribute that holds one of a list of names."""
    otherwise: Mapping[str, str] = {}
    """By the same: what to write when the list does not have what is meant."""
    mend: Mapping[str, Mend] = {}
    """By an element's name, or by what it holds: what is probably meant by another value."""


_HEADER = (
    "Begin with `<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>…</MerchantIdentifier></Header>`,"
    " your seller id in it."
)

ENVELOPE = Hints(
    elements={
        "AmazonEnvelope": About("holds the whole feed"),
        "Header": About("says in which version the feed is written, and whose it is"),
        "DocumentVersion": About("says in which version the feed is written", VERSION),
        "MerchantIdentifier": About("says whose feed it is: your seller id or merchant token", TEXT_50),
        "OverrideReleaseId": About(
            "is for Amazon's own use", "up to four digits, a point, and up to four digits", "Leave it out."
        ),
        "MessageType": About("says which messages follow, by the name of the element in each"),
        "MarketplaceName": About("is for override feeds only", "a text of 1 to 50 characters", "Leave it out."),
        "PurgeAndReplace": About(
            "is of use in inventory feeds only", YES_OR_NO, "Leave it out: order feeds do not need it."
        ),
        "EffectiveDate": About("is not used in order feeds", MOMENT, "Leave it out: order feeds do not need it."),
        "Message": About("holds one of the things that are sent"),
        "MessageID": About("numbers the message, so that the report can name it", NUMBER),
        "OperationType": About("has no meaning in order feeds", advice="Leave it out: order feeds do not need it."),
    },
    in_place={
        ("AmazonEnvelope", "MerchantIdentifier"): _HEADER,
        ("Message", "MessageType"): "It stands once, in front of the first message.",
    },
    missing={
        ("AmazonEnvelope", "Header"): _HEADER,
        ("AmazonEnvelope", "MessageType"): "Write `<MessageType>` behind the header, with the name of the"
        " element in each message.",
        ("AmazonEnvelope", "Message"): "A feed needs at least one message; send none when there is nothing to say.",
        ("Header", "DocumentVersion"): "Write `<DocumentVersion>1.01</DocumentVersion>`.",
        ("Message", "MessageID"): "Count the messages of a feed: `<MessageID>1</MessageID>`.",
    },
    called={
        "currency": (
            Called(
                {"¥": "JPY", "￥": "JPY", "yen": "JPY", "円": "JPY"}
                | {"euro": "EUR", "€": "EUR", "$": "USD", "rmb": "CNY"}
            ),
        ),
    },
    mend={
        "MessageID": mend_message_id,
        "PurgeAndReplace": leave_out,
        "DocumentVersion": mend_version,
        AMOUNT: mend_amount,
        MOMENT: mend_moment,
        NUMBER: mend_number,
        UNITS: mend_units,
        YES_OR_NO: mend_yes_or_no,
    },
)
"""What is known of what stands around the messages; currencies may stand in all of them."""
