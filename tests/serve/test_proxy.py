"""A server behind a real nginx that ends TLS: forms, cookies, signatures, and who it is that asks."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPSConnection
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import trustme
from werkzeug.test import create_environ, run_wsgi_app

from feedproc.cli.client import Client, Keys
from feedproc.cli.connector import ServerRefused
from feedproc.errors import Unusable
from feedproc.ports import Secret, Seller
from feedproc.serve.proxy import Proxied, PublicAddress, read_proxy, read_public_address
from feedproc.services.passwords import set_password
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.serve.builders import Running, submitted

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
OWN = Keys("A2SELLER", "AKIAOWN", Secret("hush"))
PASSWORD = "correct horse battery"
CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem;
        location / {{
            proxy_pass {endpoint};
            {headers}
            client_max_body_size 2g; proxy_request_buffering off; proxy_http_version 1.1;
        }}
    }}
}}
"""
ADVISED = "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;"
WITHOUT_HOST = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
"""Then nginx sends the name by which it calls this server."""


class Shopfront(NamedTuple):
    port: int
    authority: Path
    log: Path

    def client(self) -> Client:
        return Client(f"https://localhost:{self.port}", OWN, self.authority)

    def browser(self, address: str = "127.0.0.1") -> "Browser":
        return Browser(self, address)


class Browser:
    """A person at an address of this machine, who visits the console through the proxy."""

    def __init__(self, shopfront: Shopfront, address: str) -> None:
        self._at = shopfront
        self._address = address
        self.cookies: dict[str, str] = {}
        self.attributes = ""

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        trusting = ssl.create_default_context(cafile=str(self._at.authority))
        connection = HTTPSConnection("localhost", self._at.port, context=trusting, source_address=(self._address, 0))
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, f"/console{path}", body, {"Cookie": cookies, **headers})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            value, _, self.attributes = rest.partition(";")
            self.cookies[name] = value
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    def sign_in(self, password: str, **headers: str) -> int:
        _, page = self.ask("GET", "/sign-in")
        found = re.search(r'name="token" value="([^"]*)"', page)
        assert found is not None
        form = urlencode({"token": found[1], "seller": OWN.seller_id, "password": password})
        given = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://localhost:{self._at.port}"}
        return self.ask("POST", "/sign-in", form, **given, **headers)[0]


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def a_shop(folder: Path) -> Path:
    with open_store(Place(data_dir=folder / "data")) as backend:
        backend.sellers.add(
            Seller(
                seller_id=OWN.seller_id,
                merchant_token="M_OWN",
                access_key=OWN.access_key,
                secret_key=Secret(OWN.secret_key),
                auth_token=Secret("psst"),
                marketplace_ids=(),
            )
        )
        set_password(backend.sellers, OWN.seller_id, PASSWORD)
    return folder / "data"


@pytest.fixture(params=[ADVISED, WITHOUT_HOST])
def shopfront(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shopfront]:
    """A server on loopback, and nginx before it."""
    if NGINX is None:
        assert not os.environ.get("CI"), "nginx is missing"
        pytest.skip("nginx is not installed")
    port, authority = a_free_port(), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    log = tmp_path / "server.log"
    with Running(a_shop(tmp_path), "--public-url", f"https://localhost:{port}") as server:
        configuration = CONFIGURATION.format(
            folder=tmp_path, port=port, endpoint=server.endpoint, headers=request.param
        )
        (tmp_path / "nginx.conf").write_text(configuration)
        with subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]) as nginx:
            try:
                wait_for(port)
                yield Shopfront(port, tmp_path / "ca.pem", log)
            finally:
                nginx.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")


def test_a_seller_signs_in_and_the_cookie_is_for_https_alone(shopfront: Shopfront) -> None:
    browser = shopfront.browser()
    assert browser.sign_in(PASSWORD) == 303
    assert "Secure" in browser.attributes
    assert browser.ask("GET", "/orders")[0] == 200


def test_a_form_of_another_site_is_refused(shopfront: Shopfront) -> None:
    browser = shopfront.browser()
    status, _ = browser.ask("POST", "/sign-in", "token=x", Origin="https://evil.example")
    assert status == 403


def test_a_stranger_who_guesses_locks_out_nobody_but_himself(shopfront: Shopfront) -> None:
    stranger = shopfront.browser("127.0.0.2")
    guesses = [stranger.sign_in("wrong wrong wrong", **{"X-Forwarded-For": "127.0.0.3"}) for _ in range(7)]
    assert guesses[0] == 403
    assert guesses[-1] == 429
    assert shopfront.browser("127.0.0.3").sign_in(PASSWORD) == 303


def test_a_feed_is_taken_and_the_local_sellers_keys_are_not(shopfront: Shopfront) -> None:
    assert submitted(shopfront.client())
    local = Client(f"https://localhost:{shopfront.port}", Keys(*LOCAL), shopfront.authority)
    with pytest.raises(ServerRefused, match="InvalidAccessKeyId"):
        submitted(local)


LOCAL = (LOCAL_SELLER.seller_id, LOCAL_SELLER.access_key, LOCAL_SELLER.secret_key)


def seen(peer: str, forwarded: str, host: str = "10.0.0.1:8080", *, keeps_host: bool = False) -> tuple[str, ...]:
    """Who asks, by which scheme, and under which name, as an application behind a proxy learns it."""
    told: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        told.extend(environ[name] for name in ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST"))
        return []

    headers = {"HTTP_HOST": host, "HTTP_X_FORWARDED_FOR": forwarded}
    proxied = Proxied(app, PublicAddress("https", "shop.example"), ip_network("10.0.0.7"), keeps_host=keeps_host)
    run_wsgi_app(proxied, create_environ("/", environ_overrides={"REMOTE_ADDR": peer, **headers}))
    return tuple(told)


def test_only_what_that_one_proxy_saw_itself_is_believed() -> None:
    assert seen("10.0.0.7", "192.0.2.1, 198.51.100.7") == ("198.51.100.7", "https", "shop.example")
    assert seen("10.0.0.8", "198.51.100.7") == ("10.0.0.8", "http", "10.0.0.1:8080")
    assert seen("10.0.0.7", "nonsense") == ("10.0.0.7", "https", "shop.example")
    assert seen("10.0.0.7", "192.0.2.1", keeps_host=True) == ("192.0.2.1", "https", "10.0.0.1:8080")
    assert seen("10.0.0.7", "", "shop.example") == ("10.0.0.7", "https", "shop.example")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.example:443/", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_a_public_address_is_a_scheme_and_a_host(url: str, shown: str) -> None:
    assert str(read_public_address(url)) == shown


@pytest.mark.parametrize(
    "url",
    [
        "shop.example",
        "ftp://shop.example",
        "https://",
        "https://a b",
        "https://a:99999",
        "https://a/shop",
        "https://u@a",
    ],
)
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(Unusable, match="--public-url"):
        read_public_address(url)


def test_what_is_no_proxy_is_refused() -> None:
    assert read_proxy(None) is None
    with pytest.raises(Unusable, match="--proxy"):
        read_proxy("nginx")
