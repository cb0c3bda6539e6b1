"""Who plays each part: the only module that names an adapter."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from feedproc import feedtypes
from feedproc.embedded import open_backend, workers_of
from feedproc.embedded.files import FileDocuments
from feedproc.embedded.workers import Workers
from feedproc.errors import SellerExists, StoreUnusable, Unusable
from feedproc.feedtype import FeedTypes, declared_in
from feedproc.ports import Backend, Secret, Seller, Sellers
from feedproc.services.process import Policy
from feedproc.settings import Place

LOCAL_SELLER = Seller(
    seller_id="A1LOCALSELLER1",
    merchant_token="M_LOCAL_1234567",  # noqa: S106 - a documented name
    access_key="AKIAFEEDPROCLOCAL001",
    secret_key=Secret("localOnlyLocalOnlyLocalOnlyLocalOnly0001"),
    auth_token=Secret("amzn.mws.00000000-0000-0000-0000-000000000001"),
    marketplace_ids=("A1VC38T7YXB528",),
)
"""Comes with every new store. Everybody knows its keys, so they are good on this machine alone."""

RESTOCKING_FILE = "restocking.json"
"""In the data directory: cancellation reasons and whether their units come back, over the built-in table."""


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new UUID."""
    return str(uuid4())


def new_key() -> str:
    """Return 32 hexadecimal digits that nobody can guess."""
    return uuid4().hex


def embedded(data_dir: Path) -> Backend:
    """Open the store in a data directory. A store without any seller is given the local one.

    Raises `StoreUnusable`.
    """
    with _readable(data_dir):
        backend = open_backend(data_dir, new_key)
        if not backend.sellers.all():
            _add_local_seller(backend.sellers)
    return backend


def _add_local_seller(sellers: Sellers) -> None:
    try:
        sellers.add(LOCAL_SELLER)
    except SellerExists:
        return  # another process was faster


@contextmanager
def store(place: Place) -> Iterator[Backend]:
    """Open the store for the time of one command. Damage that shows only now raises `StoreUnusable`, too."""
    backend = embedded(place.data_dir)
    with _readable(place.data_dir):
        yield backend


@contextmanager
def _readable(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{data_dir}: the store cannot be used ({error})") from error
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{data_dir}: the store holds something unreadable ({error})") from error


def all_feed_types() -> FeedTypes:
    """Return every feed type there is."""
    return declared_in(feedtypes)


def workers(data_dir: Path) -> Workers:
    """Return the lock files of a data directory's workers."""
    return workers_of(data_dir)


def tidy(data_dir: Path) -> None:
    """Delete what interrupted servers and workers left behind. Only for when none is at work there."""
    workers_of(data_dir).sweep()
    FileDocuments(data_dir / "documents", new_key).sweep()


def policy(data_dir: Path) -> Policy:
    """Return how workers behave, with the restocking table of the data directory if it has one. Raises `Unusable`."""
    path = data_dir / RESTOCKING_FILE
    if not path.exists():
        return Policy()
    try:
        table = msgspec.json.decode(path.read_bytes(), type=dict[str, bool])
    except (OSError, msgspec.MsgspecError) as error:
        raise Unusable(f"{path}: not a table of reasons with true or false ({error})") from error
    return Policy(restocking={**Policy().restocking, **table})


class Foreign:
    """The port `Sellers` as other machines see it: whoever signs with the local seller's secret is unknown."""

    def __init__(self, sellers: Sellers) -> None:
        """Look at these sellers."""
        self._sellers = sellers

    def add(self, seller: Seller) -> None:
        """Keep a seller."""
        self._sellers.add(seller)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far."""
        self._sellers.change(seller)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id, unless it is refused."""
        found = self._sellers.get(seller_id)
        return found if found and not _is_local(found) else None

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs, without those that are refused."""
        return [seller for seller in self._sellers.holding(access_key) if not _is_local(seller)]

    def all(self) -> Sequence[Seller]:
        """Return every seller that is not refused."""
        return [seller for seller in self._sellers.all() if not _is_local(seller)]


def _is_local(seller: Seller) -> bool:
    return seller.secret_key == LOCAL_SELLER.secret_key
