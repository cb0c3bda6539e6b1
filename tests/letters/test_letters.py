"""What buyers read, in English and Japanese, and what hostile orders cannot make them read."""

import unicodedata
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice
from feedproc.letters import LANGUAGES, Letter, write_letter
from feedproc.orders.order import Buyer, Cancellation, Correction, Event, Item, Order, Package, PackageItem, Refund
from tests.builders import NOON, an_order, item_code, order_id

KINDS = tuple(Event)
HOSTILE = (
    "x\r\nBcc: all@marketplace.example",
    "x\n\nSubject: You have won",
    "x\x00\x1b[31m",
    "left\u202eright",
    "line\u2028line\x85line\x0bline",
    "{{ told.order_id }}{% for x in y %}",
    "<script>alert('&')</script>",
    "\ud800",
)


def an_item(number: int = 1, title: str = "Kettle & Co", quantity: int = 2) -> Item:
    return Item(item_code(number), f"SKU-{number}", quantity, {"Principal": Decimal(1000)}, title)


def rich(**changed: Any) -> Order:
    """An order that was cancelled, shipped and refunded in part."""
    first = replace(an_item(1), cancellations=(Cancellation(1, NOON, "NoInventory"),))
    known: dict[str, Any] = {
        "items": (first, an_item(2, "Teapot")),
        "buyer": Buyer("Mari Tanaka", "mari@marketplace.example"),
        "packages": (a_package(1, 1), a_package(2, 2, carrier="Yamato", tracking_number="1234-5678")),
        "refunds": (a_refund(1, "500"), a_refund(2, "1430", quantity=1)),
    }
    return replace(an_order(1), **(known | changed))


def a_package(number: int, quantity: int, **changed: str) -> Package:
    return Package(NOON, (PackageItem(item_code(number), quantity),), **changed)


def a_refund(number: int, amount: str, **changed: Any) -> Refund:
    return Refund(item_code(number), "CustomerReturn", NOON, {"Principal": Decimal(amount)}, **changed)


def told(kind: str, order: Order | None = None, language: str = "en", since: int = 0, until: int = 0) -> Letter:
    return write_letter(order or rich(), BuyerNotice(Event(kind), order_id(1), since, until), language)


def lines(letter: Letter) -> list[str]:
    return letter.text.splitlines()


def test_a_cancellation_names_the_units_that_are_cancelled() -> None:
    letter = told("cancelled")
    assert letter.subject == f"Your order {order_id(1)}: items cancelled"
    assert "Hello Mari Tanaka," in lines(letter)
    assert "  1 × Kettle & Co" in lines(letter)
    assert "Teapot" not in letter.text


def test_a_second_cancellation_names_what_is_new_only() -> None:
    later = replace(an_item(1), cancellations=(Cancellation(2, NOON + timedelta(minutes=1), "NoInventory"),))
    earlier = replace(an_item(2, "Teapot"), cancellations=(Cancellation(1, NOON, "NoInventory"),))
    order = rich(items=(later, earlier))
    first, second = told("cancelled", order, until=1), told("cancelled", order, since=1, until=2)
    assert ("  1 × Teapot" in lines(first), "Kettle" in first.text) == (True, False)
    assert ("  2 × Kettle & Co" in lines(second), "Teapot" in second.text) == (True, False)


def test_a_shipment_names_its_package_only() -> None:
    letter = told("shipped", since=1, until=2)
    assert "  2 × Teapot" in lines(letter)
    assert "Kettle" not in letter.text
    assert {"Shipped on: 4 March 2024", "Carrier: Yamato", "Tracking number: 1234-5678"} <= set(lines(letter))


def test_a_correction_tells_the_new_number_and_the_first_letter_keeps_the_old_one() -> None:
    order = rich(
        packages=(a_package(2, 2, carrier="Yamato", tracking_number="2222"),),
        corrections=(Correction(NOON, 0, NOON, "Yamato", None, "1111"),),
    )

    assert "Tracking number: 1111" in lines(told("shipped", order, since=0, until=1))
    assert "New tracking number: 2222" in lines(told("redirected", order, since=0, until=1))
    assert "新しいお問い合わせ伝票番号：2222" in lines(told("redirected", order, "ja", since=0, until=1))


def test_what_a_shipment_does_not_say_is_left_out() -> None:
    letter = told("shipped", since=0, until=1)
    assert "  1 × Kettle & Co" in lines(letter)
    assert not {"Carrier", "Tracking", "Shipping method", "None"} & set(letter.text.replace(":", " ").split())


