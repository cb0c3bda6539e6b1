"""The ports on one machine: SQLite in WAL mode and plain files under one data directory."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from feedproc.embedded.advice import describe_fault
from feedproc.embedded.batches import SqliteBatches, SqliteMarks
from feedproc.embedded.damage import find_damage
from feedproc.embedded.database import CACHE_MIB, connect
from feedproc.embedded.files import DOCUMENTS, FileDocuments
from feedproc.embedded.lived_time import measure_back, note_time
from feedproc.embedded.orders import SqliteOrders
from feedproc.embedded.outbox import SqliteOutbox
from feedproc.embedded.private import make_private
from feedproc.embedded.retention import forget_step_by_step
from feedproc.embedded.sellers import SqliteSellers
from feedproc.embedded.stock import SqliteStock
from feedproc.embedded.store import open_database, require_no_documents
from feedproc.embedded.submissions import SqliteSchedules, SqliteSubmissions
from feedproc.embedded.subscriptions import SqliteSubscriptions
from feedproc.embedded.tallies import SqliteTallies
from feedproc.embedded.workers import Workers
from feedproc.errors import StoreUnusable
from feedproc.ports import Backend, Mailer

_logger = logging.getLogger(__name__)
DATABASE, MAIL = "feedproc.db", "mail"
"""Names in the data directory: the database, and the Maildir of what was sent to buyers."""


def open_backend(data_dir: Path, new_key: Callable[[], str], cache_mib: int = CACHE_MIB) -> Backend:
    """Open the store in `data_dir`, creating both when they are not there.

    `new_key` gives 32 hexadecimal digits, never the same twice; `cache_mib` is what each thread's connection keeps in
    memory at most. Raises `StoreUnusable`.
    """
    try:
        make_private(data_dir)
        documents = FileDocuments(data_dir / DOCUMENTS, new_key)
        workers = workers_of(data_dir)
        database = open_database(data_dir / DATABASE, cache_mib)
    except OSError as error:
        raise StoreUnusable(f"{data_dir}: cannot be used as a data directory ({error.strerror})") from error
    submissions = SqliteSubmissions(database, workers)
    return Backend(
        sellers=SqliteSellers(database),
        documents=documents,
        submissions=submissions,
        queue=submissions,
        orders=SqliteOrders(database),
        batches=SqliteBatches(database),
        marks=SqliteMarks(database),
        tallies=SqliteTallies(database),
        stock=SqliteStock(database),
        outbox=SqliteOutbox(database),
        schedules=SqliteSchedules(database),
        subscriptions=SqliteSubscriptions(database),
        release=database.release,
        describe_fault=partial(describe_fault, data_dir / DATABASE, data_dir / DOCUMENTS),
    )


def is_store(data_dir: Path) -> bool:
    """Say whether there is a store in a directory. Makes none."""
    return (data_dir / DATABASE).exists()


def forget_sent(data_dir: Path, before: datetime) -> int:
    """Delete the entries of the outbox that were sent before a moment; return how many."""
    return SqliteOutbox(open_database(data_dir / DATABASE)).forget(before)


def forget_ended(data_dir: Path, new_key: Callable[[], str], before: datetime) -> Iterator[int]:
    """Delete the submissions that ended before a moment, with all that belongs to them; yield after each small step."""
    database = open_database(data_dir / DATABASE)
    return forget_step_by_step(database, FileDocuments(data_dir / DOCUMENTS, new_key), before)


def forget_unused(data_dir: Path, new_key: Callable[[], str], before: datetime) -> int:
    """Delete the documents from before a moment that belong to no submission; return how many.

    Such are drafts that were never sent, and what a process left that died between storing a feed and submitting it.
    """
    submissions = SqliteSubmissions(open_database(data_dir / DATABASE), workers_of(data_dir))
    return FileDocuments(data_dir / DOCUMENTS, new_key).forget(before, submissions.documents)


def look_at_clock(data_dir: Path, now: datetime) -> Callable[[timedelta], datetime]:
    """Note what time it is; return what tells the moment from which on the store has lived through a span of time.

    A gap since the last look, as when the clock was set ahead, is said in the log, and counts for nothing.
    """
    database = open_database(data_dir / DATABASE)
    gap = note_time(database, now)
    if gap is not None:
        _logger.warning(
            "%s: %d days have passed since the store was last at work, or the clock was set; "
            "what was there before is kept for as much longer",
            data_dir,
            gap.days,
        )
    return measure_back(database, now)


def look_for_damage(data_dir: Path) -> str | None:
    """Read the whole database; return what is damaged in it, None if nothing is. Takes seconds for a large one."""
    with closing(connect(data_dir / DATABASE)) as connection:
        return find_damage(connection)


def check_for_loss(data_dir: Path) -> None:
    """Raise `StoreUnusable` when the database is missing, and documents are there."""
    if not is_store(data_dir):
        require_no_documents(data_dir / DATABASE, "is missing")


def workers_of(data_dir: Path) -> Workers:
    """Return the lock files by which the workers of a data directory know each other."""
    return Workers(data_dir / "workers")


def check_smtp(url: str | None) -> None:
    """Check that e-mail could be handed over there; ask no server.

    Raises:
        Unusable: the address names no server.

    """
    if url is not None:
        from feedproc.embedded.smtp import parse_smtp_url  # noqa: PLC0415 - only a server sends

        parse_smtp_url(url)


def open_mailer(data_dir: Path, clock: Callable[[], datetime], smtp_url: str | None, sender: str | None) -> Mailer:
    """Return what sends e-mail: by SMTP when a server is named, and else into a Maildir in the data directory.

    Raises:
        Unusable: the address names no server.

    """
    from feedproc.embedded.maildir import SENDER, MaildirMailer  # noqa: PLC0415 - only a server sends

    if smtp_url is None:
        return MaildirMailer(data_dir / MAIL, clock, sender or SENDER)
    from feedproc.embedded.smtp import SmtpMailer, parse_smtp_url  # noqa: PLC0415 - as above

    return SmtpMailer(parse_smtp_url(smtp_url), sender or SENDER, clock)
