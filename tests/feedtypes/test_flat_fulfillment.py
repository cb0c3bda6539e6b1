"""Shipping Confirmation as a flat file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feedtypes.order_fulfillment.flat import find_first_moment, find_moment
from feedproc.orders.order import OrderStatus
from tests.builders import GERMANY, NOON, PURCHASED, Shop, an_order, item_code, order_id, orders
from tests.formats.flatfiles import FULFILLMENT, INCOMPLETE, JAPAN, UNPROCESSABLE, a_file, a_shop_in, run, ships

NO_SHIP_METHOD = (
    "ship-methodの項目が記入されていないか入力内容が無効です。 "
    "有効なship-methodの項目が入力されていることを確認してください。"
)


def test_an_order_alone_ships_whole_and_the_buyer_is_told(shop: Shop) -> None:
    row = ships(1, tracking_number="1234-5678")
    assert run(shop.stocked(an_order(1)), a_file(FULFILLMENT, row), FULFILLMENT).counts == (1, 1)
    (package,) = shop.order(1).packages
    assert (package.carrier, package.shipping_method, package.tracking_number) == ("YAMATO", "Std", "1234-5678")
    assert shop.order(1).status is OrderStatus.SHIPPED
    assert [entry.notice.kind for entry in shop.backend.outbox.list_waiting(9) if entry.notice] == ["shipped"]


def test_a_correction_keeps_what_a_row_leaves_empty_and_null_clears(shop: Shop) -> None:
    first = ships(1, ship_date="2024-03-02", carrier_code="Other", carrier_name="Bike", tracking_number="1")
    run(shop.stocked(an_order(1)), a_file(FULFILLMENT, first), FULFILLMENT)
    (before,) = shop.order(1).packages
    second = ships(1, ship_date="", carrier_code="", carrier_name="", tracking_number="2", ship_method="NULL")
    assert run(shop, a_file(FULFILLMENT, second), FULFILLMENT).counts == (1, 1)
    (package,) = shop.order(1).packages
    assert (package.carrier, package.tracking_number, package.shipping_method) == ("Bike", "2", None)
    assert package.shipped_at == before.shipped_at


@pytest.mark.parametrize("empty", ["ship_date", "carrier_code"])
def test_what_ships_for_the_first_time_needs_day_and_carrier(shop: Shop, empty: str) -> None:
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, ships(1, **{empty: ""})), FULFILLMENT)
    assert [(row.code, row.text) for row in report.rows] == [("18028", INCOMPLETE)]
    assert shop.order(1).status is OrderStatus.UNSHIPPED


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2024-03-02T10:00:00+09:00", datetime(2024, 3, 2, 1, tzinfo=UTC)),
        ("2024-03-02T10:00:00Z", datetime(2024, 3, 2, 10, tzinfo=UTC)),
        ("2024-03-02T10:00", datetime(2024, 3, 2, 10, tzinfo=UTC)),
    ],
)
def test_a_ship_date_with_a_time_is_that_moment(shop: Shop, told: str, moment: datetime) -> None:
    assert run(shop.stocked(an_order(1)), a_file(FULFILLMENT, ships(1, ship_date=told)), FULFILLMENT).counts == (1, 1)
    assert shop.order(1).packages[0].shipped_at == moment


def test_units_of_an_item_ship_and_the_rest_later(shop: Shop) -> None:
    rows = [ships(1, order_item_id=item_code(1), quantity=1), ships(1, order_item_id=item_code(1)), ships(1)]
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, *rows), FULFILLMENT)
    assert (report.counts, [(row.record, row.code) for row in report.rows]) == ((3, 2), [("3", "18021")])
    assert [package.items[0].quantity for package in shop.order(1).packages] == [1, 1]


def test_more_than_is_open_is_told_with_order_and_item(shop: Shop) -> None:
    row = ships(1, order_item_id=item_code(1), quantity=3)
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, row), FULFILLMENT)
    assert report.rows[0][:4] == ("1", order_id(1), item_code(1), "18021")


@pytest.mark.parametrize("quantity", ["01", "0" * 5000 + "1"])
def test_zeros_in_front_of_a_quantity_mean_nothing(shop: Shop, quantity: str) -> None:
    row = ships(1, order_item_id=item_code(1), quantity=quantity)
    assert run(shop.stocked(an_order(1)), a_file(FULFILLMENT, row), FULFILLMENT).counts == (1, 1)
    assert shop.order(1).packages[0].items[0].quantity == 1


@pytest.mark.parametrize(
    ("code", "name", "carrier"),
    [
        ("YAMATO", "", "YAMATO"),
        ("Japan Post", "", "Japan Post"),
        ("Other", "ヤマト運輸", "ヤマト運輸"),
        ("OTHER", "Bike", "Bike"),
        ("UPS", "UPS Ltd", "UPS Ltd"),
    ],
)
def test_a_carrier_is_known_by_its_code_or_its_name(shop: Shop, code: str, name: str, carrier: str) -> None:
    row = ships(1, carrier_code=code, carrier_name=name)
    assert run(shop.stocked(an_order(1)), a_file(FULFILLMENT, row), FULFILLMENT).counts == (1, 1)
    assert shop.order(1).packages[0].carrier == carrier


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("ship-date", "", INCOMPLETE),
        ("ship-date", "2009/06/15", UNPROCESSABLE),
        ("ship-date", "2024-3-3", UNPROCESSABLE),
        ("ship-date", "2024-02-30", UNPROCESSABLE),
        ("ship-date", "2024-03-03 10:00", UNPROCESSABLE),
        ("ship-date", "２０２４-03-03", UNPROCESSABLE),
        ("ship-date", "0000-01-01", UNPROCESSABLE),
        ("carrier-code", "", INCOMPLETE),
        ("carrier-code", "yamato", INCOMPLETE),
        ("carrier-code", "Other", INCOMPLETE),
        ("carrier-name", "x" * 51, INCOMPLETE),
        ("tracking-number", "x" * 51, INCOMPLETE),
        ("ship-method", "あ" * 51, INCOMPLETE),
        ("quantity", "0", INCOMPLETE),
        ("quantity", "1.0", INCOMPLETE),
        ("quantity", "one", INCOMPLETE),
        ("quantity", "1", INCOMPLETE),
        ("order-item-id", "1", INCOMPLETE),
        ("cod-collection-method", "Cash", INCOMPLETE),
        ("ship_from_address_countrycode", "DEU", INCOMPLETE),
    ],
)
def test_a_value_that_its_column_does_not_take_is_refused(shop: Shop, column: str, value: str, text: str) -> None:
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, ships(1) | {column: value}), FULFILLMENT)
    assert [row.text for row in report.rows] == [text]
    assert not shop.order(1).packages


def test_the_columns_that_came_later_are_taken(shop: Shop) -> None:
    later = {
        "transparency_code": "AZ:1",
        "ship_from_supply_source_id": "1",
        "cod-collection-method": "DirectPayment",
        "ship_from_address_countrycode": "DE",
    } | {
        f"ship_from_address_{part}": part
        for part in ("name", "line1", "line2", "line3", "city", "county", "state_or_region", "postalcode")
    }
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, ships(1) | later), FULFILLMENT)
    assert (report.counts, report.rows) == ((1, 1), [])


def test_in_japan_a_shipment_without_a_method_is_confirmed_with_a_warning(shop: Shop) -> None:
    a_shop_in(shop, JAPAN).stocked(*orders(2))
    rows = [ships(1, ship_method=""), ships(2, ship_method="宅急便")]
    report = run(shop, a_file(FULFILLMENT, *rows), FULFILLMENT, codec="cp932")
    assert (report.counts, report.rows) == ((2, 2), [("1", order_id(1), "", "18028", "警告", NO_SHIP_METHOD)])
    assert shop.order(1).status is OrderStatus.SHIPPED


def test_elsewhere_it_is_not_even_missed(shop: Shop) -> None:
    report = run(shop.stocked(an_order(1)), a_file(FULFILLMENT, ships(1, ship_method="")), FULFILLMENT)
    assert report.rows == []


# -- The day -------------------------------------------------------------------------------------


def shipped_on(shop: Shop, day: str) -> list[str]:
    """Ship order 1 on a day, and return what is told of it."""
    shop.stocked(an_order(1, purchased_at=PURCHASED))
    return [
        row.text for row in run(shop, a_file(FULFILLMENT, ships(1, ship_date=day)), FULFILLMENT, codec="cp932").rows
    ]


def test_the_day_of_the_purchase_is_not_before_it(shop: Shop) -> None:
    assert shipped_on(shop, PURCHASED.date().isoformat()) == []
    assert shop.order(1).packages[0].shipped_at > PURCHASED


def test_the_day_of_the_feed_is_not_after_it(shop: Shop) -> None:
    assert shipped_on(shop, NOON.date().isoformat()) == []
    assert shop.order(1).packages[0].shipped_at == NOON


@pytest.mark.parametrize("day", ["2024-02-28", "2024-03-05", "9999-12-31", "0001-01-01"])
def test_days_before_the_purchase_and_after_the_feed_are_refused(shop: Shop, day: str) -> None:
    assert shipped_on(shop, day) == [UNPROCESSABLE]


def test_in_japan_tomorrow_begins_in_the_afternoon(shop: Shop) -> None:
    a_shop_in(shop, JAPAN)
    shop.now = datetime(2024, 3, 4, 15, 30, tzinfo=UTC)
    assert shipped_on(shop, "2024-03-05") == []


def test_a_day_ends_before_the_latest_ship_date_of_that_day() -> None:
    latest = datetime(2024, 3, 5, 14, 59, 59, tzinfo=UTC)
    assert find_moment(date(2024, 3, 5), JAPAN, datetime(2024, 3, 7, tzinfo=UTC)) == latest


@given(st.dates(), st.sampled_from([JAPAN, GERMANY, "ATVPDKIKX0DER", ""]), st.datetimes(timezones=st.just(UTC)))
def test_any_day_has_a_moment(day: date, marketplace: str, told_at: datetime) -> None:
    moment = find_moment(day, marketplace, told_at)
    assert find_first_moment(day, marketplace) <= moment
    assert abs((moment.replace(tzinfo=None) - datetime(day.year, day.month, day.day)).days) <= 1 or moment == told_at


def test_a_shipment_told_long_after_keeps_its_day() -> None:
    assert find_moment(date(2024, 3, 5), "", NOON + timedelta(days=9)).date() == date(2024, 3, 6)
    assert find_moment(date(2024, 3, 5), GERMANY, NOON + timedelta(days=9)).date() == date(2024, 3, 5)
