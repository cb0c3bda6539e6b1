"""Sign in and out."""

from werkzeug.exceptions import Forbidden
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from feedproc.console.attempts import WINDOW
from feedproc.console.hosts import is_from_here
from feedproc.console.pages.home import safe
from feedproc.console.route import Route
from feedproc.console.visit import Visit
from feedproc.ports import Seller
from feedproc.services.passwords import is_password_of


def sign_in(visit: Visit) -> Response:
    """Ask who it is; with one click when this machine's own browser asks."""
    if visit.request.method != "POST":
        return _form(visit) if visit.signed_in is None else visit.redirect("home")
    form = visit.request.form
    seller_id, address = form.get("seller", "").strip(), visit.request.remote_addr or ""
    if not visit.desk.attempts.begin(seller_id, address):
        response = _form(visit, 429, visit.t("sign_in.too_often", minutes=WINDOW.seconds // 60))
        response.headers["Retry-After"] = str(WINDOW.seconds)
        return response
    seller = is_password_of(visit.backend.sellers, seller_id, form.get("password", ""))
    if seller is None:
        return _form(visit, 403, visit.t("sign_in.wrong"))
    visit.desk.attempts.succeeded(seller_id, address)
    return _welcome(visit, seller)


def sign_in_here(visit: Visit) -> Response:
    """Sign in as the local seller, whose keys everybody knows, from this machine alone."""
    name = visit.desk.local_seller
    seller = visit.backend.sellers.get(name) if name and is_from_here(visit.request) else None
    if seller is None:
        raise Forbidden(visit.t("sign_in.not_here"))
    return _welcome(visit, seller)


def sign_out(visit: Visit) -> Response:
    """End the session, in every copy of its cookie, and begin one of nobody."""
    if visit.signed_in is not None:
        visit.desk.seal.end(visit.session)
    visit.session = visit.desk.seal.anonymous()
    return visit.redirect("sign_in")


def _welcome(visit: Visit, seller: Seller) -> Response:
    """Begin a session in place of any before it, and go on to the page that was wanted."""
    if visit.signed_in is not None:
        visit.desk.seal.end(visit.session)
    visit.session = visit.desk.seal.of(seller)
    return redirect(safe(visit, visit.request.form.get("next", "")), 303)


def _form(visit: Visit, status: int = 200, problem: str | None = None) -> Response:
    wanted = visit.request.values.get("next", "")
    local = visit.desk.local_seller if is_from_here(visit.request) else None
    given = visit.request.form.get("seller", "")
    return visit.render("sign_in.html", status, problem=problem, wanted=wanted, local=local, given=given)


ROUTES = (
    Route("/sign-in", "sign_in", sign_in, methods=("GET", "POST"), is_open=True),
    Route("/sign-in/here", "sign_in_here", sign_in_here, methods=("POST",), is_open=True),
    Route("/sign-out", "sign_out", sign_out, methods=("POST",), is_open=True),
)
