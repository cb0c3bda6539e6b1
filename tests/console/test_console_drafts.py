"""A feed is looked at before it is sent, and can be mended on the page."""

import os
import re
from io import BytesIO

import pytest

from feedproc.services import drafts
from tests.builders import ACKNOWLEDGEMENT, OTHER_SELLER, SELLER, a_feed, a_seller, cancels, order_id, orders
from tests.console.builders import Visitor, with_password
from tests.console.feeds import BAD, ESCAPED, FLAT_CANCELLATION, SCRIPT, bytes_of, follow, last, send, upload


@pytest.fixture
def seller(seller: Visitor) -> Visitor:
    seller.shop.stocked(*orders(5))
    return seller


def flat(*rows: str) -> str:
    heading = "order-id\tcancellation-reason-code\tamazon-order-item-code"
    return "".join(f"{row}\r\n" for row in (heading, *rows))


def test_what_is_wrong_is_told_with_its_place_reason_hint_and_line(seller: Visitor) -> None:
    upload(seller, BAD)
    assert "Line 14, column 208" in seller.text
    assert "message 2" in seller.text
    assert "CancelReason cannot be NoStock ; it must be one of" in seller.text
    assert "Hint: Write NoInventory ." in seller.text
    assert "<mark>NoStock</mark>" in seller.page
    assert f"{' ' * 58}^^^^^^^<" in seller.page


def test_nothing_is_sent_by_a_look(seller: Visitor) -> None:
    upload(seller, a_feed(cancels(1)))
    assert "Nothing is wrong. Messages looked at: 1." in seller.text
    assert seller.shop.work() == 0


def test_the_kind_is_recognised_by_the_content(seller: Visitor) -> None:
    upload(seller, a_feed(cancels(1)), "what.txt")
    assert "By its content this is: Order acknowledgement or cancellation (XML)." in seller.text
    upload(seller, flat(f"{order_id(1)}\tNoInventory\t{1:014}").encode(), "what.xml")
    assert "By its content this is: Order cancellation (text file)." in seller.text


def test_a_kind_that_cannot_be_recognised_must_be_chosen(seller: Visitor) -> None:
    path = upload(seller, b"order\tof nothing\n")
    assert "Its content does not tell what kind of feed it is." in seller.text
    assert "/send" not in seller.page
    assert seller.post(f"{path}/send", type="").status_code == 400
    seller.get(f"{path}?type={FLAT_CANCELLATION}")
    assert "/send" in seller.page
    assert seller.shop.work() == 0


def test_a_feed_type_that_sellers_may_not_send_is_refused(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)))
    for name in ("POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA", "POST_NOTHING", SCRIPT):
        assert seller.post(f"{path}/send", type=name).status_code == 400
    assert seller.shop.work() == 0


def test_a_feed_is_sent_as_it_came_to_the_byte(seller: Visitor) -> None:
    send(seller, BAD)
    assert last(seller).feed_type == ACKNOWLEDGEMENT
    assert bytes_of(seller, last(seller)) == BAD


