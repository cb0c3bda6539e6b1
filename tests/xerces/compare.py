"""Two lists of findings, side by side."""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from feedproc.feeds.finding import Finding
from feedproc.feeds.result_codes import FATAL_XML, ILL_FORMED_ENVELOPE
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.schemas import OURS, Schemas
from tests.xerces.explaining import explain
from tests.xerces.oracle import Told


@dataclass
class Score:
    """How often something was the same, of how many."""

    same: int = 0
    all: int = 0
    examples: list[int] = field(default_factory=list)

    def count(self, same: bool, number: int) -> None:
        """Count one comparison."""
        self.all += 1
        self.same += same
        if not same:
            self.examples.append(number)

    @property
    def share(self) -> float:
        """The share of the same, from 0 to 1."""
        return self.same / self.all if self.all else 1.0


def told(document: bytes) -> list[Told]:
    """Return what feedproc's explanation finds in a document."""
    return [Told(fault.fatal, fault.line, fault.column, fault.sentence) for fault in explain(document)]


def told_of_feed(document: bytes, schemas: Schemas = OURS) -> list[Told]:
    """Return what feedproc finds when it reads the document as a feed: cut into pieces, with libxml2's verdict.

    That a feed is no AmazonEnvelope is told besides what Amazon's parser says, so it only counts where it stands alone.
    """
    parts = XmlFormat("", str, schemas).inspect(io.BytesIO(document), any_type=True)
    findings = [finding for part in parts for finding in part.findings]
    return [_as_told(one) for one in findings if one.code != ILL_FORMED_ENVELOPE.code] or [
        _as_told(one) for one in findings
    ]


def _as_told(finding: Finding) -> Told:
    fatal = finding.code in {FATAL_XML.code, ILL_FORMED_ENVELOPE.code}
    sentence = finding.description.partition(": ")[2]
    if finding.code == FATAL_XML.code:
        sentence = sentence[: len(sentence) // 2]  # told twice over
    return Told(fatal, finding.line, finding.column, sentence)


ROWS = {
    "verdict": "same verdict",
    "schema place": "same line and column of the first finding, schema faults",
    "schema sentence": "same sentence of the first finding, schema faults",
    "schema list": "same full list of findings, schema faults",
    "scanner place": "same line and column, scanner faults",
    "scanner sentence": "same sentence, scanner faults",
    "scanner list": "same full list of findings, scanner faults",
}
TARGETS = {
    "verdict": 1.0,
    "schema place": 0.999,
    "schema sentence": 0.995,
    "schema list": 0.98,
    "scanner place": 0.97,
    "scanner sentence": 0.95,
}


def compare(theirs: Iterable[list[Told]], ours: Iterable[list[Told]]) -> tuple[dict[str, Score], Counter[str]]:
    """Return the scores by row, and the kinds of disagreement."""
    scores = {row: Score() for row in ROWS}
    kinds: Counter[str] = Counter()
    for number, (expected, found) in enumerate(zip(theirs, ours, strict=True)):
        scores["verdict"].count(bool(expected) == bool(found), number)
        if not expected:
            continue
        _compare_one(scores, number, expected, found)
        if expected != found:
            kinds[_kind(expected, found)] += 1
    return scores, kinds


def _compare_one(scores: dict[str, Score], number: int, expected: list[Told], found: list[Told]) -> None:
    if expected[-1].fatal:
        last = found[-1] if found else Told(False, 0, 0, "")
        scores["scanner place"].count(last.fatal and last[1:3] == expected[-1][1:3], number)
        scores["scanner sentence"].count(last.sentence == expected[-1].sentence, number)
        scores["scanner list"].count(expected == found, number)
    else:
        first = found[0] if found else Told(False, 0, 0, "")
        scores["schema place"].count(first[1:3] == expected[0][1:3], number)
        scores["schema sentence"].count(first.sentence == expected[0].sentence, number)
        scores["schema list"].count(expected == found, number)


def _kind(expected: list[Told], found: list[Told]) -> str:
    """Say in what way two lists differ first."""
    for index, finding in enumerate(expected):
        other = found[index] if index < len(found) else None
        if other != finding:
            return f"{_rule(finding)} / {_rule(other) if other else 'nothing'}"
    return f"nothing / {_rule(found[len(expected)])}"


def _rule(finding: Told) -> str:
    return ("fatal: " + finding.sentence[:60]) if finding.fatal else finding.sentence.split(":")[0]
