"""Feeds come in many encodings, declared, marked, neither, or wrongly."""

import codecs
import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.message import Message
from feedproc.formats.encoding import Undecodable, open_utf8
from tests.builders import TAIL, acknowledges, head, message
from tests.formats.feeds import codes, read_through, surveyed

DECLARED = {
    "UTF-8": "utf-8", "US-ASCII": "ascii", "Shift_JIS": "cp932", "Windows-31J": "cp932",
    "EUC-JP": "euc_jp", "ISO-2022-JP": "iso2022_jp", "GB18030": "gb18030", "Big5": "big5", "EUC-KR": "euc_kr",
    "ISO-8859-1": "latin-1", "iso-8859-15": "iso8859-15", "windows-1252": "cp1252", "KOI8-R": "koi8-r",
}  # fmt: skip


def a_text(encoding: str, merchant_order_id: str = "M-1") -> str:
    return head(encoding=encoding) + "".join(message(acknowledges(1, merchant_order_id), n) for n in range(1, 6)) + TAIL


def merchant_order_ids(feed: bytes) -> list[str]:
    survey, messages = read_through(feed)
    assert not survey.findings
    return [one.body.merchant_order_id for one in messages if isinstance(one, Message)]


@pytest.mark.parametrize("name", DECLARED)
def test_a_feed_is_read_in_the_encoding_it_declares(name: str) -> None:
    try:
        named = "注文①".encode(DECLARED[name]) and "注文①"
    except UnicodeEncodeError:
        named = "M-1"
    assert merchant_order_ids(a_text(name, named).encode(DECLARED[name])) == [named] * 5


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["UTF-16", "ISO-10646-UCS-2"])
def test_utf_16_is_seen_with_and_without_a_mark(codec: str, declared: str) -> None:
    assert merchant_order_ids(a_text(declared, "注文😀").encode(codec)) == ["注文😀"] * 5


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_that_declares_utf_8_is_none_to_amazons_parser(codec: str) -> None:
    assert surveyed(a_text("UTF-8", "注文").encode(codec)).unreadable


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_is_no_part_of_the_text(bom: bytes) -> None:
    codec = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    assert merchant_order_ids(bom + a_text("UTF-16").encode(codec)) == ["M-1"] * 5
    assert merchant_order_ids(codecs.BOM_UTF8 + a_text("UTF-8").encode()) == ["M-1"] * 5


def test_what_is_declared_outweighs_a_mark() -> None:
    feed = codecs.BOM_UTF8 + a_text("Shift_JIS", "注文").encode("cp932")
    assert merchant_order_ids(feed) == ["注文"] * 5


def test_without_a_declaration_a_feed_is_utf_8() -> None:
    text = a_text("UTF-8", "注文").partition("?>\n")[2]
    assert merchant_order_ids(text.encode()) == ["注文"] * 5


@pytest.mark.parametrize(
    "declaration", ["<?xml version='1.0' encoding='Shift_JIS' ?>", '<?xml version="1.0"\n\tencoding = "shift_jis"?>']
)
def test_a_declaration_may_be_written_in_any_way(declaration: str) -> None:
    text = declaration + a_text("", "注文").partition("?>\n")[2]
    assert merchant_order_ids(text.encode("cp932")) == ["注文"] * 5


@pytest.mark.parametrize("name", ["klingon", "UTF-7", "base64", "rot13", "zip", "idna", "punycode", "unicode_escape"])
def test_an_unknown_encoding_is_told(name: str) -> None:
    (finding,) = surveyed(a_text(name).encode()).findings
    assert (finding.code, finding.line, finding.column) == (5001, -1, -1)
    assert finding.description.endswith(f": {name} {name}")


