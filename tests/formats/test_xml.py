"""XML feeds as a whole: what is found, and that nothing a seller can send breaks the reader."""

import io
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedproc.feeds.feed_type import ReportHead
from feedproc.feeds.finding import Inspection, Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result, Summary
from feedproc.feeds.result_codes import WRONG_FEED_TYPE
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    TAIL,
    a_feed,
    acknowledges,
    cancels,
    feed_types,
    head,
    message,
    refunds,
    ships,
    told_by,
)
from tests.formats.feeds import Read, codes, cut, read_through, surveyed

TRICKY = (
    head(FULFILLMENT).replace("<Header>", "<Header><!-- </Message> <AmazonEnvelope> -->")
    + "<!-- </Message> --><?print </Message>?>"
    + message(ships(1), 1).replace("Yamato", "<![CDATA[</Message></AmazonEnvelope>]]>")
    + message(ships(2, 1), 2).replace("</Message>", "</Message\t>")
    + message(ships(3), 3).replace("Yamato", "ヤマト&amp;&#x3C;運輸 <!-- < -->")
    + TAIL
    + "<!-- end </Message> -->\n"
).encode()
SMALL = {
    ACKNOWLEDGEMENT: a_feed(acknowledges(1, "M-1", "I-1"), cancels(2)),
    ADJUSTMENT: a_feed(refunds(1), refunds(2, named="M-2"), feed_type=ADJUSTMENT),
    FULFILLMENT: TRICKY,
}


def everything(feed: bytes, feed_type: str) -> tuple[Survey, Read, list[Inspection]]:
    """Read a feed in every way there is, write its report, and return what was found; the report must be valid."""
    survey, messages = read_through(feed, feed_type)
    form = feed_types().look_up(feed_type).format
    results = [one.result for one in survey.findings] + [one for one in messages if isinstance(one, Result)]
    told_by(b"".join(form.report(ReportHead("1", "A2SHOP", ""), Summary(), results)))
    list(form.inspect(io.BytesIO(feed), any_type=True))
    return survey, messages, list(form.inspect(io.BytesIO(feed), any_type=False))


def agree(feed: bytes, feed_type: str) -> None:
    """Processing finds a fault in a feed exactly if inspecting does."""
    survey, messages, inspections = everything(feed, feed_type)
    processed = bool(survey.findings) or any(isinstance(one, Result) for one in messages)
    assert processed == any(one.findings for one in inspections)
    if not survey.unreadable:
        assert survey.messages == len(messages) == sum(one.messages for one in inspections)


@pytest.mark.parametrize("feed_type", SMALL)
def test_a_valid_feed_is_read_without_a_finding(feed_type: str) -> None:
    survey, messages = read_through(SMALL[feed_type], feed_type)
    assert not survey.findings
    assert [one.message_id for one in messages] == ["1", "2", "3"][: len(messages)]
    assert all(isinstance(one, Message) for one in messages)


@pytest.mark.parametrize("feed_type", SMALL)
def test_a_feed_may_be_cut_off_anywhere(feed_type: str) -> None:
    whole = SMALL[feed_type]
    complete = whole.index(TAIL.strip().encode(), -60) + len(TAIL.strip())
    for length in range(len(whole)):
        survey = surveyed(whole[:length], feed_type)
        ended = length >= complete and whole[complete:length].strip() in {b"", whole[complete:].strip()}
        assert survey.unreadable != ended, length
        assert len(survey.findings) == survey.unreadable


@pytest.mark.parametrize("feed_type", SMALL)
@pytest.mark.parametrize("byte", [b"\x00", b"\xff", b"<", b"&", b"]]>", b"\r", b" ", b'"'])
def test_one_strange_byte_anywhere_gives_findings_at_the_most(feed_type: str, byte: bytes) -> None:
    whole = SMALL[feed_type]
    for offset in range(0, len(whole), 7):
        agree(whole[:offset] + byte + whole[offset:], feed_type)


bytes_of_xml = st.sampled_from([
    b"<", b">", b"/", b"&", b'"', b"'", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?", b"?>", b"\0", b"\xff\xfe", b"=",
    b"\xef\xbb\xbf", b"</Message>", b"<Message>", b"</AmazonEnvelope>", b"xmlns=''", b" xsi:nil='true'", b":", b"1",
    b" xsi:type='String'", b"&#0;", b"&lt;", b"<!DOCTYPE a>", b"\r", b"\n", b" ", b"-",
])  # fmt: skip
damage = st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(bytes_of_xml, st.binary(max_size=4)))


