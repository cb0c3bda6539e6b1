"""A survey takes messages that are like valid ones for valid without a parser, and misses no fault for it."""

import io
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feedproc.feeds.report import Result
from feedproc.formats.xml.folder import load_folder
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.pieces import make_parser
from feedproc.formats.xml.schemas import OURS, Schemas
from feedproc.formats.xml.valid_likeness import ValidLikeness, write_rule
from feedproc.resources import folder
from feedproc.xerces.schema.model import list_simple_types
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    a_feed,
    acknowledges,
    feed_types,
    message,
    refunds,
    ships,
)
from tests.formats.feeds import Read, codes


def count(likeness: ValidLikeness, text: str) -> int | None:
    """How many messages stand in a text, if all are valid for certain."""
    found = likeness.divide(text, len(text))
    return None if found is None or any(one.kind is None for one in found) else sum(len(one.rows) for one in found)


RULED = [(kind, rule) for kind in list_simple_types(OURS.compiled) if (rule := write_rule(kind)) is not None]
MESSAGES = 5_000
"""Of a feed, some 2.5 MiB: the first part is parsed, and the rest looked at for likeness."""


def test_there_are_rules_for_most_texts_of_order_feeds() -> None:
    assert len({kind.name for kind, _ in RULED}) > 20


@given(st.data())
def test_what_a_rule_takes_for_a_value_is_one(data: st.DataObject) -> None:
    kind, rule = data.draw(st.sampled_from(RULED))
    text = data.draw(st.from_regex(rule, fullmatch=True))
    assert kind.judge(text) == (kind.read(text)[0], None)


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("Yamato Transport", True),
        ("ヤマト運輸", True),
        ("ヤマト運輸 クール  便", True),
        ("Ｎｏ．１", True),
        ("ヤ" * 50, True),
        ("ヤ" * 51, False),
        (" Yamato", False),
        ("Yamato ", False),
        ("ヤマト\u3000", False),
        ("😀", False),
        ("\uffff", False),
        ("M&amp;S", False),
    ],
)
def test_names_with_blanks_and_in_japanese_are_told_without_a_parser(name: str, is_told: bool) -> None:
    likeness, valid = ValidLikeness(OURS.compiled), message(ships(11)).strip()
    likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
    text = message(ships(12).replace("Yamato", name)).strip()
    assert (count(likeness, text) == 1) is is_told


@pytest.mark.parametrize("items", [8, 17])
def test_orders_of_many_items_are_told_apart_in_no_time(items: int) -> None:
    code, name = (
        "<AmazonOrderItemCode>12345678901234</AmazonOrderItemCode>",
        "<MerchantOrderItemID>M1</MerchantOrderItemID>",
    )
    item = f"<Item>{code}{name}</Item>"
    likeness = ValidLikeness(OURS.compiled)
    for number in (items, items + 1):
        valid = message(acknowledges(1).replace("</Order", f"{item * number}</Order")).strip()
        assert count(likeness, valid) is None
        likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
        assert count(likeness, valid) == 1


def test_orders_of_very_many_items_are_left_to_the_parser() -> None:
    item = "<Item><AmazonOrderItemCode>12345678901234</AmazonOrderItemCode></Item>"
    valid = message(acknowledges(1).replace("</Order", f"{item * 101}</Order")).strip()
    likeness = ValidLikeness(OURS.compiled)
    likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
    assert count(likeness, valid) is None


