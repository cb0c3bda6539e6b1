"""One request of one person, with all that a page needs to answer it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.routing import MapAdapter
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from feedproc import explain
from feedproc.console.deps import Deps
from feedproc.console.formatting import Formatting
from feedproc.console.session import Session
from feedproc.console.words import LANGUAGES
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.saying import Part
from feedproc.ports import Backend, Seller

LANGUAGE_COOKIE = "feedproc_language"


class RequestContext:
    """What a page is given. Services change what is behind `backend`; a page itself only reads there."""

    def __init__(self, deps: Deps, request: Request, urls: MapAdapter, session: Session, seller: Seller | None) -> None:
        """`deps` is what all visits share; `seller` is None when nobody has signed in."""
        self.deps = deps
        self.request = request
        self.urls = urls
        self.session = session
        self.signed_in = seller
        self.language = _choose_language(request)
        self.now: datetime = deps.clock()

    @property
    def seller(self) -> Seller:
        """Who signed in. Only pages that need no signing in may ask in vain."""
        if self.signed_in is None:
            raise NotFound
        return self.signed_in

    @property
    def backend(self) -> Backend:
        """The ports."""
        return self.deps.backend

    @property
    def feed_types(self) -> FeedTypes:
        """All feed types."""
        return self.deps.feed_types

    @property
    def formatting(self) -> Formatting:
        """How amounts and times are written for this person."""
        marketplace = self.signed_in.marketplace if self.signed_in else marketplace_of("")
        return Formatting(self.language, marketplace)

    @property
    def address(self) -> str:
        """Where the visitor is, to come back to.

        When a form is being answered, it is the page with the form, if they share an address; else the first page.
        """
        path, query = self.request.root_path + self.request.path, self.request.query_string.decode("latin-1")
        if self.request.method != "GET":
            if not self.urls.test(method="GET"):
                return self.build_url("home")
            try:
                form = self.request.form
            except RequestEntityTooLarge:
                return self.build_url("home")
            query = urlencode([(name, one) for name in ("order", "place") for one in form.getlist(name)])
        return f"{quote(path)}?{query}" if query else quote(path)

    @property
    def languages(self) -> Mapping[str, str]:
        """What one can choose from."""
        return LANGUAGES

    def translate(self, key: str, **fields: object) -> str:
        """Return a text in the visitor's language. Raises `KeyError` for a key that no table has."""
        return self.deps.words[self.language][key].format(**fields)

    def name_code(self, prefix: str, name: object) -> str:
        """Return the word for a code of the wire, such as a status; the code itself where there is none."""
        return self.deps.words[self.language].get(f"{prefix}.{name}", str(name))

    def say(self, words: Part) -> str:
        """Say plain words in the visitor's language."""
        return explain.say_in_language(self.language, words, self.feed_types.places)

    def build_url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page; values that the route does not name go into the query."""
        return self.urls.build(endpoint, {name: value for name, value in values.items() if value is not None})

    def has(self, endpoint: str) -> bool:
        """Say whether there is such a page."""
        return endpoint in self.deps.endpoints

    def build_static_url(self, name: str) -> str:
        """Return the address of a style sheet, script or picture."""
        return self.build_url("static", name=name, v=self.deps.pages_version)

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page. In templates the context is `context`, and `t`, `known`, `said` and `url` are its own."""
        page = self.deps.templates.get_template(template)
        own = {"t": self.translate, "known": self.name_code, "said": self.say, "url": self.build_url}
        html = page.render(request=self, show=self.formatting, **own, **values)
        return Response(html, status, mimetype="text/html")

    def redirect(self, endpoint: str, **values: Any) -> Response:
        """Answer that the browser is to look there next."""
        return redirect(self.build_url(endpoint, **values), 303)


def _choose_language(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((one for one in wanted if one in LANGUAGES), next(iter(LANGUAGES)))
