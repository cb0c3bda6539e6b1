"""Messages in a row that differ in their texts alone are read at once, and as a parser reads them one by one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedproc.formats.xml.likeness import Likeness
from feedproc.formats.xml.pieces import make_parser
from tests.formats.test_likeness import PLAIN as PLAIN_TEXTS
from tests.formats.test_likeness import TEXTS, parsed, read_alike, told

KINDS = st.sampled_from(
    (
        *("\n <Message><ID>{}</ID> <P><A>{}</A></P></Message>",) * 4,
        "\n <Message><ID>{}</ID> <P><B>{}</B></P></Message>",
        "\n <Message><ID>{}</ID><P> <A>{}</A></P></Message>",
        '\n <Message><ID>{}</ID> <P c="1"><A>{}</A></P></Message>',
        '\n <Message><ID>{}</ID> <P c="2"><A>{}</A></P></Message>',
        "\n <Message><ID>{}</ID> <P><A>{}</A><E/></P></Message>",
        "\n<Message><ID>{}</ID><P><A>{}</A></P></Message>",
    )
)


@st.composite
def messages(draw: st.DrawFn) -> list[str]:
    texts = draw(st.sampled_from((st.sampled_from(PLAIN_TEXTS), TEXTS)))
    return [kind.format(draw(texts), draw(texts)) for kind in draw(st.lists(KINDS, min_size=1, max_size=12))]


def learned(*known: str) -> Likeness:
    likeness = Likeness()
    for text in known:
        likeness.learn(text, etree.fromstring(text.strip().encode(), make_parser(keeps_blanks=False)))
    return likeness


PLAIN = "\n <Message><ID>1</ID> <P><A>a</A></P></Message>"


@settings(max_examples=500)
@given(messages(), st.integers(1, 12))
def test_messages_that_are_read_at_once_are_what_a_parser_makes_of_each(texts: list[str], most: int) -> None:
    likeness = learned(*(one for one in texts[:3] if "&" not in one and "<!" not in one and parsed(one) is not None))
    expected = [parsed(one) for one in texts[:most]]
    read = read_alike(likeness, "".join(texts), most)
    if read is not None and None not in expected:
        assert read == ([told(one) for one in expected if one is not None], len("".join(texts[:most])))


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("A>", "B>"),
        PLAIN.replace("</A>", "</B>"),
        PLAIN.replace("<A>", "<A\t>"),
        PLAIN.replace("> <P>", "><P >"),
        PLAIN.replace("> <P>", ">x<P>"),
        PLAIN.replace("a", "&lt;"),
        PLAIN.replace("<A>a</A>", "<A>a</A><A>a</A>"),
        PLAIN.replace("</P>", ""),
        PLAIN[:-1] + " >",
        "\n<!-- -->" + PLAIN,
        "x" * 200_000,
        "<" * 200_000,
        '"' * 200_000,
    ],
)
@pytest.mark.parametrize("place", [0, 1, 50, 100])
def test_one_message_that_is_like_none_before_is_a_parsers_wherever_it_stands(other: str, place: int) -> None:
    texts = [PLAIN] * 100
    texts.insert(place, other)
    likeness, known = learned(PLAIN), parsed(PLAIN)
    assert read_alike(likeness, "".join(texts)) is None
    assert known is not None
    assert read_alike(likeness, PLAIN * 100) == ([told(known)] * 100, 100 * len(PLAIN))


ODD = (
    PLAIN.replace("A>", "B>"),
    PLAIN.replace("<P>", "<P><E/>"),
    PLAIN.replace(">a<", ">x&amp;y<"),
    "\n <Message>a</Message>",
)


@given(
    st.lists(st.sampled_from((PLAIN, PLAIN.replace(">a<", ">other<"), *ODD)), min_size=1, max_size=30),
    st.integers(1, 30),
)
def test_messages_around_odd_ones_are_told_all_the_same(texts: list[str], most: int) -> None:
    text, at, found = "".join(texts), 0, list[str]()
    for one in learned(PLAIN).divide(text, most) or ():
        assert one.begin == at
        found += [text[one.begin : one.end]] if one.kind is None else ["alike"] * len(one.rows)
        at = one.end
    assert found == [one if one in ODD else "alike" for one in texts[:most]]


@pytest.mark.parametrize(
    "odd",
    [
        ("<Message><X><Message></Message>", "</X></Message>", "<Message/><Message></Message>"),
        ("<Message><!-- </Message>", " --></Message>"),
        ("<Message><![CDATA[</Message>", "]]></Message>"),
        ("<Message></Message >", "<Message></Message>"),
    ],
)
def test_what_is_well_formed_only_with_what_stands_behind_other_messages_is_a_parsers(odd: tuple[str, ...]) -> None:
    text = "".join(f"{one}{PLAIN * 5}" for one in odd)
    assert learned(PLAIN).divide(text, 1_000) is None


def test_a_message_of_a_thousand_attributes_and_one_of_a_megabyte_are_read_like_any_other() -> None:
    attributes = "".join(f' a{number}="{number}"' for number in range(1_000))
    large, many = "x" * 1_000_000, "".join(f"<A{attributes}>{number}</A>" for number in range(20))
    texts = [f"<Message><ID>{text}</ID><P>{many}</P></Message>" for text in ("1", large, "")]
    read = read_alike(learned(texts[0]), "".join(texts))
    assert read == ([told(one) for text in texts if (one := parsed(text)) is not None], len("".join(texts)))


def looks_alike(number: int) -> str:
    """Every fourth message has other tags of the same length, as if it was made to be guessed wrongly."""
    return PLAIN if number % 4 else PLAIN.replace("A>", "B>")


HOSTILE: dict[str, Callable[[int], str]] = {
    "in turn": lambda number: PLAIN if number % 2 else PLAIN.replace("<P>", "<P><E/>"),
    "of one length": looks_alike,
    "referring now and then": lambda number: PLAIN if number % 2 else PLAIN.replace(">a<", ">&amp;<"),
    "unknown now and then": lambda number: PLAIN if number < 8 or number % 3 else PLAIN.replace("<P>", "<P><E/>"),
    "unknown and as long": lambda number: PLAIN if number < 8 or number % 3 else PLAIN.replace("A>", "B>"),
    "with other blanks": lambda number: PLAIN.replace(" ", " " * (number % 7)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_as_many_messages_that_are_hard_to_guess_are_four_times_the_work(name: str) -> None:
    make = HOSTILE[name]
    few, many = (
        list_calls(learned(*map(make, range(8))), "".join(map(make, range(number)))) for number in (250, 1_000)
    )
    assert len(many) < 4.5 * len(few)


def list_calls(likeness: Likeness, text: str) -> list[str]:
    """The names of the functions that are called while a text is read."""
    calls = list[str]()

    def note(frame: FrameType, event: str, what: Any) -> None:
        if event in ("call", "c_call"):
            calls.append(what.__name__ if event == "c_call" else frame.f_code.co_name)

    sys.setprofile(note)
    try:
        assert likeness.divide(text, len(text)) is not None
    finally:
        sys.setprofile(None)
    return calls
