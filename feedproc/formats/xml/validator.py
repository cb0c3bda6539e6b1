"""The judge of one feed: libxml2's word where that is Amazon's parser's as well, and its explanation elsewhere."""

import codecs
from collections.abc import Sequence
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree
from msgspec.structs import replace

from feedproc.feeds.finding import Finding
from feedproc.feeds.progress import Position
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml import verdicts
from feedproc.formats.xml.agreement import Doubts
from feedproc.formats.xml.envelope import END_TAG, Envelope, IllFormed, NotAnEnvelope
from feedproc.formats.xml.pieces import Piece, Unparsable, advanced, reason, recovered
from feedproc.formats.xml.schemas import OURS, Schemas, parser
from feedproc.formats.xml.spans import Span, Spans, message_spans
from feedproc.formats.xml.verdicts import Unreadable, cut_off, of_fault
from feedproc.xerces.faults import WHOLE, Fault, Origin
from feedproc.xerces.text.positions import Ruler
from feedproc.xerces.text.reading import is_plain
from feedproc.xerces.text.version import reads_otherwise
from feedproc.xerces.walk.root import NOTHING_YET, Root

_MESSAGE_PATH = "/AmazonEnvelope/Message["
_WRAPPERS_MESSAGE = 1
_OF_WRAPPER = -1
_ENDS = {"MarkupEntityMismatch", "PrematureEOF"}
_HEADLESS = Root(wrong=True)
"""A root of which only one message is looked at, so that Xerces misses nothing in front of it."""
_APART = 3
"""Messages are explained one by one while they are at most every third; else the whole piece takes less time."""

Told = tuple[int | None, Finding]
"""A finding, and which message of a piece it is in."""


class _Suspicion(NamedTuple):
    """Where in a piece something may be wrong."""

    messages: frozenset[int] = frozenset()
    elsewhere: bool = False


