"""Which servers and workers use a data directory: each holds a share of one lock, which the system takes back."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self


class Occupancy:
    """A share in the use of a data directory."""

    def __init__(self, data_dir: Path, tidy: Callable[[], None] | None = None) -> None:
        """Take a share; before that call `tidy` if nobody else has one."""
        self._descriptor = os.open(data_dir / "in-use.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if tidy is not None and self._is_first():
            tidy()
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def __enter__(self) -> Self:
        """Return the share."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the share back."""
        os.close(self._descriptor)

    def _is_first(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
