"""The console as a WSGI application: who asks, which page answers, and what goes with every answer."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, InternalServerError, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.wrappers import Request, Response

from feedproc.console import pages
from feedproc.console.attempts import Attempts
from feedproc.console.deps import CallSource, Deps, SimulationSource
from feedproc.console.form_guard import FormGuard
from feedproc.console.hosts import is_same_origin
from feedproc.console.request import RequestContext
from feedproc.console.route import MOST_TEXT, Route, build_map, collect_routes
from feedproc.console.session import LASTS, Seal, Session, SignedOut
from feedproc.console.words import read_languages
from feedproc.errors import SubmissionUnknown
from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend, Seller
from feedproc.services.loopback import is_loopback_name
from feedproc.services.read.orders import OrderUnknown
from feedproc.stock.restocking import RESTOCKING

TOKEN_FIELD = "token"
TOKEN_HEADER = "X-Feedproc-Token"
"""Where a script that sends no form puts the token."""
_FOLDER = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_logger = logging.getLogger(__name__)


class ConsoleApp:
    """Answers every request with a page, be it one that says what is wrong."""

    def __init__(self, deps: Deps, routes: Iterable[Route]) -> None:
        """`deps` is what all visits share; `routes` say where the pages are."""
        self._desk = deps
        self._routes = {route.endpoint: route for route in routes}
        self._map = build_map(self._routes.values())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        session, seller = self._identify(request)
        # All links are paths, so that the Host header, which anybody may choose, is never asked.
        urls = self._map.bind("localhost", request.root_path or "/", None, "http", request.method, request.path)
        context = RequestContext(self._desk, request, urls, session, seller)
        response = self._answer(context, urls)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.headers.setdefault("Cache-Control", "no-store") == "no-store":
            self._keep(response, context)
        return response(environ, start_response)

    def _answer(self, context: RequestContext, urls: MapAdapter) -> Response:
        try:
            return self._answer_page(context, urls)
        except RequestRedirect:
            return _render_error(context, NotFound())
        except HTTPException as error:
            return _render_error(context, error)
        except (SubmissionUnknown, OrderUnknown):
            return _render_error(context, NotFound())
        except Exception:
            # The outermost place: whatever it is, the person must get an answer.
            _logger.exception("a page of the console failed")
            return _render_error(context, InternalServerError())

    def _answer_page(self, context: RequestContext, urls: MapAdapter) -> Response:
        """Find the page and let it answer, if the visitor may see it."""
        request = context.request
        if self._desk.local_seller is not None and not is_loopback_name(request.environ.get("HTTP_HOST", "")):
            raise BadRequest(context.translate("errors.host"))
        if not request.environ.get("PATH_INFO"):
            return context.redirect("home")
        endpoint, values = urls.match()
        route = self._routes[endpoint]
        request.max_content_length = route.most_bytes
        request.max_form_memory_size = min(route.most_bytes, MOST_TEXT)
        if context.signed_in is None and not route.is_open:
            return context.redirect("sign_in", next=context.address)
        if request.method not in {"GET", "HEAD"}:
            _require_genuine(context)
        return route.answer(context, **values)

    def _identify(self, request: Request) -> tuple[Session, Seller | None]:
        """Return the session of the request, a new one if it has none, and the seller who signed in."""
        seal = self._desk.seal
        session = seal.read(request.cookies.get(seal.cookie, ""))
        if session is None:
            return seal.begin_anonymous(), None
        if not session.seller_id:
            return session, None
        seller = self._desk.backend.sellers.get(session.seller_id)
        if seller is None or not seal.fits(session, seller):
            return seal.begin_anonymous(), None
        return session, seller

    def _keep(self, response: Response, context: RequestContext) -> None:
        """Give the browser its cookie, if it has another or none."""
        seal = self._desk.seal
        signed = seal.sign(context.session)
        if context.request.cookies.get(seal.cookie) != signed:
            response.set_cookie(
                seal.cookie,
                signed,
                max_age=LASTS,
                path=context.request.root_path or "/",
                secure=context.request.is_secure,
                httponly=True,
                samesite="Lax",
            )


class ConsoleOptions(NamedTuple):
    """How the console is served."""

    secret: bytes
    """Signs sessions, so whoever has it can be any seller."""
    local_seller: str | None
    """Who may sign in with one click from this machine; None where others can reach the console."""
    signed_out: SignedOut
    """Keeps which sessions were ended, for as long and for as many processes as the secret is good."""
    restocking: Mapping[str, bool] = RESTOCKING
    """After which reasons cancelled units come back, as the workers have it."""
    calls: CallSource | None = None
    """What programs asked; None unless tests control the server."""
    simulations: SimulationSource | None = None
    """Lets orders come in by themselves; None unless tests control the server."""


def create_console(
    backend: Backend,
    feed_types: FeedTypes,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    options: ConsoleOptions,
) -> ConsoleApp:
    """Return the application over a back end. `clock` gives an aware time, `new_id` ids that nobody can guess."""
    routes = [one for one in collect_routes(pages) if options.calls is not None or not one.is_for_tests]
    deps = Deps(
        backend=backend,
        feed_types=feed_types,
        clock=clock,
        new_id=new_id,
        seal=Seal(options.secret, clock, new_id, options.signed_out),
        attempts=Attempts(clock),
        form_guard=FormGuard(),
        words=read_languages(feed_types.places),
        templates=_load_templates(),
        endpoints=frozenset(route.endpoint for route in routes),
        local_seller=options.local_seller,
        pages_version=_digest_static(),
        restocking=options.restocking,
        calls=options.calls,
        simulations=options.simulations,
    )
    return ConsoleApp(deps, routes)


def _require_genuine(context: RequestContext) -> None:
    """Refuse a form that no page of this console, shown to this person, has sent."""
    token = context.request.headers.get(TOKEN_HEADER) or context.request.form.get(TOKEN_FIELD, "")
    if not is_same_origin(context.request) or not context.session.grants(token):
        raise Forbidden(context.translate("errors.token"))


def _render_error(context: RequestContext, error: HTTPException) -> Response:
    code = error.code or 500
    told = error.description if type(error).description != error.description else None
    response = context.render("error.html", status=code, code=code, told=told)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _load_templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _digest_static() -> str:
    digest = hashlib.sha256()
    for file in sorted((_FOLDER / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
