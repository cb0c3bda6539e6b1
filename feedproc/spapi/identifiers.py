"""Ids of documents: what they hide is sealed, so that nobody's id opens anybody else's document.

An id of an upload carries the content type and the time it was made; the store keeps no list of documents to come, so
that only the seller's secret can show whose it is. What a result's id names, the seller has or has not: it is sealed
without a secret, and whoever tells a seller's queue of a result needs none.
"""

import binascii
from base64 import b32decode, b32encode
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from feedproc.feeds.marketplaces import Region, marketplace_of
from feedproc.ports import Seller
from feedproc.services.seals import ContentSeal

_PURPOSE = b"feedproc document id 1"
_SEAL_BYTES = 10
_FORM = "amzn1.tortuga.4"
_PARTS = 6


class DocumentKind(StrEnum):
    """What a document is to the API."""

    UPLOAD = "u"
    RESULT = "r"
    REPORT = "p"


class DocumentId(Struct, frozen=True):
    """What an id says."""

    kind: DocumentKind
    key: str
    """Of the stored document: 32 hexadecimal digits."""
    content_type: str = ""
    """Of an upload."""
    made_at: int = 0
    """Seconds since 1970."""
    subject: str = ""
    """The feed or report that a result is of."""


def write_document_id(seller: Seller, document: DocumentId) -> str:
    """Return the id in the form of Amazon's, `amzn1.tortuga.4.<region>.<uuid>.<capitals and digits>`."""
    content = msgspec.msgpack.encode((document.kind, document.content_type, document.made_at, document.subject))
    sealed = _get_seal(seller, document.kind).close(content, _tell_owner(seller, document.key))
    suffix = b32encode(sealed).decode().rstrip("=")
    return f"{_FORM}.{_find_region(seller)}.{UUID(document.key)}.{suffix}"


def read_document_id(seller: Seller, text: str) -> DocumentId | None:
    """Return what an id of this seller's says; None for any other text."""
    parts = text.split(".")
    if len(parts) != _PARTS or len(text) > 1_000:
        return None
    try:
        key = UUID(parts[4]).hex
        sealed = b32decode(parts[5] + "=" * (-len(parts[5]) % 8))
        content = sealed[_SEAL_BYTES:]  # its kind says by what it is sealed
        kind, content_type, made_at, subject = msgspec.msgpack.decode(content, type=tuple[DocumentKind, str, int, str])
    except (ValueError, binascii.Error, msgspec.DecodeError):
        return None
    if _get_seal(seller, kind).open(sealed, _tell_owner(seller, key)) is None:
        return None
    return DocumentId(kind, key, content_type, made_at, subject)


def stamp_id(now: datetime) -> int:
    """Return a time as ids keep it."""
    return int(now.timestamp())


def _find_region(seller: Seller) -> str:
    first = seller.marketplace_ids[0] if seller.marketplace_ids else ""
    region = marketplace_of(first).region
    return "fe" if region is Region.CHINA else region.value


def _get_seal(seller: Seller, kind: DocumentKind) -> ContentSeal:
    secret = (seller.client_secret or seller.secret_key) if kind is DocumentKind.UPLOAD else ""
    return ContentSeal(secret, _PURPOSE, _SEAL_BYTES)


def _tell_owner(seller: Seller, key: str) -> bytes:
    return f"{seller.seller_id}\0{key}\0".encode()
