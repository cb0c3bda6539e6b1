"""What is found on a walk is noted down, with the place at which Xerces tells it."""

import re

from feedproc.xerces.text.reading import Reading
from feedproc.xerces.values.simple_type import Complaint
from feedproc.xerces.walk.frames import Finding, Frame

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class Notes:
    """The findings of one walk, in Xerces' order."""

    def __init__(self, document: bytes, reading: Reading, most: int) -> None:
        """Take how many findings to keep besides the first of each message."""
        self.findings: list[Finding] = []
        self.message: Frame | None = None
        """The message that is open."""
        self._document = document
        self._reading = reading
        self._most = most
        self._tag = (-1, 0)
        """The start tag last complained of: where it begins, and where it ends."""

    def at_start(self, frame: Frame, complaint: Complaint) -> None:
        """Complain of an element that begins here, just past its start tag."""
        begin = self._reading.at
        if self._tag[0] != begin:
            match = _START_TAG.match(self._document, begin)
            self._tag = begin, match.end() if match else len(self._document)
        self._note(Finding(self._tag[1], *complaint, frame, self.message))

    def at_end(self, frame: Frame, complaint: Complaint) -> None:
        """Complain of an element that ends here, just past its end tag."""
        at = self._reading.at
        # For an empty-element tag the byte after it is told, else where the end tag begins.
        is_empty_tag = not frame.has_child and not frame.saw_text and self._document[at - 2 : at] == b"/>"
        end = at if is_empty_tag else self._document.find(b">", at) + 1
        self._note(Finding(end, *complaint, frame, self.message))

    def _note(self, finding: Finding) -> None:
        message = finding.message
        if len(self.findings) < self._most or (message is not None and not message.faulty):
            self.findings.append(finding)
        if message is not None:
            message.faulty = True
