"""Any encoding that XML feeds come in, read as UTF-8, as Amazon's parser reads it.

The first bytes tell in which encoding the XML declaration is read; what follows the declaration is read in the one it
declares, even where that makes no sense. Bytes that mean nothing become U+FFFD, except in UTF-8, which passes as it
is, and in US-ASCII, where reading stops.
"""

import codecs
import re
from typing import BinaryIO

from feedproc.xerces.text.encoding_names import CODECS

_CHUNK = 64 * 1024
_HEAD = 4096
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = (
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)
_ORDERS = {"utf-16-le": "-le", "utf-16-be": "-be", "utf-32-le": "-le", "utf-32-be": "-be"}
_WITHOUT_ORDER = {"iso-10646-ucs-2": "utf-16", "iso-10646-ucs-4": "utf-32"}
"""Encodings whose byte order only the first bytes can tell."""


def _compile_declaration(version: str, space: str) -> "re.Pattern[str]":
    equals = f"[{space}]*=[{space}]*"
    return re.compile(
        rf"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["']){version}\1"""
        rf"""[{space}]+encoding{equals}(["'])(?P<encoding>[A-Za-z][A-Za-z0-9._-]*)\2"""
        rf"""(?:[{space}]+standalone{equals}(["'])(?:yes|no)\4)?[{space}]*\?>"""
    )


_DECLARATIONS = (_compile_declaration("1[.]0", " \t\r\n"), _compile_declaration("1[.]1", " \t\r\n\x85\u2028"))
_ANY_DECLARATION = re.compile(r"<\?xml[ \t\r\n].*?\?>", re.DOTALL)
_BLOCK = 8192
_WITHOUT_DECLARATION = 32
"""Where Xerces' first block ends in a feed without an XML declaration, or with a short one; else it ends with that."""
_HIGHEST = (b"\xf4", b"\xf5", b"\xf6", b"\xf7")
_BEYOND_UNICODE = re.compile(rb"(?:\xf4[\x90-\xbf]|[\xf5-\xf7][\x80-\xbf])[\x80-\xbf]{2}")
_UNKNOWN_TO_JAVA = "\x80\uf8f0\uf8f1\uf8f2\uf8f3"
"""What Python makes of single bytes that are no characters of Shift_JIS."""
_TWO_BYTES, _THREE_BYTES = 2, 3
_THREE_BYTES_FOLLOW = 0x8F
_JAVA = "feedproc.java"


class Undecodable(ValueError):
    """The feed cannot be read on from here. Its text is what Amazon's parser says."""


def looks_like_xml(feed: BinaryIO) -> bool:
    """Say whether the first thing in a file is a tag, whatever the encoding."""
    feed.seek(0)
    return feed.read(_HEAD).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def open_utf8(feed: BinaryIO) -> "Utf8Stream":
    """Return the feed as a stream of UTF-8 without byte order mark."""
    feed.seek(0)
    head = feed.read(_HEAD)
    mark, detected = next(((len(bom), name) for bom, name in _BOMS if head.startswith(bom)), (0, ""))
    if not detected:
        detected = next((name for start, name in _UNMARKED if head.startswith(start)), "utf-8")
    text = head[mark:].decode(detected, "replace")
    declaration = next(filter(None, (each.match(text) for each in _DECLARATIONS)), None)
    if declaration is None:
        other = _ANY_DECLARATION.match(text)
        size = len(other[0].encode()) if other else 0
        return Utf8Stream(feed, mark, detected, first_block=max(_WITHOUT_DECLARATION, size))
    name = declaration["encoding"].lower()
    if (name in _WITHOUT_ORDER and detected not in _ORDERS) or (name, detected[:6]) == ("iso-10646-ucs-2", "utf-32"):
        return _Unordered(feed, mark, detected, declaration[0], declaration["encoding"])
    codec = _find_codec(name, detected)
    if codec == detected and name != "utf8":
        return Utf8Stream(feed, mark, detected, first_block=len(declaration[0].encode()))
    return Utf8Stream(feed, mark + len(declaration[0].encode(detected)), codec, declaration[0], strict=name == "utf-8")


def _find_codec(name: str, detected: str) -> str:
    """Return the codec for what is declared; an unknown name is the scanner's to tell."""
    if name in _WITHOUT_ORDER:
        return _WITHOUT_ORDER[name] + _ORDERS[detected]
    if name == "utf-16" and detected.startswith("utf-16"):
        return detected
    return CODECS.get(name, detected)