def test_a_feed_is_sent_once_however_often_the_button_is_pressed(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)))
    answers = [seller.post(f"{path}/send", type=ACKNOWLEDGEMENT) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert seller.shop.work() == 1


def test_a_mended_feed_is_looked_at_again_and_then_sent(seller: Visitor) -> None:
    path = upload(seller, BAD)
    mended = BAD.replace(b"NoStock", b"NoInventory")
    typed = mended.decode().replace("\n", "\r\n")
    path = follow(seller, seller.post(f"{path}/mend", text=typed, type=ACKNOWLEDGEMENT))
    assert "Nothing is wrong. Messages looked at: 2." in seller.text
    follow(seller, seller.post(f"{path}/send", type=ACKNOWLEDGEMENT))
    assert bytes_of(seller, last(seller)) == mended


def test_a_mended_text_file_keeps_its_encoding_and_line_ends(seller: Visitor) -> None:
    rows = flat(f"{order_id(1)}\tNicht verfügbar\t{1:014}")
    path = upload(seller, rows.encode("cp1252"), "orders.txt")
    assert "Nicht verfügbar" in seller.page
    path = follow(seller, seller.post(f"{path}/mend", text=rows, type=FLAT_CANCELLATION))
    follow(seller, seller.post(f"{path}/send", type=FLAT_CANCELLATION))
    assert bytes_of(seller, last(seller)) == rows.encode("cp1252")


def test_a_text_that_grows_on_its_way_can_be_mended_too(seller: Visitor) -> None:
    """In an address-like form each of these characters would take nine bytes instead of two."""
    rows = flat(f"{order_id(1)}\t{'漢' * 120_000}\t{1:014}")
    path = upload(seller, rows.encode("utf-16"), "orders.txt")
    (kind,) = re.findall(r'/mend" enctype="([^"]+)"', seller.page)
    answer = seller.post(f"{path}/mend", headers={"Content-Type": kind}, text=rows, type=FLAT_CANCELLATION)
    path = follow(seller, answer)
    follow(seller, seller.post(f"{path}/send", type=FLAT_CANCELLATION))
    assert bytes_of(seller, last(seller)) == rows.encode("utf-16")


def test_a_large_feed_is_looked_at_but_not_put_into_the_page(seller: Visitor) -> None:
    feed = a_feed(*[cancels(1)] * 1_000)
    path = upload(seller, feed)
    assert "Messages looked at: 1,000." in seller.text
    assert "<textarea" not in seller.page
    assert len(seller.page) < 10_000
    assert seller.post(f"{path}/mend", text="x", type=ACKNOWLEDGEMENT).status_code == 400


def test_a_look_ends_after_a_hundred_places(seller: Visitor) -> None:
    upload(seller, a_feed(*[cancels(1, "NoStock")] * 2_000))
    assert seller.page.count('<li class="card') == drafts.MOST_FINDINGS
    assert "Only the first" in seller.text


def test_anothers_identifier_is_told_before_sending(seller: Visitor) -> None:
    upload(seller, a_feed(cancels(1), merchant="M_SOMEBODY_ELSE"))
    assert "Its MerchantIdentifier is M_SOMEBODY_ELSE, which is not yours" in seller.text
    assert f"Write {SELLER}." in seller.text


def test_a_feed_full_of_script_stays_text(seller: Visitor) -> None:
    hostile = a_feed(cancels(1, ESCAPED), f"<{'x' * 3}/>").replace(
        b"<MessageID>2", b"<MessageID>&lt;script&gt;alert(1)"
    )
    upload(seller, hostile, f"{SCRIPT}.xml")
    assert SCRIPT not in seller.page
    assert f"{ESCAPED}.xml" in seller.page
    upload(seller, f"</textarea>{SCRIPT}".encode(), "<img src=x onerror=alert(1)>.txt")
    assert SCRIPT not in seller.page
    assert seller.page.count("</textarea>") == 1
    assert "<img" not in seller.page


@pytest.mark.parametrize(
    "feed", [b"", b"\0" * 100, b"<", os.urandom(2_000), b"\xff\xfe<\0a\0/\0>\0", b"PK\x03\x04" + bytes(99)]
)
def test_whatever_is_uploaded_is_looked_at(seller: Visitor, feed: bytes) -> None:
    path = upload(seller, feed)
    for name in (ACKNOWLEDGEMENT, FLAT_CANCELLATION):
        assert seller.get(f"{path}?type={name}").status_code == 200
        assert "Faults: 1." in seller.text or "Send" in seller.text


def test_an_upload_without_a_file_is_refused(seller: Visitor) -> None:
    seller.get("/feeds")
    assert seller.post("/feeds/upload").status_code == 400
    assert seller.post("/feeds/upload", feed=(BytesIO(b""), "")).status_code == 400
    assert seller.post("/feeds/upload", token="x", feed=(BytesIO(b"x"), "x")).status_code == 403


def test_a_stranger_cannot_upload(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/feeds/upload", feed=(BytesIO(b"x" * 5_000_000), "x"))
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_anothers_draft_is_not_found(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)))
    seller.shop.stocked(seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER, "the rival's password")
    rival = Visitor(seller.shop)
    rival.sign_in(OTHER_SELLER, "the rival's password")
    rival.get("/feeds")
    assert rival.get(path).status_code == 404
    for act in ("send", "mend", "discard"):
        assert rival.post(f"{path}/{act}", type=ACKNOWLEDGEMENT, text="x").status_code == 404
    assert seller.get(path).status_code == 200
    assert seller.shop.work() == 0


@pytest.mark.parametrize("sealed", ["x", "a.b.c", "%00", "あ", "eyJhIjoxfQ.x"])
def test_a_made_up_draft_is_not_found(seller: Visitor, sealed: str) -> None:
    assert seller.get(f"/drafts/{sealed}").status_code == 404


def test_a_draft_that_is_thrown_away_is_gone(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)))
    follow(seller, seller.post(f"{path}/discard"))
    assert seller.get(path).status_code == 404
    assert seller.post(f"{path}/send", type=ACKNOWLEDGEMENT).status_code == 404
    assert seller.shop.work() == 0


def test_a_feed_that_was_sent_cannot_be_thrown_away(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)))
    follow(seller, seller.post(f"{path}/send", type=ACKNOWLEDGEMENT))
    seller.post(f"{path}/discard")
    assert seller.shop.work() == 1
    assert seller.shop.again(last(seller)).summary.successful == 1


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"order-id,order-item-id,quantity,ship-date\n", "Put tabs between the columns, not commas."),
        (b"id\torder-item-id\tquantity\tship-date\tcarrier-code\n", "The file has no column order-id."),
        (b"PK\x03\x04" + bytes(99), "it is a zip archive or an Excel workbook. Hint: Save it as Text (Tab delimited)"),
        (b"\x1f\x8b\x08" + bytes(99), "packed with gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "it is a picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<html><body>502</body></html>", "a web page"),
        (b'{"a": 1}', "JSON, not XML"),
        (b"\n" + a_feed(cancels(1)), "Take out the line break or blanks before it"),
        (b"hello", "does not begin as XML does"),
    ],
)
def test_what_is_no_feed_is_told_for_what_it_is_at_once(seller: Visitor, file: bytes, told: str) -> None:
    upload(seller, file)
    assert told in seller.text
    assert "Choose the feed type first." not in seller.text, "no type would help"


def test_text_that_is_read_otherwise_than_it_was_written_is_told_before_and_after_sending(seller: Visitor) -> None:
    path = upload(seller, a_feed(cancels(1)).replace(b"<Header>", "<!-- MÃ¼ller --><Header>".encode()))
    assert "was probably meant to be !-- Müller --" in seller.text
    assert "Nothing is wrong." in seller.text
    follow(seller, seller.post(f"{path}/send", type=ACKNOWLEDGEMENT))
    assert "was probably meant to be !-- Müller --" in seller.text
