"""A document's elements and text, told as they are read: by expat, or by the scanner that reads as Xerces does."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol
from xml.parsers import expat

from feedproc.xerces.text.names import SEPARATOR, STAND_IN
from feedproc.xerces.text.positions import is_plain
from feedproc.xerces.text.scanner import Fatal, scan
from feedproc.xerces.text.tags import Bindings, StartTag


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


_NOBODY = Handlers(_ignore, _ignore)


class Scope:
    """Which namespaces prefixes stand for, at the place that a reading has come to."""

    def __init__(self) -> None:
        self._bound: dict[str, list[str | None]] = {"xml": ["http://www.w3.org/XML/1998/namespace"]}

    def bind(self, prefix: str | None, namespace: str | None) -> None:
        """Take note of a declaration, as `Handlers.bind`."""
        self._bound.setdefault(prefix or "", []).append(namespace or None)

    def unbind(self, prefix: str | None) -> None:
        """Take note that it holds no more."""
        self._bound[prefix or ""].pop()

    def resolve(self, prefix: str) -> str | None:
        """Return the namespace of a prefix; None where it has none."""
        bound = self._bound.get(prefix)
        return bound[-1] if bound else None


class Reading(Protocol):
    """One reading of a document.

    At the end it lets go of whoever is told. They hold it in turn, and the document, and all would stay in memory until
    Python looks for garbage in circles, which is rarely.
    """

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

    def read(self, document: bytes) -> None:
        """Read a whole document. Raises `expat.ExpatError` where it is not well-formed."""
        try:
            self._parser.Parse(document, True)
        finally:
            self._forget()

    def _forget(self) -> None:
        parser = self._parser
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
        parser.StartNamespaceDeclHandler = parser.EndNamespaceDeclHandler = parser.StartDoctypeDeclHandler = None

    def start_with(self, start: Callable[[str, list[str]], object]) -> None:
        """Call this from now on where an element begins."""
        self._parser.StartElementHandler = start

    @property
    def at(self) -> int:
        """The byte at which an element begins or its end tag does; behind it for an empty one."""
        return self._parser.CurrentByteIndex


class Stopped(expat.ExpatError):
    """The scanner could not read on."""

    def __init__(self, fatal: Fatal) -> None:
        self.fatal = fatal
        super().__init__(fatal.key)


class Exact:
    """Reads with the scanner: all that Xerces reads, and XML 1.1 too, at a fraction of expat's pace."""

    def __init__(self, handlers: Handlers, stop: str = "") -> None:
        """Take what is to be said where a document ends, if it cannot be read on there."""
        self._handlers = handlers
        self._stop = stop
        self._told: _Told | None = None

    def read(self, document: bytes) -> None:
        """Read a whole document. Raises `Stopped`."""
        fatal = scan(document, self._stop, self._begin)
        self._hand_to(_NOBODY)
        if fatal is not None:
            raise Stopped(fatal)

    def start_with(self, start: Callable[[str, list[str]], object]) -> None:
        """Call this from now on where an element begins."""
        self._hand_to(self._handlers._replace(start=start))

    @property
    def at(self) -> int:
        """The byte at which an element begins or its end tag does; behind it for an empty one."""
        return self._told.at if self._told is not None else 0

    def _hand_to(self, handlers: Handlers) -> None:
        self._handlers = handlers
        if self._told is not None:
            self._told.handlers = handlers

    def _begin(self, text: str, mark: int) -> "_Told":
        self._told = _Told(text, mark, self._handlers)
        return self._told


class _Told:
    """Tells as expat does what the scanner has read."""

    def __init__(self, text: str, mark: int, handlers: Handlers) -> None:
        self._text = text
        self._mark = mark
        self.handlers = handlers
        self._names: list[str] = []
        self._place = 0
        self._counted = (0, 0)
        """A character of the text, and which byte that is."""

    @property
    def at(self) -> int:
        """The byte that was reached."""
        character, byte = self._counted
        if self._place < character:
            character = byte = 0
        byte += len(self._text[character : self._place].encode())
        self._counted = self._place, byte
        return self._mark + byte

    def start(self, at: int, tag: StartTag, bindings: Bindings) -> None:
        """Take note that an element begins."""
        for prefix, namespace in tag.declared.items():
            self.handlers.bind(prefix or None, _shield_namespace(namespace) or None)
        self._place = at
        name = _write_name(tag.name, bindings, bindings.find_namespace(""))
        self._names.append(name)
        self.handlers.start(name, list(_flatten(tag.attributes, bindings)))

    def end(self, at: int, undeclared: Iterable[str]) -> None:
        """Take note that an element ends, and with it some declarations of prefixes."""
        self._place = at
        self.handlers.end(self._names.pop())
        for prefix in undeclared:
            self.handlers.unbind(prefix or None)

    def take_text(self, text: str) -> None:
        """Take note of text."""
        self.handlers.characters(text)


def _flatten(attributes: list[tuple[str, str]], bindings: Bindings) -> Iterator[str]:
    for name, value in attributes:
        yield _write_name(name, bindings)
        yield value


def _write_name(name: str, bindings: Bindings, default: str = "") -> str:
    prefix, colon, local = name.rpartition(":") if name.find(":", 1) > 0 else ("", "", name)
    namespace = _shield_namespace(bindings.find_namespace(prefix) if colon else default)
    if not namespace:
        return local
    return SEPARATOR.join((namespace, local, prefix) if prefix else (namespace, local))


def _shield_namespace(namespace: str) -> str:
    return namespace.replace(SEPARATOR, STAND_IN)


def list_readers(document: bytes) -> Iterator[Callable[[Handlers], Reading]]:
    """Yield by what a document may be read: quickly, and when that does not do, exactly."""
    if is_plain(document):
        yield Quick
    yield Exact
