"""What a fault of an XML feed means: the finding, with the code and the text that Amazon's report gives it."""

from collections.abc import Sequence

from lxml import etree

from feedproc.feeds.finding import FATAL_XML, ILL_FORMED_ENVELOPE, XML_IN_MESSAGE, XML_OUTSIDE_MESSAGE, Finding
from feedproc.feeds.progress import Position
from feedproc.formats.diagnostics import Fault, Origin, explain, scanner_fault
from feedproc.formats.envelope import Envelope
from feedproc.formats.limits import MAX_ENVELOPE_FINDINGS
from feedproc.formats.pieces import Piece, Unparsable, advanced, reason
from feedproc.formats.schema import faults, parser

WRONG_FEED_TYPE_TEXT = (
    "We are unable to process the XML feed because one or more items are invalid. Please re-submit the feed."
)
_MESSAGE_PATH = "/AmazonEnvelope/Message["
_WRAPPERS_MESSAGE = 1


class Unreadable(Exception):
    """The feed cannot be divided into messages."""

    def __init__(self, finding: Finding) -> None:
        """Take what is wrong."""
        self.finding = finding
        super().__init__(finding.description)


def not_an_envelope(line: int, column: int) -> Finding:
    """Tell that no AmazonEnvelope begins where one should."""
    text = (
        "The XML you submitted is ill-formed at the Amazon Envelope XML level at (or near) "
        f"line {line}, column {column}."
    )
    return _finding(ILL_FORMED_ENVELOPE, Fault(line, column, "amazon-envelope", "", text, fatal=True), text)


def encoding_unknown(name: str) -> Finding:
    """Tell that the feed declares an encoding that nobody knows."""
    return fatal(1, 1, f'The encoding "{name}" is not supported.')


def undecodable(error: UnicodeDecodeError) -> Finding:
    """Tell that bytes of the feed mean nothing in the encoding it declares."""
    return fatal(1, 1, f"Invalid byte sequence for the encoding {error.encoding}: {error.reason}.")


def ill_formed(text: bytes) -> Finding:
    """Tell what is ill-formed before the first message; `text` begins the feed."""
    fault = scanner_fault(text)
    if fault is None:
        end = advanced(Position(), text)
        return fatal(end.line, end.column, "XML document structures must start and end within the same entity.")
    return of_fault(fault)


def unparsable(error: Unparsable, wrapper: int) -> Finding:
    """Tell what is ill-formed in a piece behind a wrapper of so many bytes."""
    fault = scanner_fault(error.document, Origin(wrapper, error.begin.line, error.begin.column))
    return of_fault(fault) if fault else fatal(error.begin.line + error.line - 1, 1, f"{error.reason}.")


def fatal(line: int, column: int, sentence: str) -> Finding:
    """Tell of a fatal error that the scanner met."""
    return of_fault(Fault(line, column, "xml", "", sentence, fatal=True))


def of_fault(fault: Fault) -> Finding:
    """Return the finding of one fault. Amazon's parser tells fatal errors twice over."""
    place = f"at Line {fault.line}, Column {fault.column}"
    if fault.fatal:
        return _finding(FATAL_XML, fault, f"XML Parsing Fatal Error {place}: {fault.sentence} {fault.sentence}")
    code = XML_IN_MESSAGE if fault.message_id is not None else XML_OUTSIDE_MESSAGE
    return _finding(code, fault, f"XML Parsing Error {place}: {fault.sentence}")


def of_prolog(envelope: Envelope) -> list[Finding]:
    """Return what is invalid before the first message. Raises `Unreadable` when libxml2 cannot read it at all."""
    document = envelope.as_document
    try:
        entries = faults(etree.fromstring(document, parser()))
    except etree.XMLSyntaxError as error:
        raise Unreadable(unparsable(Unparsable(document, Position(), reason(error), error.position[0]), 0)) from error
    if not entries:
        return []
    found = [of_fault(fault) for fault in explain(document)] or [_in_libxml2s_words(entries[0], 0, None)]
    return found[:MAX_ENVELOPE_FINDINGS]


def of_piece(envelope: Envelope, piece: Piece, entries: Sequence[etree._LogEntry]) -> list[Finding]:
    """Return all that is invalid in a piece, given what libxml2 said of it."""
    return [finding for _, finding in _explained(envelope, piece, entries)]


def outside_messages(envelope: Envelope, piece: Piece, entries: Sequence[etree._LogEntry]) -> list[Finding]:
    """Return what is invalid between messages in a piece."""
    if all(_ordinal(entry) is not None for entry in entries):
        return []
    return [finding for ordinal, finding in _explained(envelope, piece, entries) if ordinal is None]


def first_by_message(envelope: Envelope, piece: Piece) -> dict[int, Finding]:
    """Return the first finding of each faulty message, by its place in the piece from 0."""
    first: dict[int, Finding] = {}
    for ordinal, finding in _explained(envelope, piece, faults(piece.root)):
        if ordinal is not None:
            first.setdefault(ordinal, finding)
    return first


def _explained(
    envelope: Envelope, piece: Piece, entries: Sequence[etree._LogEntry]
) -> list[tuple[int | None, Finding]]:
    """Explain a piece as Amazon's parser would; what only libxml2 finds wrong is told in its words."""
    told = explain(piece.document, Origin(len(envelope.wrapper), piece.begin.line, piece.begin.column))
    explained = {fault.ordinal for fault in told}
    unexplained = {ordinal: entry for entry in reversed(entries) if (ordinal := _ordinal(entry)) not in explained}
    found = [(fault.ordinal, of_fault(fault)) for fault in told]
    found += [
        (ordinal, _in_libxml2s_words(entry, piece.begin.line - 1, _id_of(piece, ordinal)))
        for ordinal, entry in unexplained.items()
    ]
    return found


def _ordinal(entry: etree._LogEntry) -> int | None:
    """Return which message of a piece libxml2 speaks of."""
    path = entry.path or ""
    if not path.startswith(_MESSAGE_PATH):
        return None
    return int(path[len(_MESSAGE_PATH) : path.index("]")]) - 1 - _WRAPPERS_MESSAGE


def _id_of(piece: Piece, ordinal: int | None) -> str | None:
    if ordinal is None:
        return None
    first = piece.messages[ordinal][0]
    text = (first.text or "").strip()
    return text if first.tag == "MessageID" and text.isascii() and text.isdecimal() else None


def _in_libxml2s_words(entry: etree._LogEntry, lines_before: int, message_id: str | None) -> Finding:
    path = (entry.path or "").partition("]")[2]
    fault = Fault(lines_before + entry.line, 1, entry.type_name, path, entry.message, message_id=message_id)
    return of_fault(fault)


def _finding(code: int, fault: Fault, description: str) -> Finding:
    return Finding(
        line=fault.line,
        column=fault.column,
        message_id=fault.message_id,
        code=code,
        rule=fault.rule,
        path=fault.path,
        description=description,
    )
