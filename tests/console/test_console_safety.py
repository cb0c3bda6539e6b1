"""What goes with every answer, and which requests are refused whoever sends them."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from tests.builders import OTHER_SELLER, SELLER, a_feed, a_seller, acknowledges, an_order, order_id
from tests.console.builders import HERE, Visitor, application, with_password

PAGES = ("/sign-in", "/orders", f"/orders/{order_id(1)}", "/orders/pending", "/nowhere", "/static/console.css")
TEMPLATES = sorted((Path(__file__).parents[2] / "feedproc/console/templates").glob("*.html"))
ACTIONS = ("/orders/cancel", "/orders/pending/cancel", *(f"/orders/{order_id(1)}/{act}" for act in ("ship", "refund")))


@pytest.fixture
def seller(seller: Visitor) -> Visitor:
    seller.shop.stocked(an_order(1))
    return seller


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_what_the_console_does_not_need(seller: Visitor, path: str) -> None:
    headers = seller.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
        "object-src": "'none'",
    }  # fmt: skip
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_by_nobody_and_static_files_for_long(seller: Visitor) -> None:
    assert seller.get("/orders").headers["Cache-Control"] == "no-store"
    style = re.search(r'href="/console(/static/console.css\?v=\w+)"', seller.page)
    assert style
    assert "immutable" in seller.get(style[1]).headers["Cache-Control"]


def test_static_files_are_only_those_there_are(seller: Visitor) -> None:
    for name in ("../app.py", "..%2fapp.py", "console.py", ".", "%2e%2e/words/__init__.py"):
        assert seller.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_page_has_script_or_style_within(template: Path) -> None:
    """The policy would block it, and a page would break unseen."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=.[a-z]|javascript:", text)
    assert not re.search(r"https?://", text), "nothing is fetched from elsewhere"
    assert "|safe" not in text


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize("token", ["", "x", "あ", "0" * 36])
def test_a_form_without_the_pages_token_is_refused(seller: Visitor, path: str, token: str) -> None:
    seller.get("/orders")
    assert seller.post(path, token=token, order=order_id(1), reason="NoInventory").status_code == 403
    assert seller.shop.work() == 0


def test_the_token_of_another_session_is_refused(seller: Visitor) -> None:
    other = Visitor(seller.shop)
    other.get("/sign-in")
    assert seller.post("/orders/cancel", token=other.token, order=order_id(1)).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_form_is_refused_even_with_the_token(seller: Visitor, headers: dict[str, str]) -> None:
    seller.get(f"/orders/cancel?order={order_id(1)}")
    answer = seller.post("/orders/cancel", headers=headers, order=order_id(1), reason="NoInventory")
    assert answer.status_code == 403
    assert seller.shop.work() == 0


@pytest.mark.parametrize("path", ["/orders/cancel", "/sign-out", "/language", "/sign-in/here"])
def test_looking_at_an_address_changes_nothing(seller: Visitor, path: str) -> None:
    seller.get(f"{path}?order={order_id(1)}&reason=NoInventory&language=ja")
    assert seller.get("/orders").status_code == 200
    assert seller.shop.work() == 0


@pytest.fixture
def rival(seller: Visitor) -> Visitor:
    """Another seller, who knows every id of the first one's."""
    seller.shop.stocked(an_order(2), seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER, "the rival's password")
    rival = Visitor(seller.shop)
    assert rival.sign_in(OTHER_SELLER, "the rival's password").status_code == 303
    return rival


@pytest.mark.parametrize("part", ["", "/ship", "/refund", "/cancel-units"])
def test_another_sellers_order_is_not_found(rival: Visitor, part: str) -> None:
    assert rival.get(f"/orders/{order_id(1)}{part}").status_code == 404
    assert rival.get(f"/orders/{order_id(2)}{part}").status_code == 200


@pytest.mark.parametrize("part", ["ship", "refund", "cancel-units"])
def test_nothing_can_be_done_to_another_sellers_order(rival: Visitor, part: str) -> None:
    rival.get("/orders")
    assert rival.post(f"/orders/{order_id(1)}/{part}").status_code == 404
    assert rival.post("/orders/cancel", order=order_id(1), reason="NoInventory").status_code == 404
    assert rival.shop.work() == 0


def test_another_sellers_submission_is_not_found(rival: Visitor) -> None:
    theirs = rival.shop.submit(a_feed(acknowledges(1)))
    assert rival.get(f"/outcomes/{theirs.submission_id}").status_code == 404
    rival.get(f"/orders?submission={theirs.submission_id}")
    assert "data-outcome" not in rival.page


def test_a_search_finds_only_ones_own(rival: Visitor) -> None:
    assert rival.get(f"/orders?q={order_id(1)}").status_code == 200
    assert f"There is no order {order_id(1)}." in rival.text
    assert rival.get(f"/orders?q={order_id(2)}").status_code == 303


@pytest.mark.parametrize(
    "path", ["/nowhere", "/orders/", "/orders/250-0-0", "/orders/%00", "/orders/あ", "/static/", "/outcomes/1"]
)
def test_a_page_that_does_not_exist_says_so_in_both_languages(seller: Visitor, path: str) -> None:
    assert seller.get(path).status_code == 404
    assert "There is no such page" in seller.text
    seller.get(path, headers={"Accept-Language": "ja"})
    assert "ページが見つかりません" in seller.text


def test_a_method_that_a_page_does_not_take_is_named(seller: Visitor) -> None:
    seller.get("/orders")
    answer = seller.post("/orders")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_form_too_large_is_refused(seller: Visitor) -> None:
    seller.get("/orders")
    assert seller.post("/orders/cancel", order="x" * 300_000).status_code == 413


class Silent(BytesIO):
    """A body whose sender says no more."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise TimeoutError


def test_a_sender_that_falls_silent_is_answered(seller: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(application(seller.shop), Response)
    body, kind = Silent(b"seller=A2SHOP"), "application/x-www-form-urlencoded"
    answer = client.post("/console/sign-in", input_stream=body, content_type=kind, environ_base=HERE)
    assert answer.status_code in {400, 403}
    assert caplog.text == ""


def test_an_error_of_the_server_says_nothing_of_its_cause(seller: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    folder = seller.shop.data_dir / "documents"
    folder.rename(folder.with_name("gone"))
    folder.touch()
    seller.get(f"/orders/cancel?order={order_id(1)}")
    answer = seller.post("/orders/cancel", order=order_id(1), reason="NoInventory")
    assert answer.status_code == 500
    assert str(seller.shop.data_dir) not in answer.text
    assert "a page of the console failed" in caplog.text


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2024-13-01", "status=Lost", "after=x", "after=20240101T000000000000",
     "from=2024-02-02&to=2024-01-01", "from=0001-01-01&to=9999-12-31", "status=%00%ff",
     "after=99999999T000000000000_x"],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_said_on_the_page(seller: Visitor, query: str) -> None:
    answer = seller.get(f"/orders?{query}")
    assert answer.status_code in {200, 400}
    assert "Manage Orders" in seller.text
    assert (answer.status_code == 400) == ('role="alert"' in answer.text)


def test_seller_ids_of_the_log_are_all_it_tells(seller: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    seller.get("/orders")
    seller.get(f"/orders/{order_id(1)}")
    assert SELLER not in caplog.text
    assert "hush" not in caplog.text
