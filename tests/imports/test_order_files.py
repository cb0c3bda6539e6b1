import io
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from feedproc.imports.order_files import OrderFile, read_orders
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import Remark
from feedproc.orders.order import Order, OrderStatus, Program

JAPAN, ITALY = "A1VC38T7YXB528", "APJ6JRA9NG5V4"
ORDER = "250-1234567-7654321"
BOUGHT = "2020-08-19T03:33:14+00:00"
ROW = {
    "order-id": ORDER,
    "order-item-id": "12345678901234",
    "purchase-date": BOUGHT,
    "payments-date": BOUGHT,
    "buyer-name": "佐藤 蓮",
    "sku": "JP-0001",
    "product-name": "タオル",
    "quantity-purchased": "2",
    "currency": "JPY",
    "item-price": "1760",
    "shipping-price": "410",
    "recipient-name": "佐藤 蓮",
    "ship-address-1": "丸の内1-9-1",
    "ship-city": "千代田区",
}
JAPANESE = {"order-id": "注文番号", "sku": "出品者SKU", "purchase-date": "購入日時", "quantity-purchased": "数量"}
ALL_ORDERS = {
    "amazon-order-id": ORDER,
    "purchase-date": BOUGHT,
    "last-updated-date": "2020-08-20T07:14:05+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Amazon",
    "sales-channel": "Amazon.it",
    "sku": "IT-1",
    "asin": "B000000001",
    "item-status": "Shipped",
    "quantity": "1",
    "currency": "EUR",
    "item-price": "89.95",
    "item-promotion-discount": "5.00",
}
V0_ORDER = {
    "AmazonOrderId": ORDER,
    "PurchaseDate": "2026-11-20T03:12:45Z",
    "LastUpdateDate": "2026-11-21T05:00:02Z",
    "OrderStatus": "PartiallyShipped",
    "MarketplaceId": JAPAN,
    "IsPrime": True,
    "PaymentMethod": "COD",
    "PaymentExecutionDetail": [{"Payment": {"CurrencyCode": "JPY", "Amount": "2508"}, "PaymentMethod": "COD"}],
    "LatestShipDate": "2026-11-22T14:59:59Z",
    "BuyerInfo": {"BuyerEmail": "a1@marketplace.example"},
    "ShippingAddress": {"City": "千代田区", "CountryCode": "JP"},
}
V0_ITEM = {
    "ASIN": "B0EXAMPLE1",
    "OrderItemId": "20260123456789",
    "SellerSKU": "JP-0001",
    "QuantityOrdered": 2,
    "QuantityShipped": 1,
    "ItemPrice": {"CurrencyCode": "JPY", "Amount": "2480"},
    "PromotionDiscount": {"CurrencyCode": "JPY", "Amount": "220"},
    "PromotionIds": ["AUTUMN"],
    "IsGift": "true",
    "ConditionId": "Used",
    "ConditionSubtypeId": "Good",
    "BuyerInfo": {"GiftWrapLevel": "Classic"},
}
V0_ORDERS = {"payload": {"Orders": [V0_ORDER]}}
V0_ITEMS = {"payload": {"AmazonOrderId": ORDER, "OrderItems": [V0_ITEM]}}
MWS = '<{0}Response xmlns="https://mws.amazonservices.com/Orders/2013-09-01"><{0}Result>{1}</{0}Result></{0}Response>'
MWS_ORDERS = MWS.format(
    "ListOrders",
    f"<Orders><Order><AmazonOrderId>{ORDER}</AmazonOrderId><PurchaseDate>2020-08-19T03:33:14Z</PurchaseDate>"
    "<OrderStatus>Shipped</OrderStatus><PaymentMethodDetails><PaymentMethodDetail>CreditCard</PaymentMethodDetail>"
    "</PaymentMethodDetails></Order></Orders>",
)
MWS_ITEMS = MWS.format(
    "ListOrderItems",
    "<OrderItems><OrderItem><QuantityOrdered>2</QuantityOrdered><SellerSKU>JP-0001</SellerSKU>"
    "<OrderItemId>12345678901234</OrderItemId><QuantityShipped>2</QuantityShipped><ItemPrice><Amount>1760.00</Amount>"
    f"<CurrencyCode>JPY</CurrencyCode></ItemPrice></OrderItem></OrderItems><AmazonOrderId>{ORDER}</AmazonOrderId>",
)


