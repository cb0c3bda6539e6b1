"""Files named on the command line."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def open_seekable(name: str) -> Iterator[BinaryIO]:
    """Open a file for reading; what cannot be sought, such as standard input (`-`), by way of a temporary file."""
    if name != "-" and Path(name).is_file():
        with Path(name).open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as spool:
        if name == "-":
            shutil.copyfileobj(sys.stdin.buffer, spool)
        else:
            with Path(name).open("rb") as pipe:
                shutil.copyfileobj(pipe, spool)
        spool.seek(0)
        yield spool
