"""Who signs out is out: a copy of the cookie that somebody made before is worth nothing from then on."""

from datetime import timedelta

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from feedproc.console.session import LASTS
from feedproc.serve.sessions import SIGNED_OUT, SignedOutHere
from tests.builders import NOON, Shop
from tests.console.builders import COOKIE, HERE, Visitor, application

HOUR = timedelta(hours=1)


def copied(visitor: Visitor) -> str:
    """The visitor's cookie, as somebody else may have seen it."""
    cookie = visitor._client.get_cookie(COOKIE, path="/console")
    assert cookie is not None
    return cookie.value


def lets_in(shop: Shop, cookie: str) -> bool:
    """Say whether a cookie opens the console of a server that was started anew."""
    client = Client(application(shop), Response)
    client.set_cookie(COOKIE, cookie, path="/console")
    return client.get("/console/orders", environ_base=HERE).status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_signing_out_even_in_a_new_server(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.get("/orders")
    cookie = copied(visitor)
    assert lets_in(visitor.shop, cookie)
    visitor.post("/sign-out")
    assert not lets_in(visitor.shop, cookie)


def test_other_browsers_of_the_seller_stay_signed_in(visitor: Visitor) -> None:
    other = Visitor(visitor.shop)
    for one in (visitor, other):
        one.sign_in()
    visitor.get("/orders")
    visitor.post("/sign-out")
    assert visitor.get("/orders").status_code == 303
    assert other.get("/orders").status_code == 200


def test_what_is_kept_of_a_session_is_forgotten_when_its_cookie_is_too_old_anyway(visitor: Visitor) -> None:
    for hours in (0, 1, 14):
        visitor.shop.now = NOON + hours * HOUR
        visitor.sign_in()
        visitor.get("/orders")
        visitor.post("/sign-out")
    assert len(list((visitor.shop.data_dir / SIGNED_OUT).iterdir())) == 1


def test_nobody_can_fill_the_folder_without_signing_in(visitor: Visitor) -> None:
    for _ in range(3):
        visitor.get("/sign-in")
        visitor.post("/sign-out")
    assert not (visitor.shop.data_dir / SIGNED_OUT).exists()


def test_a_server_without_a_data_directory_remembers_it_by_itself() -> None:
    ended = SignedOutHere()
    ended.add("first", NOON)
    ended.add("second", NOON + HOUR)
    assert ("first" in ended, "second" in ended, "third" in ended) == (True, True, False)
    ended.add("third", NOON + LASTS + HOUR / 2)
    assert ("first" in ended, "second" in ended) == (False, True)


def test_signing_in_anew_ends_the_session_before(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.get("/orders")
    before = copied(visitor)
    visitor.post("/sign-in/here", token=visitor.token)
    visitor.get("/orders")
    assert not lets_in(visitor.shop, before)
    assert lets_in(visitor.shop, copied(visitor))


def test_two_servers_on_one_host_leave_each_others_visitors_signed_in(shop: Shop) -> None:
    client = Client(DispatcherMiddleware(application(shop), {"/other": application(shop, secret=b"another secret")}))
    names = set()
    for place in ("/console", "/other/console", "/console"):
        answer = client.get(f"{place}/sign-in", environ_base=HERE)
        names.add(answer.headers.get("Set-Cookie", "").partition("=")[0])
    assert len(names - {""}) == 2
    assert "" in names  # the cookie of the first was still good at the end
