"""The body of a request as a stream that knows where it must end."""

from typing import BinaryIO
from wsgiref.types import WSGIEnvironment

from werkzeug.wsgi import get_content_length

from feedproc.errors import UploadInterrupted
from feedproc.mws.refusals import RequestTooLong
from feedproc.services.submit import Readable

_CHUNK = 64 * 1024


class Body:
    """What is left to read of a body."""

    def __init__(self, stream: Readable, length: int | None) -> None:
        """Read a stream of so many bytes; None when only its end tells (a chunked body)."""
        self._stream = stream
        self._left = length
        self._ended = length == 0
        self.length = length

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end.

        Raises `UploadInterrupted` when the sender goes away, or stops before the length that it announced.
        """
        if self._ended:
            return b""
        data = self._receive(size if self._left is None else min(size, self._left))
        if not data and self._left:
            self._ended = True
            raise UploadInterrupted
        if self._left is not None:
            self._left -= len(data)
        self._ended = not data or self._left == 0
        return data

    def _receive(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (OSError, ValueError, EOFError) as interruption:
            # Servers tell a broken connection or a malformed chunk so; the stream is of no more use then.
            self._ended = True
            raise UploadInterrupted from interruption

    def read_all(self, limit: int) -> bytes:
        """Return all of it. Raises `RequestTooLong` beyond `limit` bytes, without reading much more than these."""
        if self.length is not None and self.length > limit:
            raise RequestTooLong("form", limit)
        content = bytearray()
        while data := self.read(_CHUNK):
            content += data
            if len(content) > limit:
                raise RequestTooLong("form", limit)
        return bytes(content)


def open_body(environ: WSGIEnvironment) -> Body:
    """Return the body of a WSGI request: of Content-Length bytes, or chunked until its end, or empty."""
    stream: BinaryIO = environ["wsgi.input"]
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return Body(stream, None)
    if environ.get("CONTENT_LENGTH"):
        return Body(stream, get_content_length(environ) or 0)
    return Body(stream, None if environ.get("wsgi.input_terminated") else 0)
