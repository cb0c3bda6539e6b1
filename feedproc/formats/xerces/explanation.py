"""The findings of a walk, and the fault that ends it, become faults of a feed."""

import contextlib
import functools
from xml.parsers import expat

from feedproc.formats.diagnostics import Fault, Origin
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xerces.frames import Finding
from feedproc.formats.xerces.mended import colon_names, without_colons
from feedproc.formats.xerces.model import Schema
from feedproc.formats.xerces.paths import Paths
from feedproc.formats.xerces.positions import Places, Ruler
from feedproc.formats.xerces.reader import read_schema
from feedproc.formats.xerces.root import NOTHING_YET, Root
from feedproc.formats.xerces.scanner import Fatal, scan, scan_head
from feedproc.formats.xerces.utf8 import is_taken_for_utf_16
from feedproc.formats.xerces.walk import Doctype, Walker
from feedproc.formats.xerces.words import sentence
from feedproc.resources import folder


def all_faults(document: bytes, origin: Origin) -> list[Fault]:
    """Return all that Xerces finds in `document`."""
    return faults_of_part(document, origin)[0]


def faults_of_part(
    document: bytes,
    origin: Origin,
    before: Root = NOTHING_YET,
    most: int = MAX_PIECE_FINDINGS,
    *,
    ends: bool = True,
    stop: str = "",
) -> tuple[list[Fault], Root]:
    """Return what Xerces finds in a part of a feed, and what is known of the root after it.

    When the feed does not end with this part, the end tag of the root is not its own. When reading stopped at the end
    of the document, `stop` is what Xerces says there.
    """
    head = scan_head(document)
    if head is not None:
        return [_from_fatal(head, document, origin)], before
    walker, fatal = _walk(document, before, most)
    if stop:
        fatal = scan(document, stop)
    faults = _Explanation(walker, document, origin, ends).faults()
    frame = walker.root_frame
    after = Root(frame.wrong, frame.stray) if frame is not None else before
    if fatal is None:
        return faults, after
    end = _from_fatal(fatal, document, origin)
    return [end] if fatal.key == "InvalidHighSurrogate" else [*faults, end], after


def fatal_fault(document: bytes, origin: Origin) -> Fault | None:
    """Return why Xerces cannot read on in `document`, or None."""
    fatal = scan(document)
    return _from_fatal(fatal, document, origin) if fatal is not None else None


def _walk(document: bytes, before: Root, most: int) -> tuple[Walker, Fatal | None]:
    """Walk through the document, as far as it can be read."""
    walker = Walker(_schema(), document, before, most)
    if is_taken_for_utf_16(document):
        return walker, scan(document)
    try:
        walker.walk()
    except (expat.ExpatError, Doctype):
        mended = without_colons(document)
        if mended != document:
            walker = Walker(_schema(), mended, before, most)
            walker.is_mended = True
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
        line, column = Places(origin, Ruler(document, fatal.root, fatal.end)).place(fatal.offset)
        column += fatal.extra
    return Fault(line, column, fatal.key, "", fatal.sentence, fatal=True)


class _Explanation:
    """What is needed to tell the findings of one walk."""

    def __init__(self, walker: Walker, document: bytes, origin: Origin, ends: bool) -> None:
        end = len(document) + ends
        self._findings = [finding for finding in walker.findings if origin.offset < finding.offset < end]
        self._paths = Paths()
        self._names = colon_names(document) if walker.is_mended else {}
        self._places = Places(origin, Ruler(document, walker.root))
        own = [message for offset, message in walker.messages if offset >= origin.offset]
        self._ordinals = {id(message): ordinal for ordinal, message in enumerate(own)}

    def faults(self) -> list[Fault]:
        return [self._fault(finding) for finding in self._findings]

    def _fault(self, finding: Finding) -> Fault:
        line, column = self._places.place(finding.offset)
        ordinal = self._ordinals.get(id(finding.message))
        arguments = finding.arguments
        if self._names:
            arguments = tuple(self._names.get(each, each) for each in arguments)
        return Fault(
            line,
            column,
            finding.rule,
            self._paths.path(finding.element),
            sentence(finding.rule, arguments),
            ordinal,
            finding.message.message_id if finding.message is not None and ordinal is not None else None,
        )
