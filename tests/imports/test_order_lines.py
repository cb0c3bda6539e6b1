import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from feedproc.imports.order_lines import MAX_LINE_BYTES, BadOrder, read_order_lines, write_line
from feedproc.orders.order import Order, OrderStatus


def a_line(**changes: Any) -> dict[str, Any]:
    return {
        "amazon_order_id": "250-1234567-7654321",
        "purchased_at": "2024-03-01T18:00:00+09:00",
        "currency": "JPY",
        "items": [an_item()],
        **changes,
    }


def an_item(**changes: Any) -> dict[str, Any]:
    charges = {"Principal": 1000, "Tax": "100.50"}
    return {"order_item_code": "1" * 14, "sku": "SKU-1", "quantity_ordered": 2, "charges": charges, **changes}


def read(*lines: Any) -> list[Order | BadOrder]:
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read_order_lines(io.BytesIO(content.encode())))


def only(*lines: Any) -> Any:
    (one,) = read(*lines)
    return one


def test_an_order_is_read() -> None:
    order = only(a_line())
    assert order.purchased_at == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert order.items[0].charges == {"Principal": Decimal(1000), "Tax": Decimal("100.50")}
    assert order.status is OrderStatus.UNSHIPPED


def test_a_line_that_is_written_is_read_as_the_same_order() -> None:
    order = only(a_line(merchant_order_id="SHOP-1", marker="Pending"))
    written = write_line(order)
    assert written["status"] == "Pending"
    assert only(json.dumps(written, default=str)) == order


def test_a_line_tells_what_reading_an_order_needs() -> None:
    payment = {"method": "COD", "details": ["COD"], "executions": [{"method": "COD", "amount": "1100"}]}
    gift = an_item(asin="B000000001", gift={"message": "おめでとう", "wrap_level": "Classic"})
    order = only(a_line(payment=payment, programs=["Prime"], items=[gift], replaced_order_id="250-0000001-0000001"))
    assert order.payment.executions[0].amount == Decimal(1100)
    assert order.items[0].gift.message == "おめでとう"
    assert only(json.dumps(write_line(order), default=str)) == order


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"replaced_order_id": "250-1"}, "replaced_order_id '250-1' has not the form 123-1234567-1234567"),
        ({"payment": {"executions": [{"method": "COD", "amount": -1}]}}, "payment.executions.COD is negative"),
        (
            {"delivery": {"earliest": "2024-03-09T00:00:00Z", "latest": "2024-03-08T00:00:00Z"}},
            "delivery: the earliest, 2024-03-09T00:00:00+00:00, is after the latest, 2024-03-08T00:00:00+00:00",
        ),
    ],
)
def test_what_reading_needs_is_checked_like_everything_else(changes: dict[str, Any], problem: str) -> None:
    assert only(a_line(**changes)).problem == problem


def test_lines_are_counted_from_1_and_empty_ones_too() -> None:
    found = read(a_line(), "", "nonsense", a_line())
    assert [one.where for one in found if isinstance(one, BadOrder)] == ["line 3"]
    assert len(found) == 3


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    content = b"\xef\xbb\xbf" + json.dumps(a_line()).encode()
    assert isinstance(next(read_order_lines(io.BytesIO(content))), Order)


def test_a_line_that_is_not_in_utf_8_is_refused_alone() -> None:
    content = '{"amazon_order_id": "注文"}\n'.encode("cp932") + json.dumps(a_line()).encode()
    bad, good = read_order_lines(io.BytesIO(content))
    assert bad == BadOrder("line 1", "it is not in UTF-8")
    assert isinstance(good, Order)


def test_the_largest_order_is_read() -> None:
    item = only(a_line(items=[an_item(quantity_ordered=999_999_999, charges={"Principal": "9" * 20 + ".99"})])).items[0]
    assert (item.quantity_ordered, item.charges) == (999_999_999, {"Principal": Decimal("9" * 20 + ".99")})


def test_a_line_that_is_too_long_is_skipped() -> None:
    content = b" " * (3 * MAX_LINE_BYTES) + b"\n" + json.dumps(a_line()).encode()
    bad, good = read_order_lines(io.BytesIO(content))
    assert bad == BadOrder("line 1", f"longer than {MAX_LINE_BYTES} bytes")
    assert isinstance(good, Order)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"amazon_order_id": "250-1234567-7654321"}, "Object missing required field `purchased_at`"),
        ("[]", "Expected `object`, got `array`"),
        ('{"amazon_order_id": "\xff', "Input data was truncated"),
        ("[" * 200_000, "its lists and objects are nested too deeply"),
        (a_line(itemss=[]), "itemss is no field of an order"),
        (a_line(items=[an_item(qty=1)]), "items[0].qty is no field of an order"),
        (a_line(purchased_at="2024-03-01T18:00:00"), "purchased_at has no time zone"),
        (
            a_line(items=[an_item(cancellations=[{"quantity": 1, "at": "2024-03-01T18:00:00"}])]),
            "items[0].cancellations[0].at has no time zone",
        ),
        (a_line(status="Shipped"), "status is 'Shipped', but marker and quantities make it Unshipped"),
        (a_line(amazon_order_id="250-1"), "amazon_order_id '250-1' has not the form 123-1234567-1234567"),
        (a_line(currency="yen"), "currency 'yen' is not a code of three capital letters"),
        (a_line(items=[]), "items is empty"),
        (a_line(items=[an_item(), an_item()]), "2 items have the order_item_code 11111111111111"),
        (a_line(marker="Shipped"), "marker Shipped follows from the quantities"),
        (a_line(items=[an_item(order_item_code="1")]), "items[0].order_item_code '1' is not 14 or 15 digits"),
        (a_line(items=[an_item(sku="")]), "items[0].sku has not 1 to 40 characters"),
        (a_line(items=[an_item(sku="A\0B")]), "items[0].sku holds the character 0"),
        (a_line(merchant_order_id="M\0"), "merchant_order_id holds the character 0"),
        (a_line(items=[an_item(quantity_ordered=0)]), "items[0].quantity_ordered is 0"),
        (a_line(items=[an_item(quantity_ordered=10**9)]), "items[0].quantity_ordered is more than 999999999"),
        (a_line(items=[an_item(charges={"Tax": "1e20"})]), "items[0].charges.Tax has more than 20 digits before or"),
        (a_line(items=[an_item(charges={"Tax": "1e-21"})]), "charges.Tax has more than 20 digits before or behind the"),
        (a_line(purchased_at="0001-01-01T00:00:00+14:00"), "purchased_at 0001-01-01T00:00:00+14:00 is beyond the cal"),
        (a_line(purchased_at="9999-12-31T23:59:59-12:00"), "is beyond the calendar in UTC"),
        (
            a_line(items=[an_item(quantity_shipped=3)]),
            "items[0].quantity_ordered is 2, but 3 are shipped or cancelled",
        ),
        (a_line(items=[an_item(charges={"Principal": -1})]), "items[0].charges.Principal is negative"),
        (a_line(items=[an_item(charges={"Principal": "NaN"})]), "items[0].charges.Principal is not a number"),
        (
            a_line(items=[an_item(promotions=[{"promotion_id": "P", "amounts": {"Principal": 1}}])]),
            "items[0].promotions: 'P' has a positive amount; a discount is negative",
        ),
    ],
)
def test_what_is_wrong_is_said(line: Any, problem: str) -> None:
    bad = only(line)
    assert isinstance(bad, BadOrder)
    assert problem in bad.problem