class Utf8Stream:
    """A feed as UTF-8. Bytes of a feed that is in UTF-8 already pass unchanged, well encoded or not.

    What lies beyond Unicode's last character, and what is not ASCII where that is declared, stops the reading as it
    stops Xerces': at the beginning of the block of bytes that it is in.
    """

    def __init__(
        self, feed: BinaryIO, body: int, codec: str, declaration: str = "", *, first_block: int = 0, strict: bool = True
    ) -> None:
        """Read `declaration`, then `feed` from its byte `body` with `codec`; UTF-8 is passed on if `strict`.

        The first block ends at `first_block`, counted from the body.
        """
        self._feed = feed
        self._body = body
        self._codec = codec
        self._declaration = declaration.encode()
        self._first_block = first_block
        self._passes = codec == "utf-8" and strict
        self._decoder: codecs.IncrementalDecoder | None = None
        self._left = b""
        self._at = 0
        self._stop = ""
        self.seek(0)

    @property
    def passes(self) -> bool:
        """Whether bytes pass as they are, so that any place of the text can be gone to at once."""
        return self._passes

    @property
    def codec(self) -> str:
        """In which the feed is read, behind its declaration."""
        return self._codec

    def seek(self, offset: int) -> None:
        """Go to the byte at `offset` of the UTF-8 text; costs a reading of all before it unless the feed is UTF-8."""
        self._stop = ""
        if self._passes:
            self._left = self._declaration[offset:]
            self._at = max(0, offset - len(self._declaration))
            self._feed.seek(self._body + self._at)
            return
        self._left = self._declaration
        self._at = 0
        self._feed.seek(self._body)
        self._decoder = codecs.getincrementaldecoder(self._codec)(_choose_error_handler(self._codec))
        while offset > 0:
            skipped = self.read(min(offset, _CHUNK))
            if not skipped:
                return
            offset -= len(skipped)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes of UTF-8; none at the end. Raises `Undecodable`."""
        while not self._left:
            if self._stop:
                raise Undecodable(self._stop)
            whole_blocks = size + (self._first_block - self._at - size) % _BLOCK
            raw = self._feed.read(_CHUNK if self._decoder is not None else whole_blocks)
            self._left = self._decode(raw) if self._decoder is not None else self._check(raw)
            self._at += len(raw)
            if not raw:
                break
        if len(self._left) <= size:
            taken, self._left = self._left, b""
        else:
            taken, self._left = self._left[:size], self._left[size:]
        return taken

    def _decode(self, raw: bytes) -> bytes:
        assert self._decoder is not None  # noqa: S101 - its caller has asked
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            self._stop = f'Byte "{raw[error.start]}" is not a member of the (7-bit) ASCII character set.'
            return raw[: self._block(error.start)]
        if self._codec == "cp932":
            for character in _UNKNOWN_TO_JAVA:
                text = text.replace(character, "\ufffd")
        return text.encode("utf-8", "surrogatepass")

    def _check(self, raw: bytes) -> bytes:
        """Return the bytes up to the block in which something lies beyond Unicode."""
        if not any(lead in raw for lead in _HIGHEST):
            return raw
        beyond = _BEYOND_UNICODE.search(raw)
        if beyond is None:
            return raw
        first, second = beyond[0][:2]
        bits = ((first & 0x07) << 2) | ((second >> 4) & 0x03)
        self._stop = f"High surrogate bits in UTF-8 sequence must not exceed 0x10 but found 0x{bits:x}."
        return raw[: self._block(beyond.start())]

    def _block(self, place: int) -> int:
        """Return where, in what was just read, the block begins that holds the byte at `place`."""
        behind = (self._at + place - self._first_block) % _BLOCK
        return max(0, place - behind)


class _Unordered(Utf8Stream):
    """A feed that declares an encoding without saying in which order its bytes stand; it ends with its declaration."""

    def __init__(self, feed: BinaryIO, mark: int, codec: str, declaration: str, name: str) -> None:
        super().__init__(feed, mark, codec, declaration)
        self._name = name

    def read(self, size: int) -> bytes:
        """Return the declaration."""
        taken, self._left = self._left[:size], self._left[size:]
        if not taken:
            raise Undecodable(f'Given byte order for encoding "{self._name}" is not supported.')
        return taken


def _replace_as_java_does(error: UnicodeError) -> tuple[str, int]:
    """Replace what is no character of EUC-JP: Java's decoder drops as many bytes as the first one announces."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - only decoders call this
    size = _THREE_BYTES if error.object[error.start] == _THREE_BYTES_FOLLOW else _TWO_BYTES
    return "\ufffd", min(error.start + size, len(error.object))


def _choose_error_handler(codec: str) -> str:
    """Return the name of what handles bytes that mean nothing; Python learns of it here, when it is needed."""
    if codec != "euc_jp":
        return "strict" if codec == "ascii" else "replace"
    codecs.register_error(_JAVA, _replace_as_java_does)
    return _JAVA
