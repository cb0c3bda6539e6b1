"""The console as `feedproc serve` serves it, beside the API."""

import http.client
import re
import stat
from pathlib import Path
from urllib.parse import urlencode

from feedproc.serve.sessions import read_secret
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.serve.builders import LOCAL_KEYS, Running, report_of, submitted


def asked(server: Running, path: str, cookie: str = "", **form: str) -> http.client.HTTPResponse:
    connection = server.connection()
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
    return connection.getresponse()


def cookie_of(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def test_one_server_answers_a_person_and_a_program(tmp_path: Path) -> None:
    with Running(tmp_path / "data") as server:
        assert report_of(server.client(LOCAL_KEYS), submitted(server.client(LOCAL_KEYS)))
        form = asked(server, "/console/sign-in")
        token = re.search(r'name="token" value="([^"]+)"', form.read().decode())
        assert token
        welcome = asked(server, "/console/sign-in/here", cookie_of(form), token=token[1])
        assert welcome.status == 303
        page = asked(server, "/console/orders", cookie_of(welcome))
        assert page.status == 200
        assert LOCAL_SELLER.seller_id in page.read().decode()
        assert asked(server, "/consoles").status in {400, 403, 404}, "the API's answer"


def test_the_console_is_found_without_a_last_slash(tmp_path: Path) -> None:
    with Running(tmp_path / "data") as server:
        answer = asked(server, "/console")
        assert (answer.status, answer.getheader("Location")) == (303, "/console/")


def test_a_form_too_large_is_answered_though_it_was_not_read(tmp_path: Path) -> None:
    with Running(tmp_path / "data") as server:
        answer = asked(server, "/console/sign-in", token="x", filler="x" * 3_000_000)
        assert answer.status == 413


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    secret = read_secret(tmp_path)
    assert len(secret) == 32
    assert read_secret(tmp_path) == secret
    (key,) = tmp_path.iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
