"""Only the odd messages of a part of a feed are parsed, and they are where they stand in the feed."""

import io
import sys
from array import array
from collections.abc import Sequence

import pytest
from lxml import etree

from feedproc.feeds.progress import Position
from feedproc.formats.limits import PIECE_BYTES
from feedproc.formats.xml.alike import Part, Parts, list_between, note_suspects
from feedproc.formats.xml.boundaries import advance
from feedproc.formats.xml.likeness import Likeness
from feedproc.formats.xml.pieces import Piece, make_parser
from tests.builders import ADJUSTMENT, a_feed, message, refunds
from tests.formats.feeds import enveloped

KNOWN = message(refunds(1))


def first_part(feed: bytes, suspects: Sequence[int] = (), most: int = sys.maxsize) -> Part | Piece:
    """The first part of a feed, by what a refund is like."""
    likeness, envelope = Likeness(), enveloped(feed)
    likeness.learn(f"\n{KNOWN.rstrip()}", etree.fromstring(KNOWN, make_parser(keeps_blanks=False)))
    start = advance(Position(), envelope.prolog)

    def parse(_begin: Position) -> Piece:
        raise AssertionError("all of it is parsed")

    return next(Parts(io.BytesIO(feed), envelope, start, likeness, suspects).read(parse, most))


def a_feed_with(odd: str, *places: int) -> bytes:
    return a_feed(*(odd if number in places else refunds(number) for number in range(2_000)), feed_type=ADJUSTMENT)


@pytest.mark.parametrize("line_end", ["\n", "", "\n\n "])
@pytest.mark.parametrize("named", ["日本 &amp; 😀", "a &lt; b"])
def test_odd_messages_alone_are_parsed_and_keep_their_lines(line_end: str, named: str) -> None:
    feed = a_feed_with(refunds(7, named=named), 50, 51, 99).replace(b"\n", line_end.encode())
    part = first_part(feed)
    assert isinstance(part, Part)
    assert part.odd is not None
    whole = etree.fromstring(feed).findall("Message")
    lines = [one.sourceline + part.odd.begin.line - 1 for one in part.odd.messages]
    assert lines == [whole[place].sourceline for place in (50, 51, 99)]


def test_what_is_suspected_is_parsed_though_it_is_alike() -> None:
    feed = a_feed_with("")
    begin = feed.index(b"</Message>", 20_000) + len(b"</Message>")
    end = feed.index(b"</Message>", begin + 1_000) + len(b"</Message>")
    part = first_part(feed, [0, 10, begin, end, len(feed) - 10, len(feed)])
    assert isinstance(part, Part)
    assert part.odd is not None
    assert part.odd.count == feed.count(b"</Message>", begin, end)
    assert part.merge(lambda _, rows: ["alike"] * len(rows), ["odd"] * part.odd.count).count("odd") == part.odd.count


def test_a_part_of_which_half_is_odd_is_parsed_whole() -> None:
    with pytest.raises(AssertionError, match="all of it is parsed"):
        first_part(a_feed_with(refunds(7, named="&amp;"), *range(0, 2_000, 2)))


def test_a_part_has_as_many_messages_as_it_may_and_else_all_that_are_alike() -> None:
    feed = a_feed_with("")
    assert PIECE_BYTES - 1_000 < len(feed[: first_part(feed).end.offset]) < PIECE_BYTES + 1_000
    assert first_part(feed, most=500).count == 500


def test_of_very_many_faulty_messages_only_the_parts_are_kept() -> None:
    places = array("Q")
    for part in range(0, 10_000, 1_000):
        note_suspects(places, [part + 10, part + 20, part + 50, part + 60, part + 90, part + 99], most=12)
    note_suspects(places, (), most=12)
    assert len(places) == 12 + 2 * 8
    assert list_between(places, 9_000, 10_000) == [(9_010, 9_099)]
