"""Documents by their addresses, as a WSGI application that answers like S3."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from gzip import GzipFile
from hashlib import md5
from html import escape
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import FileWrapper

from feedproc.errors import FeedTooLarge
from feedproc.ports import LINK_LIFE, Documents
from feedproc.services.submit import MAX_FEED_BYTES
from feedproc.spapi.documents.links import PATH, BadLink, LinkProblem, SignedLinks, Verb

_CHUNK = 256 * 1024
_IN_MEMORY = 1024 * 1024
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
_logger = logging.getLogger(__name__)


class DocumentsApp:
    """Takes uploads and gives downloads to whoever has an address that is good for them."""

    def __init__(
        self, documents: Documents, links: SignedLinks, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        """Serve what `links` open."""
        self._documents = documents
        self._links = links
        self._clock = clock
        self._new_id = new_id

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request, request_id, now = Request(environ), self._new_id(), self._clock()
        try:
            response = self._answer(request, now)
        except BadLink as bad:
            response = _refuse(bad, now, request_id)
        except FeedTooLarge:
            response = _tell_error(
                400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", request_id
            )
        except ClientDisconnected:
            response = _tell_error(400, "RequestTimeout", "The upload ended before all of it had arrived.", request_id)
        except FileNotFoundError:
            response = _tell_error(404, "NoSuchKey", "The specified key does not exist.", request_id)
        response.headers["Server"] = "AmazonS3"
        response.headers["x-amz-request-id"] = request_id
        _logger.info("document %s %d request=%s", request.method, response.status_code, request_id)
        return response(environ, start_response)

    def _answer(self, request: Request, now: datetime) -> Response:
        verb = Verb.DOWNLOAD if request.method == "HEAD" else request.method
        opened = self._links.open(verb, request.path.removeprefix(PATH), request.args, now)
        if opened.verb is Verb.DOWNLOAD:
            content = self._documents.open(opened.link.key)
            given = _pack(content) if opened.link.is_packed else content
            return _give(given, opened.link.content_type, opened.link.encoding)
        if (request.headers.get("Content-Type") or "") != opened.link.content_type:
            raise BadLink(LinkProblem.CHANGED)
        digest = self._take(opened.link.key, request)
        return Response(b"", 200, {"ETag": f'"{digest}"', "Content-Length": "0"})

    def _take(self, key: str, request: Request) -> str:
        """Keep an upload under its key once all of it is there; return its MD5."""
        digest, size = md5(usedforsecurity=False), 0
        writer = self._documents.create(key)
        try:
            while chunk := request.stream.read(_CHUNK):
                size += len(chunk)
                if size > MAX_FEED_BYTES:
                    raise FeedTooLarge(MAX_FEED_BYTES)
                digest.update(chunk)
                writer.write(chunk)
            writer.commit()
        finally:
            writer.discard()
        return digest.hexdigest()


def _pack(content: BinaryIO) -> BinaryIO:
    """Return a document compressed; a large one is not held in memory."""
    packed = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the answer
    with content, GzipFile(fileobj=packed, mode="wb", mtime=0) as target:
        copyfileobj(content, target, _CHUNK)
    return cast("BinaryIO", packed)


def _give(content: BinaryIO, content_type: str, encoding: str) -> Response:
    size = content.seek(0, 2)
    content.seek(0)
    headers = {"Content-Type": content_type, "Content-Encoding": encoding, "Content-Length": str(size)}
    return Response(FileWrapper(content, _CHUNK), 200, headers, direct_passthrough=True)


def _refuse(bad: BadLink, now: datetime, request_id: str) -> Response:
    if bad.problem is LinkProblem.CHANGED:
        return _tell_error(403, "SignatureDoesNotMatch", _MISMATCH, request_id)
    if bad.expired_at is None:
        return _tell_error(403, "AccessDenied", "Access Denied", request_id)
    times = {
        "X-Amz-Expires": str(int(LINK_LIFE.total_seconds())),
        "Expires": f"{bad.expired_at:%Y-%m-%dT%H:%M:%SZ}",
        "ServerTime": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return _tell_error(403, "AccessDenied", "Request has expired", request_id, times)


def _tell_error(status: int, code: str, message: str, request_id: str, more: dict[str, str] | None = None) -> Response:
    told = {"Code": code, "Message": message, **(more or {}), "RequestId": request_id, "HostId": request_id}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'
    return Response(text, status, content_type="application/xml")
