"""OrderAdjustment: decoded as the schema means it, applied, and answered in Amazon's words."""

from decimal import Decimal

import pytest

from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.result_codes import EXCESSIVE_PRICE, EXCESSIVE_TAX
from feedproc.feedtypes import order_adjustment as feed_type
from feedproc.feedtypes.order_adjustment.message import OrderAdjustment, touches
from feedproc.feedtypes.order_adjustment.xml import decode
from feedproc.orders.adjustment import AdjustedItem, Adjustment, PromotionAdjustment
from feedproc.orders.order import Event, GivenBy, ItemKey, Order, OrderKey, OrderStatus
from tests.orders.builders import (
    BOOK,
    LAMP,
    ORDER_ID,
    a_canceled_order,
    a_discounted_item,
    a_pending_order,
    acknowledged,
    amounts,
    an_item,
    an_order,
    money,
)

from .builders import INVALID, a_context, applying, changed, payload, refused, said

EXCESSIVE = (18028, "The requested refund amount exceeds the amount that can be refunded.")
NEGATIVE_TAX = (18028, "Adjustment amount for tax or shipping tax is a negative value.")
NOT_A_CREDIT = (18028, "The net adjustment amount is not a positive amount and has therefore been rejected.")
INCOMPLETE = (
    18028,
    "The data you submitted with this item is incomplete or invalid. "
    "Please resubmit the item with all required fields completed with valid data.",
)


def a_message(*items: str, action: str = "") -> str:
    named = f"<ActionType>{action}</ActionType>" if action else ""
    return (
        f"<OrderAdjustment><AmazonOrderID>{ORDER_ID}</AmazonOrderID>{named}"
        f"{''.join(items) or an_item_element(Principal=100)}</OrderAdjustment>"
    )


def components(currency: str = "", **given: str | int) -> str:
    attribute = f' currency="{currency}"' if currency else ""
    return "".join(
        f"<Component><Type>{name}</Type><Amount{attribute}>{text}</Amount></Component>" for name, text in given.items()
    )


def an_item_element(
    code: str = BOOK, reason: str = "CustomerReturn", rest: str = "", currency: str = "", **given: str | int
) -> str:
    prices = f"<ItemPriceAdjustments>{components(currency, **given)}</ItemPriceAdjustments>" if given else ""
    return (
        f"<AdjustedItem><AmazonOrderItemCode>{code}</AmazonOrderItemCode>"
        f"<AdjustmentReason>{reason}</AdjustmentReason>{prices}{rest}</AdjustedItem>"
    )


def cancelled(quantity: int | str = 1, reason: str = "NoInventory", code: str = LAMP) -> str:
    return an_item_element(code, reason, f"<QuantityCancelled>{quantity}</QuantityCancelled>")


def shipped_order() -> Order:
    return an_order(an_item(BOOK, ordered=2, shipped=2, Principal=2000, Tax=200, Shipping=500, ShippingTax=50))


def half_shipped_order() -> Order:
    return an_order(an_item(BOOK, ordered=2, shipped=2), an_item(LAMP, ordered=3))


def test_every_part_is_read() -> None:
    xml = f"""<OrderAdjustment><MerchantOrderID>M-1</MerchantOrderID><ActionType>Refund</ActionType>
      <CODCollectionMethod>DirectPayment</CODCollectionMethod>
      <AdjustedItem><MerchantOrderItemID>line 1</MerchantOrderItemID>
        <MerchantAdjustmentItemID>A-1</MerchantAdjustmentItemID><AdjustmentReason>PriceError</AdjustmentReason>
        <ItemPriceAdjustments>{components("JPY", Principal="10.00", Tax="1.00")}</ItemPriceAdjustments>
        <PromotionAdjustments><PromotionClaimCode>SPRING24</PromotionClaimCode>
          <MerchantPromotionID>spring</MerchantPromotionID>{components("JPY", Principal="-2.00")}</PromotionAdjustments>
        <PromotionAdjustments>{components(Shipping="-3.00")}</PromotionAdjustments>
        <DirectPaymentAdjustments>{components("USD", Bank="4.00")}</DirectPaymentAdjustments>
        <QuantityCancelled>1</QuantityCancelled><Quantity>2</Quantity></AdjustedItem></OrderAdjustment>"""

    item = AdjustedItem(
        item=ItemKey("line 1", GivenBy.SELLER),
        reason="PriceError",
        prices=amounts(Principal=10, Tax=1),
        promotions=(
            PromotionAdjustment(amounts(Principal=-2), "spring", "SPRING24"),
            PromotionAdjustment(amounts(Shipping=-3)),
        ),
        direct_payments=amounts(Bank=4),
        quantity_cancelled=1,
        quantity=2,
        merchant_adjustment_item_id="A-1",
    )
    adjustment = Adjustment((item,), "Refund", frozenset({"JPY", "USD"}))
    assert decode(payload(xml)) == OrderAdjustment(OrderKey("M-1", GivenBy.SELLER), adjustment)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20.0000", "20"),
        ("-3.900000", "-3.9"),
        (".50", "0.5"),
        ("5.", "5"),
        ("+4.00", "4"),
        (" 10.00 ", "10"),
        ("\n\t10.00\n", "10"),
        ("1<!-- note -->0.00", "10"),
        ("<![CDATA[10]]>.00", "10"),
        ("99999999999999999999", "99999999999999999999"),
        ("999999999999999999.99", "999999999999999999.99"),
        ("0" * 6000 + "7.00", "7"),
        ("7." + "0" * 6000, "7"),
    ],
)
def test_amounts_are_exact_however_they_are_written(text: str, value: str) -> None:
    body = decode(payload(a_message(an_item_element(Shipping=text))))

    assert body.adjustment.items[0].prices == (("Shipping", Decimal(value)),)
    assert len(str(body.adjustment.items[0].prices[0][1])) < 30


