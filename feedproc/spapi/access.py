"""Access tokens: who may call, for which seller, and until when.

A token carries what it grants, sealed with the secret of the application that it was given to. So no store keeps
tokens, any process can read them, and a new secret ends all of them at once. Prefixes and life are those of Login with
Amazon (SP-API developer guide, connecting to the Selling Partner API; Tokens API 2021-03-01).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from feedproc.ports import Secret, Seller, Sellers
from feedproc.services.seals import ContentSeal
from feedproc.spapi.refusals import AccessDenied, Denial

LIFE = timedelta(seconds=3600)
"""Of every token, unless the server is told otherwise (`expires_in`)."""
MOST_CHARACTERS = 24_576
"""Of a token. One that names fifty resources has some 6,000; longer ones are not looked at."""
_SEAL_BYTES = 32
_PURPOSE = b"feedproc SP-API access token 1"


class TokenKind(StrEnum):
    """What a token is good for; its value is how its text begins."""

    SELLER = "Atza|"
    RESTRICTED = "Atz.sprdt|"


class Resource(Struct, frozen=True, array_like=True):
    """One operation that a restricted data token opens."""

    method: str
    path: str
    """As it was asked for: a path of the API, or one with names in braces in place of ids."""
    data_elements: tuple[str, ...] = ()
    """Such as `buyerInfo`."""


class Grant(Struct, frozen=True, array_like=True):
    """What a token says."""

    client_id: str
    expires_at: float
    """Seconds since 1970."""
    seller_id: str = ""
    """Empty in a token without a seller, which only some operations take."""
    scope: str = ""
    """Of a token without a seller."""
    resources: tuple[Resource, ...] = ()
    """Of a restricted data token."""
    nonce: str = ""
    """So that no two tokens are equal."""


def mint_token(kind: TokenKind, grant: Grant, client_secret: Secret) -> str:
    """Return a token that grants this, sealed with the application's secret."""
    content = msgspec.msgpack.encode(grant)
    return kind + urlsafe_b64encode(ContentSeal(client_secret, _PURPOSE).close(content)).decode()


def read_token(text: str, sellers: Sellers, now: datetime) -> tuple[Grant, Seller | None]:
    """Return what a token grants, and the seller it is good for; None of a token without a seller.

    Raises:
        AccessDenied: it was never given, by an application that is gone or has another secret by now, to a seller
            who is gone, or it has expired.

    """
    sealed = _decode(text)
    content = sealed[_SEAL_BYTES:]  # it says by whose secret it is sealed
    try:
        grant = msgspec.msgpack.decode(content, type=Grant)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise AccessDenied(Denial.UNKNOWN_TOKEN) from None
    holders = sellers.find_by_client(grant.client_id)
    if not holders or ContentSeal(holders[0].client_secret, _PURPOSE).open(sealed) is None:
        raise AccessDenied(Denial.UNKNOWN_TOKEN)
    if now.timestamp() >= grant.expires_at:
        raise AccessDenied(Denial.EXPIRED_TOKEN)
    if not grant.seller_id:
        return grant, None
    seller = next((one for one in holders if one.seller_id == grant.seller_id), None)
    if seller is None:
        raise AccessDenied(Denial.UNKNOWN_TOKEN)
    return grant, seller


def _decode(text: str) -> bytes:
    kind = next((one for one in TokenKind if text.startswith(one)), None)
    if kind is None or len(text) > MOST_CHARACTERS:
        raise AccessDenied(Denial.UNKNOWN_TOKEN)
    try:
        return urlsafe_b64decode(text.removeprefix(kind).encode())
    except ValueError:
        raise AccessDenied(Denial.UNKNOWN_TOKEN) from None


CODE_LIFE = timedelta(minutes=5)
"""Of an authorization code (SP-API developer guide, authorize applications)."""
_CODE_PURPOSE = b"feedproc SP-API authorization code 1"


def mint_code(seller: Seller, now: datetime) -> str:
    """Return an authorization code with which the seller's application gets a refresh token."""
    content = msgspec.msgpack.encode((seller.seller_id, (now + CODE_LIFE).timestamp()))
    return urlsafe_b64encode(ContentSeal(seller.client_secret, _CODE_PURPOSE).close(content)).decode()


def read_code(code: str, client_secret: Secret, now: datetime) -> str | None:
    """Return the id of the seller that an authorization code is of; None when it is none of ours, or stale."""
    try:
        content = ContentSeal(client_secret, _CODE_PURPOSE).open(urlsafe_b64decode(code.encode()))
        if content is None:
            return None
        seller_id, expires_at = msgspec.msgpack.decode(content, type=tuple[str, float])
    except (ValueError, msgspec.DecodeError):
        return None
    return seller_id if now.timestamp() < expires_at else None
