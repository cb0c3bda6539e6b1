"""What judges one feed: what Amazon's parser finds in it, part by part, in feed order.

There are two ways. `Libxml2First` asks libxml2, which costs little, and walks only what libxml2 finds fault with, or is
known to judge otherwise. `WalkEverything` reads all of a feed as Amazon's parser does.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol
from xml.parsers import expat

from lxml import etree

from feedproc.feeds.finding import Finding
from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Utf8Stream
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml.boundaries import Span, Spans, advance
from feedproc.formats.xml.envelope import END_TAG, Envelope
from feedproc.formats.xml.judging import Judging
from feedproc.formats.xml.pieces import (
    Piece,
    Unparsable,
    compute_ahead,
    make_parser,
    read_message_id,
    read_pieces,
    recover,
    say_why,
)
from feedproc.formats.xml.verdicts import Unreadable, cut_off, find_verdict, tell_nested_too_deep
from feedproc.xerces.faults import WHOLE, Fault, Origin
from feedproc.xerces.text.positions import is_plain, reads_otherwise
from feedproc.xerces.walk.root import NOTHING_YET, Root, Surroundings

_MESSAGE_PATH = "/AmazonEnvelope/Message["
_WRAPPERS_MESSAGE = 1
_OF_WRAPPER = -1
_HEADLESS = Root(wrong=True)
"""A root of which only one message is looked at, so that Xerces misses nothing in front of it."""
_APART = 3
"""Messages are explained one by one while they are at most every third; else the whole piece takes less time."""

_BEYOND_FIRST_PLANE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_REFERENCE = re.compile(
    rb"&#(?:x0*[1-9A-Fa-f][0-9A-Fa-f]{4}|0*(?:[1-9][0-9]{5}|[7-9][0-9]{4}|6[6-9][0-9]{3}|65[6-9][0-9]{2}|655[4-9][0-9]))"
)
"""To a character beyond the first plane, or nearly so."""
_SPACE = rb"[ \t\r\n]"
_QUOTED = rb"""(?:"%s"|'%s')"""
_PLAIN_NAMESPACE = _QUOTED % ((rb"[A-Za-z][A-Za-z0-9_./:#-]*",) * 2)
_PLAIN_LOCATION = _QUOTED % ((rb"(?:https?://)?[A-Za-z0-9_][A-Za-z0-9_./-]*",) * 2)
_PLAIN_START = re.compile(
    rb"(?:<\?xml%(space)s[^?>]*\?>)?%(space)s*(?:<!--[^-]*-->%(space)s*)?<AmazonEnvelope"
    rb"(?:%(space)s+(?:xmlns:[A-Za-z]+=%(namespace)s|[A-Za-z]+:noNamespaceSchemaLocation=%(location)s))*%(space)s*>"
    % {b"space": _SPACE, b"namespace": _PLAIN_NAMESPACE, b"location": _PLAIN_LOCATION}
)

Told = tuple[int | None, Finding]
"""A finding, and which message of a piece it is in."""


class Suspicion(NamedTuple):
    """Where in a piece something may be wrong."""

    messages: frozenset[int] = frozenset()
    """By their places in the piece, from 0."""
    elsewhere: bool = False


class Validator(Protocol):
    """Judges one feed. All of it may raise `Unreadable`, where the feed cannot be read on."""

    def check_prolog(self) -> list[Finding]:
        """Return what is wrong with a feed without messages; of others it is told with the first piece."""

    def survey(self, piece: Piece) -> tuple[Suspicion, list[Finding]]:
        """Return where something may be wrong in a piece, and what is wrong in it outside of messages."""

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""

    def read_pieces(self, stream: Utf8Stream, start: Position, *, ahead: bool = True) -> Iterator[Piece]:
        """Yield the feed from a message boundary to its end; the next piece is parsed `ahead` where that pays."""

    def begin_at(self, start: Position, stream: Utf8Stream) -> None:
        """Be ready to explain pieces from `start` on; the feed may be read for that."""

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, in a feed that was surveyed; `was_faulty` is what that gave."""


