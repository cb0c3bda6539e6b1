"""A small client: signs requests as the developer guide says and streams feeds over HTTP."""

import hashlib
import http
import http.client
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO
from urllib.parse import quote
from xml.parsers import expat

from msgspec import Struct

from feedproc.cli.connector import BLOCK, Connector, ServerRefused
from feedproc.mws.signature import sign
from feedproc.mws.spelling import add_underscores, strip_underscores
from feedproc.ports import Secret

_XML = "text/xml"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0


class Keys(Struct, frozen=True):
    """Who signs, for whom."""

    seller_id: str
    access_key: str
    secret_key: Secret


class Client:
    """Speaks to one endpoint for one seller."""

    def __init__(self, endpoint: str, keys: Keys, authority: Path | None = None) -> None:
        """Speak to `endpoint`, a URL; `authority` is a certificate file to trust besides the system's."""
        self._connector = Connector(endpoint, authority)
        self._keys = keys

    def submit(self, feed: BinaryIO, feed_type: str, content_type: str = _XML) -> str:
        """Send a feed, which can be sought, and return its submission id."""
        digest = hashlib.md5(usedforsecurity=False)
        while block := feed.read(BLOCK):
            digest.update(block)
        size = feed.tell()
        feed.seek(0)
        parameters = {"FeedType": add_underscores(feed_type), "ContentMD5Value": b64encode(digest.digest()).decode()}
        with self._answer("SubmitFeed", parameters, feed, size, content_type) as answer:
            return _read_texts(answer.read())["FeedSubmissionId"]

    def status(self, submission_id: str) -> str:
        """Return the processing status, without underscores."""
        with self._answer("GetFeedSubmissionList", {"FeedSubmissionIdList.Id.1": submission_id}) as answer:
            wire = _read_texts(answer.read())["FeedProcessingStatus"]
        return strip_underscores(wire) or wire

    def wait(self, submission_id: str) -> str:
        """Return the status once it is a last one. Throttled, it asks less often."""
        pause = _FIRST_PAUSE
        while True:
            try:
                status = self.status(submission_id)
            except ServerRefused as refused:
                if refused.code not in {"RequestThrottled", "QuotaExceeded"}:
                    raise
                status, pause = "", _LONGEST_PAUSE
            if status in {"DONE", "CANCELLED"}:
                return status
            time.sleep(pause)
            pause = min(pause * 1.3, _LONGEST_PAUSE)

    def report(self, submission_id: str, into: IO[bytes]) -> None:
        """Write the processing report."""
        with self._answer("GetFeedSubmissionResult", {"FeedSubmissionId": submission_id}) as answer:
            while block := answer.read(BLOCK):
                into.write(block)

    @contextmanager
    def _answer(
        self,
        action: str,
        parameters: dict[str, str],
        body: BinaryIO | None = None,
        size: int = 0,
        content_type: str = _XML,
    ) -> Iterator[http.client.HTTPResponse]:
        headers = {"Content-Type": content_type, "Content-Length": str(size)}
        with self._connector.send("POST", self._sign_url(action, parameters), body, headers) as answer:
            if answer.status != http.HTTPStatus.OK:
                raise _read_refusal(answer)
            yield answer

    def _sign_url(self, action: str, parameters: dict[str, str]) -> str:
        given = parameters | {
            "AWSAccessKeyId": self._keys.access_key,
            "Action": action,
            "SellerId": self._keys.seller_id,
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Version": "2009-01-01",
        }
        url = self._connector.url
        path = url.path or "/"
        given["Signature"] = sign(self._keys.secret_key, "HmacSHA256", "POST", url.netloc, path, tuple(given.items()))
        return f"{url.scheme}://{url.netloc}{path}?" + "&".join(
            f"{name}={quote(value, safe='')}" for name, value in given.items()
        )


def _read_refusal(answer: http.client.HTTPResponse) -> ServerRefused:
    body = answer.read(BLOCK)
    try:
        found = _read_texts(body)
    except expat.ExpatError:
        is_text = answer.headers.get_content_type() == "text/plain"
        found = {"Message": body.decode(errors="replace").partition("\n")[0]} if is_text else {}
    return ServerRefused(found.get("Code", f"{answer.status} {answer.reason}"), found.get("Message", ""))


def _read_texts(document: bytes) -> dict[str, str]:
    """Return the text of each element, by its name without namespace; of several the first."""
    found: dict[str, str] = {}
    texts: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = lambda _name, _attributes: texts.clear()
    parser.CharacterDataHandler = texts.append
    parser.EndElementHandler = lambda name: found.setdefault(name.rpartition("}")[2], "".join(texts))
    parser.Parse(document, True)
    return found
