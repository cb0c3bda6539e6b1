"""Feeds as bytes, with everything that may stand in a well-formed document between, around and inside messages."""

import io
import re
from collections.abc import Iterator

from hypothesis import strategies as st
from lxml import etree

from feedproc.feeds.feed_type import FeedType
from feedproc.feeds.finding import Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result
from feedproc.formats.encoding import open_utf8
from feedproc.formats.xml.boundaries import advance
from feedproc.formats.xml.envelope import Envelope, read_envelope
from feedproc.formats.xml.pieces import Piece, read_pieces
from tests.builders import ACKNOWLEDGEMENT, TAIL, feed_types, head

Read = list[Message | Result]


def surveyed(feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> Survey:
    return _type(feed_type).format.survey(io.BytesIO(feed), lambda _: None)


def read_through(feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> tuple[Survey, Read]:
    """Survey a feed, and read what is in it."""
    survey = surveyed(feed, feed_type)
    if survey.unreadable:
        return survey, []
    portions = _type(feed_type).format.read(io.BytesIO(feed), survey, survey.start)
    return survey, [message for portion in portions for message in portion.messages]


def codes(feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> list[int]:
    """The codes of all findings, of the feed as a whole and then of its messages."""
    survey, messages = read_through(feed, feed_type)
    return [one.code for one in survey.findings] + [one.code for one in messages if isinstance(one, Result)]


def enveloped(feed: bytes) -> Envelope:
    return read_envelope(open_utf8(io.BytesIO(feed)))


def cut(feed: bytes, **sizes: int) -> Iterator[Piece]:
    envelope = enveloped(feed)
    return read_pieces(open_utf8(io.BytesIO(feed)), envelope, advance(Position(), envelope.prolog), **sizes)


def canonical(elements: list[etree._Element]) -> list[bytes]:
    """Elements as text, without the blanks between tags, which mean nothing."""
    return [
        _BETWEEN_TAGS.sub(b"><", etree.tostring(one, method="c14n", with_comments=False).strip()) for one in elements
    ]


_BETWEEN_TAGS = re.compile(rb">\s+<")


def _type(name: str) -> FeedType:
    return feed_types().look_up(name)


_SLEIGHTS = (
    "<!-- </Message> -->", "<!--</Message></AmazonEnvelope><Message>-->", "<?print </Message> ?>", "<?a?>",
    "<!-- <Message/> -->", "\n", "\t", "  ", "", "<!-- 良い品 -->",
)  # fmt: skip
_TEXTS = (
    "plain",
    "<Message/>",
    "<Message a='/>' />",
    "<![CDATA[<Message/>]]>",
    "<![CDATA[</Message>]]>",
    "<![CDATA[</AmazonEnvelope>]]>",
    "日本語テキスト",
    "&lt;/Message&gt;",
    "&#x1F600;",
    "😀",
)
_ENDS = ("</Message>", "</Message >", "</Message\n\t>", "</Message\r\n>")

between = st.lists(st.sampled_from(_SLEIGHTS), max_size=3).map("".join)
inner = st.tuples(between, st.sampled_from(_TEXTS), between).map("".join)


@st.composite
def message_texts(draw: st.DrawFn) -> str:
    """A message that is well-formed, whatever a schema says of it."""
    nested = f"<Message>{draw(inner)}</Message>" if draw(st.integers(0, 5)) == 0 else ""
    return (
        f"<Message><MessageID>{draw(st.integers(1, 99))}</MessageID>{draw(between)}"
        f"<OrderAcknowledgement a='{draw(st.sampled_from(('', '&gt;', '/Message>')))}'>{draw(inner)}{nested}"
        f"</OrderAcknowledgement>{draw(between)}{draw(st.sampled_from(_ENDS))}"
    )


@st.composite
def feeds(draw: st.DrawFn) -> str:
    """A well-formed feed with any of the three line ends."""
    body = "".join(draw(st.lists(st.tuples(message_texts(), between).map("".join), max_size=12)))
    text = head() + draw(between) + body + TAIL + draw(st.sampled_from(("", "<!-- </Message> -->", "\n\n", "<?end?>")))
    return text.replace("\r\n", "\n").replace("\n", draw(st.sampled_from(("\n", "\r\n", "\r"))))
