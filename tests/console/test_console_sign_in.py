"""Who may come in, and for how long."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from feedproc.console.attempts import MOST_OF_ADDRESS, MOST_OF_BOTH, WINDOW
from feedproc.console.session import LASTS
from tests.builders import OTHER_SELLER, SELLER, Shop, a_seller
from tests.console.builders import COOKIE, PASSWORD, Visitor, application, with_password

WANTED = "/console/orders?status=Shipped"


def signed_in(visitor: Visitor) -> bool:
    return visitor.get("/orders").status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_and_then_where_he_was_going(visitor: Visitor) -> None:
    answer = visitor.get("/orders?status=Shipped")
    assert (answer.status_code, answer.location) == (303, "/console/sign-in?next=/console/orders?status%3DShipped")
    visitor.get(answer.location.removeprefix("/console"))
    answer = visitor.post("/sign-in", seller=SELLER, password=PASSWORD, next=WANTED)
    assert (answer.status_code, answer.location) == (303, WANTED)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/other", "/console/\n/x"],
)
def test_nobody_is_sent_to_another_site_after_signing_in(visitor: Visitor, elsewhere: str) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", seller=SELLER, password=PASSWORD, next=elsewhere)
    assert answer.location == "/console/"


def test_a_wrong_password_and_an_unknown_seller_are_told_apart_by_nobody(visitor: Visitor) -> None:
    def told(answer: TestResponse) -> tuple[int, bool]:
        return answer.status_code, "The seller ID or the password is wrong." in answer.text

    assert told(visitor.sign_in(password="wrong password")) == (403, True)
    assert told(visitor.sign_in(seller_id="A9NOBODY")) == (403, True)
    assert not signed_in(visitor)


def test_a_seller_without_a_password_cannot_sign_in_with_an_empty_one(shop: Shop) -> None:
    visitor = Visitor(shop)
    assert visitor.sign_in(password="").status_code == 403


def test_after_some_failures_the_right_password_is_refused_too_for_a_while(visitor: Visitor) -> None:
    for _ in range(MOST_OF_BOTH):
        assert visitor.sign_in(password="wrong password").status_code == 403
    answer = visitor.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    visitor.shop.now += WINDOW
    assert visitor.sign_in().status_code == 303


def test_one_address_cannot_try_many_sellers(visitor: Visitor) -> None:
    for number in range(MOST_OF_ADDRESS):
        assert visitor.sign_in(seller_id=f"A9NOBODY{number}").status_code == 403
    assert visitor.sign_in().status_code == 429


def test_a_look_at_the_sign_in_is_no_attempt_to_sign_in(visitor: Visitor) -> None:
    """Any site can make a browser send HEAD here, without a token."""
    for _ in range(MOST_OF_ADDRESS + 1):
        answer = visitor.head("/sign-in", data={"seller": SELLER, "password": PASSWORD})
        assert answer.status_code == 200
    assert not signed_in(visitor)
    assert visitor.sign_in().status_code == 303


def test_signing_in_again_and_again_is_no_failure(visitor: Visitor) -> None:
    for _ in range(MOST_OF_BOTH + 2):
        assert visitor.sign_in().status_code == 303
        visitor.get("/orders")
        visitor.post("/sign-out")


def test_the_local_seller_comes_in_with_one_click(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    assert visitor.post("/sign-in/here").status_code == 303
    assert signed_in(visitor)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "10.0.0.5:8080", "[::1", "..", "a" * 300],
)
def test_a_name_that_only_resolves_to_this_machine_is_refused(shop: Shop, host: str) -> None:
    """DNS rebinding: the page of another site, whose name was made to mean 127.0.0.1."""
    visitor = Visitor(shop)
    answer = visitor.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "localhost" in visitor.text
    assert visitor.post("/sign-in/here", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_what_a_proxy_passes_on_does_not_come_from_this_machine(visitor: Visitor, header: str) -> None:
    visitor.get("/sign-in")
    assert visitor.post("/sign-in/here", headers={header: "10.0.0.9"}).status_code == 403


def test_where_others_can_reach_the_console_there_is_no_one_click(shop: Shop) -> None:
    visitor = Visitor(with_password(shop), local_seller=None)
    assert "/sign-in/here" not in visitor.get("/sign-in", base_url="http://shop.example/").text
    assert visitor.post("/sign-in/here").status_code == 403
    assert visitor.sign_in().status_code == 303


def test_a_session_ends_after_its_time(seller: Visitor) -> None:
    seller.shop.now += LASTS - timedelta(seconds=1)
    assert signed_in(seller)
    seller.shop.now += timedelta(seconds=1)
    assert not signed_in(seller)


def test_a_session_ends_when_the_password_changes(seller: Visitor) -> None:
    with_password(seller.shop, password="another one altogether")
    assert not signed_in(seller)


def test_signing_out_ends_the_session(seller: Visitor) -> None:
    seller.get("/orders")
    assert seller.post("/sign-out").location == "/console/sign-in"
    assert not signed_in(seller)


def test_a_cookie_that_another_secret_signed_counts_for_nothing(shop: Shop) -> None:
    forger = Visitor(with_password(shop), application_=application(shop, secret=b"another secret, as long as that"))
    forged = forger.sign_in().headers["Set-Cookie"].partition(";")[0]
    forged = f"{COOKIE}={forged.partition('=')[2]}"  # under the name that this server looks for
    assert Visitor(shop).get("/orders", headers={"Cookie": forged}).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "W10.x", "é" * 300, "=" * 5000])
def test_a_cookie_of_rubbish_is_that_of_a_stranger(visitor: Visitor, cookie: str) -> None:
    answer = visitor.get("/orders", headers={"Cookie": f"{COOKIE}={cookie}".encode().decode("latin-1")})
    assert answer.status_code == 303


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(visitor: Visitor) -> None:
    assert "; Secure" in visitor.get("/sign-in", base_url="https://localhost/").headers["Set-Cookie"]
    cookie = visitor.sign_in().headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/console", "SameSite=Lax", "Max-Age=43200"} <= {one.strip() for one in cookie.split(";")}
    assert "Secure" not in cookie


def test_another_seller_is_somebody_else(visitor: Visitor) -> None:
    visitor.shop.stocked(seller=a_seller(OTHER_SELLER))
    with_password(visitor.shop, OTHER_SELLER, "the rival's password")
    assert visitor.sign_in(OTHER_SELLER).status_code == 403
    assert visitor.sign_in(OTHER_SELLER, "the rival's password").status_code == 303
    visitor.get("/orders")
    assert OTHER_SELLER in visitor.text
    assert SELLER not in visitor.text
