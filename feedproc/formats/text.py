"""A small feed as text that a person edits, and back again in the encoding that it came in."""

import codecs
import re
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.formats.flat import charset
from feedproc.xerces.text.encoding_names import CODECS

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(r"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_XML = re.compile(r"\s*<")


class Text(Struct, frozen=True):
    """A feed's characters, and how they were written."""

    characters: str
    codec: str
    mark: bytes = b""
    """The byte order mark."""

    @property
    def is_broken(self) -> bool:
        """Some bytes were no characters in that encoding; each shows as U+FFFD."""
        return "\ufffd" in self.characters

    def encode_as_it_came(self, characters: str) -> bytes:
        """Return edited text as a feed, with the line ends that it came with. Raises `UnicodeEncodeError`."""
        text = characters.replace("\r\n", "\n").replace("\r", "\n")
        if "\r\n" in self.characters:
            text = text.replace("\n", "\r\n")
        codec = self.codec if self.mark else _find_declared(text) or self.codec
        return self.mark + text.encode(codec)


def read_text(feed: BinaryIO, provenance: Provenance, most: int) -> Text | None:
    """Return a feed of at most so many bytes as text; None for a larger one."""
    feed.seek(0)
    data = feed.read(most + 1)
    if len(data) > most:
        return None
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Text(data[len(mark) :].decode(codec, "replace"), codec, mark)
    codec = _find_codec(data, charset.find_encoding(feed, provenance.content_type).codec, provenance.marketplace_id)
    return Text(data.decode(codec, "replace"), codec)


def _find_codec(data: bytes, named: str | None, marketplace_id: str) -> str:
    beginning = data[:1024].decode("ascii", "replace")
    if _XML.match(beginning):
        return _find_declared(beginning) or "utf-8"
    if named:
        return named
    try:
        data.decode()
    except UnicodeDecodeError:
        return marketplace_of(marketplace_id).codec
    return "utf-8"


def _find_declared(text: str) -> str | None:
    """Return the codec that an XML declaration names; a feed in UTF-16 or UTF-32 has a mark instead."""
    found = _DECLARED.match(text)
    codec = CODECS.get(found[1].lower()) if found else None
    return None if codec is None or codec.startswith(("utf-16", "utf-32")) else codec
