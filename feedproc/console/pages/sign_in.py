"""Sign in and out."""

from werkzeug.exceptions import Forbidden
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from feedproc.console.attempts import WINDOW
from feedproc.console.hosts import is_from_here
from feedproc.console.pages.home import find_safe_address
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.ports import Seller
from feedproc.services.passwords import is_password_of


def sign_in(context: RequestContext) -> Response:
    """Ask who it is; with one click when this machine's own browser asks."""
    if context.request.method != "POST":
        return _show_form(context) if context.signed_in is None else context.redirect("home")
    form = context.request.form
    seller_id, address = form.get("seller", "").strip(), context.request.remote_addr or ""
    if not context.deps.attempts.begin(seller_id, address):
        response = _show_form(context, 429, context.translate("sign_in.too_often", minutes=WINDOW.seconds // 60))
        response.headers["Retry-After"] = str(WINDOW.seconds)
        return response
    seller = is_password_of(context.backend.sellers, seller_id, form.get("password", ""))
    if seller is None:
        return _show_form(context, 403, context.translate("sign_in.wrong"))
    context.deps.attempts.forgive(seller_id, address)
    return _welcome(context, seller)


def sign_in_here(context: RequestContext) -> Response:
    """Sign in as the local seller, whose keys everybody knows, from this machine alone."""
    name = context.deps.local_seller
    seller = context.backend.sellers.get(name) if name and is_from_here(context.request) else None
    if seller is None:
        raise Forbidden(context.translate("sign_in.not_here"))
    return _welcome(context, seller)


def sign_out(context: RequestContext) -> Response:
    """End the session, in every copy of its cookie, and begin one of nobody."""
    if context.signed_in is not None:
        context.deps.seal.end(context.session)
    context.session = context.deps.seal.begin_anonymous()
    return context.redirect("sign_in")


def _welcome(context: RequestContext, seller: Seller) -> Response:
    """Begin a session in place of any before it, and go on to the page that was wanted."""
    if context.signed_in is not None:
        context.deps.seal.end(context.session)
    context.session = context.deps.seal.begin(seller)
    return redirect(find_safe_address(context, context.request.form.get("next", "")), 303)


def _show_form(context: RequestContext, status: int = 200, problem: str | None = None) -> Response:
    wanted = context.request.values.get("next", "")
    local = context.deps.local_seller if is_from_here(context.request) else None
    given = context.request.form.get("seller", "")
    return context.render("sign_in.html", status, problem=problem, wanted=wanted, local=local, given=given)


ROUTES = (
    Route("/sign-in", "sign_in", sign_in, methods=("GET", "POST"), is_open=True),
    Route("/sign-in/here", "sign_in_here", sign_in_here, methods=("POST",), is_open=True),
    Route("/sign-out", "sign_out", sign_out, methods=("POST",), is_open=True),
)
