"""A store of one machine copied into a folder, and made from a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedproc.embedded import DATABASE, backup, open_backend
from feedproc.embedded.backup import Manifest
from feedproc.errors import StoreUnusable, Unusable
from feedproc.settings import BackEnd, Place
from feedproc.wiring.clock import make_key
from feedproc.wiring.embedded import explain_damage


def back_up(place: Place, folder: Path) -> Manifest:
    """Copy a store of one machine into a folder, whoever is at work there; return what was copied.

    Raises:
        StoreUnusable: there is no store to copy, or no room for a copy.

    """
    with _explain_copying(place, "backup"), explain_damage(place.data_dir):
        return backup.back_up(place.data_dir / DATABASE, folder)


def restore(place: Place, folder: Path) -> Manifest:
    """Make a store of one machine from a copy; return what was copied.

    Raises:
        StoreUnusable: there is no whole copy, or there is a store already.

    """
    with _explain_copying(place, "restore"), explain_damage(place.data_dir):
        restored = backup.restore(folder, place.data_dir / DATABASE)
        open_backend(place.data_dir, make_key)
        return restored


@contextmanager
def _explain_copying(place: Place, command: str) -> Iterator[None]:
    if place.back_end is BackEnd.AWS:
        raise Unusable(
            f"{command} is for the store on this machine; on AWS turn on point-in-time recovery of the tables and "
            "versions of the bucket"
        )
    try:
        yield
    except OSError as error:
        raise StoreUnusable(f"{command}: {error.filename or place.data_dir}: {error.strerror or error}") from error
