"""Where the root of a document ends: Amazon looks for the envelope up to there."""

from typing import NoReturn
from xml.parsers import expat

from feedproc.formats.encoding import Undecodable, Utf8Stream

_CHUNK = 256 * 1024
_LONGEST_TOKEN = 4 * 1024 * 1024
"""Bytes: expat reads an unfinished tag or text from its start again with each part, so that a longer one takes long."""


class _Refused(Exception):
    """A document type declaration, which could define entities: never taken."""


def find_root_end(stream: Utf8Stream) -> tuple[int, int] | None:
    """Return line and column behind the root's last tag, from 1.

    None for what has no root, or does not end, or has a tag too long to look for its end.
    """
    finder = _Finder()
    try:
        while (chunk := stream.read(_CHUNK)) and finder.place is None and not finder.is_stuck:
            finder.read(chunk)
    except (expat.ExpatError, Undecodable, _Refused):
        pass
    return finder.place


class _Finder:
    """Reads until the root ends."""

    def __init__(self) -> None:
        self.place: tuple[int, int] | None = None
        self._depth = self._behind = 0
        self._chunk = b""
        self._expat = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._refuse

    def read(self, chunk: bytes) -> None:
        """Take the next part of the document."""
        self._chunk = chunk
        self._expat.Parse(chunk, False)
        self._behind += len(chunk)

    @property
    def is_stuck(self) -> bool:
        """Whether nothing has ended for so many bytes that reading on would cost the more the longer it takes."""
        return self._behind - max(self._expat.CurrentByteIndex, 0) > _LONGEST_TOKEN

    def _start(self, _name: str, _attributes: object) -> None:
        self._depth += 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._depth:
            begin = self._expat.CurrentByteIndex - self._behind
            end = self._chunk.find(b">", max(begin, 0)) + 1
            length = len(self._chunk[begin:end].decode("utf-8", "replace")) if begin >= 0 and end else len(name) + 3
            self.place = self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber + length + 1

    def _refuse(self, *_: object) -> NoReturn:
        raise _Refused
