"""Which workers live: each holds a lock on a file of its own, which the system releases when the process dies."""

import fcntl
import os
import re
from pathlib import Path

_NAME = re.compile(r"[0-9A-Za-z-]{1,64}")


class Workers:
    """The lock files of a data directory's workers."""

    def __init__(self, folder: Path) -> None:
        """Use (and create) `folder`."""
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._held: dict[str, int] = {}

    def join(self, worker: str) -> None:
        """Count as alive from now until this process ends."""
        descriptor = os.open(self._path(worker), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._held[worker] = descriptor

    def leave(self, worker: str) -> None:
        """Stop counting as alive."""
        self._path(worker).unlink(missing_ok=True)
        os.close(self._held.pop(worker))

    def lives(self, worker: str) -> bool:
        """Say whether the worker's process still runs."""
        try:
            descriptor = os.open(self._path(worker), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def sweep(self) -> None:
        """Delete the lock files of dead workers."""
        for path in self._folder.glob("*.lock"):
            if not self.lives(path.stem):
                path.unlink(missing_ok=True)

    def _path(self, worker: str) -> Path:
        if not _NAME.fullmatch(worker):
            raise ValueError(f"not a worker's name: {worker!r}")
        return self._folder / f"{worker}.lock"
