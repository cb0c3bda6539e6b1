"""E-mail through an SMTP server."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct

from feedproc.embedded.message import build_message
from feedproc.errors import DeliveryDelayed, Undeliverable, Unusable
from feedproc.ports import Mail, Secret

SECONDS = 30.0
"""How long the server may take for one answer."""
_PORTS = {"smtp": 25, "smtps": 465}
_REFUSED_FOR_GOOD = range(550, 555)
"""Replies that say that this recipient or e-mail is not taken (RFC 5321, 4.2.2)."""
_POLICY = b"5.7."
"""Begins the enhanced code of what the server does not let this sender do (RFC 3463, 3.8): for its owner to mend."""


class SmtpServer(Struct, frozen=True, kw_only=True):
    """Where e-mail is handed over."""

    host: str
    port: int
    user: str = ""
    password: Secret = Secret("")
    is_tls: bool = False
    """TLS from the first byte; else it is turned on where the server offers it."""


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtp://user:password@host:587` or `smtps://…`. Raises `Unusable`, without repeating the password."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        host = ""
    if not host or parts.scheme not in _PORTS or parts.path.strip("/") or parts.query or parts.fragment:
        raise Unusable(
            "FEEDPROC_SMTP_URL is not of the form smtp://user:password@host:port or smtps://…; "
            "in user and password, write / as %2F, # as %23, ? as %3F and @ as %40"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user.isascii() and password.isascii()):
        raise Unusable("FEEDPROC_SMTP_URL has a user or a password that is not in ASCII, which cannot be sent")
    return SmtpServer(
        host=host, port=_parse_port(parts), user=user, password=Secret(password), is_tls=parts.scheme == "smtps"
    )


def _parse_port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise Unusable("FEEDPROC_SMTP_URL has a port that is not between 1 and 65535; 587 and 465 are usual")
    return port or _PORTS[parts.scheme]


class SmtpMailer:
    """The port `Mailer`. The connection is kept from one e-mail to the next. For one thread."""

    def __init__(
        self, server: SmtpServer, sender: str, clock: Callable[[], datetime], context: ssl.SSLContext | None = None
    ) -> None:
        """Send as `sender`; `context` says which certificates are good, those of the system unless told."""
        self._server = server
        self._sender = sender
        self._clock = clock
        self._context = context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """Hand an e-mail over. Raises `Undeliverable` when it is refused for good, and `DeliveryDelayed` otherwise."""
        written = build_message(mail, self._sender, self._clock())
        try:
            self._get_connection().send_message(written)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, text),) = refused.recipients.values()
            raise _judge_refusal(code, text) from None
        except smtplib.SMTPDataError as refused:
            raise _judge_refusal(refused.smtp_code, refused.smtp_error) from None
        except OSError as error:
            self.close()
            raise DeliveryDelayed(_describe(error)) from error

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _get_connection(self) -> smtplib.SMTP:
        """Return a connection on which the server answers."""
        connection = self._connection
        if connection is not None and _answers(connection):
            return connection
        self.close()
        self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=self._context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        """Turn TLS on, and sign in: never with a password that others could read on the way."""
        connection.ehlo_or_helo_if_needed()
        if not self._server.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=self._context)
        elif not self._server.is_tls and self._server.user and not _is_local(self._server.host):
            raise DeliveryDelayed("the SMTP server offers no TLS, without which no password is sent to it")
        if self._server.user:
            connection.login(self._server.user, self._server.password)


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except OSError:
        return False


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _judge_refusal(code: int, text: bytes | str) -> Undeliverable | DeliveryDelayed:
    """Return the error for a refusal; the server's text is left out, as it may repeat the address."""
    said = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if code in _REFUSED_FOR_GOOD and not said.startswith(_POLICY):
        return Undeliverable(f"the SMTP server refuses it for good ({code})")
    return DeliveryDelayed(f"the SMTP server does not take it now: {code}")


def _describe(error: OSError) -> str:
    """Say what came between, without the server's words."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the SMTP server does not take user and password: {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the SMTP server refuses: {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the SMTP server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPException):
        return f"the SMTP server cannot be used: {type(error).__name__}"
    return f"the SMTP server cannot be reached: {error.strerror or type(error).__name__}"
