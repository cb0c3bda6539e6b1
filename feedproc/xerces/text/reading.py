"""A document's elements and text, told as they are read: by expat, where that reads as Xerces does."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol
from xml.parsers import expat

from feedproc.xerces.text.positions import is_plain

STAND_IN = "\0"
"""What is in a namespace where XML 1.1 has the character that separates the parts of a name here."""


def _ignore(*_: object) -> None:
    """Take no notice."""


class Handlers(NamedTuple):
    """What is called on the way. Names are namespace, local name and prefix, those that there are, with separators."""

    start: Callable[[str, list[str]], object]
    """An element begins: its name, and the names and values of its attributes in turn."""
    end: Callable[[str], object]
    characters: Callable[[str], object] = _ignore
    bind: Callable[[str | None, str | None], object] = _ignore
    """A prefix, None for none, is bound to a namespace, or to None."""
    unbind: Callable[[str | None], object] = _ignore
    doctype: Callable[..., object] = _ignore


class Reading(Protocol):
    """One reading of a document."""

    def read(self, document: bytes) -> None:
        """Read a whole document. Raises `expat.ExpatError` where it is not well-formed."""

    def start_with(self, start: Callable[[str, list[str]], object]) -> None:
        """Call this from now on where an element begins."""

    @property
    def at(self) -> int:
        """The byte at which an element begins or its end tag does; behind it for an empty one."""


class Quick:
    """Reads with expat: XML 1.0, and not quite what Xerces takes."""

    def __init__(self, handlers: Handlers, separator: str = "}") -> None:
        self._parser = parser = expat.ParserCreate("utf-8", separator)
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.characters
        parser.StartNamespaceDeclHandler = handlers.bind
        parser.EndNamespaceDeclHandler = handlers.unbind
        parser.StartDoctypeDeclHandler = handlers.doctype

    def read(self, document: bytes, *, is_last: bool = True) -> None:
        """Read a document, or its next part. Raises `expat.ExpatError` where it is not well-formed."""
        self._parser.Parse(document, is_last)

    def start_with(self, start: Callable[[str, list[str]], object]) -> None:
        """Call this from now on where an element begins."""
        self._parser.StartElementHandler = start

    @property
    def at(self) -> int:
        """The byte at which an element begins or its end tag does; behind it for an empty one."""
        return self._parser.CurrentByteIndex


def readers(document: bytes) -> Iterator[Callable[[Handlers], Reading]]:
    """Yield by what a document may be read: quickly, and when that does not do, exactly."""
    if is_plain(document):
        yield Quick
    from feedproc.xerces.text.exact import Exact  # noqa: PLC0415 - hardly a feed needs it

    yield Exact
