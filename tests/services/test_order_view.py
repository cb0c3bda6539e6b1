import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.feeds.marketplaces import JAPAN
from feedproc.orders.order import Cancellation, Item, Order, OrderStatus, Payment, PaymentTerms, Promotion, Window
from feedproc.services.read.order_view import OrderView, derive_asin, view_order
from tests.builders import NOON, PURCHASED, an_order

THURSDAY = datetime(2015, 8, 6, 3, 33, tzinfo=UTC)
"""12:33 in Japan."""


def a_japanese_order(**changed: Any) -> Order:
    return an_order(**({"marketplace_id": JAPAN, "purchased_at": THURSDAY} | changed))


def an_item(quantity: int = 3, cancelled: int = 0, **changed: Any) -> Item:
    cancellations = (Cancellation(cancelled, NOON, "NoInventory"),) if cancelled else ()
    charges = {"Principal": Decimal(1000), "Tax": Decimal(100)}
    known = {"charges": charges, "cancellations": cancellations}
    return Item("1" * 14, "SKU-1", quantity, **(known | changed))


def viewed(*items: Item, **changed: Any) -> OrderView:
    return view_order(a_japanese_order(items=items or (an_item(),), **changed))


def test_an_order_of_a_thursday_is_to_be_shipped_from_friday_to_monday_by_the_shops_calendar() -> None:
    assert viewed().ship == Window(datetime(2015, 8, 6, 15, tzinfo=UTC), datetime(2015, 8, 10, 14, 59, 59, tzinfo=UTC))


def test_delivery_follows_two_to_seven_days_after_shipment() -> None:
    view = viewed()
    assert view.delivery == Window(datetime(2015, 8, 8, 15, tzinfo=UTC), datetime(2015, 8, 17, 14, 59, 59, tzinfo=UTC))


def test_a_promise_that_the_order_tells_stands() -> None:
    told = Window(NOON + timedelta(days=5), NOON + timedelta(days=6))
    view = viewed(latest_ship_date=NOON, delivery=told)
    assert (view.ship.latest, view.delivery) == (NOON, told)


def test_a_ship_date_before_the_day_after_purchase_moves_the_earliest_one() -> None:
    soon = THURSDAY + timedelta(hours=1)
    assert viewed(latest_ship_date=soon).ship == Window(soon, soon)


def test_cancelled_units_take_their_share_of_the_charges_with_them_rounded_to_the_currency() -> None:
    view = viewed(an_item(quantity=3, cancelled=1))
    assert view.items[0].charges == {"Principal": Decimal(667), "Tax": Decimal(67)}
    assert (view.total, view.items[0].quantity) == (Decimal(734), 2)


def test_euros_are_rounded_to_the_cent() -> None:
    assert view_order(an_order(currency="EUR", items=(an_item(3, 1),))).items[0].charges["Principal"] == Decimal(
        "666.67"
    )


def test_a_total_is_charges_less_discounts() -> None:
    promotion = Promotion("AUTUMN", {"Principal": Decimal(-200), "Shipping": Decimal(-20)})
    assert viewed(an_item(promotions=(promotion, promotion))).total == Decimal(660)


def test_of_a_cancelled_order_nothing_is_to_be_paid() -> None:
    view = viewed(an_item(quantity=2, cancelled=2))
    assert (view.status, view.total, view.units_open) == (OrderStatus.CANCELED, 0, 0)


def test_a_product_number_is_derived_from_the_sku_when_nobody_told_it() -> None:
    assert re.fullmatch(r"B0[A-Z0-9]{8}", derive_asin("JP-0001"))
    assert derive_asin("JP-0001") == derive_asin("JP-0001") != derive_asin("JP-0002")
    assert viewed(an_item(asin="B000000001")).items[0].asin == "B000000001"


def test_an_order_with_a_cash_on_delivery_fee_is_paid_on_delivery() -> None:
    view = viewed(an_item(charges={"Principal": Decimal(1000), "COD": Decimal(300)}))
    assert view.payment == PaymentTerms("COD", ("COD",), (Payment("COD", Decimal(1300)),))


@pytest.mark.parametrize(
    ("known", "payment"),
    [
        (PaymentTerms(), PaymentTerms("Other", ("CreditCard",))),
        (PaymentTerms("CVS", ("Standard",)), PaymentTerms("CVS", ("Standard",))),
    ],
)
def test_payment_is_by_card_unless_the_order_tells_otherwise(known: PaymentTerms, payment: PaymentTerms) -> None:
    assert viewed(payment=known).payment == payment


@pytest.mark.parametrize(
    ("level", "told", "category"),
    [("", "Standard", "Standard"), ("NextDay", "NextDay", "NextDay"), ("Std JP Kanto8", "Std JP Kanto8", "Standard")],
)
def test_a_service_level_that_is_a_category_is_its_own(level: str, told: str, category: str) -> None:
    view = viewed(service_level=level)
    assert (view.service_level, view.service_category) == (told, category)


def test_the_sales_channel_is_the_marketplaces() -> None:
    assert viewed().sales_channel == "Amazon.co.jp"
    assert viewed(sales_channel="Non-Amazon JP").sales_channel == "Non-Amazon JP"


def test_an_order_waiting_for_its_product_is_a_preorder() -> None:
    assert viewed(marker=OrderStatus.PENDING_AVAILABILITY).order_type == "Preorder"
    assert viewed().order_type == "StandardOrder"


def test_an_order_that_no_book_has_changed_was_last_updated_by_what_it_tells_itself() -> None:
    assert an_order().last_updated_at == PURCHASED + timedelta(minutes=1)
    assert an_order(acknowledged_at=NOON).last_updated_at == NOON
    assert replace(an_order(acknowledged_at=NOON), updated_at=PURCHASED).last_updated_at == PURCHASED
