"""A machine of its own: SQLite and plain files in a data directory, e-mail by SMTP or into a Maildir."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from feedproc import embedded
from feedproc.aws import LazyNotifier
from feedproc.embedded.advice import advise
from feedproc.embedded.backup import HOUSEKEEPING
from feedproc.embedded.database import CACHE_MIB
from feedproc.embedded.files import FileDocuments
from feedproc.embedded.private import try_lock
from feedproc.errors import SellerExists, StoreUnusable, Unusable
from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend, Sellers
from feedproc.services.process.processing import Policy
from feedproc.services.retention import Forgetting
from feedproc.services.send.send import Outlets
from feedproc.settings import Settings, check_mail, read_manner
from feedproc.wiring.clock import make_key, read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.writers import load_writers

_SMALL_CACHE_MIB = 2
RESTOCKING_FILE = "restocking.json"
"""In the data directory: cancellation reasons and whether their units come back, over the built-in table."""


def open_embedded(data_dir: Path, for_many_threads: bool = False) -> Backend:
    """Open the store in a data directory. A store without any seller is given the local one.

    Each thread has a connection to it; `for_many_threads` lets each keep less in memory.

    Raises:
        StoreUnusable: the directory or what is in it cannot be used.

    """
    with explain_damage(data_dir):
        backend = embedded.open_backend(data_dir, make_key, _SMALL_CACHE_MIB if for_many_threads else CACHE_MIB)
        if not backend.sellers.list_sellers():
            _add_local_seller(backend.sellers)
        _complete_local_seller(backend.sellers)
    return backend


def _add_local_seller(sellers: Sellers) -> None:
    try:
        sellers.add(LOCAL_SELLER)
    except SellerExists:
        return  # another process was faster


def _complete_local_seller(sellers: Sellers) -> None:
    """Give the local seller of a store of before the application that calls SP-API for it."""
    kept = sellers.get(LOCAL_SELLER.seller_id)
    if kept is not None and not kept.client_id:
        application = {name: getattr(LOCAL_SELLER, name) for name in ("client_id", "client_secret", "refresh_token")}
        sellers.change(replace(kept, **application))


@contextmanager
def explain_damage(data_dir: Path) -> Iterator[None]:
    """Turn what a damaged store raises into `StoreUnusable`, which names its directory."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{data_dir}: {advise(error)}") from error
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{data_dir}: the store holds something unreadable ({error})") from error


def look_for_damage(data_dir: Path) -> str | None:
    """Read the whole database of a data directory; return what is damaged in it, None if nothing is.

    Raises:
        StoreUnusable: it cannot even be read.

    """
    with explain_damage(data_dir):
        return embedded.look_for_damage(data_dir)


@contextmanager
def join_workers(data_dir: Path, worker: str) -> Iterator[None]:
    """Let a worker be known to live, to those who look for claims of the dead, until the end of `with`."""
    workers = embedded.workers_of(data_dir)
    workers.join(worker)
    try:
        yield
    finally:
        workers.leave(worker)


def tidy(data_dir: Path) -> None:
    """Delete what interrupted servers and workers left behind. Only for when none is at work there."""
    embedded.workers_of(data_dir).sweep()
    FileDocuments(data_dir / "documents", make_key).sweep()


def load_policy(data_dir: Path) -> Policy:
    """Return how workers behave, with the restocking table of the data directory if it has one.

    Raises:
        Unusable: the table cannot be read, or what the environment says of it.

    """
    path = data_dir / RESTOCKING_FILE
    if not path.exists():
        return Policy(manner=read_manner())
    try:
        table = msgspec.json.decode(path.read_bytes(), type=dict[str, bool])
    except (OSError, msgspec.MsgspecError) as error:
        raise Unusable(f"{path}: not a table of reasons with true or false ({error})") from error
    return Policy(restocking={**Policy().restocking, **table}, manner=read_manner())


def get_forgetting(data_dir: Path) -> Forgetting:
    """Return how the store in a data directory forgets what is old."""
    return Forgetting(
        look_at_clock=partial(embedded.look_at_clock, data_dir),
        try_alone=partial(try_lock, data_dir / HOUSEKEEPING),
        sent=partial(embedded.forget_sent, data_dir),
        ended=partial(embedded.forget_ended, data_dir, make_key),
        unused=partial(embedded.forget_unused, data_dir, make_key),
    )


def check_outlets(chosen: Settings) -> None:
    """Check that the sender can work with these settings; make nothing, and ask no server.

    Raises:
        Unusable: it cannot.

    """
    check_mail(chosen)
    embedded.check_smtp(chosen.smtp_url)


def open_outlets(data_dir: Path, chosen: Settings, feed_types: FeedTypes) -> Outlets:
    """Return what takes e-mail and notifications from the store in a data directory.

    E-mail goes by SMTP when the settings name a server, and else into a Maildir in the data directory, where one that
    comes twice does no harm. Queues are queues of SQS.

    Raises:
        Unusable: the settings name no server, or no sender.

    """
    check_mail(chosen)
    mailer = embedded.open_mailer(data_dir, read_clock, chosen.smtp_url, chosen.mail_from)
    return Outlets(mailer, LazyNotifier(), load_writers(feed_types), may_repeat=chosen.smtp_url is None)
