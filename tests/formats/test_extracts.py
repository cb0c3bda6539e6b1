"""Messages cut out of a feed, as they stand in it."""

import io
import random
from itertools import pairwise

import pytest

from feedproc.feeds.extract import Extract, Stretch
from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.progress import Position
from feedproc.formats.xml import extracts
from tests.builders import ACKNOWLEDGEMENT, a_feed, cancels, feed_types, order_id, text_of

XML = feed_types().look_up(ACKNOWLEDGEMENT).format
FLAT_FORM = feed_types().look_up("POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA").format
HEADING = "order-id\tcancellation-reason-code\tamazon-order-item-code"
ODD = (
    "<Message/>",
    "<Message a='>'  />",
    "<Message ><MessageID>3</MessageID></Message\n>",
    "<!-- </Message> <Message> -->",
    "<?x </Message> ?>",
    "<Message><MessageID>4</MessageID><![CDATA[</Message>]]></Message>",
    "<Message><MessageID>5</MessageID><Message>within</Message></Message>",
    "<Message xmlns='urn:x'><MessageID>6</MessageID></Message>",
    "<MessageType>between</MessageType>",
    "<Message>\r\n<MessageID> 7 </MessageID>é日𠮷</Message>",
    "<Message><MessageID>x</MessageID></Message>",
    "\n\n\r\n",
)


def all_of(feed: bytes, wanted: int = 100) -> list[Extract]:
    return list(XML.open_extractor(io.BytesIO(feed)).pick(Stretch(None), range(wanted)))


def as_a_feed(*parts: str) -> bytes:
    return text_of([]).replace("</AmazonEnvelope>", f"{''.join(parts)}</AmazonEnvelope>").encode()


def boundaries(feed: bytes) -> list[Position]:
    """Where the messages begin that a processing of the feed would tell apart, and where the feed ends."""
    starts = [feed.index(one.text) for one in all_of(feed)]
    lines = [Position(at, feed.count(b"\n", 0, at) + 1) for at in starts]
    return [*lines, Position(len(feed), feed.count(b"\n") + 1)]


def test_messages_stand_as_they_were_sent_whatever_looks_like_one() -> None:
    extracts = all_of(as_a_feed(*ODD))
    assert [one.text.decode() for one in extracts] == [ODD[place] for place in (0, 1, 2, 5, 6, 9, 10)]
    assert [one.message_id for one in extracts] == ["0", "0", "3", "4", "5", "7", "0"]


@pytest.mark.parametrize("seed", range(60))
def test_cutting_by_ends_gives_what_parsing_gives(seed: int) -> None:
    chance = random.Random(seed)
    parts = [chance.choice(ODD) if chance.random() < seed / 120 else cancelled(n) for n in range(1, 30)]
    feed = as_a_feed(*parts)
    slow = all_of(feed)
    ends = boundaries(feed) if len({one.text for one in slow}) == len(slow) else []
    extractor = XML.open_extractor(io.BytesIO(feed))
    for first, (begin, end) in enumerate(pairwise(ends[::3])):
        size = min(3, len(slow) - first * 3)
        quick = list(extractor.pick(Stretch(begin, end, size), range(size)))
        assert quick == slow[first * 3 : first * 3 + size]


def cancelled(number: int) -> str:
    return f"\n  <Message><MessageID>{number}</MessageID>{cancels(number)}</Message>"


def test_ordinary_feeds_are_cut_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = a_feed(*[cancels(number) for number in range(1, 10)])
    whole = all_of(feed)
    begin, end = boundaries(feed)[0], boundaries(feed)[-1]
    monkeypatch.setattr(extracts, "parse", None)
    assert list(XML.open_extractor(io.BytesIO(feed)).pick(Stretch(begin, end, 9), [0, 4, 8])) == [
        whole[0],
        whole[4],
        whole[8],
    ]


def test_names_that_only_libxml2_knows_leave_the_message_without_its_text() -> None:
    (odd,) = all_of(as_a_feed("<Message><MessageID>1</MessageID><\U00020000/></Message>"))
    assert odd.message_id == "1"


def test_the_frame_makes_a_feed_of_messages_and_says_that_it_is_utf8() -> None:
    feed = a_feed(cancels(1)).replace(b'encoding="UTF-8"', b"encoding = 'Shift_JIS' standalone='yes'")
    frame = XML.find_frame(io.BytesIO(feed))
    assert frame.head.startswith(b"<?xml version=\"1.0\" encoding = 'UTF-8' standalone='yes'?>\n<AmazonEnvelope ")
    assert [
        one.message_id for one in all_of(frame.head + b"<Message/>" + frame.between + b"<Message/>" + frame.tail)
    ] == ["0"] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_rows_stand_as_they_were_sent_with_line_and_number(encoding: str, ends: str) -> None:
    rows = [
        "TemplateType=OrderCancellation\tVersion=1.0/1.0.3\t注意",
        HEADING,
        f"{order_id(1)}\t在庫\t1",
        "",
        "\t\t",
        f"{order_id(2)}\t\t",
    ]
    data = ends.join(rows).encode(encoding)
    kind = "text/plain; charset=Shift_JIS" if encoding == "cp932" else None
    about = Provenance(kind, "A1VC38T7YXB528")
    one, two = FLAT_FORM.open_extractor(io.BytesIO(data), about).pick(Stretch(None), range(9))
    assert (one.line, one.message_id, FLAT_FORM.show(one.text, about)) == (3, "1", rows[2])
    assert (two.line, two.message_id, FLAT_FORM.show(two.text, about)) == (6, "4", rows[5])


def test_the_frame_of_a_text_file_is_all_up_to_its_headings() -> None:
    data = f"\ufeffTemplateType=OrderCancellation\r\n{HEADING}\r\n{order_id(1)}\r\n".encode()
    frame = FLAT_FORM.find_frame(io.BytesIO(data))
    assert frame.head == f"\ufeffTemplateType=OrderCancellation\r\n{HEADING}\r\n".encode()
    assert (frame.between, frame.tail) == (b"\r\n", b"\r\n")
    assert FLAT_FORM.find_frame(io.BytesIO(f"{HEADING}\n1".encode("utf-16"))).head == f"\ufeff{HEADING}\n".encode()
