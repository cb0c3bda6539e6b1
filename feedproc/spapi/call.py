"""One call of an operation, once it is known whose it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Backend, DocumentLinks, Link, Seller
from feedproc.services.reports.report_type import ReportTypes
from feedproc.spapi.access import Grant
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.refusals import InputInvalid, MembersMissing

ORDERS_DELAY = timedelta(minutes=2)
"""How long a new order, or a change of one, stays out of lists of orders (getOrders, CreatedBefore)."""
MOST_BODY = 1024 * 1024
"""Bytes of a request's JSON. The largest one that the models allow has some 100 KB."""


TOLERATED = ("MarketplaceId", "MarketplaceIds", "marketplace_ids", "marketplaceIds", "path")
"""Names that a client library adds to every query, whatever is asked for."""


class Access(Enum):
    """Which tokens open an operation (SP-API developer guide, grantless operations; Tokens API guide)."""

    SELLER = "a seller's"
    GRANTLESS = "one without a seller"
    RESTRICTED = "a restricted data token"


class Services(Struct, frozen=True):
    """What operations work with."""

    backend: Backend
    feed_types: FeedTypes
    report_types: ReportTypes
    links: DocumentLinks
    new_id: Callable[[], str]
    process_now: Callable[[FeedSubmission], FeedSubmission]
    """Processes a submission while its call waits, and returns it as it ended; may raise `StoreBusy`."""
    is_well_known: Callable[[Seller], bool] = lambda _seller: False
    """Tells the seller whose application everybody knows, so that only programs of this machine may use it."""
    orders_delay: timedelta = ORDERS_DELAY
    packs_documents: bool = False
    """Results and reports are given compressed; only where this server gives them itself."""


class Query:
    """The parameters of a query. A list may come joined by commas or as a repeated name; both mean the same."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Hold the decoded pairs."""
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def get(self, name: str) -> str | None:
        """Return one value; the first one of several; None when there is none, or an empty one."""
        values = self._values.get(name)
        return (values[0] or None) if values else None

    def list(self, name: str) -> tuple[str, ...]:
        """Return the values of a list, each once."""
        parts = (part.strip() for value in self._values.get(name, ()) for part in value.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within its bounds.

        Raises:
            InputInvalid: it is none, or lies outside.

        """
        text = self.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
            raise InputInvalid(INPUT_MALFORMED, f"{name} must be a number from {least} to {most}")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """Return a time: ISO 8601, or a date alone; without a zone it is UTC. A blank stands for a plus that was lost.

        Raises:
            InputInvalid: it is none.

        """
        text = self.get(name)
        return None if text is None else parse_moment(text)

    def has_only(self, *names: str) -> bool:
        """Say whether nothing stands there but these names."""
        return set(self._values) <= set(names)


def parse_moment(text: str) -> datetime:
    """Return the time that a text tells, in UTC.

    Raises:
        InputInvalid: it tells none.

    """
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InputInvalid("timestamp must follow ISO8601") from None


class Members:
    """The members of a request's JSON object. Unknown ones and nulls count as absent: clients send both."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        """Hold what was read."""
        self._members = members

    @property
    def members(self) -> Mapping[str, Any]:
        """All of them, whatever they are called."""
        return self._members

    def require(self, *names: str) -> None:
        """Make sure that these are there and not empty.

        Raises:
            MembersMissing: with the names of all that are not.

        """
        missing = [name for name in names if self._members.get(name) in (None, "", [])]
        if missing:
            raise MembersMissing(missing)

    def text(self, name: str) -> str | None:
        """Return a text. Raises `InputInvalid` for anything else."""
        value: str | None = self._require_kind(name, str)
        return value

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Return a list of at most `most` texts. Raises `InputInvalid` for anything else."""
        values = self._require_kind(name, list) or []
        if len(values) > most or not all(isinstance(value, str) for value in values):
            raise InputInvalid(INPUT_MALFORMED, f"{name} must be a list of 1 to {most} texts")
        return tuple(values)

    def objects(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return a list of objects. Raises `InputInvalid` for anything else."""
        values = self._require_kind(name, list) or []
        if not all(isinstance(value, dict) for value in values):
            raise InputInvalid(INPUT_MALFORMED, f"{name} must be a list of objects")
        return values

    def read_object(self, name: str) -> "Members":
        """Return an object's members; none when it is absent. Raises `InputInvalid` for anything else."""
        return Members(self._require_kind(name, dict) or {})

    def is_text(self, name: str) -> bool:
        """Say whether a member is a text, for those whose error says so."""
        return isinstance(self._members.get(name), str)

    def _require_kind(self, name: str, kind: type) -> Any:
        value = self._members.get(name)
        if value is not None and not isinstance(value, kind):
            raise InputInvalid(INPUT_MALFORMED, f"{name} is of the wrong type")
        return value


def read_members(content: bytes) -> Members:
    """Return the members of a request's body; none of an empty one.

    Raises:
        InputInvalid: it is no JSON object.

    """
    try:
        found = msgspec.json.decode(content) if content.strip() else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputInvalid(INPUT_MALFORMED) from None
    if not isinstance(found, dict):
        raise InputInvalid(INPUT_MALFORMED)
    return Members(found)


class Call(Struct, frozen=True):
    """What an operation is asked, by whom, and what it works with."""

    seller: Seller
    grant: Grant
    path: Mapping[str, str]
    """The parts of the path that are names in braces in Amazon's models."""
    method: str
    url_path: str
    """The path as it was asked for."""
    query: Query
    members: Members
    now: datetime
    services: Services

    @property
    def orders_delay(self) -> timedelta:
        """How long a new order, or a change of one, stays out of lists; not at all for the local seller."""
        return timedelta() if self.services.is_well_known(self.seller) else self.services.orders_delay

    def tell_download(self, link: Link) -> dict[str, str]:
        """Return the address of a document, and that it is compressed where it is.

        Such a one says so itself, by its Content-Encoding, only when the call asks for that (models,
        `enableContentEncodingUrlHeader`).
        """
        links = self.services.links
        if not self.services.packs_documents:
            return {"url": links.link_download(link, self.now)}
        encoding = "gzip" if self.query.get("enableContentEncodingUrlHeader") == "true" else "identity"
        packed = replace(link, encoding=encoding, is_packed=True)
        return {"url": links.link_download(packed, self.now), "compressionAlgorithm": "GZIP"}


class Answer(Struct, frozen=True):
    """What an operation answers."""

    status: int
    body: object = None
    """To be told as JSON: an object always, as clients cannot read anything else. None with status 204 alone."""


class Operation(Struct, frozen=True):
    """One operation of an API."""

    name: str
    """As Amazon's models call it, such as `createFeed`."""
    method: str
    path: str
    """As a rule of werkzeug: names of parts in angle brackets."""
    answer: Callable[[Call], Answer]
    rate: float
    """Calls a second that the default usage plan gives back."""
    burst: int
    """Calls that it allows at once."""
    access: Access = Access.SELLER


def write_moment(moment: datetime) -> str:
    """Return a time as Feeds and Reports tell it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
