"""What buyers and the seller were told, and what waits."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Buyer
from feedproc.ports import Undelivered
from tests.builders import OTHER_SELLER, a_feed, a_seller, an_order, cancels, order_id
from tests.console.builders import Visitor, with_password
from tests.console.feeds import ESCAPED, SCRIPT

BUYER = Buyer("Aoi <Tanaka>", "aoi@marketplace.example")


@pytest.fixture
def seller(seller: Visitor) -> Visitor:
    """One order was cancelled; its buyer is to be told."""
    seller.shop.stocked(replace(an_order(1), buyer=BUYER))
    seller.shop.submit(a_feed(cancels(1)))
    seller.shop.work()
    return seller


def letter_of(seller: Visitor) -> str:
    seller.get("/outbox")
    return seller.page.partition('href="/console/outbox/letter?entry=')[2].partition('"')[0]


def test_what_waits_is_listed_with_order_and_feed(seller: Visitor) -> None:
    seller.get("/outbox")
    assert "E-mail: order cancelled" in seller.text
    assert "Notification: feed finished" in seller.text
    assert "Waiting (2)" in seller.text
    assert f'href="/console/orders/{order_id(1)}"' in seller.page
    assert 'href="/console/feeds/' in seller.page


def test_what_was_sent_tells_when(seller: Visitor) -> None:
    outbox = seller.shop.backend.outbox
    outbox.note_sent(outbox.list_waiting(9)[:1], seller.shop.now + timedelta(hours=1))
    seller.get("/outbox")
    assert "Sent 2024-03-04 13:00" in seller.text
    seller.get("/outbox?which=waiting")
    assert "Sent 2024" not in seller.text
    assert seller.page.count("</tr>") == 2


def test_an_e_mail_is_shown_as_the_buyer_reads_it(seller: Visitor) -> None:
    seller.get(f"/outbox/letter?entry={letter_of(seller)}")
    assert "aoi@marketplace.example" in seller.text
    assert order_id(1) in seller.text
    assert "Aoi <Tanaka>" in seller.text
    assert "<Tanaka>" not in seller.page


def test_an_e_mail_full_of_script_stays_text(seller: Visitor) -> None:
    seller.shop.stocked(replace(an_order(1), buyer=Buyer(SCRIPT, f"{SCRIPT}@x.example")))
    seller.get(f"/outbox/letter?entry={letter_of(seller)}")
    assert SCRIPT not in seller.page
    assert ESCAPED in seller.page


def test_addresses_are_not_in_the_list(seller: Visitor) -> None:
    seller.get("/outbox")
    assert "marketplace.example" not in seller.page


def test_anothers_letters_are_not_found(seller: Visitor) -> None:
    entry = letter_of(seller)
    seller.shop.stocked(seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER, "the rival's password")
    rival = Visitor(seller.shop)
    rival.sign_in(OTHER_SELLER, "the rival's password")
    rival.get("/outbox")
    assert "There is nothing here." in rival.text
    assert rival.get(f"/outbox/letter?entry={entry}").status_code == 404


@pytest.mark.parametrize("entry", ["", "x", "\0", SCRIPT])
def test_a_letter_that_there_is_not_is_not_found(seller: Visitor, entry: str) -> None:
    assert seller.get(f"/outbox/letter?entry={quote(entry)}").status_code == 404


def test_a_notification_is_no_letter(seller: Visitor) -> None:
    told = seller.shop.backend.outbox.list_recent("A2SHOP", 9)
    (finished,) = [one.entry.entry_id for one in told if one.entry.notice is None]
    assert seller.get(f"/outbox/letter?entry={quote(finished)}").status_code == 404


def test_what_could_not_be_delivered_says_so_and_why_in_list_and_letter(seller: Visitor) -> None:
    outbox = seller.shop.backend.outbox
    first, second = outbox.list_waiting(9)
    outbox.note_sent([first], seller.shop.now, Undelivered("550 <no such user>"))
    outbox.note_sent([second], seller.shop.now, Undelivered("the seller has no queue", has_nobody=True))
    seller.get("/outbox")
    assert "Undeliverable 550 <no such user>" in seller.text
    assert "Nobody to tell the seller has no queue" in seller.text
    assert "Sent 2024" not in seller.text
    seller.get(f"/outbox/letter?entry={letter_of(seller)}")
    assert "Undeliverable 550 <no such user>" in seller.text
    seller.speak("ja")
    seller.get("/outbox")
    assert "配信不能" in seller.text
