"""Feeds come in many encodings, declared, marked, neither, or wrongly."""

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.message import Message
from feedproc.formats.encoding import EncodingUnknown, utf8
from tests.builders import TAIL, acknowledges, head, message
from tests.formats.feeds import codes, read_through, surveyed

DECLARED = {
    "UTF-8": "utf-8", "utf8": "utf-8", "US-ASCII": "ascii", "Shift_JIS": "cp932", "Windows-31J": "cp932",
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
@pytest.mark.parametrize("declared", ["UTF-16", "UTF-8"])
def test_utf_16_is_seen_with_and_without_a_mark(codec: str, declared: str) -> None:
    assert merchant_order_ids(a_text(declared, "注文😀").encode(codec)) == ["注文😀"] * 5


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_is_no_part_of_the_text(bom: bytes) -> None:
    codec = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    assert merchant_order_ids(bom + a_text("UTF-16").encode(codec)) == ["M-1"] * 5
    assert merchant_order_ids(codecs.BOM_UTF8 + a_text("UTF-8").encode()) == ["M-1"] * 5


def test_a_mark_outweighs_what_is_declared() -> None:
    assert merchant_order_ids(codecs.BOM_UTF8 + a_text("Shift_JIS", "注文").encode()) == ["注文"] * 5


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
    with pytest.raises(EncodingUnknown, match=name):
        utf8(io.BytesIO(a_text(name).encode()))
    (finding,) = surveyed(a_text(name).encode()).findings
    assert f'The encoding "{name}" is not supported.' in finding.description


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("UTF-8", "cp932"), ("UTF-8", "latin-1"), ("EUC-JP", "cp932"), ("ISO-2022-JP", "utf-8"), ("GB18030", "latin-1")],
)
def test_bytes_that_mean_nothing_in_the_declared_encoding_make_a_feed_unreadable(declared: str, actual: str) -> None:
    named = "é" * 3 if actual == "latin-1" else "注文ソ"
    assert codes(a_text(declared, named).encode(actual)) == [5001]


def test_bytes_that_mean_nothing_late_in_a_feed_are_found_before_anything_is_applied() -> None:
    text = head(encoding="EUC-JP") + message(acknowledges(1)) * 3_000
    assert codes(text.encode() + b"\xff\xff" + TAIL.encode()) == [5001]


def test_half_a_character_at_the_end_is_found() -> None:
    assert codes(a_text("UTF-16").encode("utf-16")[:-1]) == [5001]
    assert codes(a_text("UTF-16").encode("utf-16-le") + b"\x00\xd8") == [5001]


@given(
    st.text(alphabet="a\n注文①ソ", min_size=1, max_size=300),
    st.sampled_from(["utf-8", "utf-16", "cp932", "euc_jp", "gb18030"]),
    st.integers(0, 1_000),
    st.integers(1, 50),
)
def test_a_stream_can_be_sought_by_the_bytes_of_its_utf_8(text: str, codec: str, offset: int, size: int) -> None:
    declared = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}.get(codec, codec)
    whole = f'<?xml version="1.0" encoding="{declared}"?>{text.replace("①", "1") if codec == "euc_jp" else text}'
    stream = utf8(io.BytesIO(whole.encode(codec)))
    stream.seek(offset)
    rest = b"".join(iter(lambda: stream.read(size), b""))
    assert rest == whole.encode()[offset:]
    assert stream.read(1) == b""