class WalkEverything:
    """Reads all of a feed as Amazon's parser does."""

    def __init__(self, envelope: Envelope, schemas: Judging) -> None:
        """Take what stands before the first message, and by what to judge."""
        self._envelope = envelope
        self._schemas = schemas
        self._before: Root | None = None
        self._faulty_prolog = b""
        """Explained together with the first piece: what is wrong may only show there."""

    @property
    def _root(self) -> Root:
        """What is known of the root behind what was walked last."""
        return self._schemas.carry(NOTHING_YET) if self._before is None else self._before

    def check_prolog(self) -> list[Finding]:
        """Return what is wrong with a feed without messages; of others it is told with the first piece."""
        if not self._envelope.complete:
            self._faulty_prolog = b"" if self._is_prolog_fine() else self._envelope.prolog
            return []
        if self._is_prolog_fine():
            return []
        self._before = NOTHING_YET
        return [finding for _, finding in self._judge(self._walk(self._envelope.prolog, WHOLE, ends=True))]

    def _is_prolog_fine(self) -> bool:
        if self._envelope.complete:
            return False
        # Which message would be valid behind it is not known, so what is wrong in that does not count.
        self._before = NOTHING_YET
        found = self._walk(_make_document(self._envelope), WHOLE, ends=False)
        tells_at_end = self._root.wrong or self._root.stray is not None
        self._before = None
        return not tells_at_end and all(fault.ordinal is not None for fault in found)

    def survey(self, piece: Piece) -> tuple[Suspicion, list[Finding]]:
        """Return where something may be wrong in a piece, and what is wrong in it outside of messages."""
        found = self.explain(piece)
        outside = [finding for ordinal, finding in found if ordinal is None]
        messages = frozenset(ordinal for ordinal, _ in found if ordinal is not None)
        return Suspicion(messages, elsewhere=bool(outside)), outside

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""
        return self._judge(_add_limits(piece, self._walk_piece(piece.document, piece.begin, ends=piece.last)))

    def read_pieces(self, stream: Utf8Stream, start: Position, *, ahead: bool = True) -> Iterator[Piece]:
        """Yield the feed from a message boundary to its end; the next piece is parsed `ahead` where that pays."""
        if self._envelope.complete:
            return
        try:
            pieces = read_pieces(stream, self._envelope, start)
            yield from compute_ahead(pieces) if ahead else pieces
        except Unparsable as error:
            raise self._explain_unparsable(error) from None

    def begin_at(self, start: Position, stream: Utf8Stream) -> None:
        """Be ready at once: each piece stands for itself."""

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, if the survey found that something may be."""
        return self.explain(piece) if was_faulty else []

    def _explain_unparsable(self, error: Unparsable) -> Unreadable:
        """Say what is wrong with a piece that cannot be parsed."""
        if not error.document:
            return Unreadable([self._tell(cut_off(error.begin, f"{error.reason}."))])
        stop = error.reason if error.stopped else ""
        found = self._walk_piece(error.document, error.begin, ends=True, stop=stop)
        if not found or not found[-1].fatal:
            found.append(cut_off(Position(0, error.begin.line + error.line - 1, 1), f"{error.reason}."))
        return Unreadable(map(self._tell, found))

    def _judge(self, found: Sequence[Fault]) -> list[Told]:
        """Return what faults mean. Raises `Unreadable` where the last one is fatal."""
        told = [(fault.ordinal, self._tell(fault)) for fault in found]
        if found and found[-1].fatal:
            raise Unreadable(finding for _, finding in told)
        return told

    def _tell(self, fault: Fault) -> Finding:
        return find_verdict(fault, self._schemas.explainer)

    def _walk_piece(self, document: bytes, begin: Position, *, ends: bool, stop: str = "") -> list[Fault]:
        size = len(self._envelope.wrapper)
        if not self._faulty_prolog:
            return self._walk(document, Origin(size, begin.line, begin.column), ends=ends, stop=stop)
        prolog, self._faulty_prolog = self._faulty_prolog, b""
        self._before = NOTHING_YET
        return self._walk(prolog + document[size:], WHOLE, ends=ends, stop=stop)

    def _walk(self, document: bytes, origin: Origin, *, ends: bool, stop: str = "") -> list[Fault]:
        around = Surroundings(self._root, ends, stop)
        found, after = self._schemas.walk(document, around, MAX_PIECE_FINDINGS, origin)
        self._before = self._schemas.carry(after)
        return found


class WalkFromStart(WalkEverything):
    """Follows a feed from its first byte, because its messages depend on each other."""

    def _is_prolog_fine(self) -> bool:
        return False

    def begin_at(self, start: Position, stream: Utf8Stream) -> None:
        """See again what stands before `start`: what comes then depends on it."""
        self.check_prolog()
        for piece in self.read_pieces(stream, self._envelope.start):
            if piece.begin.offset >= start.offset:
                return
            text = piece.text[: start.offset - piece.begin.offset]
            self._walk_piece(self._envelope.wrapper + text + END_TAG, piece.begin, ends=False)

    def explain_again(self, piece: Piece, *, was_faulty: bool) -> list[Told]:
        """Return all that is wrong in a piece, whatever the survey found: the next pieces depend on it."""
        return self.explain(piece)


class Libxml2Gaps:
    """Looks for cheap signs in the bytes that libxml2 may take for valid what Amazon's parser does not.

    They differ in what is a letter or digit in a pattern, in the length of characters beyond the first plane, in the
    attributes of XML Schema itself, in namespace declarations, and in names, which only processing instructions can
    hold without being unknown elements or attributes anyway. Nearly all messages have none of this.
    """

    def __init__(
        self,
        instance_prefixes: Iterable[str],
        patterned: Callable[[], Iterable[str]],
        doubted: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """Take the root's prefixes for XML Schema's own attributes, and two functions that name elements.

        The first names those whose values a pattern restricts, the second those of which libxml2's word is never
        enough.
        """
        self._attributes = (b"xmlns", *(prefix.encode() + b":" for prefix in instance_prefixes))
        self._list_patterned = patterned
        self._list_doubted = doubted

    @cached_property
    def _doubted(self) -> "re.Pattern[bytes] | None":
        names = "|".join(sorted(map(re.escape, self._list_doubted()))).encode()
        return re.compile(rb"<(?:[^\s<>/:]+:)?(?:" + names + rb")[ \t\r\n/>]") if names else None

    @cached_property
    def _patterned(self) -> "re.Pattern[bytes]":
        names = "|".join(sorted(map(re.escape, self._list_patterned()))).encode() or rb"(?!)"
        return re.compile(rb"<(?:" + names + rb")(?:[ \t\r\n][^<>]*)?>[^<]*(?:[\x80-\xff]|&#|<!)")

    def needs_walk(self, text: bytes) -> bool:
        """Say whether libxml2's word is not enough for a part of the feed.

        Single bytes are looked for first, since that takes next to no time.
        """
        if self._doubted is not None and self._doubted.search(text):
            return True
        if b":" in text and any(word in text for word in self._attributes):
            return True
        if b"?" in text and b"<?" in text:
            return True
        if text.isascii() and not (b"&" in text and b"&#" in text):
            return False
        return (
            any(lead in text for lead in _BEYOND_FIRST_PLANE)
            or self._patterned.search(text) is not None
            or (b"&" in text and _REFERENCE.search(text) is not None)
        )

    def needs_walk_of_prolog(self, text: bytes) -> bool:
        """Say the same of what stands before the first message."""
        start = _PLAIN_START.match(text)
        return start is None or self.needs_walk(text[start.end() :])


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
        return is_plain and not self._is_invalid(_make_document(self._envelope))

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
                raise self._explain_unparsable(unparsable) from error
            root = found
        return bool(self._list_faults(root))

    def survey(self, piece: Piece) -> tuple[Suspicion, list[Finding]]:
        """Return where something may be wrong in a piece, and what is wrong in it outside of messages."""
        suspicion = self._find_suspicion(piece)
        if not suspicion.elsewhere and self._is_readable(piece, suspicion):
            return suspicion, []
        return super().survey(piece)

    def explain(self, piece: Piece) -> list[Told]:
        """Return all that is wrong in a piece."""
        suspicion = self._find_suspicion(piece)
        spans = _find_apart(piece, suspicion)
        if spans is None:
            return super().explain(piece)
        return self._judge(_add_limits(piece, self._walk_messages(piece, spans))) if spans else []

    def _list_faults(self, tree: etree._Element) -> list[etree._LogEntry]:
        """Return what libxml2 finds wrong."""
        schema = self._schemas.compiled_in_c
        return [] if schema is None or schema.validate(tree) else list(schema.error_log)

    def _find_suspicion(self, piece: Piece) -> Suspicion:
        if self._envelope.declaration and reads_otherwise(piece.text):
            return Suspicion(elsewhere=True)
        named = {_find_ordinal(entry) for entry in self._list_faults(piece.root)} - {_OF_WRAPPER}
        elsewhere = (
            bool(self._faulty_prolog)
            or (piece.last and self._before is not None and self._before.stray is not None)
            or None in named
        )
        messages = piece.emptied.union(ordinal for ordinal in named if ordinal is not None)
        if elsewhere or not self._gaps.needs_walk(piece.text):
            return Suspicion(messages, elsewhere)
        spans = piece.locate_messages()
        if spans is None:
            return Suspicion(messages, elsewhere=True)
        doubted = {number for number, (begin, end) in enumerate(spans) if self._gaps.needs_walk(piece.text[begin:end])}
        return Suspicion(messages | doubted, self._gaps.needs_walk(_leave_out(piece.text, spans)))

    def _is_readable(self, piece: Piece, suspicion: Suspicion) -> bool:
        """Say whether Amazon's parser reads the messages that libxml2 reads, but finds fault with."""
        spans = _find_apart(piece, suspicion)
        if spans is None:
            return _is_read(piece.document)
        opening = self._envelope.opening
        return all(_is_read(opening + piece.text[begin:end] + END_TAG) for _, (begin, end) in spans)

    def _walk_messages(self, piece: Piece, spans: Iterable[tuple[int, Span]]) -> list[Fault]:
        """Walk some messages of a piece, each as a document of its own."""
        found: list[Fault] = []
        place, done, opening = piece.begin, 0, self._envelope.opening
        for number, (begin, end) in spans:
            place, done = advance(place, piece.text[done:begin]), begin
            document, origin = opening + piece.text[begin:end] + END_TAG, Origin(len(opening), place.line, place.column)
            most = max(1, MAX_PIECE_FINDINGS - len(found))
            told, _ = self._schemas.walk(document, Surroundings(_HEADLESS, ends=False), most, origin)
            found += [fault._replace(ordinal=number) for fault in told]
            if told and told[-1].fatal:
                break
        return found


