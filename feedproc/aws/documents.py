"""Documents in S3, streamed both ways."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader
from typing import Any, BinaryIO

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.errors import get_code
from feedproc.feeds.uploads import derive_adopted_key

PART_BYTES = 8 * 1024 * 1024
"""Of an upload in parts, of which S3 takes 10,000; also the most that is held of a document that is written."""
FOLDER = "documents/"
"""Stands before the key of each document in the bucket."""
UPLOADS = "uploads/"
"""The same for documents that their senders put there; `adopt` moves them."""
COPY_BYTES = 128 * 1024 * 1024
"""Of one copy within S3. Larger documents are copied in parts, side by side: createFeed waits for them, and API Gateway
for createFeed no longer than 30 s."""
_COPIERS = 16
_KEY = re.compile(r"[0-9a-f]{32}")
_BUFFER = 256 * 1024
_GONE = frozenset({"NoSuchKey", "404", "NotFound"})


class S3Documents:
    """The port `Documents`."""

    def __init__(self, clients: Clients, new_key: Callable[[], str]) -> None:
        """Use the bucket of the settings; `new_key` gives 32 hexadecimal digits, never the same twice."""
        self._clients = clients
        self._new_key = new_key

    def create(self, key: str | None = None) -> "S3Writer":
        """Begin a document, under the key of an upload if one is given."""
        if key is not None:
            return S3Writer(self._clients.s3, self._locate(key, UPLOADS), key)
        key = self._new_key()
        return S3Writer(self._clients.s3, self._locate(key), key)

    def adopt(self, key: str) -> str:
        """Copy an uploaded document to where its sender cannot reach it; return its new key.

        Raises:
            FileNotFoundError: no document has this key.

        """
        adopted = derive_adopted_key(key)
        upload, final = self._locate(key, UPLOADS), self._locate(adopted)
        if self._look_at(final) is None:
            try:
                self._copy(upload, final)
            except (ClientError, FileNotFoundError):
                # A call that was sent twice may have copied and deleted it meanwhile.
                if self._look_at(final) is None:
                    raise
        self._clients.s3.delete_object(**upload)
        return adopted

    def _copy(self, upload: dict[str, str], final: dict[str, str]) -> None:
        """Copy an uploaded document, at once or in parts. Raises `FileNotFoundError` where there is none."""
        found = self._look_at(upload)
        if found is None:
            raise FileNotFoundError(f"nothing was uploaded under the key {upload['Key'].removeprefix(UPLOADS)!r}")
        if found["ContentLength"] > COPY_BYTES:
            self._copy_in_parts(upload, final, found)
        else:
            self._clients.s3.copy_object(**final, CopySource=upload, ServerSideEncryption="AES256")

    def _look_at(self, place: dict[str, str]) -> Mapping[str, Any] | None:
        """Return what S3 tells of an object; None when there is none."""
        try:
            found: Mapping[str, Any] = self._clients.s3.head_object(**place)
        except ClientError as error:
            if get_code(error) in _GONE:
                return None
            raise
        return found

    def _copy_in_parts(self, source: dict[str, str], final: dict[str, str], found: Mapping[str, Any]) -> None:
        """Copy an object as it was `found`; one that is replaced meanwhile is not copied half and half."""
        s3, size = self._clients.s3, found["ContentLength"]
        upload = str(s3.create_multipart_upload(**final, ServerSideEncryption="AES256")["UploadId"])

        def copy(begin: int) -> dict[str, Any]:
            number = begin // COPY_BYTES + 1
            copied = s3.upload_part_copy(
                **final,
                UploadId=upload,
                PartNumber=number,
                CopySource=source,
                CopySourceIfMatch=found["ETag"],
                CopySourceRange=f"bytes={begin}-{min(begin + COPY_BYTES, size) - 1}",
            )
            return {"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]}

        with ThreadPoolExecutor(_COPIERS) as copiers:
            parts = list(copiers.map(copy, range(0, size, COPY_BYTES)))
        _finish_upload(s3, final, upload, parts)

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading; it can be sought.

        Raises:
            FileNotFoundError: no document has this key.

        """
        try:
            reader = RangedReader(self._clients.s3, self._locate(key), self._clients.pause)
        except ClientError as error:
            if get_code(error) in _GONE:
                raise FileNotFoundError(f"no document has the key {key!r}") from None
            raise
        return BufferedReader(reader, _BUFFER)

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""
        self._clients.s3.delete_object(**self._locate(key))

    def _locate(self, key: str, folder: str = FOLDER) -> dict[str, str]:
        return locate(self._clients.settings.bucket, key, folder)