def a_report(*rows: dict[str, str], separator: str = "\t") -> str:
    return "\n".join(separator.join(cells) for cells in ([*rows[0]], *(row.values() for row in rows))) + "\n"


def read(*files: str | bytes | dict[str, Any], marketplace: str = JAPAN) -> list[Any]:
    def write() -> Iterator[OrderFile]:
        for number, file in enumerate(files):
            text = json.dumps(file) if isinstance(file, dict) else file
            yield OrderFile(f"file {number}", io.BytesIO(text.encode() if isinstance(text, str) else text))

    return [one for _, one in read_orders(write(), marketplace)]


def only(*files: Any, marketplace: str = JAPAN) -> Order:
    (order,) = [one for one in read(*files, marketplace=marketplace) if not isinstance(one, Remark)]
    assert isinstance(order, Order), order
    return order


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_an_order_report_is_read_in_any_encoding_that_people_have(codec: str) -> None:
    order = only(a_report(ROW).encode(codec))
    assert (order.amazon_order_id, order.buyer.name, order.ship_to.city) == (ORDER, "佐藤 蓮", "千代田区")
    assert order.items[0].charges == {"Principal": Decimal(1760), "Shipping": Decimal(410)}
    assert order.items[0].title == "タオル"


@pytest.mark.parametrize("marketplace", [JAPAN, ITALY])
def test_windows_1252_is_told_from_shift_jis_wherever_one_sells(marketplace: str) -> None:
    western = ROW | {
        "buyer-name": "Jörg Müller",
        "recipient-name": "É. Noël",
        "product-name": "Käse",
        "ship-city": "Köln",
    }
    western |= {"ship-address-1": "Straße 1"}
    assert only(a_report(western).encode("cp1252"), marketplace=marketplace).buyer.name == "Jörg Müller"
    assert only(a_report(ROW).encode("cp932"), marketplace=marketplace).buyer.name == "佐藤 蓮"


def test_japanese_headings_are_known_alone_and_above_the_english_ones() -> None:
    japanese = {JAPANESE.get(name, name): cell for name, cell in ROW.items()}
    assert only(a_report(japanese).encode("cp932")).items[0].sku == "JP-0001"
    labels = "\t".join(japanese) + "\n"
    assert only(labels + a_report(ROW)).amazon_order_id == ORDER


def test_commas_of_a_spreadsheet_are_read_as_tabs_are() -> None:
    assert only(a_report(ROW | {"product-name": '"タオル, 白"'}, separator=",")).items[0].title == "タオル, 白"


def test_lines_that_old_programs_for_the_mac_end_are_read() -> None:
    assert only(a_report(ROW).replace("\n", "\r")).amazon_order_id == ORDER


def test_a_row_of_more_cells_than_headings_is_told_and_empty_ones_do_not_count() -> None:
    row = a_report(ROW).splitlines()[1]
    told = read(a_report(ROW | {"order-id": "250-0000000-0000002"}) + row + "\t \t\n" + row + "\t\tx\n")
    assert [one.amazon_order_id for one in told if isinstance(one, Order)] == ["250-0000000-0000002", ORDER]
    assert (
        BadOrder(
            "line 4",
            f"it has {len(ROW) + 2} cells below {len(ROW)} headings; perhaps a separator has slipped into a value",
        )
        in told
    )


def test_answers_that_stand_behind_each_other_in_a_file_are_all_read() -> None:
    declared = '<?xml version="1.0"?>\n'
    for one in (
        declared + MWS_ORDERS + declared + MWS_ITEMS,
        json.dumps({"payload": {"Orders": [V0_ORDER]}}) + json.dumps(V0_ITEMS),
    ):
        assert only(one).items[0].sku


def test_the_rows_of_an_order_are_taken_together_wherever_they_stand() -> None:
    other = ROW | {"order-id": "250-0000000-0000002"}
    second = ROW | {"order-item-id": "12345678901235", "sku": "JP-0002"}
    first, apart = sorted(read(a_report(ROW, other, second)), key=lambda order: len(order.items))
    assert [item.sku for item in apart.items] == ["JP-0001", "JP-0002"]
    assert first.amazon_order_id == "250-0000000-0000002"