CHANGES: list[Callable[[str], str]] = [
    lambda one: one.replace("Code>", "Cod>"),
    lambda one: one.replace("-", "", 1),
    lambda one: one.replace("CustomerReturn", "customerReturn"),
    lambda one: one.replace("AmazonOrderID>250", "AmazonOrderID> 250"),
    lambda one: one.replace("</", " </"),
    lambda one: one.replace("</", "&#65;</", 1),
    lambda one: one.replace("</", "\u00e4</", 1),
    lambda one: one.replace("</", "\u0001</", 1),
    lambda one: one.replace(">1", ">0", 1),
    lambda one: one.replace("><", ">x<", 1),
    lambda one: one.replace("<Item>", "<Item><!-- -->"),
    lambda one: one.replace('"JPY"', '"XXX"'),
    lambda one: one.replace("Success", "Failure"),
    lambda one: one.replace("T", "t", 1),
    lambda one: one.replace("</", f"{'9' * 60}</", 2),
    lambda one: one[:-10],
    lambda one: f"{one}stray",
    lambda one: one.replace("</", "]]></", 1),
    lambda one: one.replace("Code>", "Kode>"),
    lambda one: one.replace("</Item", "</item"),
    lambda one: one.replace("ID>2", "ID>x2").replace("</", "<!", 1),
]
KINDS: dict[str, Callable[[int], str]] = {
    ADJUSTMENT: lambda number: refunds(number, f"{number}.50"),
    FULFILLMENT: ships,
    ACKNOWLEDGEMENT: lambda number: acknowledges(number, f"M-{number}"),
}


def looked_at(feed: bytes, feed_type: str, *, alike: bool) -> tuple[object, Read]:
    """What a survey tells of a feed, and what is read then: by our schemas, or by the same ones in a folder."""
    form = feed_types().look_up(feed_type).format
    if not alike:
        form = form.with_schemas(load_folder(folder("schemas")))
    assert isinstance(form, XmlFormat)
    form.schemas.check()  # what is compiled is used from the second part on
    survey = form.survey(io.BytesIO(feed), lambda _: None)
    findings = [replace(one, reason=None, hint=None) for one in survey.findings]
    told = findings, survey.unreadable, survey.messages, survey.merchant_identifier, inspected(form, feed)
    portions = [] if survey.unreadable else form.read(io.BytesIO(feed), survey, survey.start)
    # What is said to people is told by each set of schemas in its own way.
    return told, [
        replace(one, reason=None) if isinstance(one, Result) else one
        for portion in portions
        for one in portion.messages
    ]


def inspected(form: XmlFormat, feed: bytes) -> object:
    """What is wrong, and which messages stand on which lines, without the words for people."""
    parts = list(form.inspect(io.BytesIO(feed), any_type=False))
    found = [replace(one, reason=None, hint=None) for part in parts for one in part.findings]
    return found, [one for part in parts for one in part.placed], sum(part.messages for part in parts)


@pytest.mark.parametrize("line_end", ["", "\n\n"])
def test_messages_are_found_on_their_lines_however_many_a_line_holds(line_end: str) -> None:
    texts = [ships(number).replace("Yamato", "&amp;" if number % 50 == 9 else "Yamato") for number in range(MESSAGES)]
    feed = a_feed(*texts, feed_type=FULFILLMENT).replace(b"\n", line_end.encode())
    alike, apart = (looked_at(feed, FULFILLMENT, alike=alike) for alike in (True, False))
    assert alike == apart


