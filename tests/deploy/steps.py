"""The steps of a deployment, each told with the time it took."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell that a step was done, and how long it took."""
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:6.1f} s  {name}", flush=True)


def done(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    seconds: float = 300,
    errors: int = subprocess.PIPE,
) -> str:
    """Run a command to its end and return what it printed; `errors` may say STDOUT."""
    ended = subprocess.run(
        [str(one) for one in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        timeout=seconds,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr or ''}"
        )
    return ended.stdout


def needed(*programs: str) -> None:
    """Skip without these programs; fail in continuous integration."""
    missing = [one for one in programs if shutil.which(one) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