def test_a_bad_row_is_told_with_line_and_reason_and_the_others_are_read() -> None:
    bad = ROW | {"order-id": "250-0000000-0000003", "item-price": "12,5"}
    told = read(a_report(bad, bad | {"item-price": "7", "order-item-id": "1" * 14}, ROW))
    assert told[0] == BadOrder(
        "line 2", "item-price: '12,5' is no amount such as 1234.50, with a point before decimals"
    )
    assert told[1] == BadOrder("line 3", "left out: it is of order 250-0000000-0000003, as line 2 is")
    assert isinstance(told[2], Order)


def test_a_row_that_stands_twice_and_a_wrong_id_are_told_by_the_reports_headings() -> None:
    (twice,) = read(a_report(ROW, ROW))
    assert twice.problem == "2 items have the order-item-id 12345678901234; does a row stand there twice?"
    (wrong,) = read(a_report(ROW | {"order-id": "2500000000-0000001"}))
    assert wrong.problem.startswith("order-id '2500000000-0000001' has not the form")


def test_a_currency_that_no_marketplace_has_is_told() -> None:
    (bad,) = read(a_report(ROW | {"currency": "YEN"}))
    assert bad.problem.startswith("currency: 'YEN' is no marketplace's; there are ")
    assert "JPY" in bad.problem


def test_a_time_of_a_zone_with_a_name_is_read() -> None:
    given = only(a_report(ROW | {"purchase-date": "2026/11/20 12:12:45 JST"}))
    assert given.purchased_at.isoformat() == "2026-11-20T03:12:45+00:00"


def test_an_id_that_a_spreadsheet_rounded_is_told() -> None:
    (bad,) = read(a_report(ROW | {"order-item-id": "1.23457E+13"}))
    assert "is an id that a spreadsheet has rounded" in bad.problem


def test_a_byte_that_is_no_character_is_told_with_its_line() -> None:
    told = read(a_report(ROW, ROW | {"order-id": "250-0000000-0000002"}).encode("cp932") + b"x\x81\x20\x81\n")
    assert BadOrder("line 4", "byte 0x81 is no character of Shift_JIS") in told


def test_the_report_of_all_orders_tells_status_channel_and_asin() -> None:
    remark, order = read(a_report(ALL_ORDERS))
    assert "made up" in remark.text
    assert (order.status, order.fulfilled_by_amazon, order.marketplace_id) == (OrderStatus.SHIPPED, True, ITALY)
    assert (order.items[0].asin, order.items[0].promotions[0].amounts) == ("B000000001", {"Principal": Decimal(-5)})
    assert order == only(a_report(ALL_ORDERS)), "the ids that are made up are the same each time"
    assert len(order.items[0].order_item_code) == 14


def test_a_cancelled_row_is_a_cancelled_order_even_without_units() -> None:
    cancelled = ALL_ORDERS | {"order-status": "Cancelled", "item-status": "Cancelled", "quantity": "0"}
    assert only(a_report(cancelled)).status is OrderStatus.CANCELED


def test_the_converged_report_tells_the_price_of_one_unit() -> None:
    row = {"payments-status": "paid_ship_now", "order-id": ORDER, "order-item-id": "1" * 14, "item-name": "タオル"}
    row |= {"sku": "A", "price": "880", "shipping-fee": "410", "quantity-purchased": "2"}
    order = only(a_report(row | {"purchase-date": "2020-08-19 03:33:14"}))
    assert order.items[0].charges == {"Shipping": Decimal(410), "Principal": Decimal(1760)}


def test_the_report_of_unshipped_orders_tells_what_is_left_to_ship() -> None:
    row = {name: cell for name, cell in ROW.items() if name not in {"item-price", "shipping-price", "currency"}}
    row |= {"promise-date": "2020-08-21T14:59:59+00:00", "quantity-shipped": "1", "quantity-to-ship": "1"}
    remark, order = read(a_report(row))
    assert "no prices" in remark.text
    assert (order.status, order.latest_ship_date.isoformat()) == (
        OrderStatus.PARTIALLY_SHIPPED,
        "2020-08-21T14:59:59+00:00",
    )


XML_ITEM = (
    "<OrderItem><ASIN>B01</ASIN><SKU>TEA-1</SKU><ItemStatus>{}</ItemStatus><ProductName>緑茶</ProductName>"
    "<Quantity>2</Quantity><ItemPrice><Component><Type>Principal</Type><Amount currency='JPY'>1000.0</Amount>"
    "</Component><Component><Type>Tax</Type><Amount currency='JPY'>100.0</Amount></Component></ItemPrice></OrderItem>"
)


