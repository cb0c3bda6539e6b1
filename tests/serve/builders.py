"""A server in a process of its own, as a user starts it."""

import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from feedproc.cli.client import Client, Keys
from feedproc.wiring.local_seller import LOCAL_SELLER

SAMPLES = Path(__file__).parents[2] / "samples"
MIXED = SAMPLES / "feeds" / "mixed" / "acknowledgement.xml"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
LOCAL_KEYS = Keys(LOCAL_SELLER.seller_id, LOCAL_SELLER.access_key, LOCAL_SELLER.secret_key)
_PATIENCE = 30


class Running:
    """`feedproc serve` on a free port."""

    def __init__(self, data_dir: Path, *options: str, files: int | None = None, within: Sequence[str] = ()) -> None:
        command = [sys.executable, "-m", "feedproc", "serve", "--port", "0", "--data-dir", str(data_dir), *options]
        if files is not None:
            command = ["/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "-", *command]
        command = [*within, *command]
        self.data_dir = data_dir
        self._log = (data_dir.parent / "server.log").open("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        self.endpoint = first.rpartition(" ")[2].strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()
        self._log.close()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)

    def client(self, keys: Keys = LOCAL_KEYS, authority: Path | None = None) -> Client:
        return Client(self.endpoint, keys, authority)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=_PATIENCE)

    @property
    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    @property
    def workers(self) -> list[int]:
        """The worker processes that are at work: each holds the lock on a file of its own."""
        files = {str(path.stat().st_ino) for path in (self.data_dir / "workers").glob("*.lock")}
        locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
        return [int(one[4]) for one in locks if one[1] == "FLOCK" and one[5].rpartition(":")[2] in files]


def report_of(client: Client, submission_id: str) -> str:
    assert client.wait(submission_id) == "DONE"
    report = BytesIO()
    client.report(submission_id, report)
    return report.getvalue().decode()


def submitted(client: Client, feed: Path = MIXED) -> str:
    with feed.open("rb") as file:
        return client.submit(file, ACKNOWLEDGEMENT)


def eventually(happens: Callable[[], object]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.02)
    return False


def lives(process: int) -> bool:
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return False
