"""Text that is not what its writer wrote: bytes that are labelled wrongly, or were encoded twice.

Amazon takes such text as it comes, and so do we; whoever looks at the feed is told. Only what is certain is told: a
feed whose bytes are wholly UTF-8 in another encoding's clothes, or characters that nobody writes and that make sense
once they are read otherwise.
"""

import re
from typing import BinaryIO, NamedTuple

from feedproc.feeds.finding import Finding
from feedproc.feeds.report import Severity
from feedproc.feeds.saying import Saying, quote_value, say
from feedproc.xerces.text.positions import count_units

MOST_SEARCHED = 256 * 1024
"""Bytes at the beginning of a feed that are looked through: a wrong label shows there as well as anywhere."""
_NAMES = {"cp1252": "windows-1252", "cp932": "Shift_JIS", "utf-8": "UTF-8", "iso8859-1": "iso-8859-1"}
_VALUE = re.compile(r"[^\t\r\n<>\"]*[^\x00-\x7f\t\r\n<>\"][^\t\r\n<>\"]*")
"""A cell or a text that is not ASCII alone."""
_WORDS = re.compile(r"([\x20\u3000]+)")
_UTF_8_IN_LATIN = re.compile(
    r"[\xc2-\xf4][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""A first byte of UTF-8 and one that follows it, read as windows-1252."""
_UTF_8_IN_SHIFT_JIS = re.compile("[縺繧繝\uff61-\uff9f]")
"""Kana of UTF-8 begin with one of these, read as Shift_JIS; what follows is often narrow."""
_SHIFT_JIS_IN_LATIN = re.compile(
    r"[\x80-\x9f\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2018-\u203a\u20ac\u2122\u201a]"
)
"""First bytes of the kana and kanji that are in use, read as windows-1252: signs, and no letters."""
_FEWEST = 2
"""Japanese characters of a text that was read wrongly, its signs, letters of a word: fewer may be chance."""
_AMONG_LETTERS = re.compile("[A-Za-z][\u00c0-\u017f][A-Za-z]")
_LIKELY = re.compile("[\u00a0-\u017f\u2010-\u2044\u20ac\u2122\u3000-\u30ff\u4e00-\u9fff\uff01-\uffee]")
"""What people write in the languages of Amazon's marketplaces that are written from left to right."""
_SENSE = re.compile("[\u3005-\u3007\u3041-\u30ff\u4e00-\u9fff]")
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e]+")


class Misread(NamedTuple):
    """A text that was read wrongly."""

    meant: str
    written: str
    """The codec in which it was written."""
    read: str
    """The codec as which it was taken."""


def find_misread_text(feed: BinaryIO, codec: str | None, otherwise: str = "utf-8") -> Finding | None:
    """Return a warning of the first text that is read wrongly; None when none is for certain.

    `codec` is how the feed is read; None for UTF-8 if it is so throughout, and as `otherwise` if not.
    """
    feed.seek(0)
    data = feed.read(MOST_SEARCHED)
    if data.isascii():
        return None
    whole = data if len(data) < MOST_SEARCHED else data[: data.rfind(b"\n") + 1]
    in_utf_8 = _decode(whole, "utf-8")
    codec = codec or ("utf-8" if in_utf_8 is not None else otherwise)
    is_utf_8 = not codec.startswith("utf") and in_utf_8 is not None and _is_sensible(in_utf_8, codec)
    found: tuple[int, str, Misread] | None = None
    others = 0
    text = whole.decode(codec, "replace")
    for place in _VALUE.finditer(text):
        misread = _read_label(place[0], codec) if is_utf_8 else read_misread(place[0])
        if misread is None:
            continue
        others += found is not None
        found = found or (place.start(), place[0], misread)
    return None if found is None else _make_finding(text, found, others, codec if is_utf_8 else None)


def read_misread(text: str) -> Misread | None:
    """Return what a text was meant to be that was encoded twice, or read in a wrong encoding, where that is certain.

    That may be so of all of it, or only of words: names from elsewhere stand beside what the program itself writes.
    """
    whole = _read_at_once(text)
    if whole is not None:
        return whole
    words = [(word, _read_at_once(word) if len(word) > _FEWEST else None) for word in _WORDS.split(text)]
    first = next((misread for _, misread in words if misread), None)
    return first and first._replace(meant="".join(misread.meant if misread else word for word, misread in words))


def _read_at_once(text: str) -> Misread | None:
    looks = (
        (_UTF_8_IN_LATIN, _read_utf_8_in_latin),
        (_UTF_8_IN_SHIFT_JIS, _read_utf_8_in_shift_jis),
        (_SHIFT_JIS_IN_LATIN, _read_shift_jis_in_latin),
    )
    return next((found for signs, look in looks if signs.search(text) and (found := look(text))), None)


