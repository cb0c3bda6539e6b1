"""Feeds in XML 1.1: what Xerces reads otherwise there, and what becomes of it."""

import io

import pytest

from feedproc.explain.excerpt import Excerpts
from feedproc.feeds.extract import Stretch
from feedproc.feeds.message import Message
from feedproc.feedtypes import order_acknowledgement
from feedproc.formats.encoding import open_utf8
from feedproc.formats.xml.envelope import read_envelope
from feedproc.formats.xml.pieces import read_pieces
from tests.xerces.compare import told, told_of_feed

_FORMAT = order_acknowledgement.FEED_TYPES[0].format
_DECLARATION = '<?xml version="1.1"?>'
_HEAD = (
    "<AmazonEnvelope><Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M</MerchantIdentifier></Header>"
    "<MessageType>OrderAcknowledgement</MessageType>"
)
_MESSAGE = (
    "<Message><MessageID>1</MessageID><OrderAcknowledgement><AmazonOrderID>503-1234567-7654321</AmazonOrderID>"
    "<MerchantOrderID>{}</MerchantOrderID><StatusCode>{}</StatusCode></OrderAcknowledgement></Message>"
)
_BEHIND_STATUS = len("x</MerchantOrderID><StatusCode>bad</StatusCode>") + 1
LINE_ENDS = ["\x85", "\u2028", "\r\x85", "\r\n", "\n"]


def feed(merchants_id: str = "A1", status: str = "Success", declaration: str = _DECLARATION) -> str:
    """Return a feed of one acknowledgement."""
    return f"{declaration}{_HEAD}{_MESSAGE.format(merchants_id, status)}</AmazonEnvelope>"


def merchants_id_of(text: str) -> str:
    """Return the seller's own number of the order that reaches the order book."""
    data = text.encode()
    survey = _FORMAT.survey(io.BytesIO(data), lambda _: None)
    assert not survey.findings
    (message,) = (one for part in _FORMAT.read(io.BytesIO(data), survey, survey.start) for one in part.messages)
    assert isinstance(message, Message)
    return message.body.merchant_order_id


def first_of(text: str) -> tuple[int, int, str]:
    """Return where the first finding is, and the beginning of its sentence; as told of feeds, and by itself."""
    found = told_of_feed(text.encode())
    assert found == told(text.encode())
    return found[0].line, found[0].column, found[0].sentence


@pytest.mark.parametrize("end", LINE_ENDS)
def test_what_ends_a_line_is_a_line_feed_in_a_value(end: str) -> None:
    assert first_of(feed(status=f"a{end}b"))[2].startswith("cvc-enumeration-valid: Value 'a\nb' is")
    assert merchants_id_of(feed(f"a{end}b")) == "a b"  # a normalizedString


@pytest.mark.parametrize("end", LINE_ENDS)
def test_what_ends_a_line_counts_one(end: str) -> None:
    assert first_of(feed(f"a{end}x", "bad"))[:2] == (2, _BEHIND_STATUS)


def test_in_xml_1_0_the_newer_line_ends_are_characters() -> None:
    assert first_of(feed("\x85x", "bad", declaration=""))[0] == 1
    assert merchants_id_of(feed("a\x85b", declaration="")) == "a\x85b"


def test_a_carriage_return_alone_and_a_newer_line_end_are_two_lines_unless_it_is_next_line() -> None:
    assert first_of(feed("a\r\u2028x", "bad"))[0] == 3
    assert first_of(feed("a\x85\rx", "bad"))[0] == 3


@pytest.mark.parametrize("end", LINE_ENDS)
def test_line_ends_are_blanks_between_elements_and_in_tags(end: str) -> None:
    spaced = feed().replace("><", f">{end}<").replace("</Message>", f"</Message{end}>").replace("<Item", f"<Item{end}")
    assert told_of_feed(spaced.replace("?><", f"?>{end}<").encode()) == []


@pytest.mark.parametrize("character", ["\x7f", "\x80", "\x84", "\x86", "\x9f"])
@pytest.mark.parametrize("cover", ["{}", "<!--{}-->", "<![CDATA[{}]]>", "<?a {}?>"])
def test_a_control_character_as_it_is_ends_the_reading(character: str, cover: str) -> None:
    text = feed(f"x{cover.format(character)}")
    assert f"(Unicode: 0x{ord(character):x}) was found" in first_of(text)[2]
    assert told_of_feed(text.replace("1.1", "1.0").encode()) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [("&#1;", "\x01"), ("&#x1F;", "\x1f"), ("&#x7f;", "\x7f"), ("&#x85;", "\x85"), ("&#x2028;", "\u2028")],
)
def test_a_control_character_may_be_referred_to(written: str, read: str) -> None:
    assert merchants_id_of(feed(f"a{written}b")) == f"a{read}b"


