"""Who a browser's cookie says is here. The cookie is signed, so that nobody can make one up."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from itsdangerous import BadData, URLSafeSerializer
from msgspec import Struct

from feedproc.ports import Secret, Seller

LASTS = timedelta(hours=12)
"""After which one signs in again."""


class Session(Struct, frozen=True):
    """What the cookie holds. Before somebody signs in there is no seller, and the token guards the sign-in form."""

    token: Secret
    """Must come with every form: another site's page cannot know it."""
    began: datetime
    seller_id: str = ""
    password: Secret = Secret("")
    """A digest of the seller's password hash: a session ends when the password changes."""

    def grants(self, token: str) -> bool:
        """Say, in constant time, whether a form's token is this session's."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


def derive_cookie_name(secret: bytes) -> str:
    """Return the name of the cookie, which follows from the secret that signs it.

    A browser sends a host's cookies to all of its ports, so servers with different secrets need different names.
    """
    return f"feedproc_console_{hmac.digest(secret, b'cookie', 'sha256').hex()[:8]}"


class SignedOut(Protocol):
    """The sessions that were ended by signing out, until they would be too old anyway."""

    def add(self, token: str, at: datetime) -> None:
        """Keep that the session with this token ended at a moment; forget what ended longer than `LASTS` before it."""

    def __contains__(self, token: str) -> bool:
        """Say whether the session with this token was ended."""


class Seal:
    """Signs sessions and reads signed ones."""

    def __init__(
        self, secret: bytes, clock: Callable[[], datetime], new_id: Callable[[], str], signed_out: SignedOut
    ) -> None:
        """`secret` signs; `new_id` gives ids that nobody can guess; `signed_out` holds the sessions that are over."""
        self.cookie = derive_cookie_name(secret)
        self._secret = secret
        self._signed_out = signed_out
        self._serializer = URLSafeSerializer(secret, salt="feedproc console session")
        self._clock = clock
        self._new_id = new_id

    def begin_anonymous(self) -> Session:
        """Begin a session of nobody."""
        return Session(Secret(self._new_id()), self._clock())

    def begin(self, seller: Seller) -> Session:
        """Begin a seller's session, with a token of its own."""
        return Session(Secret(self._new_id()), self._clock(), seller.seller_id, self._digest(seller))

    def fits(self, session: Session, seller: Seller) -> bool:
        """Say whether the seller's password is still the one that the session began with."""
        return hmac.compare_digest(session.password, self._digest(seller))

    def sign(self, session: Session) -> str:
        """Return what goes into the cookie."""
        began = int(session.began.timestamp())
        return str(self._serializer.dumps([session.token, began, session.seller_id, session.password]))

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None when it is not ours, or too old."""
        try:
            session = _read_session(self._serializer.loads(cookie))
        except (BadData, ValueError, TypeError, OverflowError):
            return None
        age = self._clock() - session.began
        is_over = not timedelta(seconds=-1) <= age < LASTS or session.token in self._signed_out
        return None if is_over else session

    def end(self, session: Session) -> None:
        """Let the session's cookie be worth nothing from here on, whoever has a copy."""
        self._signed_out.add(session.token, self._clock())

    def seal(self, purpose: str, content: Any) -> str:
        """Sign something for an address; it can be read by whoever sees it, but not made up."""
        return str(self._get_serializer(purpose).dumps(content))

    def unseal(self, purpose: str, text: str) -> Any:
        """Return what was signed for a purpose. Raises `ValueError` for what was not."""
        try:
            return self._get_serializer(purpose).loads(text)
        except BadData as error:
            raise ValueError(f"not a {purpose} of this console") from error

    def _get_serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"feedproc console {purpose}")

    def _digest(self, seller: Seller) -> Secret:
        return Secret(hmac.digest(self._secret, seller.password_hash.encode(), "sha256").hex()[:32])


def _read_session(content: Any) -> Session:
    token, began, seller_id, password = content
    return Session(Secret(token), datetime.fromtimestamp(began, UTC), str(seller_id), Secret(password))
