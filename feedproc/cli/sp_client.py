"""A small client of SP-API: gets a token, uploads a feed, submits it, waits, and downloads its report."""

import gzip
import http.client
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from feedproc.cli.connector import BLOCK, Connector, ServerRefused
from feedproc.ports import Secret

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_FEEDS = "/feeds/2021-06-30"
_JSON = "application/json"


class SpKeys(Struct, frozen=True):
    """What calls, for whom."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret


class SpClient:
    """Speaks to one endpoint for one seller."""

    def __init__(self, endpoint: str, application: SpKeys, authority: Path | None = None) -> None:
        """Speak to `endpoint`, a URL; `authority` is a certificate file to trust besides the system's."""
        self._connector = Connector(endpoint, authority)
        self._endpoint = endpoint.rstrip("/")
        self._application = application
        self._token = ""

    def submit(self, feed: BinaryIO, feed_type: str, content_type: str = "text/xml; charset=UTF-8") -> str:
        """Send a feed, which can be sought, for all marketplaces of its seller; return the feed's id."""
        size = feed.seek(0, 2)
        feed.seek(0)
        shops = self._ask("GET", "/sellers/v1/marketplaceParticipations")["payload"]
        document = self._ask("POST", f"{_FEEDS}/documents", {"contentType": content_type})
        headers = {"Content-Type": content_type, "Content-Length": str(size)}
        with self._connector.send("PUT", document["url"], feed, headers) as answer:
            _require_success(answer)
        asked = {
            "feedType": feed_type,
            "marketplaceIds": [one["marketplace"]["id"] for one in shops],
            "inputFeedDocumentId": document["feedDocumentId"],
        }
        return str(self._ask("POST", f"{_FEEDS}/feeds", asked)["feedId"])

    def wait(self, submission_id: str) -> str:
        """Return the status once it is a last one: DONE, CANCELLED or FATAL. Throttled, it asks less often."""
        pause = _FIRST_PAUSE
        while True:
            try:
                status = str(self._get_feed(submission_id)["processingStatus"])
            except ServerRefused as refused:
                if refused.code != "QuotaExceeded":
                    raise
                status, pause = "", _LONGEST_PAUSE
            if status in {"DONE", "CANCELLED", "FATAL"}:
                return status
            time.sleep(pause)
            pause = min(pause * 1.3, _LONGEST_PAUSE)

    def report(self, submission_id: str, into: IO[bytes]) -> None:
        """Write the processing report."""
        name = self._get_feed(submission_id)["resultFeedDocumentId"]
        document = self._ask("GET", f"{_FEEDS}/documents/{name}")
        with self._connector.send("GET", document["url"]) as answer:
            _require_success(answer)
            is_packed = document.get("compressionAlgorithm") == "GZIP"
            source = gzip.GzipFile(fileobj=answer) if is_packed else answer
            while block := source.read(BLOCK):
                into.write(block)

    def _get_feed(self, feed_id: str) -> Mapping[str, Any]:
        return self._ask("GET", f"{_FEEDS}/feeds/{feed_id}")

    def _ask(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        try:
            return self._ask_once(method, path, body)
        except ServerRefused as refused:
            if "expired" not in str(refused):
                raise
            self._token = ""
            return self._ask_once(method, path, body)

    def _ask_once(self, method: str, path: str, body: object) -> Mapping[str, Any]:
        self._token = self._token or self._fetch_token()
        headers = {"x-amz-access-token": self._token, "Content-Type": _JSON}
        content = None if body is None else msgspec.json.encode(body)
        with self._connector.send(method, self._endpoint + path, content, headers) as answer:
            return _read_object(answer)

    def _fetch_token(self) -> str:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._application.client_id,
            "client_secret": str(self._application.client_secret),
            "refresh_token": str(self._application.refresh_token),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._endpoint}/auth/o2/token"
        with self._connector.send("POST", url, urlencode(form).encode(), headers) as answer:
            return str(_read_object(answer)["access_token"])


def _read_object(answer: http.client.HTTPResponse) -> Mapping[str, Any]:
    content = answer.read()
    try:
        found = msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise ServerRefused(f"{answer.status} {answer.reason}", "") from None
    if answer.status < http.HTTPStatus.BAD_REQUEST:
        return found
    if "error" in found:
        raise ServerRefused(str(found["error"]), str(found.get("error_description", "")))
    error = found["errors"][0]
    raise ServerRefused(error["code"], " ".join(filter(None, (error["message"], error.get("details")))))


def _require_success(answer: http.client.HTTPResponse) -> None:
    if answer.status != http.HTTPStatus.OK:
        raise ServerRefused(f"{answer.status} {answer.reason}", answer.read(BLOCK).decode(errors="replace")[:500])
