"""What only looks like the end of a message, and what libxml2 cannot read, costs no feed its other messages."""

import pytest
from hypothesis import given
from lxml import etree

from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.formats.limits import MAX_PIECE_MESSAGES
from feedproc.formats.xml.boundaries import Outline, find_messages
from feedproc.formats.xml.pieces import make_parser
from tests.builders import TAIL, acknowledges, head, message
from tests.formats.feeds import Read, cut, feeds, read_through

COVERS = ["<!--{}-->", "<?print {}?>", "<![CDATA[{}]]>"]
ENDS = "</Message> " * (4 * MAX_PIECE_MESSAGES)


def numbered(number: int) -> str:
    return message(acknowledges(number), number)


def ids_of(read: Read) -> list[str]:
    assert all(isinstance(one, Message) for one in read)
    return [one.message_id for one in read]


def failed(read: Read) -> dict[str, str]:
    """The reasons of the messages that are refused, by their ids."""
    return {one.message_id: str(one.reason) for one in read if isinstance(one, Result)}


@pytest.mark.parametrize("cover", COVERS[:2])
def test_what_looks_like_thousands_of_ends_between_messages_refuses_nothing(cover: str) -> None:
    feed = head() + numbered(1) + cover.format(ENDS) + numbered(2) + TAIL
    survey, read = read_through(feed.encode())
    assert not survey.findings
    assert ids_of(read) == ["1", "2"]


@pytest.mark.parametrize("cover", COVERS)
def test_what_looks_like_thousands_of_ends_within_a_message_fails_no_other(cover: str) -> None:
    strange = numbered(2).replace("</MessageID>", "</MessageID>" + cover.format(ENDS))
    feed = head() + numbered(1) + strange + numbered(3) + TAIL
    survey, read = read_through(feed.encode())
    assert not survey.findings
    assert [one.message_id for one in read] == ["1", "2", "3"]
    assert list(failed(read)) == (["2"] if cover.startswith("<![") else [])


@pytest.mark.parametrize("cover", COVERS[:2])
def test_each_message_may_be_followed_by_a_copy_that_does_not_count(cover: str) -> None:
    messages = [numbered(number) for number in range(1, 6_001)]
    feed = head() + "".join(one + cover.format(one) for one in messages) + TAIL
    survey, read = read_through(feed.encode())
    assert not survey.findings
    assert ids_of(read) == [str(number) for number in range(1, 6_001)]


def test_thousands_of_messages_within_a_message_fail_that_one_alone() -> None:
    nested = numbered(2).replace("</MessageID>", "</MessageID>" + "<Message></Message>" * 3_000)
    feed = head() + numbered(1) + nested + numbered(3) + TAIL
    survey, read = read_through(feed.encode())
    assert not survey.findings
    assert list(failed(read)) == ["2"]


@pytest.mark.parametrize(
    "strange", ["<a>" * 5_000 + "</a>" * 5_000, f"<{'n' * 60_000}/>"], ids=["a deep one", "one with a long name"]
)
def test_a_message_that_libxml2_cannot_read_fails_alone_with_what_amazons_parser_says(strange: str) -> None:
    bad = numbered(2).replace("</MessageID>", "</MessageID>" + strange)
    feed = head() + numbered(1) + bad + numbered(3) + TAIL
    survey, read = read_through(feed.encode())
    assert not survey.findings
    first, second, third = read
    assert isinstance(first, Message)
    assert isinstance(third, Message)
    assert isinstance(second, Result)
    assert "cvc-complex-type.2.4.a: Invalid content was found" in second.description


@given(feeds())
def test_tags_and_parser_find_the_same_messages(text: str) -> None:
    for piece in cut(text.encode(), piece_bytes=700):
        wrapper = len(piece.document) - len(piece.text) - (0 if piece.last else len(TAIL.strip()))
        spans = piece.locate_messages()
        outline = Outline(piece.document, wrapper)
        assert spans is not None
        assert [(begin + wrapper, end + wrapper) for begin, end in spans] == outline.messages
        assert len(outline.payloads) == piece.count


def test_without_messages_there_are_no_boundaries() -> None:
    spans, has_more = find_messages(b" <!-- <Message></Message> --> ", most=0)
    assert not list(spans)
    assert not has_more
    assert etree.fromstring(b"<a/>", make_parser()).tag == "a"
