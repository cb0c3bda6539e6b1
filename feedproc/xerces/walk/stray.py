"""Text that stands where only elements may be: Xerces complains of it at the end of the element, not where it is."""

import re

from feedproc.xerces.values.simple_type import XML_SPACE

STRAY_RULE = "cvc-complex-type.2.3"
_LONGEST = 60
"""Characters of a text that are shown."""
_BLANKS = re.compile(rb"(?:[ \t\r\n]|\xc2\x85|\xe2\x80\xa8)*")
"""With what XML 1.1 has for line ends besides. In XML 1.0 that is a text, but one that nobody sees."""
_BLANKS_OF_1_0 = re.compile(rb"[ \t\r\n]*")
_MARKUP = re.compile(
    rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[(?P<text>.*?)(?:\]\]>|\Z)"
    rb"""|<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""",
    re.DOTALL,
)
_SHOWN = re.compile(rb"(?:(?!\]\]>)[^<\r\n]){1,%d}" % (4 * _LONGEST))


class StrayFinder:
    """Finds where in a document texts begin; asked in rising order it costs no more than the document is long."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._reached = 0

    def find(self, tag: int) -> int:
        """Return the byte at which the text begins that stands before the tag at the byte `tag`."""
        first = self._search(tag, _BLANKS)
        if first < 0:
            first = self._search(tag, _BLANKS_OF_1_0)
        self._reached = tag
        return max(first, 0)

    def _search(self, tag: int, blanks: re.Pattern[bytes]) -> int:
        """Return where something other than blanks begins behind the last tag, or -1."""
        first, reached = -1, self._reached
        for markup in _MARKUP.finditer(self._document, reached, tag):
            if markup[0][1:2] not in {b"!", b"?"}:
                first = -1
            elif first < 0:
                first = self._find_text(reached, markup.start(), blanks)
                if first < 0 and markup["text"] is not None:
                    first = self._find_text(*markup.span("text"), blanks)
            reached = markup.end()
        return first if first >= 0 else self._find_text(reached, tag, blanks)

    def _find_text(self, begin: int, end: int, blanks: re.Pattern[bytes]) -> int:
        """Return where something other than blanks begins between two places, or -1."""
        found = blanks.match(self._document, begin, end)
        first = found.end() if found else begin
        return first if first < end else -1


def read_stray(document: bytes, at: int) -> str:
    """Return how the text begins that stands in a document at a byte: its first line."""
    shown = _SHOWN.match(document, at)
    return shown[0].decode("utf-8", "ignore").rstrip(XML_SPACE)[:_LONGEST] if shown else ""
