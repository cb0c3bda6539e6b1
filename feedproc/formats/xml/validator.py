"""What judges one feed: what Amazon's parser finds in it, part by part, in feed order.

There are two ways. `Libxml2First` asks libxml2, which costs little, and walks only what libxml2 finds fault with, or is
known to judge otherwise. `WalkEverything` reads all of a feed as Amazon's parser does.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol
from xml.parsers import expat

from lxml import etree
from msgspec.structs import replace

from feedproc.feeds.finding import Finding
from feedproc.feeds.progress import Position
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml import verdicts
from feedproc.formats.xml.boundaries import Span, Spans, advance
from feedproc.formats.xml.envelope import END_TAG, Envelope, IllFormed, NotAnEnvelope
from feedproc.formats.xml.libxml2_gaps import Libxml2Gaps
from feedproc.formats.xml.pieces import Piece, Unparsable, make_parser, read_message_id, recover, say_why
from feedproc.formats.xml.verdicts import Unreadable, cut_off, find_verdict, nested_too_deep
from feedproc.xerces.faults import WHOLE, Fault, Origin
from feedproc.xerces.text.positions import Ruler
from feedproc.xerces.text.reading import is_plain
from feedproc.xerces.text.version import reads_otherwise
from feedproc.xerces.walk.root import NOTHING_YET, Root

if TYPE_CHECKING:
    from feedproc.xerces.schema.model import Schema

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


class Judging(Protocol):
    """The schemas by which a validator judges."""

    @property
    def compiled(self) -> "Schema":
        """The schema of AmazonEnvelope as Amazon's parser understands it."""

    def carry(self, root: Root) -> Root:
        """Return what is known of the root behind a part of a feed as it is to be told of the next part."""

    def list_faults(self, tree: etree._Element) -> list[etree._LogEntry]:
        """Return what libxml2 finds wrong."""


class Validator(Protocol):
    """Judges one feed. All of it may raise `Unreadable`, where the feed cannot be read on."""

    def check_prolog(self) -> list[Finding]:
        """Return what is wrong with a feed without messages; of others it is told with the first piece."""

    def survey(self, piece: Piece) -> tuple[bool, list[Finding]]:
        """Return whether something may be wrong in a piece, and what is wrong in it outside of messages."""

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""

    def begin_at(self, start: Position, reread: Callable[[], Iterator[Piece]]) -> None:
        """Be ready to explain pieces from `start` on; `reread` reads the feed from its first message."""

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, in a feed that was surveyed; `was_faulty` is what that gave."""

    def explain_unparsable(self, error: Unparsable) -> Unreadable:
        """Say what is wrong with a piece that cannot be parsed."""


class WalkEverything:
    """Reads all of a feed as Amazon's parser does."""

    def __init__(self, envelope: Envelope, schemas: Judging) -> None:
        """Take what stands before the first message, and by what to judge."""
        self._envelope = envelope
        self._schemas = schemas
        self._root = schemas.carry(NOTHING_YET)
        self._faulty_prolog = b""
        """Explained together with the first piece: what is wrong may only show there."""

    def check_prolog(self) -> list[Finding]:
        """Return what is wrong with a feed without messages; of others it is told with the first piece."""
        if not self._envelope.complete:
            self._faulty_prolog = b"" if self._is_prolog_fine() else self._envelope.prolog
            return []
        if self._is_prolog_fine():
            return []
        self._root = NOTHING_YET
        return [finding for _, finding in _judge(self._walk(self._envelope.prolog, WHOLE, ends=True))]

    def _is_prolog_fine(self) -> bool:
        if self._envelope.complete:
            return False
        # Which message would be valid behind it is not known, so what is wrong in that does not count.
        self._root = NOTHING_YET
        found = self._walk(self._envelope.as_document, WHOLE, ends=False)
        tells_at_end = self._root.wrong or self._root.stray
        self._root = self._schemas.carry(NOTHING_YET)
        return not tells_at_end and all(fault.ordinal is not None for fault in found)

    def survey(self, piece: Piece) -> tuple[bool, list[Finding]]:
        """Return whether something may be wrong in a piece, and what is wrong in it outside of messages."""
        found = self.explain(piece)
        return bool(found), [finding for ordinal, finding in found if ordinal is None]

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""
        return _judge(_add_limits(piece, self._walk_piece(piece.document, piece.begin, ends=piece.last)))

    def begin_at(self, start: Position, reread: Callable[[], Iterator[Piece]]) -> None:
        """Be ready at once: each piece stands for itself."""

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, if the survey found that something may be."""
        return self.explain(piece) if was_faulty else []

    def explain_unparsable(self, error: Unparsable) -> Unreadable:
        """Say what is wrong with a piece that cannot be parsed."""
        if not error.document:
            return Unreadable([find_verdict(cut_off(error.begin, f"{error.reason}."))])
        stop = error.reason if error.stopped else ""
        found = self._walk_piece(error.document, error.begin, ends=True, stop=stop)
        if not found or not found[-1].fatal:
            found.append(cut_off(Position(0, error.begin.line + error.line - 1, 1), f"{error.reason}."))
        return Unreadable(map(find_verdict, found))

    def _walk_piece(self, document: bytes, begin: Position, *, ends: bool, stop: str = "") -> list[Fault]:
        size = len(self._envelope.wrapper)
        if not self._faulty_prolog:
            return self._walk(document, Origin(size, begin.line, begin.column), ends=ends, stop=stop)
        prolog, self._faulty_prolog = self._faulty_prolog, b""
        self._root = NOTHING_YET
        return self._walk(prolog + document[size:], WHOLE, ends=ends, stop=stop)

    def _walk(self, document: bytes, origin: Origin, *, ends: bool, stop: str = "") -> list[Fault]:
        from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

        schema, most = self._schemas.compiled, MAX_PIECE_FINDINGS
        found, after = faults_of_part(document, schema, origin, self._root, most=most, ends=ends, stop=stop)
        self._root = self._schemas.carry(after)
        return found


class WalkFromStart(WalkEverything):
    """Follows a feed from its first byte, because its messages depend on each other."""

    def _is_prolog_fine(self) -> bool:
        return False

    def begin_at(self, start: Position, reread: Callable[[], Iterator[Piece]]) -> None:
        """See again what stands before `start`: what comes then depends on it."""
        self.check_prolog()
        for piece in reread():
            if piece.begin.offset >= start.offset:
                return
            text = piece.text[: start.offset - piece.begin.offset]
            self._walk_piece(self._envelope.wrapper + text + END_TAG, piece.begin, ends=False)

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, whatever the survey found: the next pieces depend on it."""
        return self.explain(piece)