@pytest.mark.parametrize(
    ("text", "units"), [("1", 1), ("0001", 1), ("+2", 2), (" 3\n", 3), ("+" + "0" * 5000 + "4", 4)]
)
def test_quantities_are_read_however_they_are_written(text: str, units: int) -> None:
    body = decode(payload(a_message(an_item_element(rest=f"<Quantity>{text}</Quantity>"))))

    assert body.adjustment.items[0].quantity == units


def test_a_promotion_id_may_be_empty_and_a_claim_code_keeps_its_blanks() -> None:
    names = "<PromotionClaimCode> a\tcode</PromotionClaimCode><MerchantPromotionID/>"
    rest = f"<PromotionAdjustments>{names}{components(Principal=-1)}</PromotionAdjustments>"

    promotion = decode(payload(a_message(an_item_element(rest=rest)))).adjustment.items[0].promotions[0]

    assert (promotion.promotion_id, promotion.claim_code) == (None, " a\tcode")


def test_a_message_names_one_order() -> None:
    assert touches(decode(payload(a_message()))).orders == (OrderKey(ORDER_ID),)


def test_a_refund_is_paid_and_told() -> None:
    message = a_message(an_item_element(Principal="1000.00", Tax="100.00", currency="JPY"), action="Refund")

    outcome = applying(feed_type, message, shipped_order())

    assert changed(outcome).items[0].refunded == money(Principal=1000, Tax=100)
    assert outcome.notices == (BuyerNotice(Event.REFUNDED, ORDER_ID, since=0, until=1),)


def test_a_refund_of_unshipped_units_is_held_and_not_told() -> None:
    outcome = applying(feed_type, a_message(), an_order())

    assert changed(outcome).held_refunds
    assert outcome.notices == ()


def test_units_are_cancelled_and_told() -> None:
    outcome = applying(feed_type, a_message(cancelled(3), action="Cancel"), half_shipped_order())

    assert changed(outcome).status is OrderStatus.SHIPPED
    assert (outcome.notices, outcome.stock) == ((BuyerNotice(Event.CANCELLED, ORDER_ID, since=0, until=1),), ())


def test_discount_is_taken_back() -> None:
    rest = (
        "<PromotionAdjustments><MerchantPromotionID>spring</MerchantPromotionID>"
        f"{components(Principal=-100)}</PromotionAdjustments>"
    )
    message = a_message(an_item_element(rest=rest, Principal=1000))

    order = changed(applying(feed_type, message, an_order(a_discounted_item())))

    assert order.items[0].promotions_refunded == money(Principal=-100)


def test_a_negative_price_is_told_with_its_help_page() -> None:
    assert said(applying(feed_type, a_message(an_item_element(Principal=-1, Shipping=500)), shipped_order())) == (
        18028,
        "Adjustment amount for item price is a negative value. "
        "For help fixing this, see http://sellercentral.amazon.co.jp/gp/help/25221",
    )


@pytest.mark.parametrize("component", ["Tax", "ShippingTax"])
def test_a_negative_tax_is_refused(component: str) -> None:
    message = a_message(an_item_element(Principal=1000, **{component: -1}))

    assert said(applying(feed_type, message, shipped_order())) == NEGATIVE_TAX


