"""The first page, and the choice of language."""

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from feedproc.console.route import Route
from feedproc.console.visit import LANGUAGE_COOKIE, Visit
from feedproc.console.words import LANGUAGES

_YEAR = 365 * 24 * 60 * 60


def home(visit: Visit) -> Response:
    """Show the orders first."""
    return visit.redirect("orders")


def language(visit: Visit) -> Response:
    """Keep the language that was chosen, and go back to the page it was chosen on."""
    response = redirect(safe(visit, visit.request.form.get("next", "")), 303)
    chosen = visit.request.form.get("language", "")
    if chosen in LANGUAGES:
        root = visit.request.root_path or "/"
        secure = visit.request.is_secure
        response.set_cookie(LANGUAGE_COOKIE, chosen, _YEAR, path=root, secure=secure, httponly=True, samesite="Lax")
    return response


def safe(visit: Visit, address: str) -> str:
    """Return an address if it is a path of this console; else that of the first page."""
    is_plain = address.isprintable() and "\\" not in address and not address.startswith("//")
    is_ours = is_plain and address.startswith(f"{visit.request.root_path}/")
    return address if is_ours else visit.url("home")


ROUTES = (
    Route("/", "home", home),
    Route("/language", "language", language, methods=("POST",), is_open=True),
)