@pytest.mark.parametrize("seed", range(len(CHANGES)))
def test_faults_anywhere_are_found_as_where_each_message_is_parsed(seed: int) -> None:
    chance = random.Random(seed)
    feed_type, make = chance.choice(list(KINDS.items()))
    payloads = [make(number) for number in range(1, MESSAGES + 1)]
    for place in chance.sample(range(MESSAGES // 2, MESSAGES), 5):
        payloads[place] = CHANGES[seed](payloads[place])
    feed = a_feed(*payloads, feed_type=feed_type)
    assert looked_at(feed, feed_type, alike=True) == looked_at(feed, feed_type, alike=False)


@pytest.mark.parametrize(("messages", "is_loaded"), [(2_000, False), (20_000, True)])
def test_what_tells_valid_texts_is_loaded_for_a_feed_that_is_long_enough_for_it(messages: int, is_loaded: bool) -> None:
    feed = a_feed(*map(KINDS[ADJUSTMENT], range(1, messages + 1)), feed_type=ADJUSTMENT)
    form, schemas = feed_types().look_up(ADJUSTMENT).format, Schemas()
    assert form.with_schemas(schemas).survey(io.BytesIO(feed), lambda _: None).messages == messages
    assert schemas.is_compiled is is_loaded


@pytest.mark.parametrize("raw", [b"\xff", b"\xe3\x83", b"\xed\xa0\x80"])
def test_bytes_that_are_no_utf_8_are_found_as_where_each_message_is_parsed(raw: bytes) -> None:
    feed = a_feed(*map(ships, range(1, MESSAGES + 1)), feed_type=FULFILLMENT)
    half = len(feed) // 2
    feed = feed[:half] + feed[half:].replace(b"Yamato", raw, 1)
    told = looked_at(feed, FULFILLMENT, alike=True)
    assert told == looked_at(feed, FULFILLMENT, alike=False)


TEXTS = ("", " ", "0", "-1", "1.234", "9" * 25, "x" * 60, "\u00e4", "&#x41;", "]]>", "\x01", "2026-02-30", "Other")
ODD = st.sampled_from((*TEXTS, "ヤマト 便", "ヤ" * 60, "\uffff"))


@given(st.sampled_from(sorted(KINDS)), st.randoms(use_true_random=False), st.one_of(ODD, st.text(max_size=20)))
def test_no_message_with_a_fault_is_like_a_valid_one(feed_type: str, chance: random.Random, text: str) -> None:
    likeness, valid = ValidLikeness(OURS.compiled), message(KINDS[feed_type](11)).strip()
    likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
    assert count(likeness, valid) == 1
    parts = KINDS[feed_type](12).split("</")
    place = chance.choice([number for number, part in enumerate(parts) if not part.endswith(">")])
    parts[place] = parts[place].rpartition(">")[0] + ">" + text
    payload = "</".join(parts)
    if count(likeness, message(payload).strip()) is not None:
        assert codes(a_feed(payload, feed_type=feed_type), feed_type) == []


@pytest.mark.parametrize(
    ("on", "is_told"), [("2024-03-30", True), ("2024-03-31", True), ("2024-04-31", False), ("2024-02-30", False)]
)
def test_the_last_days_of_a_month_are_told_without_a_parser(on: str, is_told: bool) -> None:
    likeness, valid = ValidLikeness(OURS.compiled), message(ships(11)).strip()
    likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
    assert (count(likeness, message(ships(12, on=f"{on}T10:00:00Z")).strip()) == 1) is is_told


def test_valid_messages_with_unusual_texts_leave_room_for_other_kinds() -> None:
    likeness = ValidLikeness(OURS.compiled)
    for text in (*(ships(11).replace("Yamato", "\u00e4" * number) for number in range(1, 20)), ships(11, 1)):
        valid = message(text).strip()
        likeness.learn(valid, etree.fromstring(valid, make_parser(keeps_blanks=False)))
    assert count(likeness, message(ships(12, 3)).strip()) == 1
    assert count(likeness, message(ships(12)).strip()) == 1


@pytest.mark.parametrize("any_type", [False, True])
@pytest.mark.parametrize("fault", ["</x>", "&nbsp;", "<!--", "\x01", "\ufffe"])
def test_messages_before_an_unreadable_place_are_told_of_wherever_a_part_begins(fault: str, any_type: bool) -> None:
    payloads = [ships(1), ships(2).replace("Code>", "Kode>"), refunds(3), ships(4), ships(5) + fault, ships(6)]
    few, form = payloads.copy(), feed_types().look_up(FULFILLMENT).format
    for _ in range(2):
        parts = list(form.inspect(io.BytesIO(a_feed(*payloads, feed_type=FULFILLMENT)), any_type=any_type))
        before = len(payloads) - 2
        assert sum(part.messages for part in parts) == before
        assert sum(len(part.placed) for part in parts) == (0 if any_type else before - 2)
        rules = [one.rule for part in parts for one in part.findings]
        assert rules.count("feed-type") == (not any_type)
        payloads = [*map(ships, range(2_000)), *few]
