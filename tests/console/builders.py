"""The console over a shop, and a person who visits it: without a browser, and with one."""

import html
import re
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import uuid4

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from feedproc.console.app import ConsoleOptions, create_console
from feedproc.console.deps import CallSource, SimulationSource
from feedproc.console.request import LANGUAGE_COOKIE
from feedproc.console.session import derive_cookie_name
from feedproc.serve.http import HttpServer
from feedproc.serve.listening import listen
from feedproc.serve.sessions import SIGNED_OUT, SignedOutFiles
from feedproc.services.passwords import set_password
from feedproc.wiring.clock import make_id
from tests.builders import SELLER, Shop, feed_types

PASSWORD = "correct horse battery"
SECRET = b"a secret of at least thirty-two bytes"
COOKIE = derive_cookie_name(SECRET)
HERE = {"REMOTE_ADDR": "127.0.0.1"}
_TOKEN = re.compile(r'name="token" value="([^"]*)"')
_FORM_ID = re.compile(r'name="form_id" value="([^"]*)"')


def application(
    shop: Shop,
    local_seller: str | None = SELLER,
    secret: bytes = SECRET,
    calls: CallSource | None = None,
    simulations: SimulationSource | None = None,
) -> DispatcherMiddleware:
    """The console under /console, as the server mounts it; everything else is not found."""
    signed_out = SignedOutFiles(shop.data_dir / SIGNED_OUT)
    console = create_console(
        shop.backend,
        feed_types(),
        shop.clock,
        lambda: str(uuid4()),
        ConsoleOptions(secret, local_seller, signed_out, calls=calls, simulations=simulations),
    )
    return DispatcherMiddleware(Response("elsewhere", 404), {"/console": console})


class Visitor:
    """A person without a browser: follows links, sends forms with the token of the page they are on."""

    def __init__(self, shop: Shop, local_seller: str | None = SELLER, application_: object = None) -> None:
        self.shop = shop
        self._client = Client(application_ or application(shop, local_seller), Response)
        self.page = ""

    def get(self, path: str, **options: object) -> TestResponse:
        answer = self._client.get(f"/console{path}", environ_base=HERE, **options)
        if answer.mimetype == "text/html" and answer.status_code != 303:
            self.page = answer.text
        return answer

    def head(self, path: str, **options: object) -> TestResponse:
        return self._client.head(f"/console{path}", environ_base=HERE, **options)

    def post(self, path: str, token: str | None = None, **fields: object) -> TestResponse:
        """Send a form with the token, and the form id, of the page that was seen last."""
        options = {name: fields.pop(name) for name in ("headers", "base_url") if name in fields}
        given = {"token": self.token if token is None else token, "form_id": self._hidden(_FORM_ID), **fields}
        return self._client.post(f"/console{path}", data=given, environ_base=HERE, **options)

    def speak(self, language: str) -> None:
        """Choose a language, as the buttons at the top do."""
        self._client.set_cookie(LANGUAGE_COOKIE, language, path="/console")

    def sign_in(self, seller_id: str = SELLER, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", seller=seller_id, password=password)

    @property
    def token(self) -> str:
        return self._hidden(_TOKEN)

    @property
    def text(self) -> str:
        """What the last page says, without its tags."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def _hidden(self, field: re.Pattern[str]) -> str:
        found = field.search(self.page)
        return html.unescape(found[1]) if found else ""


def with_password(shop: Shop, seller_id: str = SELLER, password: str = PASSWORD) -> Shop:
    set_password(shop.backend.sellers, seller_id, password)
    return shop


class Serving:
    """The console on a real port, with a worker beside it, for a real browser."""

    def __init__(self, shop: Shop, local_seller: str | None = SELLER) -> None:
        self.shop = shop
        self._http = HttpServer(listen("127.0.0.1", 0), application(shop, local_seller), shop.clock, make_id)
        self._stopping = Event()
        self._threads = [Thread(target=one, daemon=True) for one in (self._http.serve, self._work)]
        self.at_work = True
        """Whether feeds are processed as they come."""

    def __enter__(self) -> Self:
        self._http.prepare()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._http.stop()
        for thread in self._threads:
            thread.join()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._http.bind_addr[1]}/console{path}"

    def _work(self) -> None:
        while not self._stopping.wait(0.05):
            if self.at_work:
                self.shop.work()
