"""What a fault of an XML feed means: the finding, with the code and the text that Amazon's report gives it."""

import codecs
from collections.abc import Iterable

from msgspec.structs import replace

from feedproc.explain.plain import Plain
from feedproc.feeds.finding import Finding
from feedproc.feeds.progress import Position
from feedproc.feeds.result_codes import FATAL_XML, ILL_FORMED_ENVELOPE, XML_IN_MESSAGE, XML_OUTSIDE_MESSAGE, ReportText
from feedproc.formats.limits import MAX_DEPTH, MAX_NAME, MAX_PIECE_FINDINGS, MAX_PROLOG_BYTES
from feedproc.formats.xml.envelope import IllFormed, NotAnEnvelope
from feedproc.formats.xml.judging import Explaining, Judging
from feedproc.xerces.faults import Fault
from feedproc.xerces.text.positions import Ruler
from feedproc.xerces.walk.root import ALONE, Surroundings

_TOO_LARGE_PROLOG = f"what stands before the first message is larger than {MAX_PROLOG_BYTES} bytes."
OTHER_ROOT = "amazon-envelope"
"""The rule that the root must be AmazonEnvelope."""
TRAILING = (
    "Content is not allowed in trailing section.",
    "The markup in the document following the root element must be well-formed.",
)
"""What the parser says of text and elements behind the root."""
_ENDS = {"MarkupEntityMismatch", "PrematureEOF"}
_CUT_OFF = "XML document structures must start and end within the same entity."


class Unreadable(Exception):
    """The feed cannot be divided into messages, or be read on."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Take what is wrong: last of all why it cannot be read on, before it whatever else was found in that part."""
        self.findings = list(findings)
        super().__init__(self.finding.description)

    @property
    def finding(self) -> Finding:
        """Why the feed cannot be read on."""
        return self.findings[-1]


def refuse_other_root(error: NotAnEnvelope, beginning: bytes, explainer: Explaining) -> Finding:
    """Tell that no AmazonEnvelope begins where one should; `beginning` is how the feed begins."""
    text = ILL_FORMED_ENVELOPE.fill(line=error.line, column=error.column)
    fault = Fault(error.line, error.column, OTHER_ROOT, "", text, fatal=True)
    if error.is_too_large:
        return _make_finding(ILL_FORMED_ENVELOPE, fault, text, explainer.explain_fault("xml", "", _TOO_LARGE_PROLOG))
    return _make_finding(ILL_FORMED_ENVELOPE, fault, text, explainer.explain_beginning(beginning))


def cut_off(place: Position, sentence: str = _CUT_OFF) -> Fault:
    """Return the fatal fault that the feed cannot be read beyond a place."""
    return Fault(place.line, place.column, "xml", "", sentence, fatal=True)


def tell_nested_too_deep(place: Position, number: int, message_id: str) -> Fault:
    """Return the fault of a message, from 0 in its piece, that is too much for libxml2 though nothing else is wrong."""
    sentence = f"elements of the message are nested more than {MAX_DEPTH} deep, or have a name above {MAX_NAME} bytes."
    return Fault(place.line, place.column, "xml", "", sentence, number, message_id)


def find_verdict(fault: Fault, explainer: Explaining) -> Finding:
    """Return the finding of one fault. Amazon's parser tells fatal errors twice over."""
    said = explainer.explain_fault(fault.rule, fault.path, fault.sentence, fault.stray)
    in_feed = XML_OUTSIDE_MESSAGE if fault.message_id is None else XML_IN_MESSAGE
    text = FATAL_XML if fault.fatal else in_feed
    description = text.fill(line=fault.line, column=fault.column, sentence=fault.sentence)
    return _make_finding(text, fault, description, said)


def _make_finding(text: ReportText, fault: Fault, description: str, said: Plain) -> Finding:
    return Finding(
        line=fault.line,
        column=fault.column,
        message_id=fault.message_id,
        code=text.code,
        rule=fault.rule,
        path=fault.path,
        description=description,
        reason=said.reason,
        hint=said.hint,
    )


def explain_no_envelope(error: NotAnEnvelope, beginning: bytes, schemas: Judging) -> Unreadable:
    """Say what is wrong with a feed that is none: what Amazon's parser finds, and what the report tells in the end."""
    # The feed's own byte order mark is not in the text any more; another one would be taken for it.
    is_marked_twice = error.text.startswith(codecs.BOM_UTF8)
    text = codecs.BOM_UTF8 + error.text if is_marked_twice else error.text
    found, _ = schemas.walk(text, ALONE, MAX_PIECE_FINDINGS)
    if found and found[-1].fatal and found[-1].rule in _ENDS and not error.complete:
        found.pop()
    told = refuse_other_root(error, beginning, schemas.explainer)
    findings = [find_verdict(fault, schemas.explainer) for fault in found]
    findings[:1] = [replace(finding, reason=told.reason, hint=told.hint) for finding in findings[:1]]
    return Unreadable([*findings, told])


def explain_ill_formed(error: IllFormed, schemas: Judging) -> Unreadable:
    """Say what is wrong in a feed that cannot be read up to its first message."""
    found, _ = schemas.walk(error.text, Surroundings(stop=error.sentence), MAX_PIECE_FINDINGS)
    if not found or not found[-1].fatal:
        found.append(cut_off(Position(0, *Ruler(error.text).locate(len(error.text)))))
    return Unreadable(find_verdict(fault, schemas.explainer) for fault in found)