@pytest.mark.parametrize("name", ["utf8", "UTF8", "cp1252", "iso8859-1", "MS932", "x-sjis", "latin-1"])
def test_a_name_that_java_alone_gives_an_encoding_is_none(name: str) -> None:
    (finding,) = surveyed(a_text(name).encode()).findings
    assert (finding.code, finding.line, finding.column) == (5001, 1, 34 + len(name))
    assert f'Invalid encoding name "{name}".' in finding.description


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("UTF-8", "cp932"), ("UTF-8", "latin-1"), ("US-ASCII", "utf-8"), ("UTF-16", "utf-8")],
)
def test_bytes_that_mean_nothing_in_the_declared_encoding_make_a_feed_unreadable(declared: str, actual: str) -> None:
    named = "é" * 3 if actual == "latin-1" else "注文ソ"
    assert codes(a_text(declared, named).encode(actual)) in ([5001], [50001])


@pytest.mark.parametrize("declared", ["windows-1252", "Shift_JIS", "EUC-JP", "Big5", "KOI8-R", "ISO-8859-7"])
def test_bytes_that_mean_nothing_become_replacement_characters_in_other_encodings(declared: str) -> None:
    feed = a_text(declared, "M-1").encode().replace(b"M-1", b"M-\xff\xff1")
    for named in merchant_order_ids(feed):
        assert named.startswith("M-")
        assert named.endswith("1") or declared in {"EUC-JP", "Big5"}


def test_bytes_that_mean_nothing_late_in_a_feed_are_found_before_anything_is_applied() -> None:
    text = head(encoding="US-ASCII") + message(acknowledges(1)) * 3_000
    (finding,) = surveyed(text.encode() + b"\xff\xff" + TAIL.encode()).findings
    assert 'Byte "255" is not a member of the (7-bit) ASCII character set.' in finding.description


@pytest.mark.parametrize("bad", [b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80"])
def test_what_lies_beyond_unicode_stops_the_reading_at_the_block_it_is_in(bad: bytes) -> None:
    text = head() + message(acknowledges(1)) * 200
    (finding,) = surveyed(text.encode() + bad + TAIL.encode()).findings
    declared = text.index("?>") + 2
    block = declared + (len(text) - declared) // 8192 * 8192
    assert (finding.code, finding.line) == (5001, text.count("\n", 0, block) + 1)
    assert "High surrogate bits in UTF-8 sequence must not exceed 0x10 but found" in finding.description


def test_half_a_character_at_the_end_is_found() -> None:
    assert codes(a_text("UTF-16").encode("utf-16")[:-1]) == [5001]
    assert codes(a_text("UTF-16").encode("utf-16-le") + b"\x00\xd8") == [5001]


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf\xef\xbb\xbf", b"\0", b"<\0", b"\xff\xfe\0\0"])
def test_what_expat_would_take_for_something_else_is_no_envelope(start: bytes) -> None:
    assert codes(start + a_text("UTF-8").encode()) in ([5001], [50001])


@given(
    st.text(alphabet="a\n注文①ソ", min_size=1, max_size=300),
    st.sampled_from(["utf-8", "utf-16", "cp932", "euc_jp", "gb18030"]),
    st.integers(0, 1_000),
    st.integers(1, 50),
)
def test_a_stream_can_be_sought_by_the_bytes_of_its_utf_8(text: str, codec: str, offset: int, size: int) -> None:
    declared = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}.get(codec, codec)
    whole = f'<?xml version="1.0" encoding="{declared}"?>{text.replace("①", "1") if codec == "euc_jp" else text}'
    stream = open_utf8(io.BytesIO(whole.encode(codec)))
    stream.seek(offset)
    rest = b"".join(iter(lambda: stream.read(size), b""))
    assert rest == whole.encode()[offset:]
    assert stream.read(1) == b""


@pytest.mark.parametrize("begin", [0, 100, 9_000])
@pytest.mark.parametrize("size", [100, 5_000, 8_192, 30_000])
def test_a_feed_stops_at_the_same_byte_however_much_is_read_at_a_time(begin: int, size: int) -> None:
    stream = open_utf8(io.BytesIO(b"<a>" + b"x" * 20_000 + b"\xf4\x90\x80\x80" + b"x" * 20_000))
    stream.seek(begin)
    read = begin
    with contextlib.suppress(Undecodable):
        while chunk := stream.read(size):
            read += len(chunk)
    assert read == 32 + 2 * 8_192
