"""Stock levels, one a line, as JSON or with a tab between."""

import io

import pytest

from feedproc.imports.stock_lines import MAX_LINE_BYTES, BadLevel, read_level_lines
from feedproc.stock.level import StockLevel


def read(text: bytes) -> list[StockLevel | BadLevel]:
    return list(read_level_lines(io.BytesIO(text)))


def problem(text: bytes) -> str:
    (bad,) = read(text)
    assert isinstance(bad, BadLevel)
    return f"{bad.where}: {bad.problem}"


@pytest.mark.parametrize(
    "text",
    [
        b'{"sku": "A 1", "quantity": 3}\n{"quantity": 0, "sku": "\\u5728\\u5eab"}',
        "A 1\t3\n在庫\t0\n".encode(),
        "\ufeffsku\tquantity\r\nA 1\t3\r\n\r\n在庫\t0\r\n".encode(),
        "\n\n A 1 \t 3 \n在庫\t0".encode(),
    ],
)
def test_both_forms_say_the_same(text: bytes) -> None:
    assert read(text) == [StockLevel("A 1", 3), StockLevel("在庫", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"sku": "A"}', "line 1: Object missing required field `quantity`"),
        (b'{"sku": "A", "quantity": 1.5}', "line 1: Expected `int`, got `float`"),
        (b'{"sku": "A", "quantity": 1, "price": 3}', "line 1: Object contains unknown field `price`"),
        (b'{"sku": "", "quantity": 1}', "line 1: sku has not 1 to 40 characters"),
        (b'{"sku": "A\\n", "quantity": 1}', "line 1: sku holds a control character"),
        (b'{"sku": "A\\u0000", "quantity": 1}', "line 1: sku holds the character 0"),
        (b"A\0B\t1", "line 1: sku holds the character 0"),
        (b'{"sku": "A", "quantity": -1}', "line 1: quantity is no whole number from 0 to 999999999"),
        (b'{"sku": "A", "quantity": 1000000000}', "line 1: quantity is no whole number from 0 to 999999999"),
        (b"A", "line 1: 1 columns; there must be two"),
        (b"A\t1\t2", "line 1: 3 columns; there must be two"),
        (b"A\tx", "line 1: quantity is no whole number"),
        (b"A\t-1", "line 1: quantity is no whole number"),
        (b"A\t" + b"9" * 5000, "line 1: quantity is no whole number"),
        (b"A\t\xc2\xb2", "line 1: quantity is no whole number"),
        (b"\xff\t1", "line 1: the SKU is not in UTF-8"),
        (b"\t1", "line 1: sku has not 1 to 40 characters"),
        (b"x" * 41 + b"\t1", "line 1: sku has not 1 to 40 characters"),
        (b"a" * (MAX_LINE_BYTES + 1), f"line 1: longer than {MAX_LINE_BYTES} bytes"),
        (b"[" * 60_000, "line 1: 1 columns"),
        (b'{"sku":' + b"[" * 60_000, "line 1: "),
    ],
)
def test_what_is_no_level_is_said(text: bytes, expected: str) -> None:
    assert problem(text).startswith(expected)


def test_a_bad_line_does_not_keep_the_next_from_being_read() -> None:
    lines = [b"A\t1", b"B", b"x" * (3 * MAX_LINE_BYTES), b"sku\tquantity", b"C\t3"]
    found = read(b"\n".join(lines))
    assert [one for one in found if isinstance(one, StockLevel)] == [StockLevel("A", 1), StockLevel("C", 3)]
    assert [one.where for one in found if isinstance(one, BadLevel)] == ["line 2", "line 3", "line 4"]
