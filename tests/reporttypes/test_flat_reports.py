"""Flat reports of orders, to the byte."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report_request import ReportStatus
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.orders.order import Address, Buyer, Cancellation, Gift, Order, OrderStatus, PaymentTerms, Promotion
from feedproc.reporttypes.catalogue import load_report_types
from tests.reporttypes.builders import BOUGHT, CANADA, ITALY, JAPAN, Shop, towels

ORDERS, ACTIONABLE = "GET_FLAT_FILE_ORDERS_DATA", "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA"
BY_ORDER, BY_UPDATE = (f"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_{one}" for one in ("ORDER_DATE", "LAST_UPDATE"))
CONVERGED, PENDING = "GET_CONVERGED_FLAT_FILE_ORDER_REPORT_DATA", "GET_FLAT_FILE_PENDING_ORDERS_DATA"


def shipped() -> Order:
    (item,) = towels().items
    return towels(items=(replace(item, quantity_shipped=2),))


WRITTEN = {
    ORDERS: (
        "250-1234567-7654321|12345678901234|2020-08-19T03:33:14+00:00|2020-08-19T03:33:14+00:00|a1@example.jp|佐藤 蓮|"
        "03-0000-0000|JP-0001|タオル|2|JPY|1760|0|410|0|Standard|佐藤 蓮|丸の内1-9-1|||千代田区|東京都|100-0005|JP|"
        "03-0000-0000||||"
    ),
    ACTIONABLE: (
        "250-1234567-7654321|12345678901234|2020-08-19T03:33:14+00:00|2020-08-19T03:33:14+00:00|"
        "2020-08-19T06:00:00+00:00|2020-08-21T14:59:59+00:00|-2|a1@example.jp|佐藤 蓮|03-0000-0000|JP-0001|タオル|2|0|"
        "2|Standard|佐藤 蓮|丸の内1-9-1|||千代田区|東京都|100-0005|JP|||||||0|false"
    ),
    CONVERGED: (
        "paid_ship_now|250-1234567-7654321|12345678901234|2020-08-19 03:33:14||タオル||JP-0001|880|410|2|2170|"
        "2020-08-19 03:33:14|1|a1@example.jp|佐藤 蓮|佐藤 蓮|丸の内1-9-1||千代田区|東京都|100-0005|JP|||"
    ),
}


@pytest.mark.parametrize("report_type", WRITTEN)
def test_a_japanese_order_is_written_as_amazon_writes_it(report_type: str) -> None:
    shop = Shop(now=BOUGHT.replace(hour=6, minute=0, second=0))
    shop.load(towels())
    heading, row, rest = shop.read(report_type).split(b"\n")
    assert row == WRITTEN[report_type].replace("|", "\t").encode("cp932")
    assert (len(heading.split(b"\t")), rest) == (row.count(b"\t") + 1, b"")


def test_a_report_of_all_orders_leaves_nothings_empty() -> None:
    shop = Shop()
    shop.load(shipped())
    expected = (
        "250-1234567-7654321||2020-08-19T03:33:14+00:00|2020-08-20T07:14:05+00:00|Shipped|Merchant|Amazon.co.jp|||"
        "Standard|タオル|JP-0001|B000000001|Shipped|2|JPY|1760||410||||||千代田区|東京都|100-0005|JP|"
    )
    tails = {BY_ORDER: "|false|||false", BY_UPDATE: "|false||"}
    for report_type, tail in tails.items():
        assert shop.read(report_type).split(b"\n")[1].decode("cp932") == (expected + tail).replace("|", "\t")


def test_a_pending_order_is_told_in_reports_of_pending_and_of_all_orders_alone() -> None:
    shop = Shop()
    shop.load(towels(marker=OrderStatus.PENDING, payment=PaymentTerms("CVS")))
    row = "250-1234567-7654321|12345678901234|2020-08-19T03:33:14+00:00|JP-0001|タオル|2|CVS"
    assert shop.read(PENDING).split(b"\n")[1] == row.replace("|", "\t").encode("cp932")
    (told,) = shop.rows(BY_ORDER)
    assert (told["order-status"], told["item-price"], told["ship-city"]) == ("Pending", "", "千代田区")
    for report_type in (ORDERS, ACTIONABLE, CONVERGED):
        assert shop.produce(report_type).status is ReportStatus.DONE_NO_DATA


def test_a_cancelled_line_drops_out_of_reports_to_ship_by_and_stays_in_those_of_all_orders() -> None:
    shop = Shop()
    (item,) = towels().items
    gone = replace(item, order_item_code="2", sku="GONE", cancellations=(Cancellation(2, BOUGHT),))
    shop.load(towels(items=(item, gone)))
    assert [row["sku"] for row in shop.rows(ORDERS)] == ["JP-0001"]
    assert [(row["sku"], row["item-status"], row["quantity"]) for row in shop.rows(BY_ORDER)] == [
        ("JP-0001", "Unshipped", "2"),
        ("GONE", "Cancelled", "0"),
    ]


def test_cancelled_units_take_their_share_and_discounts_are_positive() -> None:
    shop = Shop()
    (item,) = towels().items
    discount = Promotion("SUMMER", {"Principal": Decimal(-100), "Shipping": Decimal(-40)})
    half = replace(item, cancellations=(Cancellation(1, BOUGHT),), promotions=(discount,))
    shop.load(towels(items=(half,)))
    (row,) = shop.rows(BY_ORDER)
    names = ("quantity", "item-price", "item-promotion-discount", "ship-promotion-discount", "promotion-ids")
    assert [row[name] for name in names] == ["1", "880", "50", "20", "SUMMER"]


def test_elsewhere_amounts_have_cents_and_bytes_are_of_windows_1252() -> None:
    shop = Shop(ITALY)
    (item,) = towels().items
    priced = replace(item, charges={"Principal": Decimal("89.95")}, title="Caffè € 佐")
    shop.load(towels(currency="EUR", marketplace_id=ITALY, items=(priced,), ship_to=Address(), buyer=Buyer()))
    (row,) = shop.rows(ORDERS, "cp1252")
    assert (row["item-price"], row["item-tax"], row["product-name"]) == ("89.95", "0.00", "Caffè € ?")


@pytest.mark.parametrize(
    ("bought", "told"),
    [("2020-08-19T03:33:14", "2020-08-18T20:33:14-07:00"), ("2020-01-19T03:33:14", "2020-01-18T19:33:14-08:00")],
)
def test_order_reports_of_north_america_have_the_time_of_the_pacific_coast(bought: str, told: str) -> None:
    at = BOUGHT.fromisoformat(f"{bought}+00:00")
    shop = Shop(CANADA, at + timedelta(days=1))
    shop.load(towels(marketplace_id=CANADA, currency="CAD", purchased_at=at))
    assert shop.rows(ORDERS, "cp1252")[0]["purchase-date"] == told
    assert shop.rows(BY_ORDER, "cp1252")[0]["purchase-date"] == f"{bought}+00:00"


def test_a_value_can_break_no_row_and_nothing_is_quoted() -> None:
    shop = Shop()
    (item,) = towels().items
    shop.load(towels(items=(replace(item, title='"A\tB\r\nC\u2028D'),)))
    assert shop.rows(ORDERS)[0]["product-name"] == '"A B C D'


def test_the_sales_channel_is_told_when_it_is_asked_for() -> None:
    shop = Shop()
    shop.load(towels())
    for report_type in (ORDERS, ACTIONABLE, CONVERGED):
        row = shop.rows(report_type, options={"ShowSalesChannel": "true"})[0]
        assert list(row)[-1] == "sales-channel"
        assert row["sales-channel"] == "Amazon.co.jp"


def test_amazons_own_shipments_are_in_reports_of_all_orders_alone() -> None:
    shop = Shop()
    shop.load(towels(fulfilled_by_amazon=True))
    assert shop.rows(BY_ORDER)[0]["fulfillment-channel"] == "Amazon"
    assert shop.rows(BY_ORDER)[0]["merchant-order-id"] == "250-1234567-7654321"
    assert shop.produce(ORDERS).status is ReportStatus.DONE_NO_DATA


def test_reports_by_order_date_and_by_update_ask_different_dates() -> None:
    shop = Shop()
    shop.load(towels(), towels(amazon_order_id="250-0000000-0000001", updated_at=BOUGHT + timedelta(hours=1)))
    since = BOUGHT + timedelta(hours=2)
    assert [row["amazon-order-id"] for row in shop.rows(BY_UPDATE, start=since)] == ["250-1234567-7654321"]
    assert shop.produce(BY_ORDER, start=since).status is ReportStatus.DONE_NO_DATA
    newest_first = [row["amazon-order-id"] for row in shop.rows(BY_UPDATE)]
    assert newest_first == ["250-1234567-7654321", "250-0000000-0000001"]


def test_both_ends_of_the_dates_count() -> None:
    shop = Shop()
    shop.load(towels())
    assert shop.rows(ORDERS, start=BOUGHT, end=BOUGHT)
    assert shop.produce(ORDERS, start=BOUGHT + timedelta(seconds=1)).status is ReportStatus.DONE_NO_DATA


def test_what_to_ship_is_told_whatever_dates_are_asked_for() -> None:
    shop = Shop()
    shop.load(towels())
    assert shop.rows(ACTIONABLE, start=BOUGHT + timedelta(days=1))
    shop.now = BOUGHT + timedelta(days=39)
    assert shop.produce(ACTIONABLE).status is ReportStatus.DONE_NO_DATA


def test_reports_say_in_what_they_are_written() -> None:
    types = load_report_types()
    flat = types.find("GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING")
    assert flat is types.find(ORDERS)
    assert flat is not None
    said = [flat.layout.name_content_type(marketplace_of(one)) for one in (JAPAN, ITALY, "A19VAU5U5O7RUS")]
    assert said == [f"text/plain;charset={one}" for one in ("windows-31j", "windows-1252", "UTF-8")]


ALL_COLUMNS = (
    "order-id order-item-id purchase-date payments-date buyer-email buyer-name buyer-phone-number sku number-of-items"
    " product-name quantity-purchased currency item-price item-tax shipping-price shipping-tax gift-wrap-price"
    " gift-wrap-tax ship-service-level recipient-name ship-address-1 ship-address-2 ship-address-3 ship-city ship-state"
    " ship-postal-code ship-country ship-phone-number gift-wrap-type gift-message-text bill-address-1 bill-address-2"
    " bill-address-3 bill-city bill-state bill-postal-code bill-country item-promotion-discount item-promotion-id"
    " ship-promotion-discount ship-promotion-id delivery-start-date delivery-end-date delivery-time-zone"
    " delivery-Instructions sales-channel earliest-ship-date latest-ship-date earliest-delivery-date"
    " latest-delivery-date is-business-order purchase-order-number price-designation is-prime tax-collection-model"
    " tax-collection-responsible-party buyer-company-name is-iba is-buyer-requested-cancellation"
    " buyer-requested-cancel-reason"
)


def test_columns_that_a_sellers_settings_add_stand_where_amazon_puts_them() -> None:
    shop = Shop()
    shop.load(towels())
    shop.extend(*ReportExtra)
    (row,) = shop.rows(ORDERS, options={"ShowSalesChannel": "true"})
    assert list(row) == ALL_COLUMNS.split()
    shop.extend()
    plain = list(shop.rows(ORDERS)[0])
    shop.extend(ReportExtra.GIFTS)
    added = [name for name in shop.rows(ORDERS)[0] if name not in plain]
    assert added == ["gift-wrap-price", "gift-wrap-tax", "gift-wrap-type", "gift-message-text"]


def test_added_columns_tell_gifts_discounts_promises_and_what_the_buyer_asks() -> None:
    shop = Shop()
    shop.extend(*ReportExtra)
    (item,) = towels().items
    discount = Promotion("SUMMER", {"Principal": Decimal(-100)})
    given = replace(
        item,
        charges={**item.charges, "GiftWrap": Decimal(50)},
        promotions=(discount,),
        gift=Gift("おめでとう", "Paper"),
    )
    shop.load(towels(items=(given,), buyer_asked_to_cancel=True, buyer_cancel_reason="Too late"))
    (row,) = shop.rows(ORDERS)
    told = {
        "gift-wrap-price": "50",
        "gift-wrap-type": "Paper",
        "gift-message-text": "おめでとう",
        "item-promotion-discount": "100",
        "item-promotion-id": "SUMMER",
        "ship-promotion-discount": "0",
        "ship-promotion-id": "",
        "latest-ship-date": "2020-08-21T14:59:59+00:00",
        "is-prime": "false",
        "is-buyer-requested-cancellation": "true",
        "buyer-requested-cancel-reason": "Too late",
    }
    assert {name: row[name] for name in told} == told


@pytest.mark.parametrize(
    ("days", "late", "cancelled"), [(0, "false", "false"), (2, "true", "false"), (9, "true", "true")]
)
def test_what_is_to_be_shipped_tells_how_near_its_deadlines_are(days: int, late: str, cancelled: str) -> None:
    shop = Shop(now=BOUGHT + timedelta(days=days))
    shop.load(towels())
    shop.extend(ReportExtra.DEADLINES)
    (row,) = shop.rows(ACTIONABLE)
    assert (row["verge-of-lateShipment"], row["verge-of-cancellation"]) == (late, cancelled)
