"""In which encoding a flat file is written.

Its byte order mark says so, since no text begins with those bytes; else the charset of its content type; else it is
UTF-8 if all of it can be read so; else the marketplace decides.
"""

import codecs
import re
from typing import BinaryIO, NamedTuple

from feedproc.formats.encoding import Utf8Stream

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = (
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
)
"""How a file in UTF-16 without a mark begins: with headings, which are in ASCII."""
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^"';\s]+)""", re.IGNORECASE)
_CODECS = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "cswindows31j": "cp932", "cp932": "cp932", "ms932": "cp932",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "windows-1252": "cp1252", "cp1252": "cp1252",
    "iso-8859-15": "iso8859-15", "euc-jp": "euc_jp", "utf-8": "utf-8", "utf8": "utf-8",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
"""What a content type may say. Amazon means windows-1252 by iso-8859-1, and what Windows makes of it by Shift_JIS. The
names us-ascii and utf-16 are missing: clients put the first on anything, and the second needs a mark."""
_HEAD = 4


class Encoding(NamedTuple):
    """How a feed's bytes are read."""

    mark: int
    """Bytes of the byte order mark."""
    codec: str | None
    """None while nothing but the file's bytes as a whole can tell."""

    @property
    def is_wide(self) -> bool:
        """Line ends and tabs are more than one byte."""
        return self.codec is not None and self.codec.startswith("utf-16")


def find_encoding(feed: BinaryIO, content_type: str | None) -> Encoding:
    """Return what mark and content type say, and the zeros of UTF-16."""
    feed.seek(0)
    head = feed.read(_HEAD)
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return Encoding(len(mark), marked)
    named = _CHARSET.search(content_type or "")
    codec = _CODECS.get(named[1].lower()) if named else None
    unmarked = next((wide for pattern, wide in _UNMARKED if pattern.match(head)), None)
    return Encoding(0, unmarked or codec)


class Source(NamedTuple):
    """A feed as rows can be cut from it: the bytes of `stream` are in `codec`, in which LF, CR and tab are one byte."""

    stream: BinaryIO | Utf8Stream
    start: int
    codec: str


def open_source(feed: BinaryIO, encoding: Encoding, codec: str) -> Source:
    """Return the feed behind its mark; UTF-16 is read as UTF-8."""
    if encoding.is_wide:
        return Source(Utf8Stream(feed, encoding.mark, codec), 0, "utf-8")
    return Source(feed, encoding.mark, codec)
