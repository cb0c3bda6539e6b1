"""The offending line of a feed, and what is underlined in it."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from feedproc.explain.excerpt import Drawing, Excerpt, Excerpts, draw
from feedproc.formats.encoding import open_utf8

Reading = Callable[[bytes], Excerpts]
"""Opens a feed of these bytes."""
VALUE, TAG, ATTRIBUTE = "cvc-pattern-valid", "cvc-complex-type.2.4.a", "cvc-attribute.3"


def drawing(line: str, column: int, rule: str = VALUE, *, fatal: bool = False, width: int = 80) -> Drawing:
    return draw(Excerpt(line[: column - 1], line[column - 1 :], False), rule, fatal, width)


def underlined(line: str, rule: str = VALUE, behind: str = "", **options: bool) -> str:
    """What is underlined of a line when the column is just past `behind`, or past its end."""
    column = line.index(behind) + len(behind) + 1 if behind else len(line) + 1
    drawn_line = drawing(line, column, rule, **options)
    return drawn_line.text[drawn_line.marks.index("^") : len(drawn_line.marks)]


def test_a_value_is_underlined_in_its_element() -> None:
    assert underlined("  <A>1</A><B>22</B>  <C/>", behind="</B>") == "22"
    assert underlined('<Amount currency="JPY">1,000</Amount >') == "1,000"


def test_an_empty_element_is_underlined_whole() -> None:
    assert underlined("<A>1</A><B></B>") == "<B></B>"
    assert underlined("<A>1</A><B/>") == "<B/>"


def test_a_misplaced_element_is_underlined_in_its_start_tag() -> None:
    assert underlined("  <A>1</A><B>22</B>", TAG, "<B>") == "<B>"
    assert underlined("  <A>1</A></B>", "cvc-complex-type.2.4.b") == "</B>"


def test_the_only_attribute_is_underlined() -> None:
    assert underlined('<A/><B currency="EURO">', ATTRIBUTE) == 'currency="EURO"'
    assert underlined('<B one="1" two="2">', ATTRIBUTE) == '<B one="1" two="2">'


@pytest.mark.parametrize("end", ["</A><B/>", "\tmore", " \t", "", '" b="c">'])
def test_a_text_is_underlined_from_its_begin_to_its_end(end: str) -> None:
    assert underlined(f"<A>\tMÃ¼ller & Co{end}", "misread-text", behind="\t") == "MÃ¼ller & Co"


def test_of_the_merchant_identifier_the_element_is_underlined() -> None:
    line = "  <MerchantIdentifier>M_OTHER</MerchantIdentifier> <!-- x -->"
    assert underlined(line, "merchant-identifier", behind="  ") == "<MerchantIdentifier>M_OTHER</MerchantIdentifier>"


def test_a_tag_that_began_on_another_line_is_underlined_as_far_as_it_is_here() -> None:
    assert underlined('    currency="JPY">', TAG) == 'currency="JPY">'


def test_the_name_of_a_root_is_underlined() -> None:
    assert underlined("<Feed a='1'>", "amazon-envelope", fatal=True) == "<Feed"


@pytest.mark.parametrize(
    ("line", "behind", "rule", "marked"),
    [
        ("<A>x</B>", "</", "ETagRequired", "</B>"),
        ("<A>Smith & Sons</A>", "&", "NameRequiredInReference", "&"),
        ("<A>a&nbsp;b</A>", "&nbsp;", "EntityNotDeclared", "&nbsp;"),
        ("<A>1 < 2</A>", "1 <", "MarkupNotRecognizedInContent", "<"),
        ("<A b=x>", "b=", "OpenQuoteExpected", "x"),
        ("</AmazonEnvelope>sent", "</AmazonEnvelope>", "ContentIllegalInTrailingMisc", "s"),
    ],
)
def test_faults_of_the_scanner_are_marked_where_they_are(line: str, behind: str, rule: str, marked: str) -> None:
    assert underlined(line, rule, behind, fatal=True) == marked


def test_what_stands_at_the_begin_of_a_line_without_column_is_its_first_tag() -> None:
    shown = drawing("  <Message>", 1, "feed-type")
    assert (shown.text, shown.marks) == ("  <Message>", "  ^^^^^^^^^")


def test_wide_characters_take_two_columns_and_tabs_four() -> None:
    shown = drawing("\t<A>宅急便</A>\t<B>x</B>", len("\t<A>宅急便</A>\t<B>x</B>") + 1)
    assert shown.text == "    <A>宅急便</A>   <B>x</B>"
    assert shown.marks == " " * (4 + 3 + 6 + 4 + 3 + 3) + "^"
    assert drawing("<A>宅急便</A>", len("<A>宅急便</A>") + 1).marks == "   ^^^^^^"
    assert drawing("<A>か\u3099x</A>", len("<A>か\u3099x</A>") + 1).marks == "   ^^^"


def test_what_cannot_be_seen_is_a_dot() -> None:
    assert drawing("<A>a\x02b\x85\u202ec\u200b</A>", 2).text == "<A>a·b··c·</A>"


@pytest.mark.parametrize("width", [20, 41, 80])
def test_long_lines_are_cut_around_the_mark(width: int) -> None:
    line = "<X>y</X>" * 60 + "<A>宅急便123</A>" + "<Z>w</Z>" * 60
    shown = drawing(line, line.index("</A>") + 5, width=width)
    text, marks = shown
    assert text.startswith("…")
    assert text.endswith("…")
    assert sum(2 if char in "宅急便" else 1 for char in text) <= width
    assert len(marks) <= width
    begin = text.index("宅")
    assert marks == " " * begin + "^" * 9


def test_a_mark_longer_than_the_line_ends_with_it() -> None:
    line = f"<A>{'x' * 500}</A>"
    shown = drawing(line, len(line) + 1, width=60)
    assert len(shown.text) == 60
    assert len(shown.marks) == 60
    assert shown.marks.endswith("^")


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    files: list[BinaryIO] = []

    def over(content: bytes) -> Excerpts:
        path = tmp_path / f"{len(files)}.xml"
        path.write_bytes(content)
        files.append(path.open("rb"))
        return Excerpts(files[-1], open_utf8)

    yield over
    for file in files:
        file.close()


def whole(excerpt: Excerpt | None) -> str:
    assert excerpt is not None
    return f"{excerpt.before}|{excerpt.after}"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_at_every_kind_of_end(reading: Reading, end: str) -> None:
    excerpts = reading(end.join(f"line {number}" for number in range(1, 30_001)).encode())
    assert [whole(excerpts.look_at(line, 5)) for line in (1, 2, 9_999, 30_000)] == [
        "line| 1", "line| 2", "line| 9999", "line| 30000"]  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_lines_are_read_in_the_encoding_of_the_feed(reading: Reading, codec: str) -> None:
    names = {"utf-8-sig": "UTF-8", "cp932": "Shift_JIS"}
    text = f'<?xml version="1.0" encoding="{names.get(codec, codec)}"?>\n' + "<A>宅急便</A>\n" * 40_000
    excerpts = reading(text.encode(codec))
    assert whole(excerpts.look_at(1, 3)).startswith("<?|xml ")
    assert whole(excerpts.look_at(40_000, 7)) == "<A>宅急便|</A>"


def test_columns_are_utf_16_units(reading: Reading) -> None:
    assert whole(reading("<A>🚚x</A>".encode()).look_at(1, 7)) == "<A>🚚x|</A>"


def test_places_beyond_the_line_or_the_feed_are_its_end(reading: Reading) -> None:
    excerpts = reading(b"<A>\n<B>\n")
    assert whole(excerpts.look_at(1, 100)) == "<A>|"
    assert whole(excerpts.look_at(3, 1)) == "|"
    assert whole(excerpts.look_at(99, 9)) == "|"
    assert excerpts.look_at(-1, -1) is None


def test_what_lies_a_little_back_is_still_known_and_what_lies_far_back_is_not(reading: Reading) -> None:
    excerpts = reading(b"".join(b"%07d\n" % line for line in range(1, 1_000_001)))
    assert whole(excerpts.look_at(900_000, 8)) == "0900000|"
    assert whole(excerpts.look_at(880_000, 8)) == "0880000|"
    assert excerpts.look_at(1, 1) is None


def test_a_feed_that_cannot_be_decoded_is_no_error_here(reading: Reading) -> None:
    for name in (b"nobody-knows", b"US-ASCII", b"UTF-16", b"Shift_JIS"):
        excerpts = reading(b'<?xml version="1.0" encoding="%s"?>\n<A>\xff\xff</A>' % name)
        assert isinstance(excerpts.look_at(2, 6), Excerpt | None)


def test_of_a_line_of_100_megabytes_only_a_part_is_held(reading: Reading) -> None:
    excerpts = reading(b"<A>" + b"".join(b"%08d," % number for number in range(11_000_000)) + b"</A>")
    tracemalloc.start()
    began = time.process_time()
    excerpt = excerpts.look_at(1, 3 + 9 * 10_000_000 + 9)
    took, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert whole(excerpt).partition("|")[0].endswith(",09999999,10000000")
    assert len(excerpt.before) == 1000
    assert excerpt.is_cut
    assert took < 10
    assert peak < 32 * 1024 * 1024


def test_a_reader_beside_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"<A>\n<B>\n")
    with path.open("rb") as feed:
        feed.seek(4)
        assert whole(Excerpts(feed, open_utf8).look_at(2, 4)) == "<B>|"
        assert feed.read() == b"<B>\n"
