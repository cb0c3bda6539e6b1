"""Which workers live: each holds a lock on a file of its own, which the system releases when the process dies."""

import fcntl
import os
import re
from pathlib import Path

from feedproc.embedded.private import FILE_MODE, make_private_folder

_NAME = re.compile(r"[0-9A-Za-z-]{1,64}")


class Workers:
    """The lock files of a data directory's workers."""

    def __init__(self, folder: Path) -> None:
        """Use (and create) `folder`."""
        self._folder = folder
        make_private_folder(self._folder)
        self._held: dict[str, int] = {}

    def join(self, worker: str) -> None:
        """Count as alive from now until this process ends."""
        path = self._path(worker)
        while True:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _stands_at(path, descriptor):
                break
            os.close(descriptor)  # a sweep took the file away before it was locked
        self._held[worker] = descriptor

    def leave(self, worker: str) -> None:
        """Stop counting as alive."""
        self._path(worker).unlink(missing_ok=True)
        os.close(self._held.pop(worker))

    def lives(self, worker: str) -> bool:
        """Say whether the worker's process still runs."""
        return not _is_dead(self._path(worker))

    def sweep(self) -> None:
        """Delete the lock files of dead workers."""
        for path in self._folder.glob("*.lock"):
            _is_dead(path, remove=True)

    def _path(self, worker: str) -> Path:
        if not _NAME.fullmatch(worker):
            raise ValueError(f"not a worker's name: {worker!r}")
        return self._folder / f"{worker}.lock"


def _is_dead(path: Path, remove: bool = False) -> bool:
    """Say whether nobody holds the lock of a file; if so, remove it when told to, while nobody can take the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        # Shared, so that two who ask at once do not take each other for the worker.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if remove and _stands_at(path, descriptor):
            path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def _stands_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
