"""The first page, and the choice of language."""

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from feedproc.console.request import LANGUAGE_COOKIE, RequestContext
from feedproc.console.route import Route
from feedproc.console.words import LANGUAGES

_YEAR = 365 * 24 * 60 * 60


def show_home(context: RequestContext) -> Response:
    """Show the orders first."""
    return context.redirect("orders")


def choose_language(context: RequestContext) -> Response:
    """Keep the language that was chosen, and go back to the page it was chosen on."""
    response = redirect(find_safe_address(context, context.request.form.get("next", "")), 303)
    chosen = context.request.form.get("language", "")
    if chosen in LANGUAGES:
        root = context.request.root_path or "/"
        secure = context.request.is_secure
        response.set_cookie(LANGUAGE_COOKIE, chosen, _YEAR, path=root, secure=secure, httponly=True, samesite="Lax")
    return response


def find_safe_address(context: RequestContext, address: str) -> str:
    """Return an address if it is a path of this console; else that of the first page."""
    is_plain = address.isprintable() and "\\" not in address and not address.startswith("//")
    is_ours = is_plain and address.startswith(f"{context.request.root_path}/")
    return address if is_ours else context.build_url("home")


ROUTES = (
    Route("/", "home", show_home),
    Route("/language", "language", choose_language, methods=("POST",), is_open=True),
)
