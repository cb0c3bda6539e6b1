"""Order Adjustment as a flat file: refunds, promotions and units that cannot be shipped with the rest."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Item, Order, OrderStatus, Promotion
from tests.builders import FULFILLMENT, Shop, a_feed, an_order, item_code
from tests.builders import ships as ships_in_xml
from tests.formats.flatfiles import ADJUSTMENT, INCOMPLETE, a_file, refunds, run, table

NET = "The net adjustment amount is not a positive amount and has therefore been rejected."
COLUMNS = {
    "item-price-adj": "Principal", "item-tax-adj": "Tax", "shipping-price-adj": "Shipping",
    "shipping-tax-adj": "ShippingTax", "gift-wrap-price-adj": "GiftWrap", "gift-wrap-tax-adj": "GiftWrapTax",
}  # fmt: skip


def a_shipped_order(**changed: object) -> Order:
    charges = dict.fromkeys(COLUMNS.values(), Decimal(1000))
    promotions = (
        Promotion("SALE", {"Principal": Decimal(-100)}),
        Promotion("FREE", {"Shipping": Decimal(-100)}),
    )
    item = Item(item_code(1), "SKU-1", 2, charges, quantity_shipped=2, promotions=promotions)
    return an_order(1, items=(replace(item, **changed),))


def test_every_amount_is_paid_back_for_what_it_is(shop: Shop) -> None:
    amounts = {column: f"{place}.50" for place, column in enumerate(COLUMNS, 1)}
    assert run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, refunds(1) | amounts), ADJUSTMENT).counts == (1, 1)
    assert shop.order(1).items[0].refunded == {
        name: Decimal(f"{place}.50") for place, name in enumerate(COLUMNS.values(), 1)
    }


def test_promotions_are_taken_back_by_their_names(shop: Shop) -> None:
    row = refunds(
        1, item_promotion_adj="-10.00", item_promotion_id="SALE", ship_promotion_adj="-5.00", ship_promotion_id="FREE"
    )
    assert run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, row), ADJUSTMENT).counts == (1, 1)
    assert shop.order(1).items[0].promotions_refunded == {"Principal": Decimal(-10), "Shipping": Decimal(-5)}


def test_an_unknown_promotion_is_refused_and_one_without_amount_means_nothing(shop: Shop) -> None:
    rows = [
        refunds(1, item_promotion_adj="-10.00", item_promotion_id="OTHER"),
        refunds(1, item_promotion_adj="0.00", item_promotion_id="OTHER"),
    ]
    report = run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, *rows), ADJUSTMENT)
    assert (report.counts, [row.record for row in report.rows]) == ((2, 1), ["1"])


def test_the_promotion_columns_may_be_deleted(shop: Shop) -> None:
    text = table(refunds(1).keys(), refunds(1).values())
    assert run(shop.stocked(a_shipped_order()), text, ADJUSTMENT).counts == (1, 1)


def test_units_that_cannot_be_shipped_are_cancelled_once_the_rest_has(shop: Shop) -> None:
    order = a_shipped_order(quantity_shipped=1)
    zeros = dict.fromkeys(COLUMNS, "0.00")
    row = refunds(1, adjustment_reason_code="NoInventory", quantity_cancelled=1) | zeros
    assert run(shop.stocked(order), a_file(ADJUSTMENT, row), ADJUSTMENT).counts == (1, 1)
    assert (shop.order(1).status, shop.order(1).items[0].quantity_cancelled) == (OrderStatus.SHIPPED, 1)
    kinds = [entry.notice.kind for entry in shop.backend.outbox.list_waiting(9) if entry.notice]
    assert kinds == ["cancelled"]


@pytest.mark.parametrize("reason", ["CustomerReturn", "CouldNotShip"])
def test_units_are_cancelled_only_for_want_of_stock_or_by_the_buyer(shop: Shop, reason: str) -> None:
    row = refunds(1, item_price_adj="", adjustment_reason_code=reason, quantity_cancelled=1)
    report = run(shop.stocked(a_shipped_order(quantity_shipped=1)), a_file(ADJUSTMENT, row), ADJUSTMENT)
    assert (report.counts, report.rows[0].code) == ((1, 0), "18028")


def test_a_refund_before_shipping_waits_for_the_confirmation(shop: Shop) -> None:
    run(shop.stocked(a_shipped_order(quantity_shipped=0)), a_file(ADJUSTMENT, refunds(1)), ADJUSTMENT)
    assert (shop.order(1).refunds, len(shop.order(1).held_refunds)) == ((), 1)
    shop.run(a_feed(ships_in_xml(1), feed_type=FULFILLMENT), FULFILLMENT)
    assert shop.order(1).items[0].refunded == {"Principal": Decimal(100)}


def test_rows_of_one_item_add_up_until_nothing_is_left(shop: Shop) -> None:
    rows = [refunds(1, item_price_adj="600.00")] * 2
    report = run(shop.stocked(a_shipped_order(promotions=())), a_file(ADJUSTMENT, *rows), ADJUSTMENT)
    assert report.told == [("2", "18028", "The requested refund amount for the item price is not eligible")]
    assert (report.rows[0].order, report.rows[0].item) == (shop.order(1).amazon_order_id, item_code(1))


@pytest.mark.parametrize(
    "reason",
    [
        "NoInventory", "CustomerReturn", "GeneralAdjustment", "CouldNotShip", "DifferentItem", "Abandoned",
        "CustomerCancel", "PriceError",
    ],
)  # fmt: skip
def test_every_reason_of_the_template_is_taken(shop: Shop, reason: str) -> None:
    row = refunds(1, adjustment_reason_code=reason)
    assert run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, row), ADJUSTMENT).counts == (1, 1)


@pytest.mark.parametrize("amount", ["100.00", "+100.00", "0000000000000000100.00"])
def test_amounts_have_two_decimals_and_may_have_a_sign(shop: Shop, amount: str) -> None:
    row = refunds(1, item_price_adj=amount)
    assert run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, row), ADJUSTMENT).counts == (1, 1)
    assert shop.order(1).items[0].refunded == {"Principal": Decimal(100)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("item-price-adj", "100"),
        ("item-price-adj", "100.0"),
        ("item-price-adj", "100.000"),
        ("item-price-adj", "1,000.00"),
        ("item-price-adj", "100,00"),
        ("item-price-adj", "¥100.00"),
        ("item-price-adj", "１００.00"),
        ("item-price-adj", "1e2"),
        ("item-price-adj", "NaN"),
        ("item-price-adj", "9" * 21 + ".00"),
        ("shipping-tax-adj", ".50"),
        ("currency", "jpy"),
        ("currency", "円"),
        ("order-item-id", ""),
        ("order-item-id", "123"),
        ("adjustment-reason-code", ""),
        ("adjustment-reason-code", "BuyerCanceled"),
        ("item-promotion-id", "x" * 81),
        ("quantity-cancelled", "0"),
        ("quantity-cancelled", "-1"),
        ("quantity-cancelled", "1.0"),
        ("quantity-cancelled", "9" * 30),
    ],
)
def test_a_value_that_its_column_does_not_take_is_refused(shop: Shop, column: str, value: str) -> None:
    report = run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, refunds(1) | {column: value}), ADJUSTMENT)
    assert report.told == [("1", "18028", INCOMPLETE)]
    assert shop.order(1) == a_shipped_order()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"item-price-adj": "-1.00"}, "Adjustment amount for item price is a negative value."),
        ({"item-price-adj": "", "item-tax-adj": "-1.00"}, "Adjustment amount for tax or shipping tax is a negative"),
        ({"item-price-adj": "0.00"}, NET),
        ({"item-price-adj": ""}, NET),
        ({"currency": "EUR"}, "The data you submitted is incomplete or invalid."),
        ({"item-price-adj": "1000.01"}, "The requested refund amount for the item price"),
    ],
)
def test_the_rules_are_those_of_the_xml_feed(shop: Shop, changed: dict[str, object], text: str) -> None:
    report = run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, refunds(1) | changed), ADJUSTMENT)
    assert report.counts == (1, 0)
    assert report.rows[0].text.startswith(text)


def test_without_a_currency_amounts_are_in_the_orders(shop: Shop) -> None:
    row = refunds(1, currency="")
    assert run(shop.stocked(a_shipped_order()), a_file(ADJUSTMENT, row), ADJUSTMENT).counts == (1, 1)
