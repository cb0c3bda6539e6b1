"""How a file named on the command line is validated."""

from typing import BinaryIO, NamedTuple

from feedproc.explain.excerpt import Excerpts
from feedproc.feeds.feed_type import FeedType, Format, Provenance
from feedproc.formats.recognition import guess_feed_type, looks_like_xml, recognise
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.schemas import Schemas
from feedproc.imports.order_files import recognise_orders
from feedproc.services.check import Owner
from feedproc.wiring.feed_types import load_feed_types


class Validation(NamedTuple):
    """How one file is looked at."""

    feed_type: FeedType | None
    """None for XML whose feed type was not told: the schema alone decides."""
    provenance: Provenance
    schemas: Schemas
    """By what XML is judged."""
    owner: Owner | None = None
    """Whose feed it must be; None when that is not known."""
    tells_all: bool = False
    """Everything is told, whether it fits on a terminal or not."""
    holds_orders: bool = False
    """It is an order report, or an answer with orders, and no feed."""

    @property
    def form(self) -> Format:
        """What reads the file; without a feed type any XML, of which no message is looked into."""
        return self.feed_type.format if self.feed_type is not None else XmlFormat("", _decode_nothing, self.schemas)

    @property
    def unit(self) -> str:
        """What people call one of the things a feed of this kind consists of."""
        return self.form.unit

    def open_excerpts(self, feed: BinaryIO) -> Excerpts:
        """Return the lines of the feed, to be shown."""
        return Excerpts(feed, self.form.open_text(feed, self.provenance))


def choose_validation(
    name: str, feed: BinaryIO, feed_type: str | None, provenance: Provenance, schemas: Schemas
) -> Validation:
    """Return how to look at a feed: as the type that was told, or else as what its content says that it is.

    A table that is no feed is looked at as the feed whose headings it has most of. What is called XML is looked at as
    XML, and told to be none.
    """
    types = load_feed_types(schemas)
    if feed_type is not None:
        return Validation(types.look_up(feed_type), provenance, schemas)
    is_xml = looks_like_xml(feed)
    if name.lower().endswith(".xml") and not is_xml:
        feed.seek(0)
        return Validation(None, provenance, schemas)
    holds_orders = not is_xml and recognise_orders(feed, provenance.marketplace_id)
    known = None if holds_orders else recognise(feed, types)
    guess = types.look_up(known) if known else guess_feed_type(feed, types)
    feed.seek(0)
    is_told = known is not None or not guess.format.declares_encoding
    return Validation(guess if is_told else None, provenance, schemas, holds_orders=holds_orders)


def _decode_nothing(_payload: object) -> None:
    """Decode nothing: no message is looked into."""
