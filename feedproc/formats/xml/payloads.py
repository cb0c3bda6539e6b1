"""Where the payloads of messages begin, as Amazon's parser would tell it of them."""

import contextlib
from collections.abc import Callable, Sequence
from xml.parsers import expat

from feedproc.xerces.faults import Origin
from feedproc.xerces.text.positions import Places, Ruler, past_tag
from feedproc.xerces.text.reading import Handlers, Reading, readers

_IN_ROOT, _IN_MESSAGE = 1, 2
"""How many elements are open where a message begins, and where its payload does."""


def payload_places(document: bytes, origin: Origin) -> Sequence[tuple[int, int]]:
    """Return, for each message of a well-formed document, line and column just past the tag that begins its payload.

    The payload is the last child of a message; for a message without children it is the place past its own tag. What
    stands in front of the feed's own text is left out.
    """
    starts = _starts(document)
    places = Places(origin, Ruler(document, starts.root))
    return [places.place(past_tag(document, start)) for start in starts.payloads if start >= origin.offset]


def _starts(document: bytes) -> "_Starts":
    for reading in readers(document):
        starts = _Starts(reading)
        with contextlib.suppress(expat.ExpatError):
            starts.reading.read(document)
            break
    return starts


class _Starts:
    """Where tags begin."""

    def __init__(self, reading: Callable[[Handlers], Reading]) -> None:
        self.root = 0
        self.payloads: list[int] = []
        self._depth = 0
        self._in_message = False
        self.reading = reading(Handlers(self._start, self._end))

    def _start(self, name: str, _attributes: object) -> None:
        begin = self.reading.at
        if not self._depth:
            self.root = begin
        elif self._depth == _IN_ROOT:
            self._in_message = name == "Message"
            if self._in_message:
                self.payloads.append(begin)
        elif self._depth == _IN_MESSAGE and self._in_message:
            self.payloads[-1] = begin
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
