"""Messages that differ from others in their texts alone are read without a parser, and as the parser reads them."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feedproc.feeds.progress import Position
from feedproc.formats.xml.likeness import LikeElement, Likeness
from feedproc.formats.xml.pieces import make_parser
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT, a_feed, acknowledges, feed_types, refunds, ships
from tests.formats.feeds import Read, surveyed

PLAIN = ("", " ", "7", "a > b", "日本語", "\t1\n")
TEXTS = st.sampled_from((*PLAIN * 3, "]]", "😀", "x&amp;y", "<![CDATA[z]]>", "<!-- c -->", "<B/>"))
BLANKS = st.sampled_from((*("", " ", "\n  ") * 4, "<!-- c -->", "<?p?>", "stray"))
ATTRIBUTES = st.sampled_from(
    (*("", ' c="1"', ' d="1" c="1"') * 4, " c='1'", ' c="a>b"', ' c="&lt;"', ' xmlns="u"', ' c = "1"')
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two messages with the same tags, with all that may stand in one."""
    elements = [
        f"{draw(BLANKS)}<A{draw(ATTRIBUTES)}>{{}}</A{draw(st.sampled_from(('', ' ')))}>"
        for _ in range(draw(st.integers(0, 2)))
    ]
    inner = "".join((*elements, draw(st.sampled_from(("", "<E/>", "<E />", "<E></E>", "<E> </E>")))))
    made = f"<Message>{draw(BLANKS)}<ID>{{}}</ID>{draw(BLANKS)}<P{draw(ATTRIBUTES)}>{inner}{draw(BLANKS)}</P></Message>"
    known, other = ([draw(TEXTS) for _ in range(made.count("{}"))] for _ in range(2))
    return made.format(*known), made.format(*other)


def parsed(text: str) -> etree._Element | None:
    try:
        return etree.fromstring(text.encode(), make_parser(keeps_blanks="<!" in text or "<?" in text))
    except etree.XMLSyntaxError:
        return None


def told(element: LikeElement | etree._Element) -> object:
    """All that decoders can ask of an element."""
    has_children = len(element) > 0
    return (
        element.tag,
        None if has_children else element.text,
        element.get("c"),
        element.get("d"),
        [*map(told, element)],
    )


def read_alike(likeness: Likeness, text: str, most: int = 1_000) -> tuple[list[object], int] | None:
    """What is told of the messages of a text, and where they end; None if one is like none before."""
    found = likeness.divide(text, most)
    if not found or any(one.kind is None for one in found):
        return None
    return [told(one.kind.fill(row)) for one in found if one.kind is not None for row in one.rows], found[-1].end


@settings(max_examples=300)
@given(pairs())
def test_a_message_that_is_like_another_is_what_a_parser_makes_of_it(pair: tuple[str, str]) -> None:
    known, text = pair
    likeness, first, expected = Likeness(), parsed(known), parsed(text)
    if first is not None:
        likeness.learn(known, first)
    found = read_alike(likeness, text)
    if found is not None and expected is not None:
        assert found == ([told(expected)], len(text))


@pytest.mark.parametrize(
    ("other", "is_like"),
    [
        ("<Message><ID>2</ID><P><A>b</A></P></Message>", True),
        ("\n<Message>\n\t<ID></ID> <P> <A>b</A> </P> </Message>", True),
        ("<Message> <ID/> <P> <A>b</A> </P> </Message>", False),
        ("<Message> <ID>2</ID> <P> <A c='1'>b</A> </P> </Message>", False),
        ("<Message> <ID>2</ID> <P> <A>b</A> <A>b</A> </P> </Message>", False),
        ("<Message> <ID>&#50;</ID> <P> <A>b</A> </P> </Message>", False),
    ],
)
def test_blanks_between_tags_make_no_difference_but_tags_and_references_do(other: str, is_like: bool) -> None:
    likeness, known = Likeness(), "<Message> <ID>1</ID> <P> <A>a</A> </P> </Message>"
    likeness.learn(known, etree.fromstring(known, make_parser(keeps_blanks=False)))
    assert (read_alike(likeness, other) is not None) is is_like


