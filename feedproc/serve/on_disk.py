"""What the processes beside a server do when the store is a data directory: workers, and the sender.

Each goes on until it is told to stop or left alone.
"""

import fcntl
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from feedproc import settings
from feedproc.errors import FeedprocError, StoreUnusable
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.serve.helper import help_with
from feedproc.serve.life import end_with_parent, log_to_stderr, run_life
from feedproc.serve.occupancy import Occupancy
from feedproc.serve.steps import send_some
from feedproc.serve.worker import process_all
from feedproc.services.process.reading import read_alone
from feedproc.services.reports.schedules import request_due
from feedproc.services.retention import forget_old
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing
from feedproc.wiring.clock import make_id, read_clock
from feedproc.wiring.embedded import (
    get_forgetting,
    join_workers,
    load_policy,
    look_for_damage,
    open_embedded,
    open_outlets,
)
from feedproc.wiring.feed_types import load_feed_types, load_schemas
from feedproc.wiring.machine import make_machine

PAUSE = 0.3
"""Seconds between looks into an empty outbox."""
_DAY = 24 * 3600.0
_NICENESS = 10
"""E-mail can wait; feeds and requests come first."""
_logger = logging.getLogger(__name__)


def work(data_dir: Path, schemas: Path | None = None, console: str = "", level: int = logging.INFO) -> None:
    """Run as a worker of this data directory: the whole life of a worker process. XML is judged by `schemas`.

    By feedproc's own, a helper may read large feeds for it; a folder may have changed since the worker read it. Each
    feed that ends is a line in the log, with its page where `console` tells the address of pages, if it logs from
    `level` INFO on. SIGTERM ends it at once: what it was doing is rolled back, and whoever comes next goes on from the
    last batch.
    """
    run_life(lambda stopping: _work(data_dir, schemas, console, stopping), level)


def _work(data_dir: Path, schemas: Path | None, console: str, stopping: Event) -> None:
    worker = make_id()
    with Occupancy(data_dir), join_workers(data_dir, worker):
        feed_types = load_feed_types(load_schemas(schemas))
        machine = make_machine(open_embedded(data_dir), feed_types, load_policy(data_dir))
        has_helpers = schemas is None and settings.allows_helpers()
        process_all(machine, worker, stopping, console, help_with() if has_helpers else read_alone)


def send(data_dir: Path) -> None:
    """Run as the sender of this data directory, which empties the outbox and asks for scheduled reports.

    SIGTERM ends it once the round is over. What goes wrong with one e-mail lets it wait; what goes wrong with the store
    ends the process, and the server starts another.
    """
    stopping = _listen_to_signals()
    Thread(target=end_with_parent, name="parent", daemon=True).start()
    log_to_stderr()
    os.nice(_NICENESS)
    try:
        with _wait_until_alone(data_dir, stopping):
            _send_all(data_dir, stopping)
    except FeedprocError as error:
        _logger.error("sender %d ends: %s", os.getpid(), error)
        sys.exit(1)
    except Exception:
        _logger.exception("sender %d ends", os.getpid())
        sys.exit(1)


def _send_all(data_dir: Path, stopping: Event) -> None:
    chosen = settings.read_environment()
    outlets = open_outlets(data_dir, chosen, load_feed_types())
    outgoing, tidied = Outgoing(open_embedded(data_dir), outlets, read_clock, Patience()), -_DAY
    tidying: Iterator[object] = iter(())
    while not stopping.is_set():
        if time.monotonic() - tidied > _DAY:
            forgetting = get_forgetting(data_dir)
            tidying, tidied = forget_old(forgetting, read_clock(), chosen.keep_days), time.monotonic()
            Thread(target=_tell_damage, args=(data_dir,), name="damage", daemon=True).start()
        next(tidying, None)
        request_due(outgoing.backend, load_report_types(), read_clock())
        if not send_some(outgoing):
            stopping.wait(PAUSE)


def _tell_damage(data_dir: Path) -> None:
    """Look at the whole store, which takes a while, and say in the log what is damaged in it."""
    try:
        damage = look_for_damage(data_dir)
    except StoreUnusable as error:
        damage = str(error)
    if damage is not None:
        _logger.error("%s: the store is damaged: %s; restore it from a backup (`feedproc restore`)", data_dir, damage)


def _listen_to_signals() -> Event:
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return stopping


@contextmanager
def _wait_until_alone(data_dir: Path, stopping: Event) -> Iterator[None]:
    """Wait until no other server's sender works here: two would send everything twice."""
    descriptor = os.open(data_dir / "sender.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        while not stopping.is_set() and not _try_lock(descriptor):
            stopping.wait(1.0)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
