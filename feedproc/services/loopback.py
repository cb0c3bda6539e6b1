"""Whether names, addresses and callers are of this machine.

A browser sends what any page asks it to, also to this machine, and a page can use keys that are public. What the
browser says of that page no page can change (Fetch standard, `Origin` and forbidden headers; W3C, Fetch Metadata).
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

_SHOWN = 100
"""Characters of a header that are repeated in an answer."""


def explain_foreign_caller(environ: WSGIEnvironment, public_hosts: Collection[str]) -> str | None:
    """Return what tells that a request is from elsewhere than a program of this machine; None when nothing does.

    That is: a web page sent it; a proxy passed it on from another machine; or it asks for a host that may have been
    made to lead here (DNS rebinding). `public_hosts` are names that a program may ask for besides this machine's own.
    """
    host = environ.get("HTTP_HOST")
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    origin = environ.get("HTTP_ORIGIN")
    if site not in {"none", "same-origin"}:
        return f"a web page of another site sent it (Sec-Fetch-Site: {site[:_SHOWN]!r})"
    if origin is not None and origin != f"{environ['wsgi.url_scheme']}://{host}":
        return f"a web page of another site sent it (Origin: {origin[:_SHOWN]!r})"
    if host and not is_loopback_name(host) and host.partition(":")[0].lower() not in public_hosts:
        return f"its Host names neither this machine nor Amazon's service (Host: {host[:_SHOWN]!r})"
    for address in environ.get("HTTP_X_FORWARDED_FOR", "").split(","):
        if address.strip() and not is_loopback_address(address.strip()):
            return f"a proxy passed it on (X-Forwarded-For: {address.strip()[:_SHOWN]!r})"
    return None


def is_loopback_name(host: str) -> bool:
    """Say whether a Host header names this machine. Anybody may let a name of his own resolve to it."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or is_loopback_address(name)


def is_loopback_address(address: str) -> bool:
    """Say whether an IP address is one of this machine's own."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
