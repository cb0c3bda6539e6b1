"""NextToken: where a list goes on, sealed so that only the seller who was given it can use it."""

import binascii
import hmac
from base64 import b64decode, b64encode

import msgspec
from msgspec import Struct

from feedproc.mws.refusals import NextTokenCorrupted
from feedproc.ports import Filter, Seller

_PURPOSE = b"feedproc NextToken 1"
_SEAL_BYTES = 32


class Continuation(Struct, frozen=True):
    """The rest of a list: which submissions, and how many a page."""

    which: Filter
    """With `before_counter` at the end of the page before."""
    size: int


def seal(seller: Seller, rest: Continuation) -> str:
    """Return a token in base64, of a few hundred characters, with `+`, `/` and `=` as Amazon's have."""
    content = msgspec.msgpack.encode(rest)
    return b64encode(_seal_of(seller, content) + content).decode()


def unseal(seller: Seller, token: str) -> Continuation:
    """Return what was sealed. Raises `NextTokenCorrupted` when it is mangled or was given to another seller."""
    # A blank is a plus sign that its client did not encode; there is no other way for one to come here.
    spelled = token.replace(" ", "+")
    try:
        sealed = b64decode(spelled, validate=True)
        content = sealed[_SEAL_BYTES:]
        if b64encode(sealed).decode() != spelled or not hmac.compare_digest(
            _seal_of(seller, content), sealed[:_SEAL_BYTES]
        ):
            raise NextTokenCorrupted
        return msgspec.msgpack.decode(content, type=Continuation)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise NextTokenCorrupted from None


def _seal_of(seller: Seller, content: bytes) -> bytes:
    key = hmac.digest(seller.secret_key.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, seller.seller_id.encode() + b"\0" + content, "sha256")
