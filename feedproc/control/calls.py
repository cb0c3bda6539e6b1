"""The calls that a server answered, kept to be looked at, compared, and exported."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import unified_diff
from threading import Condition
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

MOST_CALLS = 10_000
"""Kept; beyond them the oldest goes."""
MOST_BODY = 64 * 1024
"""Bytes kept of each body."""
HIDDEN = "(hidden)"
_UNTOLD = ("request_body", "response_body", "request_headers", "response_headers")
_SECRETS = frozenset({
    "signature", "mwsauthtoken", "x-amz-access-token", "x-amz-signature", "x-amz-security-token", "authorization",
    "client_secret", "refresh_token", "access_token", "code", "cookie", "set-cookie",
})  # fmt: skip
"""Parameters, headers and members whose values are not kept, in small letters."""


class CallName(NamedTuple):
    """What a request asks for, and for whom."""

    protocol: str
    """`mws`, `spapi`, `lwa` (tokens) or `document` (uploads and downloads)."""
    action: str
    """As Amazon calls it: `SubmitFeed`, `createFeed`; empty when it is none."""
    seller: str = ""
    """Its id, as far as the request tells it."""


class RecordedCall(Struct, frozen=True, kw_only=True):
    """One request and its answer."""

    number: int
    """From 1, since the start or the last reset."""
    protocol: str
    action: str
    seller: str
    method: str
    url: str
    """Path and query, without secrets."""
    parameters: Mapping[str, str]
    """Those of query and form, without secrets."""
    request_headers: Mapping[str, str]
    request_body: bytes
    """Its first 64 KiB; nothing of a request for tokens."""
    status: int
    """0 when the connection was cut instead of an answer."""
    response_headers: Mapping[str, str]
    response_body: bytes
    """Its first 64 KiB; nothing of an answer that gives tokens."""
    at: datetime
    """By the server's clock."""
    seconds: float
    """How long the answer took, really."""
    fault: str = ""
    """What was injected, if something was."""

    @property
    def response_text(self) -> str:
        """The answer's body as text."""
        return self.response_body.decode("utf-8", "replace")

    def tell(self) -> dict[str, Any]:
        """Return all of it but headers and bodies, as JSON has it."""
        return {
            name: msgspec.to_builtins(getattr(self, name)) for name in self.__struct_fields__ if name not in _UNTOLD
        }

    def __str__(self) -> str:
        """Return one line."""
        fault = f" ({self.fault})" if self.fault else ""
        return f"{self.protocol} {self.action or self.method + ' ' + self.url} {self.status or 'cut'}{fault}"


class MoreCalls(NamedTuple):
    """What came behind a call."""

    calls: Sequence[RecordedCall]
    last: int
    """The number of the newest call there is."""
    were_forgotten: bool
    """The calls are all there are, since those before were forgotten."""


