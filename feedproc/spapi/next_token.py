"""nextToken: where a list goes on, sealed so that only the seller who was given it can use it."""

import binascii
from base64 import b64decode, b64encode
from typing import TypeVar

import msgspec
from msgspec import Struct

from feedproc.ports import Seller
from feedproc.services.seals import ContentSeal
from feedproc.spapi.errors import PARAMETERS_INVALID
from feedproc.spapi.refusals import InputInvalid

_PURPOSE = b"feedproc nextToken 1"
_Rest = TypeVar("_Rest", bound=Struct)


def seal_token(seller: Seller, rest: Struct) -> str:
    """Return a token in base64, with `+`, `/` and `=` as Amazon's have."""
    content = msgspec.msgpack.encode(rest)
    return b64encode(_get_seal(seller).close(content, _tell_owner(seller, type(rest)))).decode()


def unseal_token(seller: Seller, token: str, kind: type[_Rest]) -> _Rest:
    """Return what was sealed.

    Raises:
        InputInvalid: the token is mangled, or was given to another seller or for another list.

    """
    try:
        # A blank is a plus sign that its client did not encode; there is no other way for one to come here.
        sealed = b64decode(token.replace(" ", "+"), validate=True)
        content = _get_seal(seller).open(sealed, _tell_owner(seller, kind))
        if content is None:
            raise InputInvalid(PARAMETERS_INVALID, "nextToken")
        return msgspec.msgpack.decode(content, type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise InputInvalid(PARAMETERS_INVALID, "nextToken") from None


def _get_seal(seller: Seller) -> ContentSeal:
    return ContentSeal(seller.client_secret, _PURPOSE)


def _tell_owner(seller: Seller, kind: type) -> bytes:
    return f"{seller.seller_id}\0{kind.__module__}.{kind.__name__}\0".encode()
