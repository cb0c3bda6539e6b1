"""Where the server of a data directory is: kept in a file there while it runs, so that commands find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedproc.embedded.private import open_private

_FILE = "server.address"
_LONGEST = 200


@contextmanager
def keep_address(data_dir: Path, endpoint: str) -> Iterator[None]:
    """Keep the address of the running server; when it stops, the file is taken away."""
    file = data_dir / _FILE
    file.unlink(missing_ok=True)
    with open_private(file) as written:
        written.write(endpoint.encode() + b"\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find_address(data_dir: Path) -> str | None:
    """Return the address of the server that runs with this data directory, as far as it is known."""
    try:
        with (data_dir / _FILE).open("rb") as file:
            return file.read(_LONGEST).decode("ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
