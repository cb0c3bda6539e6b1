"""Connections to a server, plain or over TLS, and what becomes of them said in one line."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from feedproc.errors import FeedprocError, Unusable

BLOCK = 256 * 1024
_SILENCE = 300
"""Seconds that an answer may take: the server stores up to 2 GiB before it gives one."""
_USER_AGENT = "feedproc/0.1 (Language=Python)"


class ServerRefused(FeedprocError):
    """The server answered with an error."""

    def __init__(self, code: str, message: str) -> None:
        """`code` and `message` are the server's own."""
        self.code = code
        super().__init__(f"The server refuses: {code}: {message}" if message else f"The server refuses: {code}")


class Connector:
    """Sends requests to servers, a connection each."""

    def __init__(self, endpoint: str, authority: Path | None = None) -> None:
        """Trust `authority`, a certificate file, besides the system's.

        Raises:
            Unusable: the endpoint is no http or https address, or the file holds no certificate.

        """
        url = urlsplit(endpoint)
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise Unusable(f"{endpoint}: not an http or https address")
        self.url = url
        self._authority = authority
        self._tls = _make_tls_context(authority) if url.scheme == "https" else None

    @contextmanager
    def send(
        self, method: str, url: str, body: IO[bytes] | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """Give the answer to a request.

        Raises:
            Unusable: no server answers, or the connection broke.

        """
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        with closing(self._connect(parts.scheme, str(parts.hostname), parts.port)) as connection:
            try:
                connection.request(method, target, body, {"User-Agent": _USER_AGENT, **(headers or {})})
                yield connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise Unusable(_explain_unreachable(f"{parts.scheme}://{parts.netloc}", error)) from error

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=_SILENCE, blocksize=BLOCK)
        context = self._tls or _make_tls_context(self._authority)
        return http.client.HTTPSConnection(host, port, timeout=_SILENCE, blocksize=BLOCK, context=context)


def _explain_unreachable(endpoint: str, error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"No server answers at {endpoint}; start one with: feedproc serve"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{endpoint}: the certificate is not trusted; name its authority with --ca"
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return f"{endpoint}: the server there speaks no TLS; begin its address with http://"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{endpoint}: the connection broke ({reason})"


def _make_tls_context(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise Unusable(f"{authority}: not a certificate in PEM form") from error
