"""Why the digest that came with a feed is not that of its bytes, where that is certain.

A digest that fits one of these forms of the same text fits no other by chance, so what is said of it is true.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterator

MOST_BYTES = 512 * 1024
"""Of a feed whose other forms are tried: each takes a digest of its own."""
_ENCODINGS = {"utf-8": "UTF-8", "cp932": "Shift_JIS", "cp1252": "windows-1252 (iso-8859-1)", "utf-16": "UTF-16"}
_TARGETS = {**_ENCODINGS, "utf-16-le": "UTF-16 without a byte order mark"}
"""In which a text may have been digested: .NET and Java write one more than anybody sends."""
_MARK = "\ufeff"
_NOTHING = hashlib.md5(b"", usedforsecurity=False).hexdigest()
_OVER = "compute it over the very bytes that are sent"


def find_cause(given: str, computed: str, content: bytes | None) -> str:
    """Return a sentence, or nothing when no cause is certain.

    `given` is the digest as it came, `computed` that of the bytes in base64, `content` the bytes, None when there are
    too many to try other forms of them.
    """
    digits, form = _read_digits(given)
    if digits is None:
        return ""
    if b64encode(bytes.fromhex(digits)).decode() == computed:
        return f"It is {form}: send the base64 of its 16 bytes" if form else ""
    if digits == _NOTHING:
        return "It is the digest of no bytes at all: what was digested was read to its end before, and not rewound"
    for how, other in _list_forms(content or b""):
        if hashlib.md5(other, usedforsecurity=False).hexdigest() == digits:
            return f"It is the digest of the same text {how}: {_OVER}"
    return ""


def _read_digits(given: str) -> tuple[str | None, str]:
    """Return the 32 digits that a digest means, and how it was written if not as it should be."""
    text = given.strip()
    if re.fullmatch("[0-9A-Fa-f]{32}", text):
        return text.lower(), "the right digest in hexadecimal"
    try:
        raw = b64decode(text, validate=True)
    except (Error, ValueError):
        return None, ""
    if re.fullmatch(b"[0-9A-Fa-f]{32}", raw):
        return raw.decode().lower(), "the base64 of the right digest's hexadecimal digits"
    return (raw.hex(), "") if len(raw) == 16 else (None, "")


def _list_forms(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what a program may have had in hand in place of these bytes, and how it differs, the likeliest first."""
    for codec, name in _ENCODINGS.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        for target, other in _TARGETS.items():
            for how, variant in _list_texts(text):
                try:
                    encoded = variant.encode(target)
                except UnicodeEncodeError:
                    continue
                if encoded != content:
                    recoded = "" if target == codec else f"in {other}, while what came is in {name}"
                    yield " and ".join(filter(None, (recoded, how))), encoded


def _list_texts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text as it is, with and without a byte order mark, with other line ends, and without the last one."""
    marks = [("", text), ("without its byte order mark", text.removeprefix(_MARK))]
    if not text.startswith(_MARK):
        marks = [("", text), ("with a byte order mark", _MARK + text)]
    for mark, marked in marks:
        plain = marked.replace("\r\n", "\n")
        ends = [
            ("", marked),
            ("with LF for CRLF", plain),
            ("with CRLF for LF", plain.replace("\n", "\r\n")),
            ("without its last line end", marked.rstrip("\r\n")),
            ("with a line end behind it", f"{marked}\n"),
        ]
        for end, variant in ends:
            if variant != text or not (mark or end):
                yield " and ".join(filter(None, (mark, end))), variant
