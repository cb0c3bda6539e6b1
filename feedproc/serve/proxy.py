"""A server behind a proxy: what it is called outside, and who asks, as the proxy tells."""

import ipaddress
import logging
from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from msgspec import Struct

from feedproc.errors import Unusable
from feedproc.services.loopback import is_loopback_address

_STANDARD_PORTS = {"http": 80, "https": 443}
_logger = logging.getLogger(__name__)


class PublicAddress(Struct, frozen=True):
    """Under which address clients reach a server through its proxy."""

    scheme: str
    """`https`, or `http`."""
    host: str
    """As the Host header has it: with its port, unless that is the scheme's own."""

    def __str__(self) -> str:
        """Return it as a URL."""
        return f"{self.scheme}://{self.host}"


def read_public_address(url: str) -> PublicAddress:
    """Return the address that a URL names.

    Raises:
        Unusable: it is no web address, or has more than scheme, host and port.

    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # of a port that is none
        host = port = None
    if not host or parts.scheme not in _STANDARD_PORTS or any(sign.isspace() for sign in url):
        raise Unusable(f"--public-url is {url!r}; it must be an address such as https://shop.example")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise Unusable(f"--public-url is {url!r}; it must end with the host or its port, as feedproc takes all paths")
    named = f"[{host}]" if ":" in host else host
    is_standard = port in {None, _STANDARD_PORTS[parts.scheme]}
    return PublicAddress(parts.scheme, named if is_standard else f"{named}:{port}")


def read_proxy(text: str | None) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the addresses from which a proxy connects; None for this machine.

    Raises:
        Unusable: the text is neither an address nor a network.

    """
    try:
        return None if text is None else ipaddress.ip_network(text)
    except ValueError as error:
        raise Unusable(f"--proxy is {text!r}; it must be an address, such as 10.0.0.7, or a network") from error


class Proxied:
    """An application that learns from its proxy who asks, and is asked under its public address.

    What a request says of itself is believed only if it comes from the proxy, and of X-Forwarded-For only the last
    address, which the proxy itself has seen.
    """

    def __init__(
        self,
        app: WSGIApplication,
        public: PublicAddress,
        proxy: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None,
        *,
        keeps_host: bool = False,
    ) -> None:
        """Put this before an application. With `keeps_host` the Host header stays, since clients have signed it."""
        self._app = app
        self._public = public
        self._proxy = proxy
        self._keeps_host = keeps_host
        self._has_warned = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        forwarded = environ.pop("HTTP_X_FORWARDED_FOR", "")
        named = environ.get("HTTP_HOST", "").lower() == self._public.host.lower()
        if self._is_proxy(environ.get("REMOTE_ADDR", "")) and (forwarded or named):
            environ["wsgi.url_scheme"] = self._public.scheme
            if not self._keeps_host:
                environ["HTTP_HOST"] = self._public.host
            self._set_client(environ, forwarded.rpartition(",")[2].strip())
        return self._app(environ, start_response)

    def _set_client(self, environ: WSGIEnvironment, address: str) -> None:
        try:
            environ["REMOTE_ADDR"] = str(ipaddress.ip_address(address))
        except ValueError:
            if not self._has_warned:
                self._has_warned = True
                _logger.warning(
                    "the proxy passes on no address of clients (X-Forwarded-For), so they all count as one; see README"
                )

    def _is_proxy(self, address: str) -> bool:
        if self._proxy is None:
            return is_loopback_address(address)
        try:
            return ipaddress.ip_address(address.partition("%")[0]) in self._proxy
        except ValueError:
            return False
