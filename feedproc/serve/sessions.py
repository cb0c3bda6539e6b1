"""What the console's sessions rest on: the secret that signs them, and which of them were ended by signing out.

The secret is made once in a data directory, readable by its owner alone; a copy of the cookie of a session that was
ended is worth nothing.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from feedproc.console.session import LASTS
from feedproc.errors import StoreUnusable

SIGNED_OUT = "signed-out"
"""In the data directory: an empty file for each session that was ended within the last hours."""
_KEY_FILE = "console.key"
_KEY_BYTES = 32


def read_secret(data_dir: Path) -> bytes:
    """Return the data directory's secret; make it when there is none.

    Raises:
        StoreUnusable: it cannot be read or made.

    """
    path = data_dir / _KEY_FILE
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_bytes()
    except OSError as error:
        raise StoreUnusable(f"{path}: cannot be used ({error.strerror})") from error
    if len(secret) < _KEY_BYTES:
        raise StoreUnusable(f"{path}: too short to be a secret; delete it, and a new one is made")
    return secret


def _make_secret(path: Path) -> None:
    """Write the secret aside and link it into place: whoever reads it finds all of it, and all find the same."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()


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
