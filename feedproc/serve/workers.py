"""The processes beside a server: what they run, and the thread that starts them anew when they die.

Each loads what it needs by itself, as the server needs none of that.
"""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Thread

from feedproc.aws.account import AwsSettings
from feedproc.serve.options import Options

FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
"""Seconds before a dead worker is replaced: doubled each time, and forgotten once workers live long again."""
_LONG_LIFE = 10.0
_PATIENCE = 10.0
"""Seconds that workers have to stop before they are killed."""
_logger = logging.getLogger(__name__)


class WorkerProcesses:
    """Keeps as many workers running as were asked for."""

    def __init__(self, data_dir: Path, count: int, run: Callable[[Path], None], name: str = "worker") -> None:
        """Start none yet; each of the `count` processes will call `run`, and the log calls it `name`."""
        self._data_dir = data_dir
        self._count = count
        self._run = run
        self._name = name
        self._context = multiprocessing.get_context("spawn")
        self._running: dict[SpawnProcess, float] = {}
        self._delay = FIRST_DELAY
        self._wake_reader, self._wake_writer = os.pipe()
        self._thread = Thread(target=self._supervise, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start them all, and keep them running."""
        self._thread.start()

    def stop(self) -> None:
        """Stop them all; return when they have ended."""
        os.close(self._wake_writer)
        self._thread.join()
        os.close(self._wake_reader)

    def _supervise(self) -> None:
        # Ctrl-C reaches all processes of a terminal. Workers inherit that it is blocked: the server decides.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        stopping = False
        while not stopping:
            for _ in range(self._count - len(self._running)):
                self._begin()
            wait([self._wake_reader, *(process.sentinel for process in self._running)])
            stopping = self._is_stopping() or self._bury()
        self._end_all()

    def _begin(self) -> None:
        process = self._context.Process(
            target=self._run, args=(self._data_dir,), name=f"feedproc {self._name}", daemon=True
        )
        process.start()
        self._running[process] = time.monotonic()

    def _bury(self) -> bool:
        """Forget the dead and wait a little; say whether to stop."""
        for process, began in list(self._running.items()):
            if process.exitcode is not None:
                del self._running[process]
                _logger.warning(
                    "%s %s ended with %s; another takes its place", self._name, process.pid, process.exitcode
                )
                if time.monotonic() - began > _LONG_LIFE:
                    self._delay = FIRST_DELAY
                process.close()
        delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY)
        return self._is_stopping(delay)

    def _is_stopping(self, seconds: float = 0) -> bool:
        return bool(wait([self._wake_reader], seconds))

    def _end_all(self) -> None:
        for process in self._running:
            process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for process in self._running:
            process.join(max(0, deadline - time.monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()


def choose_work(options: Options, console: str) -> Callable[[Path], None]:
    """Return the life of a worker; `console` is the address of pages."""
    if options.aws is None:
        return partial(_work_on_disk, options.schemas, console, options.log_level)
    return partial(_work_on_aws, options.aws, options.schemas, console, options.log_level)


def choose_sending(options: Options) -> Callable[[Path], None]:
    """Return the life of the one process that sends what waits, and asks for what is due."""
    return _send_from_disk if options.aws is None else partial(_attend_on_aws, options.aws, options.moto)


def _work_on_disk(schemas: Path | None, console: str, level: int, data_dir: Path) -> None:
    from feedproc.serve.on_disk import work

    work(data_dir, schemas, console, level)


def _send_from_disk(data_dir: Path) -> None:
    from feedproc.serve.on_disk import send

    send(data_dir)


def _work_on_aws(aws: AwsSettings, schemas: Path | None, console: str, level: int, data_dir: Path) -> None:
    from feedproc.serve.on_aws import work_on_aws

    work_on_aws(aws, data_dir, schemas, console, level)


def _attend_on_aws(aws: AwsSettings, sends: bool, data_dir: Path) -> None:
    from feedproc.serve.on_aws import attend_on_aws

    attend_on_aws(aws, sends, data_dir)
