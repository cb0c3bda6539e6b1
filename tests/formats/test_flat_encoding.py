"""In which encoding a flat file is read."""

import codecs

import pytest

from tests.builders import GERMANY, Shop, orders
from tests.formats.flatfiles import FULFILLMENT, INCOMPLETE, JAPAN, a_file, a_shop_in, run, ships

YAMATO = "ヤマト運輸"
TSV = "text/tab-separated-values"


def carried_by(shop: Shop, carrier: str, raw: bytes, content_type: str | None = None) -> str | None:
    """Ship order 1 by a file, and return the carrier's name as the order has it."""
    report = run(shop, raw, FULFILLMENT, content_type, "cp932")
    assert report.counts == (1, 1), report
    return shop.order(1).packages[0].carrier


def by(carrier: str) -> str:
    return a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name=carrier))


@pytest.mark.parametrize("charset", ["Shift_JIS", "shift_jis", '"SJIS"', "Windows-31J", "CP932", "x-sjis"])
def test_a_charset_of_the_content_type_decides(shop: Shop, charset: str) -> None:
    shop.stocked(*orders(1))
    assert carried_by(shop, YAMATO, by(YAMATO).encode("cp932"), f"{TSV}; charset={charset}") == YAMATO


@pytest.mark.parametrize("charset", ["iso-8859-1", "ISO-8859-1", "windows-1252", "CP1252", "latin1"])
def test_western_charsets_are_windows_1252_wherever_the_seller_is(shop: Shop, charset: str) -> None:
    a_shop_in(shop, JAPAN).stocked(*orders(1))
    name = "Größe – €"
    assert carried_by(shop, name, by(name).encode("cp1252"), f"{TSV};charset={charset}") == name


def test_a_charset_wins_over_what_can_be_read_as_utf_8(shop: Shop) -> None:
    shop.stocked(*orders(1))
    assert carried_by(shop, "é", by("é").encode(), f"{TSV}; charset=iso-8859-1") == "Ã©"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
@pytest.mark.parametrize("content_type", [None, f"{TSV}; charset=Shift_JIS"])
def test_a_byte_order_mark_is_never_text(shop: Shop, mark: bytes, codec: str, content_type: str | None) -> None:
    shop.stocked(*orders(1))
    assert carried_by(shop, YAMATO, mark + by(YAMATO).encode(codec), content_type) == YAMATO


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(shop: Shop, codec: str) -> None:
    shop.stocked(*orders(1))
    assert carried_by(shop, YAMATO, by(YAMATO).encode(codec)) == YAMATO


@pytest.mark.parametrize("marketplace", [JAPAN, GERMANY])
@pytest.mark.parametrize("content_type", [None, TSV, "application/octet-stream", f"{TSV}; charset=klingon"])
def test_utf_8_is_known_by_the_whole_file(shop: Shop, marketplace: str, content_type: str | None) -> None:
    a_shop_in(shop, marketplace).stocked(*orders(1))
    assert carried_by(shop, YAMATO, by(YAMATO).encode(), content_type) == YAMATO


def test_one_byte_far_behind_decides_that_it_is_not_utf_8(shop: Shop) -> None:
    shop.stocked(*orders(2))
    empty = [{"order-id": ""}] * 300_000
    raw = a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name="é"), *empty, ships(2)).encode()
    report = run(shop, raw + b"\t\t\xe9\n", FULFILLMENT)
    assert report.processed == 3
    assert shop.order(1).packages[0].carrier == "Ã©"


@pytest.mark.parametrize(("marketplace", "codec", "name"), [(JAPAN, "cp932", YAMATO), (GERMANY, "cp1252", "Größe")])
def test_else_the_marketplace_decides(shop: Shop, marketplace: str, codec: str, name: str) -> None:
    a_shop_in(shop, marketplace).stocked(*orders(1))
    assert carried_by(shop, name, by(name).encode(codec)) == name


@pytest.mark.parametrize(
    ("marketplace", "content_type", "wrong"),
    [
        (GERMANY, f"{TSV}; charset=utf-8", b"\xe9"),
        (GERMANY, None, b"\x81"),
        (JAPAN, None, b"\x81\xff"),
        (JAPAN, None, b"\xff"),
    ],
)
def test_a_row_that_cannot_be_decoded_is_told_and_the_others_count(
    shop: Shop, marketplace: str, content_type: str | None, wrong: bytes
) -> None:
    a_shop_in(shop, marketplace).stocked(*orders(3))
    text = a_file(FULFILLMENT, ships(1), ships(2, tracking_number="@"), ships(3)).encode()
    report = run(shop, text.replace(b"@", wrong), FULFILLMENT, content_type, "cp932")
    assert report.counts == (3, 2)
    assert report.told == [("2", "18028", INCOMPLETE)]
    assert [len(shop.order(number).packages) for number in (1, 2, 3)] == [1, 0, 1]


def test_the_second_byte_of_a_japanese_character_is_no_tab_and_no_line_end(shop: Shop) -> None:
    a_shop_in(shop, JAPAN).stocked(*orders(1))
    name = "ソ表能十予"  # their second bytes are the ASCII signs \, ` and others
    assert carried_by(shop, name, by(name).encode("cp932")) == name