@pytest.mark.parametrize("text", ["\ue000", "&#xE000;", "\ue000\ue001", "&#57344;\ue01f"])
def test_the_character_by_which_those_are_kept_is_itself(text: str) -> None:
    expected = text.replace("&#xE000;", "\ue000").replace("&#57344;", "\ue000")
    assert merchants_id_of(feed(f"{text}&#2;")) == f"{expected}\x02"


def test_a_reference_in_a_section_is_text() -> None:
    assert merchants_id_of(feed("<![CDATA[&#1;\x85\ue000]]>")) == "&#1; \ue000"


def test_no_reference_stands_for_nothing() -> None:
    assert first_of(feed("&#0;"))[2] == 'Character reference "&#0" is an invalid XML character.'


def test_a_value_with_a_control_character_counts_it_once() -> None:
    assert merchants_id_of(feed("&#1;" * 50)) == "\x01" * 50
    assert "with length = '51'" in first_of(feed("&#1;" * 51))[2]


@pytest.mark.parametrize("name", ["\u0218", "\u2070", "\U00010000", "a\u0300"])
def test_names_have_more_letters(name: str) -> None:
    text = feed().replace("<StatusCode>", f"<{name}/><StatusCode>")
    assert first_of(text)[2].startswith(
        f"cvc-complex-type.2.4.a: Invalid content was found starting with element '{name}'"
    )


def test_a_prefix_can_lose_its_namespace() -> None:
    text = (
        feed()
        .replace("<AmazonEnvelope>", '<AmazonEnvelope xmlns:a="u">')
        .replace("<StatusCode>", '<StatusCode xmlns:a="">')
    )
    assert told_of_feed(text.encode()) == []
    assert first_of(text.replace('a="">', 'a="" a:b="">'))[2].startswith('The prefix "a" for attribute "a:b"')


def test_a_feed_of_several_pieces_is_cut_at_tags_with_newer_line_ends() -> None:
    text = (
        _DECLARATION + _HEAD + (_MESSAGE.format("A", "Success").replace("</Message>", "</Message\x85>") + "\u2028") * 9
    )
    stream = open_utf8(io.BytesIO(f"{text}</AmazonEnvelope>".encode()))
    envelope = read_envelope(stream)
    found = list(read_pieces(stream, envelope, envelope.start, 500))
    assert [piece.count for piece in found] == [2, 2, 2, 2, 1]
    before = [text.encode()[: piece.begin.offset].decode() for piece in found]
    assert [piece.begin.line for piece in found] == [1 + part.count("\x85") + part.count("\u2028") for part in before]


def test_a_message_is_taken_out_as_it_stands() -> None:
    data = feed("&#1;\x85").replace("</Message>", "</Message\x85>").encode()
    extractor = _FORMAT.open_extractor(io.BytesIO(data))
    (extract,) = extractor.pick(Stretch(None, None, 1), [0])
    assert extract.text.decode() == _MESSAGE.format("&#1;\x85", "Success").replace("</Message>", "</Message\x85>")
    assert extract.message_id == "1"


@pytest.mark.parametrize("codec", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_byte_85_is_a_line_end_where_the_encoding_says_so(codec: str) -> None:
    text = feed("a\x85x", "bad", f'<?xml version="1.1" encoding="{codec}"?>')
    assert told_of_feed(text.encode(codec))[0].line == 2


def test_in_windows_1252_it_is_an_ellipsis() -> None:
    text = feed("a…x", "bad", '<?xml version="1.1" encoding="windows-1252"?>')
    assert told_of_feed(text.encode("cp1252"))[0].line == 1


@pytest.mark.parametrize("version", ["1.2", "2.0", "1.1 ", " 1.1", "1.11"])
def test_no_other_version_is_known(version: str) -> None:
    assert first_of(feed(declaration=f'<?xml version="{version}"?>'))[2].startswith(f'XML version "{version}" is not')


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\r\x85", "\n"])
def test_the_line_that_is_shown_is_the_one_that_is_told(end: str) -> None:
    data = feed(status="bad", declaration='<?xml\n version="1.1"?>').replace("><", f">{end}<").encode()
    line, column, _ = first_of(data.decode())
    excerpt = Excerpts(io.BytesIO(data), open_utf8).look_at(line, column)
    assert excerpt is not None
    assert excerpt.before == "<StatusCode>bad</StatusCode>"
