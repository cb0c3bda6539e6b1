"""Put beside each module of a package of code what Python compiles it to.

A function keeps nothing of what it compiles, as its code cannot be written to, and would compile it at each cold start.
What is put in is never held against its source (`UNCHECKED_HASH`): a package loses its files' times, and none of them
changes. Another version of Python looks for other names and compiles the source, as does one whose package has none.

Run as `python3.13 infrastructure/bytecode.py feedproc.zip`, by the version of Python that runs the functions.
"""

import sys
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

UNPACKED_AT = "/var/task"
"""Where Lambda unpacks a package, which tracebacks then name."""
_READABLE = 0o100644 << 16


def add_bytecode(package: Path) -> None:
    """Add bytecode to a package, the same to the same one; what cannot be compiled gets none."""
    with TemporaryDirectory() as folder, ZipFile(package, "a") as code:
        code.extractall(folder)
        compile_dir(
            folder,
            quiet=2,
            stripdir=folder,
            prependdir=UNPACKED_AT,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        for file in sorted(Path(folder).rglob("*.pyc")):
            entry = ZipInfo(file.relative_to(folder).as_posix())
            entry.external_attr = _READABLE
            code.writestr(entry, file.read_bytes(), ZIP_DEFLATED)


if __name__ == "__main__":
    add_bytecode(Path(sys.argv[1]))
