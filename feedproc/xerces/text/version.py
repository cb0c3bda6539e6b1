"""Which version of XML a document is in: Xerces looks for that before all else, in a way of its own.

A declaration that begins as it should is put together anew from what was found, with blanks in place of the rest, so
that line ends up to the version do not count.
"""

import re

# Behind the equals sign five characters are looked at: the quotes, and three.
_BEGINNING = r"<\?xml[ \t\r\n]+(?:version[ \t\r\n]*(?:=[ \t\r\n]*(?P<value>(?:\r\n?|.){5}))?)?"
_LOOKED_AT = re.compile(_BEGINNING, re.DOTALL)
_LOOKED_AT_BYTES = re.compile(rb"(?:\xef\xbb\xbf)?" + _BEGINNING.encode(), re.DOTALL)
_XML_1_1 = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*.1\.1", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]|\xc2\x85|\xe2\x80\xa8")
_RETURN = re.compile("\r\n?")
_OTHERWISE = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80\xa8|&#|\xee\x80\x80")
DECLARATION = b'<?xml version="1.1"?>'


def is_xml_1_1(document: bytes) -> bool:
    """Whether Xerces reads a document as XML 1.1."""
    return _XML_1_1.match(document) is not None


def reads_otherwise(text: bytes) -> bool:
    """Whether a part of a document may say something else in XML 1.1 than in XML 1.0.

    The names that only one of them has are left out, and how prefixes are declared: nobody but the scanner says what is
    right of those.
    """
    return _OTHERWISE.search(text) is not None


def looked_at(document: bytes) -> int:
    """Return how many bytes are looked at for the version, but for line ends in that itself; no line ends there."""
    found = _LOOKED_AT_BYTES.match(document)
    if found is None:
        return 0
    return found.start("value") if found["value"] and _LINE_END.search(found["value"]) else found.end()


def put_together(text: str) -> tuple[str, bool]:
    """Return a text as Xerces reads it when it has looked for the version, and whether that is 1.1."""
    found = _LOOKED_AT.match(text)
    if found is None:
        return text, False
    value = found["value"]
    if value is not None:
        beginning = "<?xml version=" + _RETURN.sub("\n", value)
    else:
        beginning = "<?xml version" if "version" in found[0] else "<?xml "
    return beginning.ljust(found.end()) + text[found.end() :], value is not None and value[1:4] == "1.1"
