"""A seller gives money back: signs, limits, and what has to wait."""

import pytest
from msgspec.structs import replace

from feedproc.orders.adjustment import AdjustedItem
from feedproc.orders.order import Event, GivenBy, ItemKey, OrderStatus, Refund
from feedproc.orders.rules import Rule

from .builders import (
    BOOK,
    LAMP,
    NOW,
    a_canceled_order,
    a_discounted_item,
    a_line,
    a_pending_order,
    acknowledged,
    adjusted,
    adjusting,
    amounts,
    an_item,
    an_order,
    declines,
    money,
    refund,
    taken_back,
)


def test_a_refund_of_shipped_units_is_paid_at_once() -> None:
    order = an_order(an_item(ordered=1, shipped=1, Principal=1000, Tax=100, Shipping=300))

    change = adjusting(order, replace(a_line(Principal=400, Tax=40), merchant_adjustment_item_id="A-1"))

    assert change.order.items[0].refunded == money(Principal=400, Tax=40)
    kept = Refund(BOOK, "CustomerReturn", NOW, money(Principal=400, Tax=40), merchant_adjustment_item_id="A-1")
    assert change.order.refunds == (kept,)
    assert change.events == (Event.REFUNDED,)


def test_refunds_add_up_until_the_charge_is_used() -> None:
    order = refund(an_order(an_item(ordered=1, shipped=1)), Principal="600.50")

    order = refund(order, Principal="399.50")

    assert order.items[0].refunded == money(Principal=1000)
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Principal="0.01")


def test_the_reason_says_what_was_asked_charged_refunded_and_is_left() -> None:
    with declines(Rule.MORE_THAN_REFUNDABLE) as declined:
        refund(refund(an_order(an_item(ordered=1, shipped=1)), Principal=300), Principal=701)

    said = f"Principal of item {BOOK}: 701 is asked for, 1000 was charged, 300 was refunded before; 700 is left"
    assert declined.value.reason == said


def test_each_component_has_its_own_limit() -> None:
    order = an_order(an_item(ordered=1, shipped=1, Principal=1000, Shipping=300))

    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Shipping=301)


@pytest.mark.parametrize(
    "component",
    ["Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax", "COD", "CODTax", "ExportCharge", "Surcharge"],
)
def test_a_charge_that_was_not_made_cannot_be_given_back(component: str) -> None:
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(an_order(an_item(ordered=1, shipped=1)), **{component: 1})


def test_a_charge_named_codfee_repays_cod() -> None:
    order = refund(an_order(an_item(ordered=1, shipped=1, Principal=1000, CODFee=300)), COD=300)

    assert order.items[0].refunded == money(COD=300)
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, COD=1)


@pytest.mark.parametrize("component", ["Goodwill", "Other", "ReturnShipping", "FreeReplacementReturnShipping"])
def test_a_component_without_a_charge_is_bounded_by_the_items_total(component: str) -> None:
    order = refund(an_order(an_item(ordered=1, shipped=1)), Principal=900, **{component: 100})

    assert order.items[0].refunded == money(Principal=900, **{component: 100})
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, **{component: 1})


def test_one_items_balance_does_not_serve_another() -> None:
    order = an_order(an_item(BOOK, ordered=1, shipped=1), an_item(LAMP, ordered=1, shipped=1))

    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, BOOK, Principal=1000, Goodwill=500)


def test_repeated_components_and_lines_add_up() -> None:
    order = an_order(an_item(ordered=1, shipped=1))
    twice = AdjustedItem(ItemKey(BOOK), "Other", (*amounts(Principal=300), *amounts(Principal=300)))

    assert adjusted(order, twice).items[0].refunded == money(Principal=600)
    with declines(Rule.MORE_THAN_REFUNDABLE):
        adjusted(order, twice, a_line(Principal=401))


def test_fees_may_be_kept_back() -> None:
    order = an_order(an_item(ordered=1, shipped=1))

    order = refund(order, Principal=1000, RestockingFee=-200, ReturnShipping=-100)

    assert order.items[0].refunded == money(Principal=1000, RestockingFee=-200, ReturnShipping=-100)


@pytest.mark.parametrize(
    ("component", "rule"),
    [("Principal", Rule.NEGATIVE_PRICE), ("Tax", Rule.NEGATIVE_TAX), ("ShippingTax", Rule.NEGATIVE_TAX)],
)
def test_price_and_tax_cannot_be_charged(component: str, rule: Rule) -> None:
    order = an_order(an_item(ordered=1, shipped=1, Principal=1000, Shipping=500, Tax=50))

    with declines(rule):
        refund(order, Shipping=500, **{component: -1})


