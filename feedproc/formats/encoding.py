"""Any encoding that XML feeds come in, read as UTF-8."""

import codecs
import re
from typing import BinaryIO

_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "iso-10646-ucs-2": "utf-16",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "ms932": "cp932", "cp932": "cp932", "csshiftjis": "cp932",
    "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "euc-kr": "euc_kr",
    "koi8-r": "koi8_r", "latin1": "iso8859-1", "cp1252": "cp1252", "cp1250": "cp1250", "cp1251": "cp1251",
} | {f"iso-8859-{n}": f"iso8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16)} \
  | {f"windows-125{n}": f"cp125{n}" for n in range(9)}  # fmt: skip
"""Encoding names that XML feeds declare, in lower case, and the codec that reads each."""

_CHUNK = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")


class EncodingUnknown(ValueError):
    """The feed declares an encoding that nobody knows; its text is the encoding's name."""


def utf8(feed: BinaryIO) -> "Utf8Stream":
    """Return the feed as a stream of UTF-8 without byte order mark. Raises `EncodingUnknown`."""
    feed.seek(0)
    head = feed.read(1024)
    bom, codec = next(((len(mark), name) for mark, name in _BOMS if head.startswith(mark)), (0, None))
    if codec is None:
        codec = next((name for mark, name in _UNMARKED if head.startswith(mark)), None) or _declared(head)
    return Utf8Stream(feed, bom, codec)


def _declared(head: bytes) -> str:
    declared = _DECLARED.match(head)
    if not declared:
        return "utf-8"
    name = declared[1].decode("ascii")
    try:
        codec = _CODECS[name.lower()]
    except KeyError:
        raise EncodingUnknown(name) from None
    return "utf-8" if codec.startswith("utf-16") else codec


class Utf8Stream:
    """A feed as UTF-8. Bytes of a feed that is in UTF-8 already pass unchanged, well encoded or not."""

    def __init__(self, feed: BinaryIO, bom: int, codec: str) -> None:
        """Read `feed` from behind its byte order mark of `bom` bytes, with the codec of that name."""
        self._feed = feed
        self._bom = bom
        self._codec = codec
        self._decoder: codecs.IncrementalDecoder | None = None
        self._left = b""
        self.seek(0)

    def seek(self, offset: int) -> None:
        """Go to the byte at `offset` of the UTF-8 text; costs a reading of all before it unless the feed is UTF-8."""
        self._feed.seek(self._bom)
        self._left = b""
        if self._codec in {"utf-8", "ascii"}:
            self._feed.seek(self._bom + offset)
            return
        self._decoder = codecs.getincrementaldecoder(self._codec)("strict")
        while offset > 0:
            skipped = self.read(min(offset, _CHUNK))
            if not skipped:
                return
            offset -= len(skipped)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes of UTF-8; none at the end. Raises `UnicodeDecodeError`."""
        if self._decoder is None:
            return self._feed.read(size)
        while not self._left:
            raw = self._feed.read(_CHUNK)
            text = self._decoder.decode(raw, final=not raw)
            self._left = text.encode("utf-8", "surrogatepass")
            if not raw:
                break
        taken, self._left = self._left[:size], self._left[size:]
        return taken
