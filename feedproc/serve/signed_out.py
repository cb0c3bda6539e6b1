"""Which sessions of the console were ended by signing out, so that a copy of the cookie is worth nothing."""

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from feedproc.console.session import LASTS

SIGNED_OUT = "signed-out"
"""In the data directory: an empty file for each session that was ended within the last hours."""


class SignedOutFiles:
    """Ends sessions for all servers of a data directory, which share the secret that signs, and for those to come."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when somebody signs out."""
        self._folder = folder

    def add(self, token: str, at: datetime) -> None:
        """Keep that a session ended; forget those that are too old by now."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another server may be forgetting it, too
                if path.stat().st_mtime < (at - LASTS).timestamp():
                    path.unlink()
        self._get_file(token).touch(mode=0o600)
        os.utime(self._get_file(token), (at.timestamp(), at.timestamp()))

    def __contains__(self, token: str) -> bool:
        """Say whether a session was ended."""
        return self._get_file(token).exists()

    def _get_file(self, token: str) -> Path:
        """Return the file of a session, whose name does not give the token away."""
        return self._folder / hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class SignedOutHere:
    """Ends sessions in the memory of this process, where the secret that signs dies with it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._ended: dict[str, datetime] = {}

    def add(self, token: str, at: datetime) -> None:
        """Keep that a session ended; forget those that are too old by now."""
        young = {name: ended for name, ended in self._ended.items() if ended > at - LASTS}
        self._ended = {**young, token: at}

    def __contains__(self, token: str) -> bool:
        """Say whether a session was ended."""
        return token in self._ended