def _read_label(text: str, codec: str) -> Misread:
    """Say how a text of a feed is meant whose bytes are all UTF-8. Bytes that the codec does not have are lost."""
    meant = _encode(text, codec).decode("utf-8", "replace")
    return Misread(meant, "utf-8", codec)


def _read_utf_8_in_latin(text: str) -> Misread | None:
    from ftfy import fix_encoding_and_explain  # noqa: PLC0415 - seldom needed, and it takes a while

    fixed, explained = fix_encoding_and_explain(text)
    steps = [(step, how) for step, how in explained or ()]
    is_certain = ("decode", "utf-8") in steps and steps[-1][0] == "decode"
    return Misread(fixed, "utf-8", "cp1252") if is_certain else None


def _read_utf_8_in_shift_jis(text: str) -> Misread | None:
    """Read each run of characters beyond ASCII anew: every one must come out as Japanese, and in another form."""
    runs = re.findall(r"[^\x00-\x7f]+", text)
    anew = [_reread(run, "cp932", "utf-8") for run in runs]
    if not anew or not all(run and len(run) >= _FEWEST and _JAPANESE.fullmatch(run) for run in anew):
        return None
    made = iter(anew)
    return Misread(re.sub(r"[^\x00-\x7f]+", lambda _: next(made) or "", text), "utf-8", "cp932")


def _read_shift_jis_in_latin(text: str) -> Misread | None:
    """Read the text anew as Shift_JIS: what is not ASCII must come out as Japanese alone, of characters in use."""
    signs = _SHIFT_JIS_IN_LATIN.findall(text)
    meant = _reread(text, "cp1252", "cp932")
    if meant is None or len(set(signs)) <= _FEWEST or len(signs) < len(_SENSE.findall(meant)):
        return None
    runs = re.findall(r"[^\x00-\x7f]+", meant)
    is_japanese = all(_JAPANESE.fullmatch(run) and len(_SENSE.findall(run)) >= _FEWEST for run in runs)
    return Misread(meant, "cp932", "cp1252") if runs and is_japanese else None


def _reread(text: str, read: str, written: str) -> str | None:
    try:
        return _encode(text, read, "strict").decode(written)
    except UnicodeError:
        return None


def _encode(text: str, codec: str, errors: str = "replace") -> bytes:
    """Return the bytes of a text; control characters are bytes that windows-1252 does not have, as browsers do it."""
    if codec != "cp1252":
        return text.encode(codec, errors)
    return b"".join(one.encode("latin-1" if "\x80" <= one <= "\x9f" else codec, errors) for one in text)


def _decode(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_sensible(text: str, codec: str) -> bool:
    """Say whether a text that came out of bytes of another label is no chance of these bytes."""
    if codec == "cp932":  # narrow kana in pairs may be a letter of UTF-8
        return len(_SENSE.findall(text)) >= _FEWEST or _AMONG_LETTERS.search(text) is not None
    return all(_LIKELY.match(one) for one in text if one > "\x7f")


def _make_finding(text: str, found: tuple[int, str, Misread], others: int, label: str | None) -> Finding:
    at, value, misread = found
    indent = len(value) - len(value.lstrip())
    begin = at + indent
    return Finding(
        line=text.count("\n", 0, begin) + 1,
        column=count_units(text[text.rfind("\n", 0, begin) + 1 : begin].encode()) + 1,
        message_id=None,
        code=0,
        rule="misread-text",
        path="",
        description="Text of the feed is read otherwise than it was written; Amazon takes it as it comes.",
        reason=_explain(value.strip(), misread, others, label),
        hint=_advise(misread, label),
        severity=Severity.WARNING,
    )


def _explain(value: str, misread: Misread, others: int, label: str | None) -> Saying:
    shown, meant = quote_value(value), quote_value(misread.meant.strip())
    names = _name(misread.written), _name(misread.read)
    if label is not None:
        reason = say(
            "All bytes of the feed are {0}, and it is read as {1}: {2} was meant to be {3}.", *names, shown, meant
        )
    else:
        reason = say("{2} was probably meant to be {3}: it was written in {0} and read as {1}.", *names, shown, meant)
    return say("{} In all, {} texts in the beginning of the feed are so.", reason, 1 + others) if others else reason


def _advise(misread: Misread, label: str | None) -> Saying:
    if label is not None:
        return say("Label the feed as {}, or write it in {}.", _name(misread.written), _name(misread.read))
    return say(
        "Look where the text is read before the feed is made of it: it must be read as {} there.",
        _name(misread.written),
    )


def _name(codec: str) -> str:
    return _NAMES.get(codec, codec)
