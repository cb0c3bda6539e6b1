"""The secret that signs the console's sessions: made once in a data directory, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from feedproc.errors import StoreUnusable

FILE = "console.key"
_BYTES = 32


def read_secret(data_dir: Path) -> bytes:
    """Return the data directory's secret; make it when there is none. Raises `StoreUnusable`."""
    path = data_dir / FILE
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        raise StoreUnusable(f"{path}: cannot be used ({error.strerror})") from error
    if len(secret) < _BYTES:
        raise StoreUnusable(f"{path}: too short to be a secret; delete it, and a new one is made")
    return secret


def _make(path: Path) -> None:
    """Write the secret aside and link it into place: whoever reads it finds all of it, and all find the same."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()
