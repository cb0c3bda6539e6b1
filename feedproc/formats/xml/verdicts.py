"""What a fault of an XML feed means: the finding, with the code and the text that Amazon's report gives it."""

from collections.abc import Iterable

from feedproc import explain
from feedproc.feeds.finding import FATAL_XML, ILL_FORMED_ENVELOPE, XML_IN_MESSAGE, XML_OUTSIDE_MESSAGE, Finding
from feedproc.feeds.progress import Position
from feedproc.xerces.faults import Fault

WRONG_FEED_TYPE_TEXT = (
    "We are unable to process the XML feed because one or more items are invalid. Please re-submit the feed."
)
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


def not_an_envelope(line: int, column: int, beginning: bytes) -> Finding:
    """Tell that no AmazonEnvelope begins where one should; `beginning` is how the feed begins."""
    text = (
        "The XML you submitted is ill-formed at the Amazon Envelope XML level at (or near) "
        f"line {line}, column {column}."
    )
    fault = Fault(line, column, "amazon-envelope", "", text, fatal=True)
    return _finding(ILL_FORMED_ENVELOPE, fault, text, explain.not_an_envelope(beginning))


def cut_off(place: Position, sentence: str = _CUT_OFF) -> Fault:
    """Return the fatal fault that the feed cannot be read beyond a place."""
    return Fault(place.line, place.column, "xml", "", sentence, fatal=True)


def of_fault(fault: Fault) -> Finding:
    """Return the finding of one fault. Amazon's parser tells fatal errors twice over."""
    place = f"at Line {fault.line}, Column {fault.column}"
    said = explain.in_words(fault.rule, fault.path, fault.sentence)
    if fault.fatal:
        return _finding(FATAL_XML, fault, f"XML Parsing Fatal Error {place}: {fault.sentence} {fault.sentence}", said)
    code = XML_IN_MESSAGE if fault.message_id is not None else XML_OUTSIDE_MESSAGE
    return _finding(code, fault, f"XML Parsing Error {place}: {fault.sentence}", said)


def _finding(code: int, fault: Fault, description: str, said: explain.Plain) -> Finding:
    return Finding(
        line=fault.line,
        column=fault.column,
        message_id=fault.message_id,
        code=code,
        rule=fault.rule,
        path=fault.path,
        description=description,
        reason=said.reason,
        hint=said.hint,
    )
