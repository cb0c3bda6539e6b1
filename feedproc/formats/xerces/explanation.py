"""The findings of a walk, and the fault that ends it, become faults of a feed."""

import contextlib
import functools
import re
from xml.parsers import expat

from feedproc.formats.diagnostics import Fault, Origin
from feedproc.formats.xerces.frames import Finding
from feedproc.formats.xerces.model import Schema
from feedproc.formats.xerces.paths import Paths
from feedproc.formats.xerces.positions import Ruler
from feedproc.formats.xerces.reader import read_schema
from feedproc.formats.xerces.scanner import Fatal, scan, scan_head
from feedproc.formats.xerces.walk import Doctype, Walker
from feedproc.formats.xerces.words import sentence
from feedproc.resources import folder

# Xerces does not mind a colon in the target of a processing instruction, or as the first of a name; expat does.
_WITH_COLON = re.compile(rb"<\?[^\s?>]+|</?:")


def all_faults(document: bytes, origin: Origin) -> list[Fault]:
    """Return all that Xerces finds in `document`."""
    head = scan_head(document)
    if head is not None:
        return [_from_fatal(head, document, origin)]
    walker, fatal = _walk(document)
    if fatal is None:
        return _Explanation(walker, document, origin).faults()
    end = _from_fatal(fatal, document, origin)
    if fatal.key == "InvalidHighSurrogate":
        return [end]
    return [*_Explanation(walker, document, origin).faults(), end]


def fatal_fault(document: bytes, origin: Origin) -> Fault | None:
    """Return why Xerces cannot read on in `document`, or None."""
    fatal = scan(document)
    return _from_fatal(fatal, document, origin) if fatal is not None else None


def _walk(document: bytes) -> tuple[Walker, Fatal | None]:
    """Walk through the document, as far as it can be read."""
    walker = Walker(_schema(), document)
    try:
        walker.walk()
    except (expat.ExpatError, Doctype):
        mended = _WITH_COLON.sub(lambda match: match[0].replace(b":", b"_"), document)
        if mended != document:
            walker = Walker(_schema(), mended)
            with contextlib.suppress(expat.ExpatError, Doctype):
                walker.walk()
        return walker, scan(document)
    return walker, None


@functools.cache
def _schema() -> Schema:
    return read_schema(folder("schemas") / "amzn-envelope.xsd")


def _from_fatal(fatal: Fatal, document: bytes, origin: Origin) -> Fault:
    line = column = -1
    if fatal.offset is not None:
        line, column = _Places(origin, Ruler(document, fatal.root, fatal.end)).place(fatal.offset)
        column += fatal.extra
    return Fault(line, column, fatal.key, "", fatal.sentence, fatal=True)


class _Places:
    """Positions in a document as positions in the feed that it was cut from."""

    def __init__(self, origin: Origin, ruler: Ruler) -> None:
        self._ruler = ruler
        self._origin = origin
        self._line, self._column = ruler.place(origin.offset) if origin.offset else (1, 1)

    def place(self, offset: int) -> tuple[int, int]:
        line, column = self._ruler.place(offset)
        if line == self._line:
            return self._origin.line, column - self._column + self._origin.column
        return line - self._line + self._origin.line, column


class _Explanation:
    """What is needed to tell the findings of one walk."""

    def __init__(self, walker: Walker, document: bytes, origin: Origin) -> None:
        self._findings = [finding for finding in walker.findings if finding.offset > origin.offset]
        self._paths = Paths()
        self._places = _Places(origin, Ruler(document, walker.root))
        own = [message for offset, message in walker.messages if offset >= origin.offset]
        self._ordinals = {id(message): ordinal for ordinal, message in enumerate(own)}

    def faults(self) -> list[Fault]:
        return [self._fault(finding) for finding in self._findings]

    def _fault(self, finding: Finding) -> Fault:
        line, column = self._places.place(finding.offset)
        ordinal = self._ordinals.get(id(finding.message))
        return Fault(
            line,
            column,
            finding.rule,
            self._paths.path(finding.element),
            sentence(finding.rule, finding.arguments),
            ordinal,
            finding.message.message_id if finding.message is not None and ordinal is not None else None,
        )
