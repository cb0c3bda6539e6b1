"""Through how many files one XML feed goes before its first message is applied."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from feedproc.wiring.feed_types import load_feed_types
from tests.house.sources import PACKAGE, ROOT

FEED_TYPE = "POST_ORDER_ACKNOWLEDGEMENT_DATA"


def trace_survey() -> tuple[int, int]:
    """Return the files that the survey of a good feed enters, and how often it comes back to a file it had left.

    Counted are calls that lead into another file than the call before; going back from a call is not coming back. The
    feed is surveyed twice, and the second time counts: schemas are compiled by then, as in a worker that runs.
    """
    form = load_feed_types().look_up(FEED_TYPE).format
    feed = _find_sample().read_bytes()
    form.survey(io.BytesIO(feed), _ignore)
    with _watch_files() as files:
        form.survey(io.BytesIO(feed), _ignore)
    return len(set(files)), len(files) - len(set(files))


def _find_sample() -> Path:
    return next(path for path in sorted((ROOT / "samples").rglob("*acknowledgement-cancel.xml")))


def _ignore(_offset: int) -> None:
    pass


@contextmanager
def _watch_files() -> Iterator[list[str]]:
    """Note each file of the package that a call enters, once for each time that it is entered from another one."""
    files: list[str] = []
    package = f"{ROOT / PACKAGE}/"

    def note(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(package) and name != __file__ and files[-1:] != [name]:
            files.append(name)

    sys.setprofile(note)
    try:
        yield files
    finally:
        sys.setprofile(None)
