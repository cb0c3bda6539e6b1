"""The findings of a walk, and the fault that ends it, become faults of a feed."""

import functools
from xml.parsers import expat

from feedproc.formats.diagnostics import Fault, Origin
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.schema import OURS
from feedproc.formats.xerces.exact import Exact, Stopped
from feedproc.formats.xerces.frames import Finding
from feedproc.formats.xerces.model import SEPARATOR, Schema
from feedproc.formats.xerces.paths import Paths
from feedproc.formats.xerces.positions import Places, Ruler
from feedproc.formats.xerces.reading import STAND_IN, is_plain
from feedproc.formats.xerces.root import NOTHING_YET, Root
from feedproc.formats.xerces.scanner import BROKEN, Fatal, scan, scan_head
from feedproc.formats.xerces.walk import Doctype, Walker
from feedproc.formats.xerces.words import sentence


def all_faults(document: bytes, origin: Origin, schema: Schema | None = None) -> list[Fault]:
    """Return all that Xerces finds in `document`, by our own schema or another one."""
    return faults_of_part(document, origin, schema=schema)[0]


def faults_of_part(
    document: bytes,
    origin: Origin,
    before: Root = NOTHING_YET,
    most: int = MAX_PIECE_FINDINGS,
    *,
    ends: bool = True,
    stop: str = "",
    schema: Schema | None = None,
) -> tuple[list[Fault], Root]:
    """Return what Xerces finds in a part of a feed, and what is known of the root after it.

    When the feed does not end with this part, the end tag of the root is not its own. When reading stopped at the end
    of the document, `stop` is what Xerces says there.
    """
    head = scan_head(document)
    if head is not None:
        return [_from_fatal(head, document, origin)], before
    walker, fatal = _walk(schema or OURS.compiled, document, before, most, ends=ends, stop=stop)
    faults = _Explanation(walker, document, origin, ends).faults()
    after = walker.after
    if fatal is None:
        return faults, after
    end = _from_fatal(fatal, document, origin)
    return [end] if fatal.key == "InvalidHighSurrogate" else [*faults, end], after


def fatal_fault(document: bytes, origin: Origin) -> Fault | None:
    """Return why Xerces cannot read on in `document`, or None."""
    fatal = scan(document)
    return _from_fatal(fatal, document, origin) if fatal is not None else None


def _walk(
    schema: Schema, document: bytes, before: Root, most: int, *, ends: bool, stop: str
) -> tuple[Walker, Fatal | None]:
    """Walk through the document, as far as it can be read."""
    if not stop and is_plain(document):
        walker = Walker(schema, document, before, most, ends=ends)
        try:
            walker.walk()
        except (expat.ExpatError, Doctype):
            if before.continued is not None:
                # What was learnt of the root on the way cannot be unlearnt.
                return walker, scan(document)
        else:
            return walker, None
    walker = Walker(schema, document, before, most, ends=ends, reading=functools.partial(Exact, stop=stop))
    try:
        walker.walk()
    except Stopped as stopped:
        return walker, stopped.fatal
    return walker, None


def _from_fatal(fatal: Fatal, document: bytes, origin: Origin) -> Fault:
    line = column = -1
    if fatal.offset is not None:
        line, column = Places(origin, Ruler(document, fatal.root, fatal.end)).place(fatal.offset)
        column += fatal.extra
        if fatal.key in BROKEN:
            # Xerces has not come to count the line ends before it.
            column = max(1, column)
    return Fault(line, column, fatal.key, "", fatal.sentence, fatal=True)


class _Explanation:
    """What is needed to tell the findings of one walk."""

    def __init__(self, walker: Walker, document: bytes, origin: Origin, ends: bool) -> None:
        end = len(document) + ends
        self._findings = [finding for finding in walker.findings if origin.offset < finding.offset < end]
        self._paths = Paths()
        self._places = Places(origin, Ruler(document, walker.root))
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
            sentence(finding.rule, finding.arguments).replace(STAND_IN, SEPARATOR),
            ordinal,
            finding.message.message_id if finding.message is not None and ordinal is not None else None,
        )