@pytest.mark.parametrize("fee", [-1000, -1001])
def test_a_message_has_to_be_a_credit(fee: int) -> None:
    with declines(Rule.NET_NOT_POSITIVE):
        refund(an_order(an_item(ordered=1, shipped=1)), Principal=1000, RestockingFee=fee)


def test_the_net_is_that_of_the_whole_message() -> None:
    order = an_order(an_item(BOOK, ordered=1, shipped=1), an_item(LAMP, ordered=1, shipped=1))

    order = adjusted(order, a_line(BOOK, ReturnShipping=-300), a_line(LAMP, Principal=301))

    assert order.items[0].refunded == money(ReturnShipping=-300)


def test_a_message_without_amounts_is_no_credit() -> None:
    with declines(Rule.NET_NOT_POSITIVE):
        adjusted(an_order(an_item(ordered=1, shipped=1)), a_line())


def test_nothing_of_a_message_stays_when_its_last_line_is_declined() -> None:
    order = an_order(an_item(BOOK, ordered=1, shipped=1), an_item(LAMP, ordered=1, shipped=1))
    before = order

    with declines(Rule.MORE_THAN_REFUNDABLE):
        adjusted(order, a_line(BOOK, Principal=500), a_line(LAMP, Principal=1001))

    assert order == before == an_order(*before.items)


def test_amounts_are_in_the_orders_currency() -> None:
    order = an_order(an_item(ordered=1, shipped=1))

    assert adjusting(order, a_line(Principal=1), currency="JPY").order.refunds
    with declines(Rule.WRONG_CURRENCY):
        adjusting(order, a_line(Principal=1), currency="USD")


def test_orders_that_cannot_be_adjusted() -> None:
    with declines(Rule.ORDER_PENDING):
        refund(a_pending_order(), Principal=1)
    with declines(Rule.ALREADY_CANCELED):
        refund(a_canceled_order(), Principal=1)
    with declines(Rule.REFUNDS_FULFILLED_BY_AMAZON):
        refund(an_order(an_item(ordered=1, shipped=1), fulfilled_by_amazon=True), Principal=1)


def test_an_order_that_waits_for_its_invoice_can_be_refunded() -> None:
    order = an_order(an_item(ordered=1, shipped=1), marker=OrderStatus.INVOICE_UNCONFIRMED)

    assert refund(order, Principal=1).refunds


def test_an_item_may_be_named_by_the_sellers_id() -> None:
    order = acknowledged(an_order(an_item(ordered=1, shipped=1)), _11111111111111="line 1")

    order = adjusted(order, replace(a_line(Principal=1), item=ItemKey("line 1", GivenBy.SELLER)))

    assert order.refunds[0].order_item_code == BOOK


def test_an_unknown_item_declines_the_message() -> None:
    with declines(Rule.ITEM_UNKNOWN):
        adjusted(an_order(an_item(ordered=1, shipped=1)), a_line(Principal=1), a_line(LAMP, Principal=1))


def test_money_paid_directly_counts_towards_the_total() -> None:
    order = an_order(an_item(ordered=1, shipped=1))
    direct = replace(a_line(), direct_payments=amounts(BankTransfer=600))

    order = adjusted(order, direct)

    assert order.items[0].refunded_directly == 600
    assert order.refunds[0].direct_payments == money(BankTransfer=600)
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Principal=401)


def test_more_units_than_were_ordered_cannot_be_refunded() -> None:
    order = an_order(an_item(ordered=3, shipped=2, cancelled=1))

    assert adjusted(order, replace(a_line(Principal=1), quantity=2)).refunds
    with declines(Rule.MORE_THAN_ORDERED):
        adjusted(order, replace(a_line(Principal=1), quantity=3))


def test_cancelled_units_are_not_refundable() -> None:
    order = an_order(an_item(ordered=3, shipped=2, cancelled=1, Principal=1000))

    assert refund(order, Principal="666.66").refunds
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Principal="666.67")


def test_an_item_that_was_cancelled_has_nothing_to_refund() -> None:
    order = an_order(an_item(BOOK, ordered=1, cancelled=1), an_item(LAMP, ordered=1, shipped=1))

    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, BOOK, Goodwill=1)


def test_a_refund_of_units_that_have_not_shipped_is_held() -> None:
    change = adjusting(an_order(an_item(ordered=2)), a_line(Principal=1000))

    assert change.order.items[0].refunded == {}
    assert [held.amounts for held in change.order.held_refunds] == [money(Principal=1000)]
    assert change.events == ()