def _make_document(envelope: Envelope) -> bytes:
    """Return the prolog with one message behind it, so that only what is wrong with the prolog itself is found."""
    return envelope.prolog if envelope.complete else envelope.prolog + envelope.message + END_TAG


def keep_first(told: Sequence[Told]) -> dict[int, Finding]:
    """Return the first finding of each faulty message, by its place in the piece from 0."""
    return {ordinal: finding for ordinal, finding in reversed(told) if ordinal is not None}


def _add_limits(piece: Piece, found: list[Fault]) -> list[Fault]:
    """Tell of each message that libxml2 could not parse, and in which nothing else is wrong, that it is beyond us."""
    untold = piece.emptied - {fault.ordinal for fault in found}
    spans = piece.locate_messages() if untold and not (found and found[-1].fatal) else None
    if spans is None:
        return found
    elements = piece.messages
    for number in sorted(untold):
        place = advance(piece.begin, piece.text[: spans[number][0]])
        found.append(tell_nested_too_deep(place, number, read_message_id(elements[number])))
    return found


def _find_ordinal(entry: etree._LogEntry) -> int | None:
    """Return which message of a piece libxml2 speaks of."""
    path = entry.path or ""
    if not path.startswith(_MESSAGE_PATH):
        return None
    return int(path[len(_MESSAGE_PATH) : path.index("]")]) - 1 - _WRAPPERS_MESSAGE


def _find_apart(piece: Piece, suspicion: Suspicion) -> list[tuple[int, Span]] | None:
    """Return the suspicious messages by number, in feed order; None where it is better to look at the whole piece."""
    if suspicion.elsewhere or not suspicion.messages:
        return None if suspicion.elsewhere else []
    if len(suspicion.messages) * _APART > len(piece.spans):
        return None
    spans = piece.locate_messages()
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
