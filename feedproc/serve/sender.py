"""What the sender process does: empty the outbox and ask for scheduled reports, until told to stop or left alone."""

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
from feedproc.serve.life import end_with_parent, log_to_stderr
from feedproc.services.reports.schedules import request_due
from feedproc.services.retention import forget_old
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, send_pending
from feedproc.wiring.clock import read_clock
from feedproc.wiring.embedded import get_forgetting, look_for_damage, open_embedded, open_outlets
from feedproc.wiring.feed_types import load_feed_types

PAUSE = 0.3
"""Seconds between looks into an empty outbox."""
ROUND, GROUP = 20, 100
"""Entries of one round of e-mails that must not go out twice; of one round, and of one note, of those that may."""
_DAY = 24 * 3600.0
_NICENESS = 10
"""E-mail can wait; feeds and requests come first."""
_logger = logging.getLogger(__name__)


def send(data_dir: Path) -> None:
    """Run as the sender of this data directory: the whole life of a sender process.

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
    limit, group = (GROUP, GROUP) if outlets.may_repeat else (ROUND, 1)
    outgoing, tidied = Outgoing(open_embedded(data_dir), outlets, read_clock, Patience()), -_DAY
    tidying: Iterator[object] = iter(())
    while not stopping.is_set():
        if time.monotonic() - tidied > _DAY:
            forgetting = get_forgetting(data_dir)
            tidying, tidied = forget_old(forgetting, read_clock(), chosen.keep_days), time.monotonic()
            Thread(target=_tell_damage, args=(data_dir,), name="damage", daemon=True).start()
        next(tidying, None)
        request_due(outgoing.backend, load_report_types(), read_clock())
        if not send_pending(outgoing, limit, group):
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
