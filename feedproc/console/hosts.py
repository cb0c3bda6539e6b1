"""Whether a request comes from this machine and means it: a name that resolves to it is not enough."""

import ipaddress
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def is_loopback_name(host: str) -> bool:
    """Say whether a Host header names this machine. Anybody may let a name of his own resolve to it."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def is_from_here(request: Request) -> bool:
    """Say whether this machine's own browser asks, and asks for this machine."""
    return (
        is_loopback_name(request.environ.get("HTTP_HOST", ""))
        and _is_loopback(request.remote_addr or "")
        and not any(name in request.headers for name in _FORWARDED)
    )


def is_same_origin(request: Request) -> bool:
    """Say whether a form comes from a page of this console, as far as the browser tells."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}"


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