def kinds_of_messages(number: int) -> str:
    made = (
        refunds(number, number),
        refunds(number, "1.50"),
        refunds(number, named="M&amp;S"),
        refunds(number).replace("<AdjustmentReason>", "<!-- why --><AdjustmentReason>"),
        refunds(number, "none"),
        refunds(number, currency="EUR"),
    )
    return made[number % len(made) if number > 1_500 else 0]


def crumbs(feed: bytes, feed_type: str, likely: bool, start: Position | None = None) -> Iterator[tuple[Position, Read]]:
    """What is read of a feed, portion by portion, with messages read by likeness or parsed."""
    survey = surveyed(feed, feed_type)
    survey = survey if likely else replace(survey, messages=0)
    read = feed_types().look_up(feed_type).format.read(io.BytesIO(feed), survey, start or survey.start)
    return ((portion.end, list(portion.messages)) for portion in read)


ALIKE = [refunds(number, number) for number in range(1, 2_000)]
FEED_ALIKE = a_feed(*ALIKE, feed_type=ADJUSTMENT)
LONG_COMMENTS = [f"</Message><!--{'x' * shift}{'注' * 100_000}-->" for shift in range(3)]
"""Longer than a part of a feed, and of characters that are divided wherever it is cut in one of these."""
FEEDS = {
    "alike": (FEED_ALIKE, ADJUSTMENT),
    "mixed": (a_feed(*map(kinds_of_messages, range(1, 3_000)), feed_type=ADJUSTMENT), ADJUSTMENT),
    **{
        f"with a long comment {shift}": (FEED_ALIKE.replace(b"</Message>", comment.encode(), 1), ADJUSTMENT)
        for shift, comment in enumerate(LONG_COMMENTS)
    },
    "line ends of two": (a_feed(*ALIKE, feed_type=ADJUSTMENT).replace(b"\n", b"\r\n"), ADJUSTMENT),
    "faulty now and then": (
        a_feed(*(refunds(number, "none" if number % 40 == 7 else 1) for number in range(2_000)), feed_type=ADJUSTMENT),
        ADJUSTMENT,
    ),
    "ships": (a_feed(*map(ships, range(1, 3_000)), feed_type=FULFILLMENT), FULFILLMENT),
    "of another type": (a_feed(*ALIKE[:1_500], *map(ships, range(1_500)), feed_type=ADJUSTMENT), ADJUSTMENT),
    "in UTF-16": (
        a_feed(*ALIKE, feed_type=ADJUSTMENT).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        ADJUSTMENT,
    ),
    "in Japanese": (
        a_feed(*(acknowledges(number, f"注文{number}") for number in range(2_000)), feed_type=ACKNOWLEDGEMENT),
        ACKNOWLEDGEMENT,
    ),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_gives_the_same_messages_whether_they_are_read_by_likeness_or_parsed(name: str) -> None:
    feed, feed_type = FEEDS[name]
    alike, apart = (list(crumbs(feed, feed_type, likely)) for likely in (True, False))
    assert [one for _, read in alike for one in read] == [one for _, read in apart for one in read]
    assert alike[-1][0] == apart[-1][0]


@pytest.mark.parametrize("name", ["alike", "mixed", "faulty now and then", "in Japanese"])
def test_reading_goes_on_from_where_any_portion_ended(name: str) -> None:
    feed, feed_type = FEEDS[name]
    portions = list(crumbs(feed, feed_type, likely=True))
    whole = [one for _, read in portions for one in read]
    done = 0
    for end, read in portions:
        done += len(read)
        rest = [one for _, part in crumbs(feed, feed_type, likely=False, start=end) for one in part]
        assert rest == whole[done:]
