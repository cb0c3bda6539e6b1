"""NextToken: where a list goes on, sealed so that only the seller who was given it can use it."""

import binascii
import hashlib
from base64 import b64decode, b64encode
from typing import TypeVar

import msgspec
from msgspec import Struct

from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import NextTokenUnreadable, ParameterInvalid
from feedproc.ports import Seller
from feedproc.services.seals import ContentSeal

LEAST_CHARACTERS = 396
"""How long most real tokens were; what stores a token of ours must be able to store one of Amazon's."""
_PURPOSE = b"feedproc NextToken 3"
_SEAL_BYTES = 32
_LEAST_CONTENT = LEAST_CHARACTERS // 4 * 3 - 1 - _SEAL_BYTES
"""Bytes; one less than fills the last four characters, so that a token ends in `=`."""
_FRAME_BYTES = 3


_Rest = TypeVar("_Rest", bound=Struct)


def seal(seller: Seller, rest: Struct) -> str:
    """Return a token in base64, of `LEAST_CHARACTERS` or more, with `+`, `/` and `=` as Amazon's have.

    `rest` says where a list goes on. What is sealed for one kind of list is worth nothing for another.
    """
    told = msgspec.msgpack.encode(rest)
    filling = hashlib.shake_256(told).digest(max(_LEAST_CONTENT - len(told) - _FRAME_BYTES, 0))
    content = msgspec.msgpack.encode((rest, filling))
    return b64encode(_get_seal(seller).close(content, _tell_owner(seller, type(rest)))).decode()


def unseal(seller: Seller, token: str, kind: type[_Rest]) -> _Rest | None:
    """Return what was sealed; None when it is mangled, or was given to another seller or for another list."""
    # A blank is a plus sign that its client did not encode; there is no other way for one to come here.
    spelled = token.replace(" ", "+")
    try:
        sealed = b64decode(spelled, validate=True)
        content = _get_seal(seller).open(sealed, _tell_owner(seller, kind))
        if content is None or b64encode(sealed).decode() != spelled:
            return None
        return msgspec.msgpack.decode(content, type=tuple[kind, bytes])[0]  # type: ignore[valid-type]
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None


def read_rest(seller: Seller, parameters: Parameters, kind: type[_Rest]) -> _Rest:
    """Return the rest of a list of orders, or of an order's lines, that a call's NextToken stands for.

    Raises:
        ParameterInvalid: there is no token.
        NextTokenUnreadable: this seller was not given such a token for such a list.

    """
    token = parameters.get("NextToken")
    if token is None:
        raise ParameterInvalid("Missing required parameter NextToken.")
    return open_token(seller, token, kind)


def open_token(seller: Seller, token: str, kind: type[_Rest]) -> _Rest:
    """Return what was sealed. Raises `NextTokenUnreadable` where `unseal` returns None."""
    rest = unseal(seller, token, kind)
    if rest is None:
        raise NextTokenUnreadable
    return rest


def _get_seal(seller: Seller) -> ContentSeal:
    return ContentSeal(seller.secret_key, _PURPOSE, _SEAL_BYTES)


def _tell_owner(seller: Seller, kind: type) -> bytes:
    return f"{seller.seller_id}\0{kind.__name__}\0".encode()
