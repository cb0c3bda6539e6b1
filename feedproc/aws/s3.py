"""Documents in S3, streamed both ways."""

import re
from collections.abc import Callable
from io import BufferedReader
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from feedproc.aws.clients import Clients, code_of
from feedproc.aws.ranges import RangedReader

PART_BYTES = 8 * 1024 * 1024
"""Of an upload in parts, of which S3 takes 10,000; also the most that is held of a document that is written."""
FOLDER = "documents/"
"""Stands before the key of each document in the bucket."""
_KEY = re.compile(r"[0-9a-f]{32}")
_BUFFER = 256 * 1024
_GONE = frozenset({"NoSuchKey", "404", "NotFound"})


class S3Documents:
    """The port `Documents`."""

    def __init__(self, clients: Clients, new_key: Callable[[], str]) -> None:
        """Use the bucket of the settings; `new_key` gives 32 hexadecimal digits, never the same twice."""
        self._clients = clients
        self._new_key = new_key

    def create(self) -> "S3Writer":
        """Begin a document."""
        key = self._new_key()
        return S3Writer(self._clients.s3, self._place(key), key)

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading; it can be sought. Raises `FileNotFoundError`."""
        try:
            reader = RangedReader(self._clients.s3, self._place(key), self._clients.pause)
        except ClientError as error:
            if code_of(error) in _GONE:
                raise FileNotFoundError(f"no document has the key {key!r}") from None
            raise
        return BufferedReader(reader, _BUFFER)

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""
        self._clients.s3.delete_object(**self._place(key))

    def _place(self, key: str) -> dict[str, str]:
        if not _KEY.fullmatch(key):
            raise FileNotFoundError(f"no document has the key {key!r}")
        return {"Bucket": self._clients.settings.bucket, "Key": FOLDER + key}


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
            self._complete(self._upload)
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

    def _complete(self, upload: str) -> None:
        try:
            self._client.complete_multipart_upload(
                **self._place, UploadId=upload, MultipartUpload={"Parts": self._parts}
            )
        except ClientError as error:
            if code_of(error) != "NoSuchUpload":
                raise
            self._client.head_object(**self._place)  # an earlier try took effect, and only its answer was lost