class Judge:
    """Says what Amazon's parser finds in a feed, part by part, in feed order."""

    def __init__(self, envelope: Envelope, schemas: Schemas = OURS) -> None:
        """Take what stands before the first message, and by what to judge."""
        self._envelope = envelope
        self._schemas = schemas
        self._doubts = Doubts(envelope.instance_prefixes, lambda: schemas.patterned, lambda: schemas.doubted)
        self._root = schemas.continued(NOTHING_YET)
        self._faulty_prolog = b""
        """Explained together with the first piece: what is wrong may only show there."""

    def prolog(self) -> list[Finding]:
        """Return what is wrong with a feed without messages; of others it is told with the first piece.

        Raises `Unreadable`.
        """
        prolog = self._envelope.prolog
        if self._is_fine(prolog):
            return []
        if not self._envelope.complete:
            self._faulty_prolog = prolog
            return []
        self._root = NOTHING_YET
        return [finding for _, finding in self._findings(self._explained(prolog, WHOLE, ends=True))]

    def _is_fine(self, prolog: bytes) -> bool:
        if self._schemas.is_ours:
            is_plain = not self._envelope.declaration and not self._doubts.about_prolog(prolog)
            return is_plain and not self._invalid(self._envelope.as_document)
        if self._envelope.complete or self._schemas.follows:
            return False
        # Which message would be valid behind it is not known, so what is wrong in that does not count.
        self._root = NOTHING_YET
        found = self._explained(self._envelope.as_document, WHOLE, ends=False)
        tells_at_end = self._root.wrong or self._root.stray
        self._root = self._schemas.continued(NOTHING_YET)
        return not tells_at_end and all(fault.ordinal is not None for fault in found)

    def pass_over(self, text: bytes, begin: Position) -> None:
        """Take note of a part of the feed of which everything has been told."""
        self._explained_piece(self._envelope.wrapper + text + END_TAG, begin, ends=False)

    def of_piece(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece. Raises `Unreadable`."""
        suspicion = self._suspicion(piece)
        if not suspicion.messages and not suspicion.elsewhere:
            return []
        return self._findings(self._faults(piece, suspicion))

    def outside_messages(self, piece: Piece) -> tuple[bool, list[Finding]]:
        """Return whether something may be wrong in a piece, and what is, outside of messages. Raises `Unreadable`."""
        suspicion = self._suspicion(piece)
        if not suspicion.elsewhere and self._is_readable(piece, suspicion):
            return bool(suspicion.messages), []
        found = self._findings(self._whole(piece))
        return bool(found), [finding for ordinal, finding in found if ordinal is None]

    def unparsable(self, error: Unparsable) -> Unreadable:
        """Say what is wrong with a piece that cannot be parsed."""
        if not error.document:
            return Unreadable([of_fault(cut_off(error.begin, f"{error.reason}."))])
        stop = error.reason if error.stopped else ""
        found = self._explained_piece(error.document, error.begin, ends=True, stop=stop)
        if not found or not found[-1].fatal:
            found.append(cut_off(Position(0, error.begin.line + error.line - 1, 1), f"{error.reason}."))
        return Unreadable(map(of_fault, found))

    def _invalid(self, document: bytes) -> bool:
        """Say whether libxml2 finds fault with a document."""
        xml = parser()
        try:
            root = etree.fromstring(document, xml)
        except etree.XMLSyntaxError as error:
            root = recovered(document, xml)
            if root is None:
                raise self.unparsable(Unparsable(document, Position(), reason(error), error.position[0])) from error
        return bool(self._schemas.faults(root))

    def _suspicion(self, piece: Piece) -> _Suspicion:
        if self._schemas.judges_alone or (self._envelope.declaration and reads_otherwise(piece.text)):
            return _Suspicion(elsewhere=True)
        named = {_ordinal(entry) for entry in self._schemas.faults(piece.root)} - {_OF_WRAPPER}
        elsewhere = bool(self._faulty_prolog) or (piece.last and self._root.stray) or None in named
        doubtful = self._doubts.about(piece.text)
        messages = frozenset(ordinal for ordinal in named if ordinal is not None)
        if not doubtful or elsewhere:
            return _Suspicion(messages, elsewhere)
        found = _spans(piece)
        if found is None:
            return _Suspicion(messages, elsewhere=True)
        spans = list(found)
        doubted = {number for number, (start, end) in enumerate(spans) if self._doubts.about(piece.text[start:end])}
        return _Suspicion(messages | doubted, self._doubts.about(_between(piece.text, spans)))

    def _is_readable(self, piece: Piece, suspicion: _Suspicion) -> bool:
        """Say whether Amazon's parser reads the messages that libxml2 reads, but finds fault with."""
        if not suspicion.messages:
            return True
        spans = _apart(piece, suspicion)
        if spans is None:
            return _reads(piece.document)
        opening = self._envelope.opening
        return all(_reads(opening + piece.text[start:end] + END_TAG) for _, (start, end) in spans)

    def _faults(self, piece: Piece, suspicion: _Suspicion) -> list[Fault]:
        spans = _apart(piece, suspicion)
        if spans is None:
            return self._whole(piece)
        found: list[Fault] = []
        place, done = piece.begin, 0
        for number, (start, end) in spans:
            place, done = advanced(place, piece.text[done:start]), start
            told = self._of_message(piece.text[start:end], place, max(1, MAX_PIECE_FINDINGS - len(found)))
            found += [fault._replace(ordinal=number) for fault in told]
            if told and told[-1].fatal:
                break
        return found

    def _of_message(self, text: bytes, place: Position, most: int) -> list[Fault]:
        from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

        opening = self._envelope.opening
        origin = Origin(len(opening), place.line, place.column)
        document = opening + text + END_TAG
        return faults_of_part(document, self._schemas.compiled, origin, _HEADLESS, most=most, ends=False)[0]

    def _whole(self, piece: Piece) -> list[Fault]:
        return self._explained_piece(piece.document, piece.begin, ends=piece.last)

    def _explained_piece(self, document: bytes, begin: Position, *, ends: bool, stop: str = "") -> list[Fault]:
        if not self._faulty_prolog:
            return self._explained(document, self._origin(begin), ends=ends, stop=stop)
        prolog, self._faulty_prolog = self._faulty_prolog, b""
        self._root = NOTHING_YET
        return self._explained(prolog + document[len(self._envelope.wrapper) :], WHOLE, ends=ends, stop=stop)

    def _origin(self, place: Position) -> Origin:
        return Origin(len(self._envelope.wrapper), place.line, place.column)

    def _explained(self, document: bytes, origin: Origin, *, ends: bool, stop: str = "") -> list[Fault]:
        from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

        schema, most = self._schemas.compiled, MAX_PIECE_FINDINGS
        found, after = faults_of_part(document, schema, origin, self._root, most=most, ends=ends, stop=stop)
        self._root = self._schemas.continued(after)
        return found

    @staticmethod
    def _findings(found: list[Fault]) -> list[Told]:
        told = [(fault.ordinal, of_fault(fault)) for fault in found]
        if found and found[-1].fatal:
            raise Unreadable(finding for _, finding in told)
        return told


def first_by_message(told: Sequence[Told]) -> dict[int, Finding]:
    """Return the first finding of each faulty message, by its place in the piece from 0."""
    return {ordinal: finding for ordinal, finding in reversed(told) if ordinal is not None}


def not_an_envelope(error: NotAnEnvelope, beginning: bytes, schemas: Schemas = OURS) -> Unreadable:
    """Say what is wrong with a feed that is none: what Amazon's parser finds, and what the report tells in the end."""
    from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

    # The feed's own byte order mark is not in the text any more; another one would be taken for it.
    is_marked_twice = error.text.startswith(codecs.BOM_UTF8)
    text = codecs.BOM_UTF8 + error.text if is_marked_twice else error.text
    found = faults_of_part(text, schemas.compiled, most=MAX_PIECE_FINDINGS)[0]
    if found and found[-1].fatal and found[-1].rule in _ENDS and not error.complete:
        found.pop()
    told = verdicts.not_an_envelope(error.line, error.column, beginning)
    findings = [of_fault(fault) for fault in found]
    findings[:1] = [replace(finding, reason=told.reason, hint=told.hint) for finding in findings[:1]]
    return Unreadable([*findings, told])


def ill_formed(error: IllFormed, schemas: Schemas = OURS) -> Unreadable:
    """Say what is wrong in a feed that cannot be read up to its first message."""
    from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

    found = faults_of_part(error.text, schemas.compiled, most=MAX_PIECE_FINDINGS, stop=error.sentence)[0]
    if not found or not found[-1].fatal:
        found.append(cut_off(Position(0, *Ruler(error.text).place(len(error.text)))))
    return Unreadable(map(of_fault, found))


def _ordinal(entry: etree._LogEntry) -> int | None:
    """Return which message of a piece libxml2 speaks of."""
    path = entry.path or ""
    if not path.startswith(_MESSAGE_PATH):
        return None
    return int(path[len(_MESSAGE_PATH) : path.index("]")]) - 1 - _WRAPPERS_MESSAGE


def _spans(piece: Piece) -> Spans | None:
    return message_spans(piece.text, piece.count, piece.ends)


def _apart(piece: Piece, suspicion: _Suspicion) -> list[tuple[int, Span]] | None:
    """Return the suspicious messages by number, in feed order; None where it is better to look at the whole piece."""
    if suspicion.elsewhere or len(suspicion.messages) * _APART > len(piece.ends):
        return None
    spans = _spans(piece)
    return None if spans is None else [(number, spans[number]) for number in sorted(suspicion.messages)]


def _between(text: bytes, spans: list[Span]) -> bytes:
    """Return what stands before, between and behind the messages."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return b" ".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _reads(document: bytes) -> bool:
    """Say whether Amazon's parser reads a document that libxml2 reads: with names expat is as strict."""
    if not is_plain(document):
        from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

        return scan(document) is None
    try:
        expat.ParserCreate("utf-8", "}").Parse(document, True)
    except expat.ExpatError:
        return False
    return True
