"""A chunked request body as a stream, however large its chunks are."""

import re
from typing import BinaryIO

_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_MOST_LINE = 4096
_MOST_TRAILERS = 100


class ChunkedBody:
    """What `wsgi.input` is for a chunked body: it holds no more than what is asked of it."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from a connection that stands before the first chunk."""
        self._stream = stream
        self._left = 0
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end.

        Raises:
            ValueError: what comes is no chunk.
            EOFError: the sender stopped in the middle.

        """
        if not self._left and not self._ended:
            self._begin_chunk()
        if self._ended or size <= 0:
            return b""
        data = self._stream.read(min(size, self._left))
        if not data:
            raise EOFError("the body ends in the middle of a chunk")
        self._left -= len(data)
        if not self._left:
            self._end_chunk()
        return data

    @property
    def has_ended(self) -> bool:
        """The last chunk was read."""
        return self._ended

    def _begin_chunk(self) -> None:
        size = self._read_line().partition(b";")[0].strip()
        if not _SIZE.fullmatch(size):
            raise ValueError("a chunk without a size")
        self._left = int(size, 16)
        if not self._left:
            self._ended = True
            self._skip_trailers()

    def _end_chunk(self) -> None:
        if self._stream.read(2) != b"\r\n":
            raise ValueError("a chunk that is longer than its size")

    def _skip_trailers(self) -> None:
        for _ in range(_MOST_TRAILERS):
            if not self._read_line():
                return
        raise ValueError("too many trailers")

    def _read_line(self) -> bytes:
        line = self._stream.readline(_MOST_LINE)
        if not line.endswith(b"\n"):
            raise EOFError("the body ends without its last chunk")
        return line.rstrip(b"\r\n")
