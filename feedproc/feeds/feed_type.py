"""What a feed type is: a name, a format, what its messages have to see, and what they do."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, BinaryIO, Protocol

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import FeedTypeUnknown
from feedproc.feeds.effects import Effects, Need, Seen, Touches
from feedproc.feeds.extract import Extractor, Frame
from feedproc.feeds.finding import Finding, Inspection, Portion, Survey
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result, Summary


class Context(Struct, frozen=True):
    """What a message is applied in: whose feed, when, and under which tables."""

    merchant_identifier: str
    """As the feed's header gives it."""
    marketplace_id: str
    """Decides the host in Amazon's texts."""
    submitted_at: datetime
    now: datetime
    restocking: Mapping[str, bool]
    """Cancellation reason to whether its units come back to the stock."""
    needs_carrier: bool = True
    """A shipment without the code of its carrier is refused, as Amazon does since 2021."""


Tick = Callable[[int], None]
"""Told how many bytes of a feed are done, often enough to keep a claim alive and a progress bar moving."""


class Provenance(Struct, frozen=True):
    """What is known of a feed besides its bytes; a flat file's encoding follows from it."""

    content_type: str | None = None
    """As it was submitted, such as `text/tab-separated-values; charset=Shift_JIS`."""
    marketplace_id: str = ""
    """The seller's."""
    in_english: bool = False
    """Its report is to be in English, whatever the marketplace speaks."""


UNTOLD = Provenance()
"""Nothing is known besides the bytes."""


