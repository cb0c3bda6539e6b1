"""Whether a request comes from this machine and means it: a name that resolves to it is not enough."""

from werkzeug.wrappers import Request

from feedproc.services.loopback import is_loopback_address, is_loopback_name

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def is_from_here(request: Request) -> bool:
    """Say whether this machine's own browser asks, and asks for this machine."""
    return (
        is_loopback_name(request.environ.get("HTTP_HOST", ""))
        and is_loopback_address(request.remote_addr or "")
        and not any(name in request.headers for name in _FORWARDED)
    )


def is_same_origin(request: Request) -> bool:
    """Say whether a form comes from a page of this console, as far as the browser tells."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}"
