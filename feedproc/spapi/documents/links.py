"""Addresses of documents: signed for one document, one content type and five minutes.

The parameters carry the names of S3's, so that whoever looks at an address sees what it is. The signature is ours.
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote, urlencode

from msgspec import Struct

from feedproc.ports import LINK_LIFE, Link, Seller, Sellers
from feedproc.services.seals import ContentSeal

PATH = "/documents/"
_PURPOSE = b"feedproc document link 1"
_STAMP = "%Y%m%dT%H%M%SZ"


class Verb(StrEnum):
    """What an address is for."""

    UPLOAD = "PUT"
    DOWNLOAD = "GET"


class LinkProblem(StrEnum):
    """What is wrong with an address: S3's code of the error."""

    UNSIGNED = "AccessDenied"
    CHANGED = "SignatureDoesNotMatch"
    EXPIRED = "Expired"


class BadLink(Exception):
    """The address gives no access."""

    def __init__(self, problem: LinkProblem, expired_at: datetime | None = None) -> None:
        """Say why, and since when it is too late."""
        self.problem = problem
        self.expired_at = expired_at
        super().__init__(problem)


class OpenedLink(Struct, frozen=True):
    """What an address is good for."""

    link: Link
    verb: Verb


class SignedLinks:
    """Makes and reads addresses on this server: the port `DocumentLinks`."""

    def __init__(self, base_url: Callable[[], str], sellers: Sellers) -> None:
        """Build addresses from what `base_url` gives once the server listens, never from what a client calls it."""
        self._base_url = base_url
        self._sellers = sellers

    def link_upload(self, link: Link, now: datetime) -> str:
        """Return where the document is to be put, with exactly its content type."""
        return self._sign(link, Verb.UPLOAD, now)

    def link_download(self, link: Link, now: datetime) -> str:
        """Return where the document is to be had."""
        return self._sign(link, Verb.DOWNLOAD, now)

    def open(self, verb: str, name: str, parameters: Mapping[str, str], now: datetime) -> OpenedLink:
        """Return what the address is good for; its content type is yet to be compared with an upload's.

        Raises:
            BadLink: nothing.

        """
        link = Link(
            seller_id=parameters.get("X-Amz-Credential", ""),
            key=parameters.get("key", ""),
            name=name,
            content_type=parameters.get("content-type", ""),
            encoding=parameters.get("content-encoding", "identity"),
            is_packed="packed" in parameters,
        )
        given = parameters.get("X-Amz-Signature", "")
        seller = self._sellers.get(link.seller_id) if given else None
        if seller is None:
            raise BadLink(LinkProblem.UNSIGNED)
        stamp = parameters.get("X-Amz-Date", "")
        if verb not in set(Verb) or not hmac.compare_digest(given.encode(), _sign(seller, link, verb, stamp).encode()):
            raise BadLink(LinkProblem.CHANGED)
        expired_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC) + LINK_LIFE
        if now > expired_at:
            raise BadLink(LinkProblem.EXPIRED, expired_at)
        return OpenedLink(link, Verb(verb))

    def _sign(self, link: Link, verb: Verb, now: datetime) -> str:
        seller = self._sellers.get(link.seller_id)
        if seller is None:
            raise KeyError(link.seller_id)
        stamp = f"{now.astimezone(UTC):{_STAMP}}"
        parameters = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Date": stamp,
            "X-Amz-SignedHeaders": "content-type;host" if verb is Verb.UPLOAD else "host",
            "X-Amz-Expires": str(int(LINK_LIFE.total_seconds())),
            "X-Amz-Credential": link.seller_id,
            "key": link.key,
            "content-type": link.content_type,
            "content-encoding": link.encoding,
            "X-Amz-Signature": _sign(seller, link, verb, stamp),
            **({"packed": "gzip"} if link.is_packed else {}),
        }
        return f"{self._base_url().rstrip('/')}{PATH}{quote(link.name)}?{urlencode(parameters)}"


def _sign(seller: Seller, link: Link, verb: str, stamp: str) -> str:
    packed = ("packed",) if link.is_packed else ()
    told = "\n".join((verb, stamp, link.seller_id, link.key, link.name, link.content_type, link.encoding, *packed))
    return ContentSeal(seller.client_secret or seller.secret_key, _PURPOSE).stamp(told.encode()).hex()
