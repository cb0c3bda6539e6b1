"""A shipment that is told again corrects the package; nothing ships twice."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.orders.change import Change
from feedproc.orders.correcting import CLEARED, show_corrected, show_first
from feedproc.orders.order import Event, ItemKey, Order, Package
from feedproc.orders.rules import Rule
from feedproc.orders.shipping import Shipment, ShippedItem, ship

from .builders import BOOK, LATER, NOW, an_item, an_order, declines

FIRST = Shipment(LATER, carrier="YAMATO", shipping_method="express", tracking_number="1111", carrier_code="YAMATO")


def of(*units: tuple[str, int | None], base: Shipment = FIRST, number: str | None = None) -> Shipment:
    items = tuple(ShippedItem(ItemKey(code), count) for code, count in units)
    return replace(base, items=items, merchant_fulfillment_id=number)


def tracked(number: str | None, shipment: Shipment = FIRST) -> Shipment:
    return replace(shipment, tracking_number=number)


def confirm(order: Order, *shipments: Shipment) -> Change:
    change = Change(order)
    for shipment in shipments:
        change = ship(change.order, shipment, NOW, NOW)
    return change


def numbers(order: Order) -> list[str | None]:
    return [package.tracking_number for package in order.packages]


def test_the_same_shipment_with_another_number_updates_the_package() -> None:
    change = confirm(an_order(), FIRST, tracked("2222"))

    assert numbers(change.order) == ["2222"]
    assert [item.quantity_shipped for item in change.order.items] == [2]
    assert change.events == (Event.REDIRECTED,)


def test_what_is_not_told_stays_and_what_is_cleared_goes() -> None:
    said = Shipment(LATER + timedelta(hours=1), shipping_method=CLEARED)

    change = confirm(an_order(), FIRST, said)

    assert change.order.packages[0] == Package(
        said.shipped_at, change.order.packages[0].items, "YAMATO", None, "1111", None
    )
    assert change.events == ()


def test_the_same_again_under_its_number_changes_nothing_and_tells_nobody() -> None:
    numbered = replace(FIRST, merchant_fulfillment_id="8")
    order = confirm(an_order(), numbered).order

    change = confirm(order, numbered)

    assert change.order is order
    assert change.events == ()


def test_the_same_again_without_a_number_is_more_than_is_open() -> None:
    with declines(Rule.MORE_THAN_OPEN):
        confirm(an_order(), FIRST, FIRST)


def test_a_number_that_is_taken_away_is_told_to_nobody() -> None:
    assert confirm(an_order(), FIRST, tracked(CLEARED)).events == ()


def test_the_sellers_number_of_the_shipment_says_which_package() -> None:
    one, two = of((BOOK, 1), number="8"), of((BOOK, 1), number="9")

    order = confirm(an_order(), one, two, tracked("2222", one)).order

    assert numbers(order) == ["2222", "1111"]


def test_the_sellers_number_tells_a_correction_while_units_are_open() -> None:
    order = confirm(an_order(), of((BOOK, 1), number="8"), tracked("2222", of((BOOK, 1), number="8"))).order

    assert numbers(order) == ["2222"]
    assert order.items[0].quantity_open == 1


def test_without_a_number_open_units_are_another_package() -> None:
    assert numbers(confirm(an_order(), of((BOOK, 1)), tracked("2222", of((BOOK, 1)))).order) == ["1111", "2222"]


def test_more_than_is_open_is_a_correction_if_a_package_holds_exactly_that() -> None:
    order = confirm(an_order(an_item(ordered=3)), of((BOOK, 2)), tracked("2222", of((BOOK, 2)))).order

    assert numbers(order) == ["2222"]
    assert order.items[0].quantity_open == 1


def test_the_newest_package_of_the_same_units_is_meant() -> None:
    order = confirm(an_order(), of((BOOK, 1)), tracked("2222", of((BOOK, 1))), tracked("3333", of((BOOK, 1)))).order

    assert numbers(order) == ["1111", "3333"]


def test_a_whole_order_in_several_packages_is_no_package() -> None:
    with declines(Rule.MORE_THAN_OPEN):
        confirm(an_order(), of((BOOK, 1)), of((BOOK, 1)), tracked("9"))


@pytest.mark.parametrize("units", [1, 3])
def test_units_that_no_package_holds_are_refused(units: int) -> None:
    with declines(Rule.MORE_THAN_OPEN):
        confirm(an_order(), FIRST, of((BOOK, units)))


def test_a_correction_needs_a_plausible_date() -> None:
    with declines(Rule.SHIP_DATE_IMPLAUSIBLE):
        confirm(an_order(), FIRST, replace(FIRST, shipped_at=NOW + timedelta(seconds=1)))


def test_what_a_package_was_at_each_time_can_be_told() -> None:
    order = confirm(an_order(), FIRST, tracked("2222"), tracked("3333")).order

    assert show_first(order, 0).tracking_number == "1111"
    assert [show_corrected(order, number).tracking_number for number in (0, 1)] == ["2222", "3333"]


def test_a_shipment_needs_the_code_of_its_carrier() -> None:
    for wrong in (
        Shipment(LATER),
        Shipment(LATER, carrier="Kurier"),
        Shipment(LATER, carrier="Other", carrier_code="Other"),
    ):
        with declines(Rule.CARRIER_MISSING):
            ship(an_order(), wrong, NOW, NOW, needs_carrier=True)
        assert ship(an_order(), wrong, NOW, NOW).order.packages


def test_a_correction_need_not_repeat_the_carrier() -> None:
    order = confirm(an_order(), FIRST).order

    assert ship(order, Shipment(LATER, tracking_number="2"), NOW, NOW, needs_carrier=True).order.packages[0].carrier


def test_an_order_paid_on_delivery_needs_collection() -> None:
    order = an_order(an_item(Principal=2000, COD=300))

    with declines(Rule.COLLECTION_MISSING):
        confirm(order, FIRST)
    assert confirm(order, replace(FIRST, collects_payment=True)).order.packages
