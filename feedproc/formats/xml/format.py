"""XML feeds: an AmazonEnvelope in, messages out."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import SEEK_END
from typing import Any, BinaryIO, NamedTuple

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feedproc.explain.plain import Plain
from feedproc.feeds.extract import Frame
from feedproc.feeds.feed_type import UNTOLD, Format, Provenance, ReportHead, Tick
from feedproc.feeds.finding import Finding, Inspection, Portion, Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result, Summary
from feedproc.feeds.result_codes import WRONG_FEED_TYPE
from feedproc.formats.encoding import Utf8Stream, open_utf8
from feedproc.formats.limits import MAX_ENVELOPE_FINDINGS, MAX_PIECE_MESSAGES
from feedproc.formats.xml.alike import Part, Parts, get_parsed, learn, list_between, note_suspects
from feedproc.formats.xml.boundaries import Outline, cut_messages, find_root_end
from feedproc.formats.xml.envelope import Envelope, IllFormed, NotAnEnvelope, find_envelope, read_envelope
from feedproc.formats.xml.extracts import XmlExtractor, find_frame
from feedproc.formats.xml.likeness import Likeness, LikenessPattern
from feedproc.formats.xml.pieces import Piece, parse_some, read_message_id
from feedproc.formats.xml.report import CONTENT_TYPE, write_report
from feedproc.formats.xml.runs import Texts
from feedproc.formats.xml.schemas import OURS, Schemas
from feedproc.formats.xml.valid_likeness import ValidLikeness
from feedproc.formats.xml.validator import Validator, keep_first
from feedproc.formats.xml.verdicts import (
    OTHER_ROOT,
    TRAILING,
    Unreadable,
    explain_ill_formed,
    explain_no_envelope,
)
from feedproc.xerces.faults import Origin
from feedproc.xerces.text.positions import Places, Ruler, find_tag_end
from feedproc.xerces.text.xml10 import Restored


class _SurveyNotes(Struct, frozen=True):
    envelope: Envelope
    suspects: "array[int]"
    """Where the stretches of bytes begin and end in which something is invalid, in turn."""

    def may_be_faulty(self, piece: Piece) -> bool:
        """Say whether something in a piece is invalid; it need not have been cut as it was for the survey."""
        return bool(list_between(self.suspects, piece.begin.offset, piece.end.offset))


class XmlFormat(Struct, frozen=True):
    """Feeds of one message type; `decode` turns the payload element of a valid message into its body."""

    message_type: str
    """Empty for feeds of any type: then that of the envelope counts."""
    decode: Callable[[Any], Any]
    schemas: Schemas = OURS
    """By what feeds are judged."""
    decode_deletion: Callable[[Any], Any] | None = None
    """Turns the payload of a message whose OperationType is Delete into its body; None where that says nothing."""

    @property
    def unit(self) -> str:
        """What people call one of the things that a feed consists of."""
        return "message"

    @property
    def suffix(self) -> str:
        """How the name of a report's file ends."""
        return "xml"

    @property
    def declares_encoding(self) -> bool:
        """Whether a feed says itself in which encoding it is."""
        return True

    def recognises(self, feed: BinaryIO) -> bool:
        """Say whether a feed has an envelope whose MessageType is that of this format."""
        envelope = find_envelope(feed)
        return envelope is not None and envelope.message_type.strip() == self.message_type

    def distinguish_from(self, others: Iterable[Format]) -> "XmlFormat":
        """Return the format itself: an envelope says of which type its messages are."""
        return self

    def with_schemas(self, schemas: Schemas) -> "XmlFormat":
        """Return the same format, judging by other schemas."""
        return replace(self, schemas=schemas)

    def open_text(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Callable[[BinaryIO], Utf8Stream]:
        """Return what opens such a feed as UTF-8: each says itself in which encoding it is."""
        return open_utf8

    def open_extractor(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> XmlExtractor:
        """Return what cuts messages out of a feed."""
        return XmlExtractor(feed)

    def find_frame(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Frame:
        """Return what stands around the messages."""
        return find_frame(feed)

    def show(self, text: bytes, provenance: Provenance = UNTOLD) -> str:
        """Return an extracted message as characters."""
        return text.decode("utf-8", "replace")

    def skip_id(self, text: str) -> str:
        """Return a shown message from behind its MessageID on."""
        _, id_end, payload = text.partition("</MessageID>")
        return payload if id_end else text

    def report_content_type(self, _marketplace_id: str) -> str:
        """Return the Content-Type of reports."""
        return CONTENT_TYPE

    def survey(self, feed: BinaryIO, tick: Tick, provenance: Provenance = UNTOLD) -> Survey:
        """Look whether the whole feed is well-formed, and all outside of its messages valid."""
        suspects, findings = array("Q"), list[Finding]()
        messages, size = 0, feed.seek(0, SEEK_END)
        try:
            stream, envelope = self._open(feed)
            validator = self.schemas.open_validator(envelope)
            findings += validator.check_prolog()
            rest: Iterable[_Glance] = ()
            for piece in validator.read_pieces(stream, envelope.start):
                messages += piece.count
                suspicion, outside = validator.survey(piece)
                suspects.extend((piece.begin.offset, piece.end.offset) if any(suspicion) else ())
                findings = [*findings, *outside][:MAX_ENVELOPE_FINDINGS]
                tick(piece.end.offset)
                left = size - piece.end.offset
                is_long = left > _LONG and (self.schemas.is_compiled or left > _LONGEST)
                if is_long and self._looks_for_likeness(envelope, stream):
                    rest = self._look_on(feed, envelope, piece.end, validator)
                    break
            for look in rest:
                messages += look.messages
                note_suspects(suspects, look.suspects)
                findings = [*findings, *look.outside][:MAX_ENVELOPE_FINDINGS]
                tick(look.done)
        except Unreadable as unreadable:
            return Survey(findings=[self._add_end(feed, unreadable.finding)], unreadable=True)
        return Survey(
            findings=findings,
            merchant_identifier=envelope.merchant_identifier,
            messages=messages,
            purges=envelope.purges,
            start=envelope.start,
            notes=_SurveyNotes(envelope, suspects),
        )

    def _look_on(
        self, feed: BinaryIO, envelope: Envelope, start: Position, validator: Validator
    ) -> Iterator["_Glance"]:
        """Survey what is left of a large feed."""
        parts = Parts(feed, envelope, start, likeness := ValidLikeness(self.schemas.compiled))
        for part in parts.read(lambda begin: _parse_at(begin, feed, validator)):
            yield _look_at(part, validator, likeness)
        for piece in validator.read_pieces(open_utf8(feed), parts.end):
            yield _look_at(piece, validator)

    def _add_end(self, feed: BinaryIO, finding: Finding) -> Finding:
        """Add where the root ends to a finding of which Amazon tells that place: something behind it, or another."""
        if finding.rule != OTHER_ROOT and not any(one in finding.description for one in TRAILING):
            return finding
        feed.seek(0)
        return replace(finding, envelope_ends=find_root_end(open_utf8(feed)))

    def read(self, feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
        """Yield the messages from `start`; one that is invalid or of another type as the result that says so."""
        notes: _SurveyNotes = survey.notes
        envelope = notes.envelope
        validator = self.schemas.open_validator(envelope)
        is_large = survey.messages >= _MANY and self.decode_deletion is None
        if is_large and self._looks_for_likeness(envelope, open_utf8(feed)):
            parts = Parts(feed, envelope, start, likeness := Likeness(), notes.suspects)
            for part in parts.read(lambda begin: _parse_at(begin, feed, validator), MAX_PIECE_MESSAGES):
                yield self._read_part(part, notes, validator, likeness)
            start, validator = parts.end, self.schemas.open_validator(envelope)
        validator.begin_at(start, open_utf8(feed))
        for piece in validator.read_pieces(open_utf8(feed), start):
            yield self._read_piece(piece, notes, validator)

    def inspect(self, feed: BinaryIO, any_type: bool, provenance: Provenance = UNTOLD) -> Iterator[Inspection]:
        """Yield what is wrong, piece by piece; with `any_type` whatever message type the envelope knows will do."""
        begin: Position | None = None
        try:
            stream, envelope = self._open(feed)
            validator = self.schemas.open_validator(envelope)
            yield Inspection(0, validator.check_prolog(), len(envelope.prolog))
            size, begin = feed.seek(0, SEEK_END), envelope.start
            is_alike = self.decode_deletion is None and self._looks_for_likeness(envelope, stream)
            for piece in validator.read_pieces(stream, begin):
                yield self._inspect_part(envelope, piece, validator, any_type)
                begin, left = piece.end, size - piece.end.offset
                if is_alike and left > _LONG and (self.schemas.is_compiled or left > _LONGEST):
                    break
            else:
                return
            parts = Parts(feed, envelope, begin, likeness := ValidLikeness(self.schemas.compiled))
            for part in parts.read(lambda at: _parse_at(at, feed, validator)):
                yield self._inspect_part(envelope, part, validator, any_type, likeness)
                begin = part.end
            for piece in validator.read_pieces(open_utf8(feed), parts.end):
                yield self._inspect_part(envelope, piece, validator, any_type)
                begin = piece.end
        except Unreadable as unreadable:
            if begin is None:
                yield Inspection(0, unreadable.findings, 0)
            else:
                yield self._inspect_end(feed, envelope, begin, unreadable, any_type)

    def find_misread(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Finding | None:
        """Return a warning of text that was encoded twice, or in another encoding than the feed declares."""
        from feedproc.formats.misread import find_misread_text  # noqa: PLC0415 - who reads a feed need not ask

        return find_misread_text(feed, open_utf8(feed).codec)

    def report(self, about: ReportHead, summary: Summary, results: Iterable[Result]) -> Iterator[bytes]:
        """Yield a ProcessingReport."""
        return write_report(about, summary, results)

    def _looks_for_likeness(self, envelope: Envelope, stream: Utf8Stream) -> bool:
        """Say whether messages mean the same that have the same tags and texts, and any place can be gone to."""
        return not envelope.declaration and stream.passes and self.schemas.judges_each_alone

    def _read_part(self, part: Part | Piece, notes: _SurveyNotes, validator: Validator, likeness: Likeness) -> Portion:
        piece = get_parsed(part)
        parsed = self._read_piece(piece, notes, validator).messages if piece is not None else ()
        learn(likeness, part, [isinstance(message, Message) for message in parsed])
        return Portion(part.end, parsed if isinstance(part, Piece) else part.merge(self._decode_alike, parsed))

    def _decode_alike(self, kind: LikenessPattern, rows: Sequence[Texts]) -> list[Message | Result]:
        """Decode messages that are like others."""
        schemas, decode = self.schemas, self.decode
        return [schemas.decode(message := kind.fill(row), message[-1], decode) for row in rows]

    def _read_piece(self, piece: Piece, notes: _SurveyNotes, validator: Validator) -> Portion:
        wrong = keep_first(validator.explain_again(piece, was_faulty=notes.may_be_faulty(piece)))
        return Portion(piece.end, self._read_messages(notes.envelope, piece, wrong))

    def _read_messages(self, envelope: Envelope, piece: Piece, wrong: dict[int, Finding]) -> list[Message | Result]:
        expected, known = self._expect_type(envelope), self.schemas.payloads
        is_other_feed = envelope.message_type != expected
        read: list[Message | Result] = []
        for ordinal, element in enumerate(piece.messages):
            payload = element[-1] if len(element) else None
            tag = None if payload is None else payload.tag
            if is_other_feed or (tag != expected and (ordinal not in wrong or tag in known)):
                read.append(
                    Result(
                        read_message_id(element),
                        *WRONG_FEED_TYPE,
                        reason=self._explain_misplacement(envelope, element).reason,
                    )
                )
            elif ordinal in wrong:
                read.append(wrong[ordinal].result)
            else:
                read.append(self._decode(envelope, element, payload))
        return read

    def _expect_type(self, envelope: Envelope) -> str:
        """Return the message type that messages must be of."""
        return self.message_type or envelope.message_type

    def _decode(self, envelope: Envelope, message: etree._Element, payload: etree._Element) -> Message | Result:
        decode = self.decode
        if self.decode_deletion is not None and message.findtext("OperationType") == "Delete":
            decode = self.decode_deletion
        return self.schemas.decode(message, Restored(payload) if envelope.declaration else payload, decode)

    def _inspect_part(
        self,
        envelope: Envelope,
        part: Part | Piece,
        validator: Validator,
        any_type: bool,
        likeness: ValidLikeness | None = None,
    ) -> Inspection:
        """Return what is wrong in a part; what its valid messages are like is noted in the likeness."""
        piece = get_parsed(part)
        told = validator.explain(piece) if piece is not None else []
        wrong, found = keep_first(told), [finding for _, finding in told]
        placed: list[tuple[int, Message] | None] = []
        if piece is not None and any_type:
            placed = [None] * piece.count
            sound = [number not in wrong for number in range(piece.count)]
        elif piece is not None:
            placed, misplaced = self._place(envelope, piece, wrong)
            found += _move_to_payloads(envelope, piece, misplaced)
            sound = [one is not None for one in placed]
        if piece is not None and likeness is not None:
            learn(likeness, part, sound)
        if any_type:
            return Inspection(part.count, found, part.end.offset)
        if isinstance(part, Part):
            lines = iter(part.list_lines())
            placed = part.merge(lambda kind, rows: list(_number(self._decode_alike(kind, rows), lines)), placed)
        return Inspection(part.count, found, part.end.offset, [one for one in placed if one is not None])

    def _inspect_end(
        self, feed: BinaryIO, envelope: Envelope, begin: Position, unreadable: Unreadable, any_type: bool
    ) -> Inspection:
        """Return what is wrong in the last part of a feed that cannot be read on: with the messages before that place.

        They are told of as those of other parts are, as far as they can be cut from what cannot be read.
        """
        found, place = unreadable.findings, (unreadable.finding.line, unreadable.finding.column)
        text, end, count = cut_messages(open_utf8(feed), begin, place, envelope.declaration)
        is_told = any_type or bool(envelope.declaration)
        piece = None if is_told or not count else parse_some(text, [(0, len(text))], envelope, begin, end)
        if piece is None:
            return Inspection(count, found, 0)
        wrong = keep_first(self.schemas.open_validator(envelope).explain(piece))
        placed, misplaced = self._place(envelope, piece, wrong)
        moved = _move_to_payloads(envelope, piece, misplaced)
        return Inspection(count, [*moved, *found], 0, [one for one in placed if one is not None])

    def _place(
        self, envelope: Envelope, piece: Piece, wrong: dict[int, Finding]
    ) -> tuple[list[tuple[int, Message] | None], list[tuple[int, Finding]]]:
        """Return the messages in which nothing is wrong with their lines, and what is wrong with the type of others."""
        placed, misplaced = list[tuple[int, Message] | None](), list[tuple[int, Finding]]()
        messages = self._read_messages(envelope, piece, wrong)
        for ordinal, (element, message) in enumerate(zip(piece.messages, messages, strict=True)):
            placed.append(
                (piece.begin.line + element.sourceline - 1, message) if isinstance(message, Message) else None
            )
            if not isinstance(message, Message) and (message.code == WRONG_FEED_TYPE.code or ordinal not in wrong):
                misplaced.append((ordinal, self._refuse(envelope, element, message)))
        return placed, misplaced

    def _refuse(self, envelope: Envelope, message: etree._Element, result: Result) -> Finding:
        """Return the finding without its place."""
        payload = message[-1].tag if len(message) else None
        return Finding(
            line=-1,
            column=-1,
            message_id=result.message_id,
            code=result.code,
            rule="feed-type",
            path="/AmazonEnvelope/Message" + (f"/{payload}" if payload in self.schemas.payloads else ""),
            description=result.description,
            reason=result.reason,
            hint=self._explain_misplacement(envelope, message).hint if result.code == WRONG_FEED_TYPE.code else None,
        )

    def _explain_misplacement(self, envelope: Envelope, message: etree._Element) -> Plain:
        found = message[-1].tag if len(message) else None
        return self.schemas.explainer.explain_feed_type(self._expect_type(envelope), found, envelope.message_type)

    def _open(self, feed: BinaryIO) -> tuple[Utf8Stream, Envelope]:
        stream = open_utf8(feed)
        try:
            return stream, read_envelope(stream, self.schemas.stand_in)
        except NotAnEnvelope as other:
            feed.seek(0)
            beginning = feed.read(_BEGINNING)
            raise explain_no_envelope(other, beginning, self.schemas) from None
        except IllFormed as error:
            raise explain_ill_formed(error, self.schemas) from None


_BEGINNING = 1024
_MANY = 1_000
"""Messages of a feed from which on it is worth while to learn what they look like."""
_LONG, _LONGEST = 1024 * 1024, 6 * 1024 * 1024
"""Bytes of a feed that are left, from which on its survey looks for likeness: where what tells valid texts is at hand,
and where it has to be loaded first, which takes as long as 5 MiB are surveyed the quicker for it."""


class _Glance(NamedTuple):
    """What the survey found in a part of a feed."""

    messages: int
    done: int
    """Bytes of the feed up to the end of the part."""
    suspects: Sequence[int] = ()
    """Where in the feed something may be wrong: begins and ends."""
    outside: Sequence[Finding] = ()


def _look_at(part: Part | Piece, validator: Validator, likeness: ValidLikeness | None = None) -> _Glance:
    """Look at a part; what its valid messages are like is noted in the likeness."""
    piece = get_parsed(part)
    if piece is None:
        return _Glance(part.count, part.end.offset)
    suspicion, outside = validator.survey(piece)
    begin, end, suspects = part.begin.offset, part.end.offset, suspicion.messages
    if likeness is not None and not suspicion.elsewhere:
        learn(likeness, part, [number not in suspects for number in range(piece.count)])
    if isinstance(part, Part) and not suspicion.elsewhere:
        spans = [span for number, span in enumerate(part.list_odd()) if number in suspects]
        return _Glance(part.count, end, [begin + place for span in spans for place in span])
    return _Glance(part.count, end, [begin, end] if suspects or suspicion.elsewhere else (), outside)


def _number(messages: Iterable[Message | Result], lines: Iterable[int]) -> Iterator[tuple[int, Message] | None]:
    for message, line in zip(messages, lines, strict=False):
        yield (line, message) if isinstance(message, Message) else None


def _parse_at(begin: Position, feed: BinaryIO, validator: Validator) -> Piece:
    return next(validator.read_pieces(open_utf8(feed), begin, ahead=False))


def _move_to_payloads(envelope: Envelope, piece: Piece, found: Sequence[tuple[int, Finding]]) -> Iterator[Finding]:
    """Yield findings of messages at the places where their payloads begin."""
    if not found:
        return
    origin = Origin(len(envelope.wrapper), piece.begin.line, piece.begin.column)
    outline = Outline(piece.document, origin.offset)
    places = Places(origin, Ruler(piece.document, outline.root))
    for ordinal, finding in found:
        line, column = places.locate(find_tag_end(piece.document, outline.payloads[ordinal]))
        yield replace(finding, line=line, column=column)
