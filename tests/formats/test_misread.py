"""Text that is not read as it was written is told, where that is certain; text that is well is never doubted."""

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.finding import Finding
from feedproc.feedtypes.order_fulfillment.flat import TEMPLATE
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.misread import read_misread
from feedproc.formats.xml.format import XmlFormat
from tests.builders import GERMANY, Shop, orders
from tests.formats.flatfiles import FULFILLMENT, JAPAN, a_file, run, ships

FLAT = FlatFile(TEMPLATE, tuple)
LATIN = "text/tab-separated-values; charset=iso-8859-1"
_GERMAN = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=12)
_JAPANESE = st.text(
    "ぁあいうえおかがきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンッャュョー"
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾏﾐﾑﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
    "東京都千代田区丸の内宅急便日本郵便佐川髙橋齋藤齊渡邊﨑鴎麒麟襟塚鄭醤株式会社大阪府京都市赤帽運輸・、。ー々",
    min_size=1,
    max_size=12,
)


def doubt(text: str | bytes, content_type: str | None = None, marketplace_id: str = JAPAN) -> Finding | None:
    file = a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name="NAME"))
    data = file.encode().replace(b"NAME", text if isinstance(text, bytes) else text.encode())
    return FLAT.find_misread(io.BytesIO(data), Provenance(content_type, marketplace_id))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MÃ¼ller", "Müller"),
        ("èµ¤å¸½", "赤帽"),
        ("繝､繝槭ヨ", "ヤマト"),
        ("襍､蟶ｽ", "赤帽"),
        ("ƒ„ƒ}ƒg‰^—A", "ヤマト運輸"),
        ("繝､繝槭ヨ 宅急便", "ヤマト 宅急便"),
        ("宅急便\u3000èµ¤å¸½", "宅急便\u3000赤帽"),
    ],
)
def test_text_that_was_encoded_twice_is_told_with_what_was_meant(written: str, meant: str) -> None:
    found = doubt(written)
    assert found is not None
    assert f"`{written}` was probably meant to be `{meant}`" in str(found.reason)
    assert (found.line, found.severity) == (2, "Warning")


def test_a_file_of_utf_8_that_is_labelled_as_another_encoding_is_told() -> None:
    for name in ("Kurier Müller", "赤帽"):
        found = doubt(name, LATIN)
        assert found is not None
        assert "All bytes of the feed are UTF-8, and it is read as windows-1252" in str(found.reason)
        assert str(found.hint) == "Label the feed as UTF-8, or write it in windows-1252."


def test_a_file_of_shift_jis_that_is_read_as_western_is_told() -> None:
    for content_type, marketplace_id in ((LATIN, JAPAN), (None, GERMANY)):
        found = doubt("ヤマト運輸".encode("cp932"), content_type, marketplace_id)
        assert found is not None
        assert "it was written in Shift_JIS and read as windows-1252" in str(found.reason)


def test_xml_that_declares_another_encoding_than_it_has_is_told() -> None:
    feed = '<?xml version="1.0" encoding="{}"?><AmazonEnvelope><Name>Müller</Name></AmazonEnvelope>'
    form = XmlFormat("OrderFulfillment", lambda _payload: None)
    assert form.find_misread(io.BytesIO(feed.format("iso-8859-1").encode())) is not None
    assert form.find_misread(io.BytesIO(feed.format("iso-8859-1").encode("latin-1"))) is None
    assert form.find_misread(io.BytesIO(feed.format("UTF-8").encode())) is None


def test_the_feed_is_taken_as_at_amazon_and_the_log_tells_no_name(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    feed = a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name="Kurier Müller")).encode()
    with caplog.at_level(logging.WARNING):
        report = run(shop.stocked(*orders(1)), feed, FULFILLMENT, LATIN)
    assert report.counts == (1, 1)
    assert shop.order(1).packages[0].carrier == "Kurier MÃ¼ller"
    assert "line 2, column" in caplog.text
    assert "Kurier" not in caplog.text


@given(
    st.lists(_GERMAN, min_size=1, max_size=4),
    st.sampled_from(["{}", "„{}“", "“{}”", "{}…", "{} – {}", "{}’s", "{} & Co."]),
)
def test_clean_german_is_never_doubted(words: list[str], pattern: str) -> None:
    text = " ".join(pattern.replace("{}", one.capitalize()) for one in words)
    assert read_misread(text) is None
    assert doubt(text) is None
    assert doubt(text.encode("cp1252"), LATIN, GERMANY) is None


@given(st.lists(_JAPANESE, min_size=1, max_size=4))
def test_clean_japanese_is_never_doubted(words: list[str]) -> None:
    text = " ".join(words)
    assert read_misread(text) is None
    assert doubt(text) is None
    assert doubt(text.encode("cp932"), "text/plain; charset=Shift_JIS") is None