class CallLog:
    """The calls since the start, or since the last reset, oldest first. Threads may add to it at any time."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = Condition()
        self.is_closed = False
        """Nobody need wait any more, as the server ends."""
        self._calls: deque[RecordedCall] = deque(maxlen=MOST_CALLS)
        self._added = 0

    def add(self, **told: Any) -> RecordedCall:
        """Keep a call; `told` are its fields but the number."""
        with self._lock:
            self._added += 1
            call = RecordedCall(number=self._added, **told)
            self._calls.append(call)
            self._lock.notify_all()
        return call

    def clear(self) -> None:
        """Forget all calls, and count from 1 again."""
        with self._lock:
            self._calls.clear()
            self._added = 0
            self._lock.notify_all()

    def close(self) -> None:
        """Let those who wait for calls go."""
        with self._lock:
            self.is_closed = True
            self._lock.notify_all()

    def wait_for_more(self, after: int, seconds: float) -> MoreCalls:
        """Return the calls behind the one with number `after`; wait a while for one if there is none."""
        with self._lock:
            self._lock.wait_for(lambda: self._added != after or self.is_closed, seconds)
            were_forgotten = self._added < after
            begin = 0 if were_forgotten else after
            return MoreCalls([one for one in self._calls if one.number > begin], self._added, were_forgotten)

    def list(self, action: str | None = None, **fields: Any) -> Sequence[RecordedCall]:
        """Return the calls of an action whose other fields, such as `status` or `seller`, are as given."""
        return [one for one in self if (action is None or one.action == action) and _fits(one, fields)]

    @property
    def last(self) -> RecordedCall:
        """The newest.

        Raises:
            LookupError: there is none.

        """
        calls: Sequence[RecordedCall] = [*self]
        if not calls:
            raise LookupError("no call was made")
        return calls[-1]

    def __iter__(self) -> Iterator[RecordedCall]:
        """Go through the calls that there are now."""
        with self._lock:
            return iter([*self._calls])

    def __len__(self) -> int:
        """Count them."""
        return len(self._calls)

    def assert_made(
        self, action: str, *, times: int | None = None, parameters: Mapping[str, str] | None = None, **fields: Any
    ) -> None:
        """Assert that an action was called, with these parameters among its own; `times` times if that is given.

        Raises:
            AssertionError: it was not. The text lists what was called.

        """
        wanted = dict(parameters or {})
        found = [one for one in self.list(action, **fields) if wanted.items() <= one.parameters.items()]
        if len(found) == times or (times is None and found):
            return
        how_often = "at least once" if times is None else f"{times} times"
        like = ", ".join(f"{name}={value!r}" for name, value in {**fields, **wanted}.items())
        asked = f"{action}({like})" if like else action
        near = [f"  {one}{_tell_difference(one, wanted)}" for one in self]
        made = "\n".join(near) or "  none"
        raise AssertionError(
            f"{asked} was to be called {how_often}, and was called {len(found)} times.\nCalls:\n{made}"
        )

    def assert_sequence(self, *actions: str) -> None:
        """Assert that exactly these actions were called, in this order; requests for tokens are passed over.

        Raises:
            AssertionError: others were. The text shows both, line by line.

        """
        made = [one.action for one in self if one.protocol != "lwa"]
        if made != [*actions]:
            difference = "\n".join(unified_diff([*actions], made, "wanted", "called", lineterm=""))
            raise AssertionError(f"The calls are not those that were wanted.\n{difference}")

    def assert_none(self, action: str | None = None, **fields: Any) -> None:
        """Assert that no such call was made.

        Raises:
            AssertionError: one was. The text lists them.

        """
        if found := self.list(action, **fields):
            raise AssertionError("These calls were not to be made:\n" + "\n".join(f"  {one}" for one in found))

    def export_har(self, base_url: str = "") -> str:
        """Return the calls as an HTTP Archive (HAR 1.2), which browsers and other tools can open."""
        entries = [_make_entry(one, base_url) for one in self]
        creator = {"name": "feedproc", "version": "1"}
        return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}, indent=1)


def hide_secrets(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return parameters or headers without the values of those that are secret."""
    return {name: HIDDEN if name.lower() in _SECRETS else value for name, value in pairs.items()}


def _fits(call: RecordedCall, fields: Mapping[str, Any]) -> bool:
    return all(getattr(call, name) == value for name, value in fields.items())


def _tell_difference(call: RecordedCall, wanted: Mapping[str, str]) -> str:
    other = {name: call.parameters.get(name) for name, value in wanted.items() if call.parameters.get(name) != value}
    return "".join(f"; {name} was {value!r}" for name, value in other.items())


def _make_entry(call: RecordedCall, base_url: str) -> dict[str, Any]:
    return {
        "startedDateTime": call.at.isoformat(),
        "time": call.seconds * 1000,
        "request": {
            "method": call.method,
            "url": base_url + call.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _list_pairs(call.request_headers),
            "queryString": _list_pairs(call.parameters),
            "headersSize": -1,
            "bodySize": len(call.request_body),
            "postData": {
                "mimeType": call.request_headers.get("Content-Type", ""),
                "text": call.request_body.decode("utf-8", "replace"),
            },
        },
        "response": {
            "status": call.status,
            "statusText": call.fault,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _list_pairs(call.response_headers),
            "content": {
                "size": len(call.response_body),
                "mimeType": call.response_headers.get("Content-Type", ""),
                "text": call.response_text,
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(call.response_body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": call.seconds * 1000, "receive": 0},
        "comment": f"{call.protocol} {call.action}",
    }


def _list_pairs(pairs: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs.items()]
