"""NextToken: where a list goes on, sealed so that only the seller who was given it can use it."""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode

import msgspec
from msgspec import Struct

from feedproc.mws.feeds.refusals import NextTokenCorrupted
from feedproc.ports import Filter, Seller

LEAST_CHARACTERS = 396
"""How long most real tokens were; what stores a token of ours must be able to store one of Amazon's."""
_PURPOSE = b"feedproc NextToken 2"
_SEAL_BYTES = 32
_LEAST_CONTENT = LEAST_CHARACTERS // 4 * 3 - 1 - _SEAL_BYTES
"""Bytes; one less than fills the last four characters, so that a token ends in `=`."""
_FRAME_BYTES = 3


class RestOfList(Struct, frozen=True):
    """The rest of a list: which submissions, and how many a page."""

    which: Filter
    """With `before_counter` at the end of the page before."""
    size: int


def seal(seller: Seller, rest: RestOfList) -> str:
    """Return a token in base64, of `LEAST_CHARACTERS` or more, with `+`, `/` and `=` as Amazon's have."""
    told = msgspec.msgpack.encode(rest)
    filling = hashlib.shake_256(told).digest(max(_LEAST_CONTENT - len(told) - _FRAME_BYTES, 0))
    content = msgspec.msgpack.encode((rest, filling))
    return b64encode(_seal_of(seller, content) + content).decode()


def unseal(seller: Seller, token: str) -> RestOfList:
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
        return msgspec.msgpack.decode(content, type=tuple[RestOfList, bytes])[0]
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise NextTokenCorrupted from None


def _seal_of(seller: Seller, content: bytes) -> bytes:
    key = hmac.digest(seller.secret_key.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, seller.seller_id.encode() + b"\0" + content, "sha256")