def locate(bucket: str, key: str, folder: str) -> dict[str, str]:
    """Return where in a bucket a document is.

    Raises:
        FileNotFoundError: no document can have this key.

    """
    if not _KEY.fullmatch(key):
        raise FileNotFoundError(f"no document has the key {key!r}")
    return {"Bucket": bucket, "Key": folder + key}


class S3Writer:
    """A document that is uploaded while it is written: at once when it is small, else in parts."""

    def __init__(self, client: Any, place: dict[str, str], key: str) -> None:
        """Write to a place in a bucket."""
        self._client = client
        self._place = place
        self._key = key
        self._buffer = bytearray()
        self._upload: str | None = None
        self._parts: list[dict[str, Any]] = []
        self._is_committed = False

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._buffer += data
        while len(self._buffer) >= PART_BYTES:
            part = bytes(self._buffer[:PART_BYTES])
            del self._buffer[:PART_BYTES]
            self._send(part)

    def commit(self) -> str:
        """Make it durable and return its key."""
        if self._upload is None:
            self._client.put_object(**self._place, Body=bytes(self._buffer), ServerSideEncryption="AES256")
        else:
            if self._buffer:
                self._send(bytes(self._buffer))
            _finish_upload(self._client, self._place, self._upload, self._parts)
        self._is_committed = True
        self._buffer.clear()
        return self._key

    def discard(self) -> None:
        """Forget what was written. Does nothing after `commit`."""
        self._buffer.clear()
        if self._upload is not None and not self._is_committed:
            self._client.abort_multipart_upload(**self._place, UploadId=self._upload)
            self._upload = None

    def _send(self, part: bytes) -> None:
        if self._upload is None:
            begun = self._client.create_multipart_upload(**self._place, ServerSideEncryption="AES256")
            self._upload = str(begun["UploadId"])
        number = len(self._parts) + 1
        sent = self._client.upload_part(**self._place, UploadId=self._upload, PartNumber=number, Body=part)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})


def _finish_upload(client: Any, place: dict[str, str], upload: str, parts: Sequence[dict[str, Any]]) -> None:
    try:
        client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
    except ClientError as error:
        if get_code(error) != "NoSuchUpload":
            raise
        client.head_object(**place)  # an earlier try took effect, and only its answer was lost


RANGE_BYTES = 8 * 1024 * 1024
"""Of one request; also the most that is held of an object."""
_CHUNK = 256 * 1024


class RangedReader(io.RawIOBase):
    """Reads one object, which never changes."""

    def __init__(self, client: Any, place: dict[str, str], pause: Callable[[float], None]) -> None:
        """Open an object: its first range is fetched at once.

        Raises:
            ClientError: it is not there, or may not be read.

        """
        super().__init__()
        self._client = client
        self._place = place
        self._pause = pause
        self._position = 0
        self._size = 0
        self._held_from, self._held = 0, b""
        self._fetch_range(0)

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
            self._fetch_range(self._position)
            begin = 0
        part = memoryview(self._held)[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _fetch_range(self, start: int) -> None:
        """Fetch a range, going on behind what came when the connection breaks in the middle."""
        parts, fetched = [], 0
        breaks = draw_pauses()
        while (body := self._request_range(start + fetched, start + RANGE_BYTES)) is not None:
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

    def _request_range(self, start: int, end: int) -> Any:
        """Begin to fetch a range; None when there is nothing in it."""
        if start >= end or (self._size and start >= self._size):
            return None
        try:
            answer = self._client.get_object(**self._place, Range=f"bytes={start}-{end - 1}")
        except ClientError as error:
            if get_code(error) == "InvalidRange" and start == 0:
                return None  # it is empty
            raise
        self._size = int(answer["ContentRange"].rpartition("/")[2])
        return answer["Body"]