def an_xml_report(kind: str, *orders: str) -> str:
    messages = "".join(f"<Message>\n{one}</Message>" for one in orders)
    return f"<AmazonEnvelope><Header/><MessageType>{kind}</MessageType>{messages}</AmazonEnvelope>"


def an_xml_order(number: int, status: str = "Unshipped", item: str = XML_ITEM) -> str:
    return (
        f"<Order><AmazonOrderID>250-0000000-{number:07d}</AmazonOrderID><PurchaseDate>2024-03-01T01:00:00+00:00"
        f"</PurchaseDate><OrderStatus>{status}</OrderStatus><SalesChannel>Amazon.co.jp</SalesChannel>"
        f"{item.format(status)}</Order>"
    )


def test_the_report_of_all_orders_in_xml_tells_what_the_flat_one_does() -> None:
    order = only(an_xml_report("AllOrdersReport", an_xml_order(1, "Shipped")))
    (item,) = order.items
    assert (order.status, order.currency) == (OrderStatus.SHIPPED, "JPY")
    assert (item.sku, item.title, item.quantity_ordered) == ("TEA-1", "緑茶", 2)
    assert item.charges == {"Principal": Decimal(1000), "Tax": Decimal(100)}


def test_the_report_of_pending_orders_in_xml_makes_pending_orders() -> None:
    item = (
        "<Item><AmazonOrderItemCode>12345678901234</AmazonOrderItemCode><SKU>TEA-1</SKU><Quantity>2</Quantity></Item>"
    )
    pending = (
        "<PendingOrderReport><AmazonOrderID>250-0000000-0000001</AmazonOrderID><OrderDate>2024-03-01T01:00:00+00:00"
        f"</OrderDate><PaymentType>Other</PaymentType>{item}</PendingOrderReport>"
    )
    order = only(an_xml_report("PendingOrderReport", pending))
    assert order.status is OrderStatus.PENDING
    assert order.items[0].order_item_code == "12345678901234"


def test_an_order_of_xml_that_makes_none_is_told_with_its_line_and_the_others_are_read() -> None:
    bad = an_xml_order(2, item=XML_ITEM.replace("<Quantity>2", "<Quantity>two"))
    found = read(an_xml_report("AllOrdersReport", an_xml_order(1), bad, an_xml_order(3)))
    assert [one.amazon_order_id[-1] for one in found if isinstance(one, Order)] == ["1", "3"]
    (told,) = (one for one in found if isinstance(one, BadOrder))
    assert (told.where, "quantity" in told.problem) == ("line 3", True)


def test_a_report_of_xml_that_breaks_off_gives_the_fault_alone() -> None:
    (told,) = read(an_xml_report("AllOrdersReport", an_xml_order(1))[:-30])
    assert isinstance(told, BadOrder)


def test_answers_of_list_orders_and_list_order_items_are_put_together() -> None:
    for files in ((MWS_ORDERS, MWS_ITEMS), (MWS_ITEMS, MWS_ORDERS)):
        order = only(*files)
        assert (order.status, order.currency, order.payment.details) == (OrderStatus.SHIPPED, "JPY", ("CreditCard",))


def test_of_an_order_without_its_items_is_told_what_to_do() -> None:
    for file, other in ((MWS_ORDERS, "ListOrderItems"), (MWS_ITEMS, "ListOrders"), (V0_ORDERS, "getOrderItems")):
        (bad,) = read(file)
        assert bad.where == f"order {ORDER}"
        assert other in bad.problem
        assert "in the same command" in bad.problem


def test_answers_of_get_orders_fill_what_an_order_knows() -> None:
    order = only(V0_ORDERS, V0_ITEMS)
    (item,) = order.items
    assert (order.status, order.programs, order.payment.method) == (
        OrderStatus.PARTIALLY_SHIPPED,
        (Program.PRIME,),
        "COD",
    )
    assert order.payment.executions[0].amount == Decimal(2508)
    assert (item.asin, item.condition.kind, item.condition.subtype) == ("B0EXAMPLE1", "Used", "Good")
    assert item.gift is not None
    assert item.gift.wrap_level == "Classic"
    assert item.promotions[0].amounts == {"Principal": Decimal(-220)}
    assert order.last_updated_at.isoformat() == "2026-11-21T05:00:02+00:00"