@pytest.mark.parametrize(
    "message",
    [
        a_message(an_item_element()),
        a_message(an_item_element(Principal=0)),
        a_message(an_item_element(Principal=100, ReturnShipping=-100)),
        a_message(an_item_element(Shipping=-1)),
    ],
)
def test_what_is_not_a_credit_is_refused(message: str) -> None:
    assert said(applying(feed_type, message, shipped_order())) == NOT_A_CREDIT


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"Principal": "2000.01"}, EXCESSIVE_PRICE.text),
        ({"Tax": 201}, EXCESSIVE_TAX.text),
        ({"ShippingTax": 1001}, EXCESSIVE_TAX.text),
        ({"Shipping": 501}, EXCESSIVE[1]),
        ({"GiftWrap": 1}, EXCESSIVE[1]),
        ({"Goodwill": 2751}, EXCESSIVE[1]),
    ],
)
def test_more_than_was_charged_is_refused(given: dict[str, str | int], text: str) -> None:
    result = refused(applying(feed_type, a_message(an_item_element(**given)), shipped_order()))

    assert ((result.code, result.description), result.amazon_order_id) == ((18028, text), ORDER_ID)


def test_amazons_order_is_refunded_by_amazon() -> None:
    order = an_order(an_item(shipped=2), fulfilled_by_amazon=True)

    assert said(applying(feed_type, a_message(), order)) == EXCESSIVE


def test_the_action_cancel_before_anything_shipped_is_incomplete() -> None:
    assert said(applying(feed_type, a_message(cancelled(code=BOOK), action="Cancel"), an_order())) == INCOMPLETE


@pytest.mark.parametrize(
    "message",
    [
        a_message(cancelled(1, "CustomerReturn")),
        a_message(cancelled(4)),
        a_message(cancelled("9" * 30)),
        a_message(cancelled(1, code=BOOK)),
        a_message(an_item_element(Principal=1, currency="USD")),
        a_message(an_item_element(Principal=1, currency="JPY"), an_item_element(Principal=1, currency="USD")),
        a_message(an_item_element(Principal=1, rest="<Quantity>3</Quantity>")),
        a_message(an_item_element("99999999999999", Principal=1)),
        a_message(
            an_item_element(
                Principal=500, rest=f"<PromotionAdjustments>{components(Principal=-1)}</PromotionAdjustments>"
            )
        ),
        a_message(
            an_item_element(
                Principal=500, rest=f"<PromotionAdjustments>{components(Principal=1)}</PromotionAdjustments>"
            )
        ),
    ],
)
def test_whatever_has_no_text_of_its_own_is_invalid(message: str) -> None:
    assert said(applying(feed_type, message, half_shipped_order())) == (18028, INVALID)


@pytest.mark.parametrize(
    "order", [a_pending_order(), an_order(marker=OrderStatus.PENDING_AVAILABILITY), a_canceled_order()]
)
def test_pending_and_canceled_orders_are_refused(order: Order) -> None:
    assert said(applying(feed_type, a_message(), order)) == (18028, INVALID)


def test_units_cannot_be_cancelled_before_anything_has_shipped() -> None:
    assert said(applying(feed_type, a_message(cancelled(code=BOOK)), an_order())) == (18028, INVALID)


def test_the_sellers_own_id_is_not_answered_with_amazons() -> None:
    order = acknowledged(an_order(an_item(shipped=2), fulfilled_by_amazon=True), "M-1")
    message = a_message().replace(
        f"<AmazonOrderID>{ORDER_ID}</AmazonOrderID>", "<MerchantOrderID>M-1</MerchantOrderID>"
    )

    assert refused(applying(feed_type, message, order)).amazon_order_id is None


def test_an_order_that_is_not_there_cannot_be_found() -> None:
    assert said(applying(feed_type, a_message())) == (
        18028,
        f"Your order cannot be found using Merchant ID MERCHANT-1 and Merchant Order {ORDER_ID}. "
        "Enter the correct order ID and then resubmit your feed.",
    )


@pytest.mark.parametrize(
    ("marketplace_id", "host"),
    [
        ("A1VC38T7YXB528", "sellercentral.amazon.co.jp"),
        ("ATVPDKIKX0DER", "sellercentral.amazon.com"),
        ("A1PA6795UKMFR9", "sellercentral.amazon.de"),
        ("A1805IZSGTT6HS", "sellercentral-europe.amazon.com"),
        ("NOWHERE", "sellercentral.amazon.com"),
    ],
)
def test_the_help_page_is_that_of_the_marketplace(marketplace_id: str, host: str) -> None:
    outcome = applying(feed_type, a_message(), a_pending_order(), context=a_context(marketplace_id))

    assert said(outcome)[1].endswith(f"see http://{host}/gp/help/30721")