@settings(max_examples=1_500)
@given(st.sampled_from(sorted(SMALL)), st.lists(damage, min_size=1, max_size=4))
def test_no_damage_raises_anything(feed_type: str, damages: list[tuple[float, int, bytes]]) -> None:
    feed = SMALL[feed_type]
    for place, removed, put in damages:
        offset = int(place * len(feed))
        feed = feed[:offset] + put + feed[offset + removed :]
    agree(feed, feed_type)


@given(st.sampled_from(sorted(SMALL)), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_no_shuffling_raises_anything(feed_type: str, begin: float, end: float, to: float) -> None:
    feed = SMALL[feed_type]
    first, second = sorted((int(begin * len(feed)), int(end * len(feed))))
    part, rest = feed[first:second], feed[:first] + feed[second:]
    agree(rest[: int(to * len(rest))] + part + rest[int(to * len(rest)) :], feed_type)
    agree(feed[:second] + part + feed[second:], feed_type)


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xfe\xff\x00")
@example(b"<\x00")
def test_any_bytes_are_a_feed_that_cannot_be_read(feed: bytes) -> None:
    survey, _, _ = everything(feed, ACKNOWLEDGEMENT)
    assert survey.unreadable
    assert {one.code for one in survey.findings} <= {5001, 50001}


@pytest.mark.parametrize(
    "payload",
    ["", "<OrderAcknowledgement/>", "<MessageID>2</MessageID>", "<Unknown/>", "text", "<OrderFulfillment/>",
     "<x:y xmlns:x='u'/>", "<OrderAcknowledgement xmlns='urn:other'/>", "<ProcessingReport/>", "<MessageID/>" * 3],
)  # fmt: skip
def test_a_message_of_any_content_has_one_result(payload: str) -> None:
    feed = head() + message(acknowledges(1), 1) + message(payload, 2) + message(acknowledges(3), 3) + TAIL
    _, messages = read_through(feed.encode())
    assert [isinstance(one, Message) for one in messages] == [True, False, True]
    assert messages[1].message_id in {"2", "0"}
    agree(feed.encode(), ACKNOWLEDGEMENT)


@pytest.mark.parametrize("given_id", ["", "0", "-1", "abc", "1" * 21, "1.0", "１２", "<a/>", " 7 ", "007"])
def test_a_message_id_is_told_only_when_it_is_one(given_id: str) -> None:
    feed = head() + message(acknowledges().replace("Success", "Perhaps"), given_id) + TAIL
    _, (told,) = read_through(feed.encode())
    assert told.message_id in {"0", "7", "007"}
    agree(feed.encode(), ACKNOWLEDGEMENT)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_faults_are_told_at_the_same_line_whatever_the_line_ends_and_the_encoding(line_end: str, codec: str) -> None:
    payloads = [acknowledges(n, f"日本語{n}") for n in range(1, 2_000)]
    payloads[1_500] = payloads[1_500].replace("Success", "Perhaps")
    text = a_feed(*payloads).decode().replace('encoding="UTF-8"', "").replace("\n", line_end)
    _, messages = read_through(text.encode(codec))
    (fault,) = [one for one in messages if isinstance(one, Result)]
    line = 7 + 4 * 1_500 + 3
    assert f"at Line {line}, Column " in fault.description
    column = payloads[1_500].index("</StatusCode>") + len("</StatusCode>") + 5
    assert line_end == "\r" or f", Column {column}:" in fault.description


@pytest.mark.parametrize("name", [" \n ", " <!-- c -->a", "<?p?> a ", "<![CDATA[ ]]> a", " &#32;<![CDATA[a]]>"])
def test_blanks_of_a_value_are_its_own_wherever_they_stand(name: str) -> None:
    value = re.sub(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[|\]\]>", "", name).replace("&#32;", " ").replace("\n", " ")
    _, (message,) = read_through(a_feed(acknowledges(1, "NAME").replace("NAME", name)))

    assert isinstance(message, Message)
    assert message.body.merchant_order_id == value


def test_a_feed_that_was_surveyed_in_other_pieces_is_read_with_the_same_faults() -> None:
    payloads = [acknowledges(n) if n % 97 else acknowledges(n).replace("Success", "Perhaps") for n in range(1, 1_500)]
    feed = a_feed(*payloads)
    form = feed_types().look_up(ACKNOWLEDGEMENT).format
    survey = surveyed(feed)
    boundary: Position = next(cut(feed, most_messages=90)).end
    portions = form.read(io.BytesIO(feed), survey, boundary)
    found = [one.message_id for portion in portions for one in portion.messages if isinstance(one, Result)]
    assert found == [str(n) for n in range(97, 1_500, 97)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", ""])
@pytest.mark.parametrize("tag", ["<{} x='1'>", "<{}\n  x='>'\n>", "<!-- 発送 😀 --><{} x='' >"])
def test_a_message_of_another_type_is_told_where_an_attribute_of_its_payload_would_be(tag: str, line_end: str) -> None:
    text = a_feed(*(ships(n) for n in range(1, 1_500)), feed_type=FULFILLMENT).decode()
    text = text.replace("<OrderFulfillment>", tag.format("OrderFulfillment")).replace("\n", line_end)
    form = feed_types().look_up(ACKNOWLEDGEMENT).format
    found = [one for part in form.inspect(io.BytesIO(text.encode()), any_type=False) for one in part.findings]
    attributes = [(one.line, one.column) for one in found if one.rule == "cvc-complex-type.3.2.2"]
    misplaced = [(one.line, one.column) for one in found if one.code == WRONG_FEED_TYPE.code]
    assert len(misplaced) == 1_499
    assert misplaced == attributes


@pytest.mark.parametrize(("payload", "column"), [("", 23), ("<OrderFulfillment/>", 55), ("<OrderReport>", 49)])
def test_a_message_of_another_type_is_told_past_the_first_tag_of_its_payload(payload: str, column: int) -> None:
    feed = head(FULFILLMENT) + "\n  <Message><MessageID>1</MessageID>" + payload
    feed += "</OrderReport></Message>" if payload == "<OrderReport>" else "</Message>"
    form = feed_types().look_up(ACKNOWLEDGEMENT).format
    found = [one for part in form.inspect(io.BytesIO((feed + TAIL).encode()), any_type=False) for one in part.findings]
    (told,) = [one for one in found if one.code == WRONG_FEED_TYPE.code]
    assert (told.line, told.column) == (head(FULFILLMENT).count("\n") + 2, column)


def test_a_survey_tells_of_many_faults_around_messages_but_not_of_all() -> None:
    feed = head() + message(acknowledges()) + "<Junk/>" * 5_000 + TAIL
    assert 1 <= len(surveyed(feed.encode()).findings) <= 100
    assert set(codes(feed.encode())) == {5000}


def test_a_survey_says_how_far_it_is() -> None:
    feed = a_feed(*map(acknowledges, range(1, 3_001)))
    told: list[int] = []
    feed_types().look_up(ACKNOWLEDGEMENT).format.survey(io.BytesIO(feed), told.append)
    assert told == sorted(told)
    assert told[-1] == len(feed)
    assert len(told) >= 6


def test_text_between_messages_is_told_with_its_place_however_far_the_end_is() -> None:
    messages = "".join(message(acknowledges(number, "M", "I"), number) for number in range(1, 2001))
    feed = f"{head(ACKNOWLEDGEMENT)}\n oops{messages}{TAIL}"
    (found,) = surveyed(feed.encode()).findings
    place = f"line {feed[: feed.index('oops')].count(chr(10)) + 1}, column 2"
    assert (found.line, place in str(found.hint)) == (feed.rstrip().count("\n") + 1, True)


@pytest.mark.parametrize("unseen", ["\u2028", "\u0085", "\u00a0"])
def test_text_that_nobody_sees_is_told_however_long_the_feed_goes_on_behind_it(unseen: str) -> None:
    for messages in (3, 1_500):
        feed = a_feed(*map(cancels, range(messages))).replace(b"</Message>", b"</Message>" + unseen.encode(), 1)
        (finding,) = surveyed(feed).findings
        assert (finding.rule, finding.line) == ("cvc-complex-type.2.3", feed.count(b"\n"))