@pytest.mark.parametrize("wrap", [lambda one, two: f"[{one},{two}]", lambda one, two: f"{one}\n{two}\n"])
def test_answers_may_stand_in_a_list_or_one_a_line(wrap: Any) -> None:
    assert only(wrap(json.dumps(V0_ORDERS), json.dumps(V0_ITEMS))).items[0].quantity_shipped == 1


def test_a_cancelled_order_of_the_api_has_no_unit_left() -> None:
    order = only(
        {
            "payload": V0_ORDER
            | {"OrderStatus": "Canceled", "OrderItems": [V0_ITEM | {"QuantityOrdered": 0, "QuantityShipped": 0}]}
        }
    )
    assert order.status is OrderStatus.CANCELED


def test_an_answer_of_search_orders_is_read_with_packages() -> None:
    parts: list[dict[str, Any]] = [{"type": "ITEM", "subtotal": {"amount": "2480", "currencyCode": "JPY"}}]
    tax = [{"subtype": "SHIPPING", "value": {"amount": "41", "currencyCode": "JPY"}}]
    parts.append({"type": "TAX", "subtotal": {"amount": "41", "currencyCode": "JPY"}, "detailedBreakdowns": tax})
    item = {
        "orderItemId": "20260123456789",
        "quantityOrdered": 2,
        "product": {"sellerSku": "JP-0001", "condition": {"conditionType": "NEW", "conditionSubtype": "VERY_GOOD"}},
        "proceeds": {"breakdowns": parts},
        "fulfillment": {"quantityFulfilled": 1},
    }
    package: dict[str, Any] = {"shipTime": "2026-11-21T05:00:00Z", "carrier": "YAMATO", "trackingNumber": "1234"}
    package |= {"packageItems": [{"orderItemId": "20260123456789", "quantity": 1}]}
    order = {"orderId": ORDER, "createdTime": "2026-11-20T03:12:45Z", "orderItems": [item], "packages": [package]}
    read_one = only({"orders": [order | {"fulfillment": {"fulfillmentStatus": "PARTIALLY_SHIPPED"}}]})
    assert read_one.items[0].charges == {"Principal": Decimal(2480), "ShippingTax": Decimal(41)}
    assert read_one.items[0].condition.subtype == "Very Good"
    assert (read_one.packages[0].carrier, read_one.packages[0].items[0].quantity) == ("YAMATO", 1)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("hello\n", "not recognised"),
        ("250-0000000-0000001\t11111111111111\t2026-11-20\tJP-0001\t1\n", "leave the row with order-id"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        ("<html></html>", "a web page"),
        ("order-id\torder-item-id\tquantity\tship-date\n", "it is no order report"),
        ("<AmazonEnvelope><MessageType>OrderFulfillment</MessageType></AmazonEnvelope>", "feedproc orders for"),
        ('{"errors": [{"code": "Unauthorized", "message": "Access denied."}]}', "refused the call: Unauthorized"),
        ('{"payload": {"Orders": [{"AmazonOrderId": "x"', "truncated"),
        (MWS_ORDERS[:-9], "line 1"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><ListOrdersResponse>&b;</ListOrdersResponse>", "DOCTYPE"),
    ],
)  # fmt: skip
def test_what_holds_no_orders_is_told_for_what_it_is(file: str | bytes, told: str) -> None:
    found = read(file)
    assert len(found) == 1
    assert told in f"{found[0].where}: {found[0].problem}"


def test_deep_json_and_wrong_types_are_told_and_nothing_breaks() -> None:
    assert isinstance(read('{"payload":' + "[" * 100_000)[0], BadOrder)
    hostile = V0_ORDER | {"PurchaseDate": {"a": 1}, "OrderItems": [V0_ITEM, 7, None], "ShippingAddress": "x"}
    (bad,) = read({"payload": hostile})
    assert bad.problem == "PurchaseDate: '' is no time such as 2024-03-01T09:00:00+09:00"


def test_many_answers_behind_each_other_take_no_time_of_their_own() -> None:
    title = "注文" + "x" * 1_800
    line = json.dumps({"payload": {"Orders": [{"Title": title}]}}, ensure_ascii=False)
    start = time.process_time()
    read("\n".join([line] * 10_000))
    assert time.process_time() - start < 10
