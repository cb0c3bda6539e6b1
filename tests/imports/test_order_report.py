import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from feedproc.imports.order_lines import BadOrder
from feedproc.imports.order_report import read_order_report
from feedproc.orders.order import Order, OrderStatus, Promotion

REPORT = (Path(__file__).parents[2] / "samples" / "orders-report.xml").read_text()
JAPAN = "A1VC38T7YXB528"


def read(text: str = REPORT) -> list[Order | BadOrder]:
    return list(read_order_report(io.BytesIO(text.encode()), JAPAN))


def changed(before: str, after: str) -> str:
    assert before in REPORT
    return REPORT.replace(before, after, 1)


def first(text: str = REPORT) -> Order:
    order = read(text)[0]
    assert isinstance(order, Order), order
    return order


def test_an_order_is_read_with_buyer_address_and_dates() -> None:
    order = first()
    assert order.amazon_order_id == "250-2000001-0000001"
    assert order.purchased_at == datetime(2024, 3, 5, 1, 15, tzinfo=UTC)
    assert order.latest_ship_date == datetime(2024, 3, 8, 14, 59, 59, tzinfo=UTC)
    assert (order.buyer.name, order.ship_to.lines) == ("中村 美咲", ("丸の内1-9-1", "7階"))
    assert (order.marketplace_id, order.currency, order.service_level) == (JAPAN, "JPY", "Standard")
    assert order.status is OrderStatus.UNSHIPPED


def test_an_item_is_read_with_charges_and_promotions() -> None:
    (item,) = first().items
    assert (item.order_item_code, item.sku, item.quantity_ordered) == ("10000000002101", "KETTLE-02", 2)
    assert item.charges == {"Principal": Decimal(7960), "Tax": Decimal(796), "Shipping": Decimal(410)}
    assert item.promotions == (
        Promotion("送料無料", {"Principal": Decimal(0), "Shipping": Decimal(-410)}, "_SITE_WIDE_"),
    )


def test_an_order_of_several_items_is_read() -> None:
    order = read()[1]
    assert isinstance(order, Order)
    assert [(item.sku, item.quantity_ordered) for item in order.items] == [("NOTE-04", 1), ("TEA-05", 3)]


def test_a_component_that_stands_twice_is_summed() -> None:
    order = first(changed("<Type>Tax</Type>", "<Type>Principal</Type>"))
    assert order.items[0].charges["Principal"] == Decimal(8756)


def test_a_message_that_does_not_fit_the_schema_is_named_and_the_others_are_read() -> None:
    bad, good = read(changed("<Quantity>2</Quantity>", "<Quantity>two</Quantity>"))
    assert isinstance(bad, BadOrder)
    assert bad.where == "message 1"
    assert bad.problem == "`Quantity` must be a whole number; this is `two`."
    assert isinstance(good, Order)


def test_an_implausible_order_is_named() -> None:
    quantity = changed("<Quantity>2</Quantity>", f"<Quantity>{'9' * 30}</Quantity>")
    assert read(quantity)[0] == BadOrder("message 1", "a quantity of 30 digits")
    year = changed("2024-03-05T10:15:00+09:00", "12024-03-05T10:15:00+09:00")
    assert read(year)[0] == BadOrder("message 1", "the time '12024-03-05T10:15:00+09:00' cannot be held")


def test_amounts_must_be_in_one_currency() -> None:
    bad, _ = read(changed('<Amount currency="JPY">796.00', '<Amount currency="USD">796.00'))
    assert bad == BadOrder("message 1", "its amounts are in several currencies: JPY, USD")
    bad, _ = read(REPORT.replace(' currency="JPY"', ""))
    assert bad == BadOrder("message 1", "no amount names its currency")


def test_other_messages_are_no_orders() -> None:
    bad, _ = read(changed("<MessageType>OrderReport<", "<MessageType>OrderAdjustment<"))
    assert isinstance(bad, BadOrder)
    assert "OrderReport messages" in bad.problem


def test_of_a_faulty_file_only_the_faults_are_told() -> None:
    (bad,) = read(REPORT.replace("</AmazonEnvelope>", "</AmazonEnvelop>"))
    assert isinstance(bad, BadOrder)
    assert bad.where == f"line {REPORT.count(chr(10))}"
    (bad,) = read(changed("<DocumentVersion>1.01</DocumentVersion>", ""))
    assert isinstance(bad, BadOrder)
    assert "DocumentVersion" in bad.problem
