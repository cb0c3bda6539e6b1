"""The findings of a walk, and the fault that ends it, become faults of a feed."""

from collections import Counter
from functools import cached_property, partial
from xml.parsers import expat

from feedproc.xerces.faults import WHOLE, Fault, Origin, StrayText
from feedproc.xerces.schema.model import Schema
from feedproc.xerces.text.names import SEPARATOR, STAND_IN, split_name
from feedproc.xerces.text.positions import Places, Ruler, is_plain
from feedproc.xerces.text.reading import Exact, Stopped
from feedproc.xerces.text.scanner import BROKEN, Fatal, scan, scan_head
from feedproc.xerces.walk.findings import OpenElement, WalkFinding
from feedproc.xerces.walk.root import ALONE, Root, Surroundings
from feedproc.xerces.walk.schema_messages import write_sentence
from feedproc.xerces.walk.stray import STRAY_RULE, read_stray
from feedproc.xerces.walk.walker import Doctype, Walker

_LONGEST = 32
"""Elements shown of a path; what is nested deeper is an ellipsis, so that hostile nesting stays cheap."""
_FEW = 16


class ElementPaths:
    """Writes paths; what was written for one fault serves the next."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, str]] = {}
        """For elements: how deep they are, and their path."""
        self._numbered: dict[int, list[str]] = {}

    def write_path(self, frame: OpenElement) -> str:
        """Return the path of `frame`."""
        climbed = []
        last: OpenElement | None = frame
        while last is not None and id(last) not in self._known:
            climbed.append(last)
            last = last.parent
        depth, path = self._known[id(last)] if last is not None else (0, "")
        for each in reversed(climbed):
            depth += 1
            if depth <= _LONGEST:
                path = f"{path}/{self._step(each)}"
            elif depth == _LONGEST + 1:
                path += "/…"
            self._known[id(each)] = depth, path
        return path

    def _step(self, frame: OpenElement) -> str:
        children = frame.parent.children if frame.parent is not None else None
        if children is None or frame.key == "Message":
            return frame.raw_name
        if len(children) <= _FEW and children.count(frame.key) == 1:
            return frame.raw_name
        numbered = self._numbered.get(id(children))
        if numbered is None:
            numbered = self._numbered[id(children)] = _number(children)
        return numbered[frame.index]


def _number(children: list[str]) -> list[str]:
    counts = Counter(children)
    seen: Counter[str] = Counter()
    names = []
    for key in children:
        seen[key] += 1
        name = split_name(key)[2]
        names.append(f"{name}[{seen[key]}]" if counts[key] > 1 else name)
    return names


def validate(document: bytes, schema: Schema, origin: Origin = WHOLE, *, most: int) -> list[Fault]:
    """Return what Xerces finds in `document`, in its order; a fault of the scanner ends the list.

    At most `most` faults are told, besides the first of each message.
    """
    return validate_part(document, schema, origin, most=most)[0]


def validate_part(
    document: bytes,
    schema: Schema,
    origin: Origin = WHOLE,
    surroundings: Surroundings = ALONE,
    *,
    most: int,
) -> tuple[list[Fault], Root]:
    """Return what Xerces finds in a part of a feed, and what is known of the root after it."""
    before, ends, stop = surroundings
    head = scan_head(document)
    if head is not None:
        return [_from_fatal(head, document, origin)], before
    walker, fatal = _walk(schema, document, before, most, ends=ends, stop=stop)
    explanation = _Explanation(walker, document, origin, ends)
    faults, after = explanation.list_faults(), explanation.after
    if fatal is None:
        return faults, after
    end = _from_fatal(fatal, document, origin)
    return [end] if fatal.key == "InvalidHighSurrogate" else [*faults, end], after


def find_fatal(document: bytes, origin: Origin = WHOLE) -> Fault | None:
    """Return why Xerces cannot read on in `document`, or None."""
    fatal = scan(document)
    return _from_fatal(fatal, document, origin) if fatal is not None else None


def _walk(
    schema: Schema, document: bytes, before: Root, most: int, *, ends: bool, stop: str
) -> tuple[Walker, Fatal | None]:
    """Walk through the document, as far as it can be read."""
    if not stop and is_plain(document):
        walker = Walker(schema, document, before, most=most, ends=ends)
        try:
            walker.walk()
        except (expat.ExpatError, Doctype):
            if before.continued is not None:
                # What was learnt of the root on the way cannot be unlearnt.
                return walker, scan(document)
        else:
            return walker, None
    walker = Walker(schema, document, before, most=most, ends=ends, reading=partial(Exact, stop=stop))
    try:
        walker.walk()
    except Stopped as stopped:
        return walker, stopped.fatal
    return walker, None


def _from_fatal(fatal: Fatal, document: bytes, origin: Origin) -> Fault:
    line = column = -1
    if fatal.offset is not None:
        line, column = Places(origin, Ruler(document, fatal.root, fatal.end)).locate(fatal.offset)
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
        self._paths = ElementPaths()
        self._places = Places(origin, Ruler(document, walker.root))
        self._walker = walker
        self._origin = origin
        self._document = document
        own = [message for offset, message in walker.messages if offset >= origin.offset]
        self._ordinals = {id(message): ordinal for ordinal, message in enumerate(own)}

    def list_faults(self) -> list[Fault]:
        return [self._make_fault(finding) for finding in self._findings]

    @property
    def after(self) -> Root:
        """What is known of the root after the document."""
        root, after = self._walker.root_frame, self._walker.after
        return after if root is None else after._replace(stray=self._find_stray(root))

    def _find_stray(self, element: OpenElement) -> StrayText | None:
        """Return the first text that stands in an element where only elements may be."""
        if element is self._walker.root_frame and self._walker.before.stray:
            return self._walker.before.stray
        return self._strays.get(element.stray) if element.stray > 0 else None

    @cached_property
    def _strays(self) -> dict[int, StrayText]:
        """All such texts that are told of, by where they begin; measured in rising order."""
        told = {finding.element.stray for finding in self._findings if finding.rule == STRAY_RULE}
        told.add(self._walker.root_frame.stray if self._walker.root_frame else -1)
        places = Places(self._origin, Ruler(self._document, self._walker.root))
        begins = sorted(at for at in told if at >= max(self._origin.offset, 1))
        return {at: StrayText(read_stray(self._document, at), *places.locate(at)) for at in begins}

    def _make_fault(self, finding: WalkFinding) -> Fault:
        line, column = self._places.locate(finding.offset)
        ordinal = self._ordinals.get(id(finding.message))
        return Fault(
            line,
            column,
            finding.rule,
            self._paths.write_path(finding.element),
            write_sentence(finding.rule, finding.arguments).replace(STAND_IN, SEPARATOR),
            ordinal,
            finding.message.message_id if finding.message is not None and ordinal is not None else None,
            stray=self._find_stray(finding.element) if finding.rule == STRAY_RULE else None,
        )
