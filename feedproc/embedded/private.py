"""Whose store it is: a data directory and its files are for their owner alone, whatever the umask says."""

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from feedproc.errors import StoreUnusable

FOLDER_MODE, FILE_MODE = 0o700, 0o600
"""Of the data directory and folders in it; of the files."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_logger = logging.getLogger(__name__)


def make_private_folder(folder: Path) -> None:
    """Make a folder that its owner alone can look into. An existing one stays as it is."""
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)


def open_private(path: Path) -> BinaryIO:
    """Begin a file that its owner alone can read."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, FILE_MODE), "wb")


def make_private(data_dir: Path) -> None:
    """Make a data directory, or take an existing one from everybody but its owner, and say so in the log.

    Raises:
        StoreUnusable: the directory is one that all users share, such as /tmp, or other users can write to it and it
            is not ours to change.

    """
    make_private_folder(data_dir)
    found = data_dir.stat()
    if not found.st_mode & _OTHERS:
        return
    if found.st_mode & stat.S_ISVTX:
        raise StoreUnusable(f"{data_dir}: shared by all users of this machine; name a folder in it with --data-dir")
    if found.st_uid != os.geteuid():
        _leave_to_its_owner(data_dir, found.st_mode)
        return
    is_used = any(data_dir.iterdir())
    _tighten(data_dir)
    if is_used:
        _logger.warning("%s: other users of this machine could look into it; now its owner alone can", data_dir)


def _leave_to_its_owner(data_dir: Path, mode: int) -> None:
    """Say that others can look into a directory which only another user can change."""
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StoreUnusable(
            f"{data_dir}: belongs to another user, and others can write to it; let its owner run `chmod 700` on it, "
            "or name another directory with --data-dir"
        )
    _logger.warning("%s: belongs to another user, and others can look into it", data_dir)


def _tighten(data_dir: Path) -> None:
    """Close the directory first, so that nobody gets in while its files are gone through."""
    data_dir.chmod(FOLDER_MODE)
    for folder, folders, files in os.walk(data_dir):
        for name, mode in [*((one, FOLDER_MODE) for one in folders), *((one, FILE_MODE) for one in files)]:
            path = Path(folder, name)
            found = path.lstat()
            if found.st_mode & _OTHERS and not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid():
                path.chmod(mode)


@contextmanager
def lock_alone(path: Path) -> Iterator[None]:
    """Let no other process in that locks this file, which is made if need be and which nobody else can open."""
    with try_lock(path, waits=True):
        yield


@contextmanager
def try_lock(path: Path, *, waits: bool = False) -> Iterator[bool]:
    """Lock a file, as `lock_alone` does; yield False at once when another process holds it, unless this waits."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