class Utf8Source(Protocol):
    """A feed's characters as UTF-8, whatever encoding it came in."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""


class Format(Protocol):
    """Bytes to messages, and results to bytes. A feed is read twice: nothing of an ill-formed one is applied.

    Whoever deals with feeds asks the format, and never which format it is.
    """

    @property
    def unit(self) -> str:
        """What people call one of the things that a feed consists of: `message` or `record`."""

    @property
    def suffix(self) -> str:
        """How the name of a report's file ends, without the dot: `xml` or `txt`."""

    @property
    def declares_encoding(self) -> bool:
        """Whether a feed says itself in which encoding it is; else its content type should."""

    def recognises(self, feed: BinaryIO) -> bool:
        """Say by how a feed begins whether it is one of this format. The feed is left anywhere."""

    def with_schemas(self, schemas: Any) -> "Format":
        """Return the same format, judging by other schemas if it judges by schemas at all."""

    def open_text(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Callable[[BinaryIO], Utf8Source]:
        """Find out in which encoding a feed is; return what opens it, or a copy of it, as UTF-8."""

    def open_extractor(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Extractor:
        """Return what cuts messages out of a feed that is readable to its end. The feed must stay open."""

    def find_frame(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Frame:
        """Return what stands around the messages of a feed that is readable to its end."""

    def show(self, text: bytes, provenance: Provenance = UNTOLD) -> str:
        """Return an extracted message as characters; those that cannot be read become U+FFFD."""

    def skip_id(self, text: str) -> str:
        """Return a shown message without the id in front of its payload, if it has one there."""

    def distinguish_from(self, others: Iterable["Format"]) -> "Format":
        """Return the same, able to tell its feeds from those of the others that sellers are offered."""

    def report_content_type(self, marketplace_id: str) -> str:
        """Return the Content-Type of reports for a seller of that marketplace, with charset."""

    def survey(self, feed: BinaryIO, tick: Tick, provenance: Provenance = UNTOLD) -> Survey:
        """Look through the whole feed, a piece at a time, for what makes it faulty as a whole."""

    def read(self, feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
        """Yield the feed from `start`, a boundary, in portions small enough for one transaction."""

    def inspect(self, feed: BinaryIO, any_type: bool, provenance: Provenance = UNTOLD) -> Iterator[Inspection]:
        """Yield all that is wrong with the feed, in one pass; with `any_type`, whatever type its messages have.

        Without, messages in which nothing is wrong are decoded, for the feed type to look at.
        """

    def find_misread(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Finding | None:
        """Return a warning when text in the beginning of a feed is certainly not read as it was written.

        It keeps nothing from taking effect, and is in no report.
        """

    def report(self, about: "ReportHead", summary: Summary, results: Iterable[Result]) -> Iterator[bytes]:
        """Yield the processing report in pieces."""


class ReportHead(Struct, frozen=True):
    """What stands at the top of a report."""

    submission_id: str
    merchant_identifier: str
    marketplace_id: str
    in_english: bool = False
    """Whatever the marketplace speaks."""


def _find_nothing(_message_id: str, _body: Any, _at: datetime, _marketplace_id: str) -> Result | None:
    return None


def _ask_nothing(_body: Any) -> None:
    return None


class FeedType(Struct, frozen=True):
    """One kind of feed."""

    name: str
    """As SP-API spells it: `POST_ORDER_FULFILLMENT_DATA`."""
    format: Format
    touches: Callable[[Any], Touches]
    """The orders and SKUs that a message's body names."""
    apply: Callable[[str, Any, Seen, Context], Effects]
    """Apply (message id, body) to what was found of them, purely."""
    check: Callable[[str, Any, datetime, str], Result | None] = _find_nothing
    """Say what is wrong with (message id, body), submitted at a time for a marketplace, whatever order it is about."""
    purge: Callable[[str], Effects] | None = None
    """What becomes of a SKU that a feed with PurgeAndReplace does not name; None where that says nothing."""
    find_need: Callable[[Any], Need | None] = _ask_nothing
    """Say what the order of a message's body must be like; None when the message is about no order."""
    is_about_orders: bool = False
    """Reports say of its faults of XML what Amazon says of order feeds, and not of listings."""
    body: Any = None
    """What a message says, as a type that msgspec writes and reads, so that a process may read for another. None where
    it is no such type."""
    is_offered: bool = True
    """Sellers' programs may submit it; else only feedproc itself does, for what a person does on a page."""


class FeedTypes:
    """All feed types, by name."""

    def __init__(self, feed_types: Sequence[FeedType], places: Sequence[Path] = ()) -> None:
        """Take every feed type once, and where the folders stand that they come from. Raises `ValueError`."""
        twice = [name for name, times in Counter(one.name for one in feed_types).items() if times > 1]
        if twice:
            raise ValueError(f"there are two feed types {twice[0]}")
        self.places = tuple(places)
        """Where the folders of feed types stand, with what is said of them in each language."""
        offered = [one.format for one in feed_types if one.is_offered]
        self._by_name = {one.name: replace(one, format=one.format.distinguish_from(offered)) for one in feed_types}

    def look_up(self, name: str) -> FeedType:
        """Return the feed type of that name, or raise `FeedTypeUnknown`."""
        try:
            return self._by_name[name]
        except KeyError:
            raise FeedTypeUnknown(name, self.names) from None

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._by_name))

    @property
    def offered(self) -> tuple[str, ...]:
        """The names of those that sellers' programs may submit, sorted."""
        return tuple(name for name in self.names if self._by_name[name].is_offered)


class DeferredFeedTypes(FeedTypes):
    """All feed types, loaded when the first of them is asked for: what reads and checks feeds takes long to load."""

    def __init__(self, load: Callable[[], FeedTypes], places: Sequence[Path]) -> None:
        """Let `load` find them, which cannot fail."""
        self._load = load
        self.places = tuple(places)

    @cached_property
    def _by_name(self) -> Mapping[str, FeedType]:  # type: ignore[override]
        return self._load()._by_name


def find_declared(*packages: ModuleType) -> FeedTypes:
    """Return the feed types of every folder in the packages whose `__init__` ends in `FEED_TYPES`."""
    modules = [
        import_module(f"{package.__name__}.{found.name}")
        for package in packages
        for found in iter_modules(package.__path__)
        if found.ispkg
    ]
    places = [Path(place) for package in packages for place in package.__path__]
    return FeedTypes([one for module in modules for one in getattr(module, "FEED_TYPES", ())], places)