class _Suspicion(NamedTuple):
    """Where in a piece something may be wrong."""

    messages: frozenset[int] = frozenset()
    elsewhere: bool = False


class Libxml2First(WalkEverything):
    """Asks libxml2, and walks only what it finds fault with, or is known to judge otherwise than Amazon's parser."""

    def __init__(self, envelope: Envelope, schemas: Judging, gaps: Libxml2Gaps, *, judges_prolog: bool = False) -> None:
        """Take, besides, what tells where libxml2's word is not enough, and whether it may judge the prolog.

        That it may where the message that stands in is a valid one.
        """
        super().__init__(envelope, schemas)
        self._gaps = gaps
        self._judges_prolog = judges_prolog

    def _is_prolog_fine(self) -> bool:
        if not self._judges_prolog:
            return super()._is_prolog_fine()
        is_plain = not self._envelope.declaration and not self._gaps.needs_walk_of_prolog(self._envelope.prolog)
        return is_plain and not self._is_invalid(self._envelope.as_document)

    def _is_invalid(self, document: bytes) -> bool:
        """Say whether libxml2 finds fault with a document."""
        xml = make_parser()
        try:
            root = etree.fromstring(document, xml)
        except etree.XMLSyntaxError as error:
            found = recover(document, xml)
            if found is None and _is_read(document):
                return True
            if found is None:
                unparsable = Unparsable(document, Position(), say_why(error), error.position[0])
                raise self.explain_unparsable(unparsable) from error
            root = found
        return bool(self._schemas.list_faults(root))

    def survey(self, piece: Piece) -> tuple[bool, list[Finding]]:
        """Return whether something may be wrong in a piece, and what is wrong in it outside of messages."""
        suspicion = self._suspect(piece)
        if not suspicion.elsewhere and self._is_readable(piece, suspicion):
            return bool(suspicion.messages), []
        return super().survey(piece)

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""
        suspicion = self._suspect(piece)
        spans = _find_apart(piece, suspicion)
        if spans is None:
            return super().explain(piece)
        return _judge(_add_limits(piece, self._walk_messages(piece, spans))) if spans else []

    def _suspect(self, piece: Piece) -> _Suspicion:
        if self._envelope.declaration and reads_otherwise(piece.text):
            return _Suspicion(elsewhere=True)
        named = {_find_ordinal(entry) for entry in self._schemas.list_faults(piece.root)} - {_OF_WRAPPER}
        elsewhere = bool(self._faulty_prolog) or (piece.last and self._root.stray) or None in named
        messages = piece.emptied.union(ordinal for ordinal in named if ordinal is not None)
        if elsewhere or not self._gaps.needs_walk(piece.text):
            return _Suspicion(messages, elsewhere)
        spans = piece.locate_messages()
        if spans is None:
            return _Suspicion(messages, elsewhere=True)
        doubted = {number for number, (begin, end) in enumerate(spans) if self._gaps.needs_walk(piece.text[begin:end])}
        return _Suspicion(messages | doubted, self._gaps.needs_walk(_leave_out(piece.text, spans)))

    def _is_readable(self, piece: Piece, suspicion: _Suspicion) -> bool:
        """Say whether Amazon's parser reads the messages that libxml2 reads, but finds fault with."""
        spans = _find_apart(piece, suspicion)
        if spans is None:
            return _is_read(piece.document)
        opening = self._envelope.opening
        return all(_is_read(opening + piece.text[begin:end] + END_TAG) for _, (begin, end) in spans)

    def _walk_messages(self, piece: Piece, spans: Iterable[tuple[int, Span]]) -> list[Fault]:
        """Walk some messages of a piece, each as a document of its own."""
        from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

        found: list[Fault] = []
        place, done, opening = piece.begin, 0, self._envelope.opening
        for number, (begin, end) in spans:
            place, done = advance(place, piece.text[done:begin]), begin
            document, origin = opening + piece.text[begin:end] + END_TAG, Origin(len(opening), place.line, place.column)
            most = max(1, MAX_PIECE_FINDINGS - len(found))
            told, _ = faults_of_part(document, self._schemas.compiled, origin, _HEADLESS, most=most, ends=False)
            found += [fault._replace(ordinal=number) for fault in told]
            if told and told[-1].fatal:
                break
        return found