def test_a_refund_names_what_is_new_and_its_sum() -> None:
    letter = told("refunded", since=1, until=2)
    assert "  1 × Teapot: JPY 1,430" in lines(letter)
    assert "Refunded in total: JPY 1,430" in lines(letter)
    assert "Kettle" not in letter.text


def test_several_refunds_of_one_message_are_one_letter() -> None:
    letter = told("refunded", since=0, until=2)
    assert "  Kettle & Co: JPY 500" in lines(letter)
    assert "Refunded in total: JPY 1,930" in lines(letter)


def test_discount_that_is_taken_back_is_subtracted_and_direct_payments_are_told_apart() -> None:
    refund = replace(a_refund(1, "500"), promotions={"Principal": Decimal(-50)}, direct_payments={"Bank": Decimal(80)})
    letter = told("refunded", rich(refunds=(refund,)))
    assert "Refunded in total: JPY 450" in lines(letter)
    assert "Paid to you directly by the seller: JPY 80" in lines(letter)


@pytest.mark.parametrize(
    ("amount", "currency", "english", "japanese"),
    [
        ("1430.00", "JPY", "JPY 1,430", "1,430円"),
        ("12.5", "EUR", "EUR 12.50", "EUR 12.50"),
        ("0.1", "JPY", "JPY 0.1", "0.1円"),
        ("1234567", "USD", "USD 1,234,567.00", "USD 1,234,567.00"),
        ("1E+2", "USD", "USD 100.00", "USD 100.00"),
        ("1E+100", "USD", "USD 1e+100", "USD 1e+100"),
        ("0.129", "USD", "USD 0.129", "USD 0.129"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(amount: str, currency: str, english: str, japanese: str) -> None:
    order = rich(refunds=(a_refund(1, amount),), currency=currency)
    assert f"Refunded in total: {english}" in lines(told("refunded", order))
    assert f"返金額の合計：{japanese}" in lines(told("refunded", order, "ja"))


def test_japanese_letters_read_as_japanese_letters_do() -> None:
    letter = told("shipped", rich(buyer=Buyer("佐藤　陽菜", "h@marketplace.example")), "ja", 1, 2)
    assert letter.subject == f"ご注文 {order_id(1)} の商品が発送されました"
    assert lines(letter)[0] == "佐藤　陽菜 様"
    assert {"  Teapot × 2", "発送日：2024年3月4日", "配送業者：Yamato"} <= set(lines(letter))


def test_a_day_in_japan_begins_earlier() -> None:
    package = replace(a_package(1, 1), shipped_at=NOON.replace(hour=20))
    order = rich(packages=(package,))
    assert "発送日：2024年3月5日" in told("shipped", order, "ja").text
    assert "Shipped on: 4 March 2024" in told("shipped", order).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_that_was_replaced_since_can_still_be_written_about(kind: str, language: str) -> None:
    letter = told(kind, an_order(1), language, 3, 4)
    assert order_id(1) in letter.subject
    assert order_id(1) in letter.text


def test_a_notice_of_an_older_feedproc_tells_all_there_is() -> None:
    assert "Refunded in total: JPY 1,930" in told("refunded", since=0, until=0).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_order_begins_a_line_or_a_header(kind: str, language: str, text: str) -> None:
    hostile = rich(
        amazon_order_id=text,
        buyer=Buyer(text, "b@marketplace.example"),
        items=(replace(rich().items[0], title=text), replace(rich().items[1], title=text)),
        packages=(replace(rich().packages[1], carrier=text, shipping_method=text, tracking_number=text),),
        currency=text,
    )
    tame, letter = told(kind, rich(packages=rich().packages[1:]), language), told(kind, hostile, language)
    assert len(lines(letter)) <= len(lines(tame)) + 1  # the shipping method
    assert len(letter.subject.splitlines()) == 1
    signs = set(letter.subject + letter.text) - {"\n"}
    assert not {sign for sign in signs if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


def test_markup_and_braces_stay_what_they_are() -> None:
    order = rich(buyer=Buyer("{{ 7 * 7 }} <b>&amp;", "b@marketplace.example"))
    assert "Hello {{ 7 * 7 }} <b>&amp;," in lines(told("cancelled", order))


def test_a_value_of_any_length_stays_on_a_line_of_its_own() -> None:
    order = rich(items=(replace(rich().items[0], title="x" * 1_000_000),), packages=(), refunds=())
    assert max(map(len, lines(told("cancelled", order)))) < 600


def test_an_unknown_kind_or_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="congratulated"):
        told("congratulated")
    with pytest.raises(KeyError):
        told("shipped", language="tlh")
