"""What the commands `reset`, `wait`, `calls` and `scenario` share: requests to a server that is controlled."""

import time
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import click
import msgspec

from feedproc.control.app import PREFIX
from feedproc.errors import FeedprocError

_TIMEOUT = 60.0
_PAUSE = 0.1
_opener = build_opener(ProxyHandler({}))

url = click.option(
    "--url", default="http://127.0.0.1:8080", show_default=True, help="Of a server that runs with --control."
)
control_token = click.option("--control-token", default="", help="The token that the server was given.")


class NotControlled(FeedprocError):
    """A server did not do what it was asked for."""


def ask_server(method: str, base: str, path: str, token: str = "") -> Any:
    """Ask a server for something of its control API; return what it answers.

    Raises:
        NotControlled: it does not answer, or refuses.

    """
    with _open(method, base, path, token) as answer:
        try:
            return msgspec.json.decode(answer.read())
        except (OSError, msgspec.DecodeError) as error:
            raise NotControlled(f"{base} does not answer: {error}") from error


def follow_calls(base: str, query: str, token: str = "") -> Iterator[dict[str, Any]]:
    """Yield the calls that a server answers as they come, first those that it has, until it is gone.

    Raises:
        NotControlled: it does not answer, or refuses.

    """
    last = "0"
    while True:
        with _open("GET", base, f"calls/live?after={last}{query}", token) as events:
            try:
                for line in events:
                    if line.startswith(b"id: "):
                        last = line[4:].decode().strip()
                    elif line.startswith(b"event: forgotten"):
                        last = "0"
                    elif line.startswith(b'data: {"'):
                        yield msgspec.json.decode(line[6:])
            except OSError as error:
                raise NotControlled(f"{base} is gone: {error}") from error
        time.sleep(_PAUSE)


def _open(method: str, base: str, path: str, token: str) -> BinaryIO:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if not base.startswith(("http://", "https://")):
        raise NotControlled(f"{base} is no address; it begins with http:// or https://")
    request = Request(f"{base.rstrip('/')}{PREFIX}/{path}", method=method, headers=headers)  # noqa: S310 - checked
    try:
        answer: BinaryIO = _opener.open(request, timeout=_TIMEOUT)
    except HTTPError as error:
        raise NotControlled(f"{base} refuses {path} ({error.code}); does it run with --control?") from error
    except (URLError, OSError) as error:
        raise NotControlled(f"{base} does not answer: {error}") from error
    return answer


def wait_until_ready(base: str, seconds: float, token: str = "") -> None:
    """Wait until a server is ready.

    Raises:
        NotControlled: it is not in time.

    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            ask_server("GET", base, "health", token)
        except NotControlled:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
