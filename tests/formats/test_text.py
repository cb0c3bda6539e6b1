"""A small feed as text that a person edits, and back again."""

import io

import pytest

from feedproc.feeds.feed_type import UNTOLD, Provenance
from feedproc.formats.recognition import find_merchant, looks_like_xml, recognise
from feedproc.formats.text import Text, read_text
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    SELLER,
    a_feed,
    cancels,
    feed_types,
)
from tests.builders import (
    text_of as feed_text,
)

JAPAN = Provenance(None, "A1VC38T7YXB528")


def read(data: bytes, about: Provenance = UNTOLD, most: int = 10_000) -> Text:
    found = read_text(io.BytesIO(data), about, most)
    assert found is not None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc-jp", "iso-8859-1", "utf-16"])
def test_an_xml_feed_comes_back_to_the_byte(encoding: str) -> None:
    text = feed_text([cancels(1)]).replace("UTF-8", encoding) + ("é" if encoding == "iso-8859-1" else "日本")
    data = text.encode(encoding)
    found = read(data)
    assert found.characters == text
    assert found.encode_as_it_came(text.replace("\n", "\r\n")) == data


@pytest.mark.parametrize(
    ("encoding", "about"), [("utf-8", UNTOLD), ("utf-8-sig", UNTOLD), ("cp932", JAPAN), ("cp1252", UNTOLD)]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_file_comes_back_to_the_byte(encoding: str, about: Provenance, ends: str) -> None:
    text = f"order-id\tx{ends}1\t{'日本' if encoding == 'cp932' else 'Größe'}{ends}"
    data = text.encode(encoding)
    assert read(data, about).encode_as_it_came(read(data, about).characters.replace(ends, "\r\n")) == data


def test_an_encoding_that_is_changed_in_the_declaration_is_followed() -> None:
    found = read('<?xml version="1.0" encoding="Shift_JIS"?><a>日</a>'.encode("shift_jis"))
    changed = found.characters.replace("Shift_JIS", "UTF-8")
    assert found.encode_as_it_came(changed) == changed.encode()


def test_what_the_encoding_does_not_have_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        read(b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>').encode_as_it_came(
            '<?xml version="1.0" encoding="ISO-8859-1"?>日'
        )


def test_a_larger_feed_is_no_text() -> None:
    assert read_text(io.BytesIO(b"x" * 101), UNTOLD, 100) is None
    assert read(b"x" * 100, most=100).characters == "x" * 100


@pytest.mark.parametrize("name", ["nothing", "utf-16", "hex", "zlib", "idna", "\u0130", "unicode_escape"])
def test_a_declaration_that_makes_no_sense_breaks_nothing(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?><a>\udc80</a>'.encode("utf-8", "surrogatepass")
    found = read(data)
    assert found.encode_as_it_came("<a/>") in {b"<a/>", "<a/>".encode("utf-16")}


def test_broken_bytes_show() -> None:
    assert read(b"<a>\xff</a>").is_broken
    assert not read("<a>ÿ</a>".encode()).is_broken


@pytest.mark.parametrize("name", [ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_xml_feed_is_recognised_by_its_message_type(name: str, encoding: str) -> None:
    text = feed_text([], name) if encoding != "utf-16" else feed_text([], name).replace("UTF-8", "UTF-16")
    feed = io.BytesIO(text.encode(encoding))
    assert recognise(feed, feed_types()) == name
    assert find_merchant(feed) == SELLER


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        ("order-id\tcancellation-reason-code\tamazon-order-item-code", "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"),
        ("order-id\torder-item-id\tadjustment-reason-code\tcurrency", "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA"),
        ("order-id\torder-item-id\tquantity\tship-date\tcarrier-code", "POST_FLAT_FILE_FULFILLMENT_DATA"),
        ("order-id\tcancellation-reason-code\tseller-memo", "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"),
        ("order-id", "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"),
        ("memo\torder-id", "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"),
        ("order-id\torder-item-id", None),
        ("order-id\tamazon-order-item-code\tship-date", None),
        ("order-id\tship-date", "POST_FLAT_FILE_FULFILLMENT_DATA"),
        ("sku\tprice", "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA"),
        ("asin\tcolour", None),
    ],
)
def test_a_text_file_is_recognised_by_its_headings(headings: str, name: str | None) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp932"):
        assert recognise(io.BytesIO(f"{headings}\r\n".encode(encoding)), feed_types()) == name


@pytest.mark.parametrize("data", [b"", b"<", b"<a", b"\0", b"PK\x03\x04", b"<!DOCTYPE html><html>", b"\xff\xfe<\0"])
def test_what_is_no_feed_is_not_recognised(data: bytes) -> None:
    assert recognise(io.BytesIO(data), feed_types()) is None
    assert find_merchant(io.BytesIO(data)) is None


def test_xml_is_told_from_text_whatever_the_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"):
        assert looks_like_xml(io.BytesIO("\n <a/>".encode(encoding)))
        assert not looks_like_xml(io.BytesIO("a<b".encode(encoding)))
    assert looks_like_xml(io.BytesIO(a_feed(cancels(1))))
