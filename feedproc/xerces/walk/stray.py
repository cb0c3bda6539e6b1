"""Text that stands where only elements may be: Xerces complains of it at the end of the element, not where it is."""

import re

STRAY_RULE = "cvc-complex-type.2.3"
_LONGEST = 60
"""Characters of a text that are shown."""
_BLANKS = re.compile(rb"(?:[ \t\r\n]|\xc2\x85|\xe2\x80\xa8)*")
"""With what XML 1.1 has for line ends besides."""
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
        first, reached = -1, self._reached
        for markup in _MARKUP.finditer(self._document, reached, tag):
            if markup[0][1:2] not in {b"!", b"?"}:
                first = -1
            elif first < 0:
                first = self._find_text(reached, markup.start())
                if first < 0 and markup["text"] is not None:
                    first = self._find_text(*markup.span("text"))
            reached = markup.end()
        self._reached = tag
        return max(first if first >= 0 else self._find_text(reached, tag), 0)

    def _find_text(self, begin: int, end: int) -> int:
        """Return where something other than blanks begins between two places, or -1."""
        blanks = _BLANKS.match(self._document, begin, end)
        first = blanks.end() if blanks else begin
        return first if first < end else -1


def read_stray(document: bytes, at: int) -> str:
    """Return how the text begins that stands in a document at a byte: its first line."""
    shown = _SHOWN.match(document, at)
    return shown[0].decode("utf-8", "ignore").rstrip()[:_LONGEST] if shown else ""
