"""What a client holds for us, sealed so that nobody else can make or change it: tokens, ids, addresses."""

import hmac

from msgspec import Struct


class ContentSeal(Struct, frozen=True):
    """What seals content of one purpose: whoever has not the secret cannot."""

    secret: str
    purpose: bytes
    """So that what is sealed for one purpose is worth nothing for another."""
    size: int = 32
    """Bytes of the seal, at most 32."""

    def stamp(self, content: bytes) -> bytes:
        """Return the seal alone."""
        key = hmac.digest(self.secret.encode(), self.purpose, "sha256")
        return hmac.digest(key, content, "sha256")[: self.size]

    def close(self, content: bytes, beside: bytes = b"") -> bytes:
        """Return content behind its seal, which is good only together with what stands `beside`."""
        return self.stamp(beside + content) + content

    def open(self, sealed: bytes, beside: bytes = b"") -> bytes | None:
        """Return the content; None when it was not sealed so."""
        given, content = sealed[: self.size], sealed[self.size :]
        return content if hmac.compare_digest(self.stamp(beside + content), given) else None