def test_what_the_shipped_units_bear_is_paid_and_what_they_do_not_is_held() -> None:
    order = an_order(an_item(ordered=3, shipped=1, Principal=1000))

    assert refund(order, Principal="333.33").refunds
    assert refund(order, Principal="333.34").held_refunds


def test_a_refund_for_more_units_than_have_shipped_is_held() -> None:
    order = an_order(an_item(ordered=3, shipped=1))

    assert adjusted(order, replace(a_line(Principal=1), quantity=1)).refunds
    assert adjusted(order, replace(a_line(Principal=1), quantity=2)).held_refunds


def test_held_refunds_use_the_balance() -> None:
    order = refund(an_order(an_item(ordered=1)), Principal=700)

    assert refund(order, Principal=300).held_refunds[-1].amounts == money(Principal=300)
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Principal=301)


@pytest.mark.parametrize("component", ["Goodwill", "ReturnShipping"])
def test_money_without_a_charge_of_its_own_waits_for_a_shipment_too(component: str) -> None:
    assert refund(an_order(), **{component: 100}).held_refunds


def test_discount_is_taken_back_with_the_price() -> None:
    line = replace(a_line(Principal=2000), promotions=(taken_back("spring", Principal=-200),))

    order = adjusted(an_order(a_discounted_item()), line)

    assert order.items[0].refunded == money(Principal=2000)
    assert order.items[0].promotions_refunded == money(Principal=-200)


def test_price_and_discount_cannot_both_be_kept_by_the_buyer() -> None:
    order = an_order(a_discounted_item())

    assert refund(order, Principal=1800).refunds
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(order, Principal=1801)


def test_no_more_discount_is_taken_back_than_was_given() -> None:
    part = replace(a_line(Principal=1000), promotions=(taken_back(Principal=-150),))
    order = adjusted(an_order(a_discounted_item()), part)

    with declines(Rule.MORE_THAN_PROMOTED):
        adjusted(order, replace(part, promotions=(taken_back(Principal=-51),)))


@pytest.mark.parametrize(
    ("promotion_id", "claim_code"),
    [("spring", None), (None, "SPRING24"), ("spring", "SPRING24"), (None, None), ("free-shipping", "UNKNOWN1")],
)
def test_a_promotion_goes_by_either_name(promotion_id: str | None, claim_code: str | None) -> None:
    line = replace(a_line(Principal=500), promotions=(taken_back(promotion_id, claim_code, Principal=-50),))

    assert adjusted(an_order(a_discounted_item()), line).refunds


@pytest.mark.parametrize(
    ("promotion_id", "claim_code"),
    [("autumn", None), (None, "AUTUMN24"), ("spring", "AUTUMN24"), ("autumn", "SPRING24")],
)
def test_a_promotion_that_the_item_does_not_have_is_unknown(promotion_id: str | None, claim_code: str | None) -> None:
    line = replace(a_line(Principal=500), promotions=(taken_back(promotion_id, claim_code, Principal=-50),))

    with declines(Rule.PROMOTION_UNKNOWN) as declined:
        adjusted(an_order(a_discounted_item()), line)

    assert repr(promotion_id or claim_code) in declined.value.reason


def test_nothing_may_be_taken_back_of_a_promotion() -> None:
    line = replace(a_line(Principal=500), promotions=(taken_back("spring", Principal=0),))

    assert adjusted(an_order(a_discounted_item()), line).refunds


def test_a_promotion_cannot_be_given_twice() -> None:
    line = replace(a_line(Principal=500), promotions=(taken_back(Principal=50),))

    with declines(Rule.PROMOTION_POSITIVE):
        adjusted(an_order(a_discounted_item()), line)


def test_amounts_as_long_as_a_feed_may_give_are_compared_exactly() -> None:
    order = an_order(an_item(ordered=3, shipped=2, cancelled=1, Principal="30000000000000000000"))

    assert refund(order, Principal="20000000000000000000").refunds
    with declines(Rule.MORE_THAN_REFUNDABLE):
        refund(refund(order, Principal="20000000000000000000"), Principal="0.01")


def test_a_message_of_very_many_lines_costs_time_in_proportion() -> None:
    order = an_order(an_item(ordered=100, Principal="100000.00"))

    order = adjusted(order, *[a_line(Principal="0.01")] * 20_000)

    assert len(order.held_refunds) == 20_000