def keep_first(told: Sequence[Told]) -> dict[int, Finding]:
    """Return the first finding of each faulty message, by its place in the piece from 0."""
    return {ordinal: finding for ordinal, finding in reversed(told) if ordinal is not None}


def explain_no_envelope(error: NotAnEnvelope, beginning: bytes, schema: "Schema") -> Unreadable:
    """Say what is wrong with a feed that is none: what Amazon's parser finds, and what the report tells in the end."""
    from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

    # The feed's own byte order mark is not in the text any more; another one would be taken for it.
    is_marked_twice = error.text.startswith(codecs.BOM_UTF8)
    text = codecs.BOM_UTF8 + error.text if is_marked_twice else error.text
    found = faults_of_part(text, schema, most=MAX_PIECE_FINDINGS)[0]
    if found and found[-1].fatal and found[-1].rule in _ENDS and not error.complete:
        found.pop()
    told = verdicts.not_an_envelope(error, beginning)
    findings = [find_verdict(fault) for fault in found]
    findings[:1] = [replace(finding, reason=told.reason, hint=told.hint) for finding in findings[:1]]
    return Unreadable([*findings, told])


def explain_ill_formed(error: IllFormed, schema: "Schema") -> Unreadable:
    """Say what is wrong in a feed that cannot be read up to its first message."""
    from feedproc.xerces.walk.explanation import faults_of_part  # noqa: PLC0415 - not before there is a fault

    found = faults_of_part(error.text, schema, most=MAX_PIECE_FINDINGS, stop=error.sentence)[0]
    if not found or not found[-1].fatal:
        found.append(cut_off(Position(0, *Ruler(error.text).place(len(error.text)))))
    return Unreadable(map(find_verdict, found))


def _judge(found: Sequence[Fault]) -> list[Told]:
    """Return what faults mean. Raises `Unreadable` where the last one is fatal."""
    told = [(fault.ordinal, find_verdict(fault)) for fault in found]
    if found and found[-1].fatal:
        raise Unreadable(finding for _, finding in told)
    return told


def _add_limits(piece: Piece, found: list[Fault]) -> list[Fault]:
    """Tell of each message that libxml2 could not parse, and in which nothing else is wrong, that it is beyond us."""
    untold = piece.emptied - {fault.ordinal for fault in found}
    spans = piece.locate_messages() if untold and not (found and found[-1].fatal) else None
    if spans is None:
        return found
    elements = piece.messages
    for number in sorted(untold):
        place = advance(piece.begin, piece.text[: spans[number][0]])
        found.append(nested_too_deep(place, number, read_message_id(elements[number])))
    return found


def _find_ordinal(entry: etree._LogEntry) -> int | None:
    """Return which message of a piece libxml2 speaks of."""
    path = entry.path or ""
    if not path.startswith(_MESSAGE_PATH):
        return None
    return int(path[len(_MESSAGE_PATH) : path.index("]")]) - 1 - _WRAPPERS_MESSAGE


def _find_apart(piece: Piece, suspicion: _Suspicion) -> list[tuple[int, Span]] | None:
    """Return the suspicious messages by number, in feed order; None where it is better to look at the whole piece."""
    if suspicion.elsewhere or len(suspicion.messages) * _APART > len(piece.spans):
        return None
    spans = piece.locate_messages() if suspicion.messages else ()
    return None if spans is None else [(number, spans[number]) for number in sorted(suspicion.messages)]


def _leave_out(text: bytes, spans: Spans) -> bytes:
    """Return what stands before, between and behind the messages."""
    begins = [0, *(end for _, end in spans)]
    ends = [*(begin for begin, _ in spans), len(text)]
    return b" ".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def _is_read(document: bytes) -> bool:
    """Say whether Amazon's parser reads a document that libxml2 reads: with names expat is as strict."""
    if not is_plain(document):
        from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

        return scan(document) is None
    try:
        expat.ParserCreate("utf-8", "}").Parse(document, True)
    except expat.ExpatError:
        return False
    return True
