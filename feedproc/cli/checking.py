"""As what a file named on the command line is checked."""

from typing import BinaryIO, NamedTuple

from feedproc import wiring
from feedproc.feedtype import FeedType, Format, Provenance
from feedproc.formats.excerpt import Excerpts
from feedproc.formats.flat import FlatFile
from feedproc.formats.flat.recognition import recognised
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.schemas import OURS, Schemas


class Checking(NamedTuple):
    """How one file is looked at."""

    feed_type: FeedType | None
    """None for XML whose feed type was not told: the schema alone decides."""
    provenance: Provenance
    schemas: Schemas = OURS
    """By what XML is judged."""

    @property
    def form(self) -> Format:
        """What reads the file; without a feed type any XML, of which no message is looked into."""
        return self.feed_type.format if self.feed_type is not None else XmlFormat("", _nothing, self.schemas)

    @property
    def unit(self) -> str:
        """What people call one of the things a feed of this kind consists of."""
        return "record" if self._is_flat else "message"

    def excerpts(self, feed: BinaryIO) -> Excerpts:
        """Return the lines of the feed, to be shown."""
        if self.feed_type is not None and isinstance(self.feed_type.format, FlatFile):
            return Excerpts(feed, self.feed_type.format.utf8(feed, self.provenance))
        return Excerpts(feed)

    @property
    def _is_flat(self) -> bool:
        return self.feed_type is not None and isinstance(self.feed_type.format, FlatFile)


def checking(
    name: str, feed: BinaryIO, feed_type: str | None, provenance: Provenance, schemas: Schemas = OURS
) -> Checking:
    """Return how to look at a feed: as the type that was told, or else as the flat file that it is.

    What is called XML is looked at as XML, and told to be none.
    """
    types = wiring.all_feed_types(schemas)
    if feed_type is not None:
        return Checking(types.named(feed_type), provenance, schemas)
    template = None if name.lower().endswith(".xml") else recognised(feed)
    feed.seek(0)
    for one in map(types.named, types.offered):
        if template is not None and isinstance(one.format, FlatFile) and one.format.template is template:
            return Checking(one, provenance, schemas)
    return Checking(None, provenance, schemas)


def _nothing(_payload: object) -> None:
    """Decode nothing: no message is looked into."""
