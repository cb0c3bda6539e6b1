"""An object of S3 as a file: read in large ranges, sought at no cost, and taken up again where a connection broke."""

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from feedproc.aws.clients import code_of
from feedproc.aws.patience import pauses

RANGE_BYTES = 8 * 1024 * 1024
"""Of one request; also the most that is held of an object."""
_CHUNK = 256 * 1024


class RangedReader(io.RawIOBase):
    """Reads one object, which never changes."""

    def __init__(self, client: Any, place: dict[str, str], pause: Callable[[float], None]) -> None:
        """Open an object. Raises `ClientError`."""
        super().__init__()
        self._client = client
        self._place = place
        self._pause = pause
        self._position = 0
        self._size = 0
        self._held_from, self._held = 0, b""
        self._hold(0)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go elsewhere; nothing is asked of S3 before the next read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}, before the beginning")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer, as far as what is held reaches; return how many bytes; none at the end."""
        if self._position >= self._size:
            return 0
        begin = self._position - self._held_from
        if not 0 <= begin < len(self._held):
            self._hold(self._position)
            begin = 0
        part = memoryview(self._held)[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _hold(self, start: int) -> None:
        """Fetch a range, going on behind what came when the connection breaks in the middle."""
        parts, fetched = [], 0
        breaks = pauses()
        while (body := self._body(start + fetched, start + RANGE_BYTES)) is not None:
            try:
                with body:
                    while chunk := body.read(_CHUNK):
                        parts.append(chunk)
                        fetched += len(chunk)
                break
            except (HTTPClientError, IncompleteReadError):
                seconds = next(breaks, None)
                if seconds is None:
                    raise
                self._pause(seconds)
        self._held_from, self._held = start, b"".join(parts)

    def _body(self, start: int, end: int) -> Any:
        """Begin to fetch a range; None when there is nothing in it."""
        if start >= end or (self._size and start >= self._size):
            return None
        try:
            answer = self._client.get_object(**self._place, Range=f"bytes={start}-{end - 1}")
        except ClientError as error:
            if code_of(error) == "InvalidRange" and start == 0:
                return None  # it is empty
            raise
        self._size = int(answer["ContentRange"].rpartition("/")[2])
        return answer["Body"]
