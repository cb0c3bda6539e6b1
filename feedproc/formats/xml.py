"""XML feeds: an AmazonEnvelope in, messages out."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from lxml import etree
from msgspec import Struct

from feedproc.feeds.finding import WRONG_FEED_TYPE, Finding, Inspection, Portion, Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import NO_MESSAGE, Result, Summary
from feedproc.feedtype import ReportHead, Tick
from feedproc.formats import envelope as envelopes
from feedproc.formats import verdicts
from feedproc.formats.ahead import ahead
from feedproc.formats.encoding import EncodingUnknown, Utf8Stream, utf8
from feedproc.formats.envelope import Envelope, IllFormed, NotAnEnvelope
from feedproc.formats.limits import MAX_ENVELOPE_FINDINGS
from feedproc.formats.pieces import Piece, Unparsable, advanced, pieces
from feedproc.formats.processing_report import CONTENT_TYPE, written
from feedproc.formats.schema import faults
from feedproc.formats.verdicts import WRONG_FEED_TYPE_TEXT, Unreadable


class _Notes(Struct, frozen=True):
    envelope: Envelope
    suspects: Sequence[tuple[int, int]]
    """Where the pieces begin and end in which something is invalid, in feed order."""

    def doubts(self, piece: Piece) -> bool:
        """Say whether something in a piece is invalid; it need not have been cut as it was for the survey."""
        following = bisect_right(self.suspects, piece.begin.offset, key=lambda suspect: suspect[1])
        return following < len(self.suspects) and self.suspects[following][0] < piece.end.offset


class XmlFormat(Struct, frozen=True):
    """Feeds of one message type; `decode` turns the payload element of a valid message into its body."""

    message_type: str
    decode: Callable[[Any], Any]

    @property
    def report_content_type(self) -> str:
        """The Content-Type of reports."""
        return CONTENT_TYPE

    def survey(self, feed: BinaryIO, tick: Tick) -> Survey:
        """Look whether the whole feed is well-formed, and all outside of its messages valid."""
        suspects: list[tuple[int, int]] = []
        findings: list[Finding] = []
        messages = 0
        try:
            stream, envelope = _opened(feed)
            findings += verdicts.of_prolog(envelope)
            for piece in _pieces(stream, envelope, _start(envelope)):
                messages += len(piece.messages)
                entries = faults(piece.root)
                if entries:
                    suspects.append((piece.begin.offset, piece.end.offset))
                    if len(findings) < MAX_ENVELOPE_FINDINGS:
                        findings += verdicts.outside_messages(envelope, piece, entries)
                tick(piece.end.offset)
        except Unreadable as unreadable:
            return Survey(findings=[unreadable.finding], unreadable=True)
        return Survey(
            findings=findings[:MAX_ENVELOPE_FINDINGS],
            merchant_identifier=envelope.merchant_identifier,
            messages=messages,
            start=_start(envelope),
            notes=_Notes(envelope, suspects),
        )

    def read(self, feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
        """Yield the messages from `start`; one that is invalid or of another type as the result that says so."""
        notes: _Notes = survey.notes
        for piece in _pieces(utf8(feed), notes.envelope, start):
            wrong = verdicts.first_by_message(notes.envelope, piece) if notes.doubts(piece) else {}
            yield Portion(piece.end, self._messages(notes.envelope, piece, wrong))

    def inspect(self, feed: BinaryIO, any_type: bool) -> Iterator[Inspection]:
        """Yield what is wrong, piece by piece; with `any_type` whatever message type the envelope knows will do."""
        try:
            stream, envelope = _opened(feed)
            yield Inspection(0, verdicts.of_prolog(envelope), len(envelope.prolog))
            for piece in _pieces(stream, envelope, _start(envelope)):
                entries = faults(piece.root)
                found = verdicts.of_piece(envelope, piece, entries) if entries else []
                if any_type:
                    yield Inspection(len(piece.messages), found, piece.end.offset)
                else:
                    yield self._inspected(envelope, piece, found)
        except Unreadable as unreadable:
            yield Inspection(0, [unreadable.finding], 0)

    def report(self, about: ReportHead, summary: Summary, results: Iterable[Result]) -> Iterator[bytes]:
        """Yield a ProcessingReport."""
        return written(about, summary, results)

    def _messages(self, envelope: Envelope, piece: Piece, wrong: dict[int, Finding]) -> list[Message | Result]:
        misplaced = envelope.message_type != self.message_type
        read: list[Message | Result] = []
        for ordinal, element in enumerate(piece.messages):
            if misplaced or self._is_misplaced(element):
                read.append(
                    Result(_message_id(element), WRONG_FEED_TYPE, WRONG_FEED_TYPE_TEXT, reason=self._expected(element))
                )
            elif ordinal in wrong:
                read.append(wrong[ordinal].result)
            else:
                read.append(Message(element[0].text.strip(), self.decode(element[-1])))
        return read

    def _is_misplaced(self, message: etree._Element) -> bool:
        tag = message[-1].tag if len(message) else None
        return tag != self.message_type and tag in _PAYLOADS

    def _inspected(self, envelope: Envelope, piece: Piece, found: list[Finding]) -> Inspection:
        """Add to what was found the messages of another type; decode those in which nothing is wrong."""
        wrong = verdicts.first_by_message(envelope, piece) if found else {}
        placed: list[tuple[int, Message]] = []
        for element, message in zip(piece.messages, self._messages(envelope, piece, wrong), strict=True):
            line = piece.begin.line + element.sourceline - 1
            if isinstance(message, Message):
                placed.append((line, message))
            elif message.code == WRONG_FEED_TYPE:
                found.append(_wrong_feed_type(message, line))
        return Inspection(len(piece.messages), found, piece.end.offset, placed)

    def _expected(self, message: etree._Element) -> str:
        found = message[-1].tag if len(message) else "nothing"
        return f"this feed type takes {self.message_type} messages (also as the envelope's MessageType), not {found}"


_PAYLOADS = {"OrderAcknowledgement", "OrderAdjustment", "OrderFulfillment", "OrderReport", "ProcessingReport"}


def _wrong_feed_type(result: Result, line: int) -> Finding:
    return Finding(
        line=line,
        column=1,
        message_id=result.message_id,
        code=result.code,
        rule="feed-type",
        path="/AmazonEnvelope/Message",
        description=result.description,
        reason=result.reason,
    )


def _opened(feed: BinaryIO) -> tuple[Utf8Stream, Envelope]:
    try:
        stream = utf8(feed)
        return stream, envelopes.read(stream)
    except EncodingUnknown as unknown:
        raise Unreadable(verdicts.encoding_unknown(str(unknown))) from None
    except UnicodeDecodeError as error:
        raise Unreadable(verdicts.undecodable(error)) from None
    except NotAnEnvelope as other:
        raise Unreadable(verdicts.not_an_envelope(other.line, other.column)) from None
    except IllFormed as ill_formed:
        raise Unreadable(verdicts.ill_formed(ill_formed.text)) from None


def _pieces(stream: Utf8Stream, envelope: Envelope, start: Position) -> Iterator[Piece]:
    if envelope.complete:
        return
    try:
        yield from ahead(pieces(stream, envelope, start))
    except UnicodeDecodeError as error:
        raise Unreadable(verdicts.undecodable(error)) from None
    except Unparsable as error:
        raise Unreadable(verdicts.unparsable(error, len(envelope.wrapper))) from None


def _start(envelope: Envelope) -> Position:
    return advanced(Position(), envelope.prolog)


def _message_id(message: etree._Element) -> str:
    text = (message[0].text or "").strip() if len(message) else ""
    return text if text.isdecimal() and text.isascii() and len(text) <= _MESSAGE_ID_DIGITS else NO_MESSAGE


_MESSAGE_ID_DIGITS = 20
