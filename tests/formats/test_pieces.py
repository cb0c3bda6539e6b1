"""A feed is cut into pieces at message boundaries, wherever they are and however large a piece may be."""

import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedproc.feeds.progress import Position
from feedproc.formats.encoding import open_utf8
from feedproc.formats.limits import MAX_PIECE_BYTES, MAX_PIECE_MESSAGES, PIECE_BYTES
from feedproc.formats.xml.boundaries import advance
from feedproc.formats.xml.pieces import Piece, Unparsable, compute_ahead, make_parser, read_pieces
from feedproc.xerces.text.positions import Ruler
from tests.builders import TAIL, a_feed, acknowledges, head, message
from tests.formats.feeds import canonical, cut, enveloped, feeds


def messages_of(found: list[Piece]) -> list[bytes]:
    return canonical([one for piece in found for one in piece.messages])


def messages_of_whole(feed: bytes) -> list[bytes]:
    return canonical(etree.fromstring(feed, make_parser()).findall("Message"))


def place(feed: bytes, offset: int) -> Position:
    return Position(offset, *Ruler(feed, max(0, feed.find(b"<AmazonEnvelope"))).locate(offset))


@given(feeds(), st.integers(1, 3_000), st.integers(1, 15))
def test_pieces_of_any_size_hold_what_the_whole_document_holds(text: str, piece_bytes: int, most: int) -> None:
    feed = text.encode()
    found = list(cut(feed, piece_bytes=piece_bytes, most_messages=most))
    assert messages_of(found) == messages_of_whole(feed)
    prolog = enveloped(feed).prolog
    assert prolog + b"".join(piece.text for piece in found) == feed


@given(feeds(), st.integers(1, 3_000))
def test_every_piece_knows_its_place_in_the_feed(text: str, piece_bytes: int) -> None:
    feed = text.encode()
    for piece in cut(feed, piece_bytes=piece_bytes):
        assert piece.begin == place(feed, piece.begin.offset)
        assert piece.last or piece.end == place(feed, piece.end.offset)


@given(feeds(), st.integers(1, 1_000), st.integers(1, 1_000), st.data())
def test_reading_goes_on_from_any_boundary_even_in_pieces_of_another_size(
    text: str, before: int, after: int, data: st.DataObject
) -> None:
    feed = text.encode()
    found = list(cut(feed, piece_bytes=before))
    if not found:
        return
    done = data.draw(st.integers(1, len(found)))
    rest = read_pieces(open_utf8(io.BytesIO(feed)), enveloped(feed), found[done - 1].end, piece_bytes=after)
    assert messages_of(found[:done]) + messages_of(list(rest)) == messages_of_whole(feed)


def test_behind_the_last_piece_there_is_nothing() -> None:
    feed = a_feed(acknowledges())
    (piece,) = cut(feed)
    assert not list(read_pieces(open_utf8(io.BytesIO(feed)), enveloped(feed), piece.end))


@pytest.mark.parametrize("one", ["<Message></Message >", "<Message/>", "<Message\n a='>' b='/'\t/>"])
def test_a_piece_holds_no_more_messages_than_the_limit_up_to_the_end(one: str) -> None:
    feed = head() + one * (2 * MAX_PIECE_MESSAGES + 7) + TAIL
    assert [len(piece.messages) for piece in cut(feed.encode())] == [MAX_PIECE_MESSAGES, MAX_PIECE_MESSAGES, 7]


def test_exactly_as_many_messages_as_the_limit_are_one_piece() -> None:
    feed = head() + "<Message></Message>" * 20 + TAIL
    assert len(list(cut(feed.encode(), most_messages=20))) == 1


def test_a_message_may_be_larger_than_a_piece() -> None:
    large = message(acknowledges(2, "x" * 5_000))
    feed = (head() + message(acknowledges(1)) + large + message(acknowledges(3)) + TAIL).encode()
    assert messages_of(list(cut(feed, piece_bytes=1_000))) == messages_of_whole(feed)


def test_a_message_beyond_the_ceiling_makes_the_feed_unreadable() -> None:
    feed = (head() + message("x" * MAX_PIECE_BYTES) + message(acknowledges()) + TAIL).encode()
    with pytest.raises(Unparsable, match=f"larger than {MAX_PIECE_BYTES} bytes"):
        list(cut(feed))


@pytest.mark.parametrize(
    "fault",
    ["</AmazonEnvelope>", "</Message>", "<Message>", "<a></b>", "&unknown;", "&", "<", "]]>", "<a b=1/>",
     "<a b='' b=''/>", "<!DOCTYPE a>", "<?xml version='1.0'?>", "\x00", "\x01", "<!-- -- -->",
     "</AmazonEnvelope><AmazonEnvelope>"],
)  # fmt: skip
@pytest.mark.parametrize("piece_bytes", [100, 100_000])
def test_what_is_ill_formed_is_ill_formed_in_pieces_of_any_size(fault: str, piece_bytes: int) -> None:
    feed = head() + message(acknowledges(1)) + fault + message(acknowledges(2)) * 5 + TAIL
    with pytest.raises(Unparsable):
        list(cut(feed.encode(), piece_bytes=piece_bytes))


def test_a_fault_is_told_where_it_is_without_reading_much_further() -> None:
    feed = head() + message(acknowledges(1)) + "<a></b>" + message(acknowledges(2)) * 50_000 + TAIL
    stream = io.BytesIO(feed.encode())
    with pytest.raises(Unparsable) as fault:
        list(read_pieces(open_utf8(stream), enveloped(feed.encode()), place(feed.encode(), len(head()))))
    assert fault.value.begin.line == 8
    assert stream.tell() < 3 * PIECE_BYTES


@pytest.mark.parametrize("strange", ["<x:y/>", "<a x:y='1'/>", "<?a:b?>", "<:a/>", "<a xmlns:x='a b'/>"])
def test_what_only_libxml2_minds_in_names_is_not_ill_formed(strange: str) -> None:
    feed = head() + message(acknowledges(1)) + strange + message(acknowledges(2)) + TAIL
    assert len(messages_of(list(cut(feed.encode())))) == 2


@given(
    st.lists(st.sampled_from(["a", "日", "😀", "<b/>", "\n", "\r\n", "\n<b/>", "\r<b>", "\r\r</b>"])), st.integers(0, 9)
)
def test_a_position_moves_on_piece_by_piece_as_at_once(parts: list[str], at: int) -> None:
    first, second = ("<a>" + "".join(each) + "</a>" for each in (parts[:at], parts[at:]))
    moved = advance(advance(Position(), first.encode()), second.encode())
    assert moved == advance(Position(), (first + second).encode())


def test_on_one_core_pieces_are_parsed_without_a_thread_that_would_only_be_waited_for() -> None:
    cores = os.sched_getaffinity(0)
    threads = threading.active_count()
    os.sched_setaffinity(0, {min(cores)})
    try:
        counts = [threading.active_count() for _ in compute_ahead(iter(range(3)))]
    finally:
        os.sched_setaffinity(0, cores)
    assert counts == [threads] * 3
