"""Who may use the local seller's application, which everybody knows: programs of this machine, and no web page."""

import re
from wsgiref.types import WSGIEnvironment

from feedproc.services.loopback import explain_foreign_caller

HOSTS = frozenset({"api.amazon.com", *(f"sellingpartnerapi-{region}.amazon.com" for region in ("na", "eu", "fe"))})
"""What unmodified programs ask for though they reach this server."""
_NUMBERS = re.compile(r"[0-9.]+(:[0-9]+)?")
"""A Host in numbers, also one that a client has cut (`27.0.0.1:8080`): no name that could be made to lead here."""
ADVICE = "Use the application of a seller of your own, which `feedproc sellers add` makes"


def explain_refusal(environ: WSGIEnvironment) -> str | None:
    """Return why a request may not use the local seller's application; None when it may."""
    host = environ.get("HTTP_HOST", "")
    known = {host.partition(":")[0], *HOSTS} if _NUMBERS.fullmatch(host) else HOSTS
    why = explain_foreign_caller(environ, known)
    return why and f"The local seller's application is good for programs of this machine alone: {why}. {ADVICE}"
