"""Which template a file follows whose feed type is not known."""

from itertools import islice
from typing import BinaryIO

from feedproc.feeds.progress import Position
from feedproc.formats.flat import charset
from feedproc.formats.flat.columns import Template
from feedproc.formats.flat.headings import kind_of
from feedproc.formats.flat.rows import rows
from feedproc.formats.limits import MAX_HEADING_ROWS


def recognised(feed: BinaryIO) -> Template | None:
    """Return the template, by the headings; None when it is no flat file, or could be any."""
    encoding = charset.told(feed, None)
    source = charset.source(feed, encoding, encoding.codec or "")
    beginning = [row for part in islice(rows(source, Position(), 1), MAX_HEADING_ROWS) for row in part.rows]
    return kind_of(beginning)
