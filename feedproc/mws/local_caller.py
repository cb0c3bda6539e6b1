"""Who may speak for the local seller, whose keys everybody knows: programs of this machine, and no web page.

A browser sends what any page asks it to, also to this machine, and a page can sign with keys that are public. What the
browser says of that page no page can change (Fetch standard, `Origin` and forbidden headers; W3C, Fetch Metadata).
"""

from collections.abc import Collection
from wsgiref.types import WSGIEnvironment

from feedproc.mws.refusals import NotFromHere
from feedproc.services.loopback import is_loopback_address, is_loopback_name

_SHOWN = 100
"""Characters of a header that are repeated in an answer."""


def require_local_caller(environ: WSGIEnvironment, public_hosts: Collection[str]) -> None:
    """Let a request pass that a program of this machine has sent.

    `public_hosts` are names that such a program may ask for besides this machine's own.

    Raises:
        NotFromHere: a web page sent it, a proxy passed it on from another machine, or it asks for a host that may have
            been made to lead here (DNS rebinding).

    """
    host = environ.get("HTTP_HOST")
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    origin = environ.get("HTTP_ORIGIN")
    if site not in {"none", "same-origin"}:
        raise NotFromHere(f"a web page of another site sent it (Sec-Fetch-Site: {site[:_SHOWN]!r})")
    if origin is not None and origin != f"{environ['wsgi.url_scheme']}://{host}":
        raise NotFromHere(f"a web page of another site sent it (Origin: {origin[:_SHOWN]!r})")
    if host and not is_loopback_name(host) and host.partition(":")[0].lower() not in public_hosts:
        raise NotFromHere(f"its Host names neither this machine nor Amazon's service (Host: {host[:_SHOWN]!r})")
    for address in environ.get("HTTP_X_FORWARDED_FOR", "").split(","):
        if address.strip() and not is_loopback_address(address.strip()):
            raise NotFromHere(f"a proxy passed it on (X-Forwarded-For: {address.strip()[:_SHOWN]!r})")
