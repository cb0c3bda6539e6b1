"""What a feed is that does not begin with an envelope: told from its first bytes."""

import codecs
import re
from collections.abc import Callable

from feedproc.explain.knowledge import Knowledge
from feedproc.explain.plain import Plain
from feedproc.feeds.saying import Saying, quote_value, say

_ROOT = re.compile(r"<(?![?!])([^\s<>/?!]{1,200})([^<>]*)")
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_PACKED = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\x1f\x8b": "packed with gzip",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_CURLY = re.compile("[\u201c\u201d\u2018\u2019\u2033\u301d\u301e]")
_PARTS = {"Message", "Header"}
_SAYS_UTF_16 = re.compile(r"""\ufeff?<\?xml[^>]{0,200}encoding\s*=\s*["'](?:utf-16|ucs-2)""", re.IGNORECASE)
_UTF_16 = 'Write `encoding="UTF-8"` there, or write the file in UTF-16 with a byte order mark.'
_AS_TABLE = "Save it as Text (Tab delimited) and send that as a flat file, or unpack it where it holds XML."
_ESCAPED = "Send the text itself, before `&lt;`, `&gt;` and `&amp;` were put in: it was escaped once too often."
_SOAP = "Take the feed out of the envelope of SOAP, and send it alone: `AmazonEnvelope` is the root."
_FLAT = "Send it as one of the flat-file feed types, such as `POST_FLAT_FILE_FULFILLMENT_DATA`, or write XML."
_TABS = "Put one tab between each column and the next, and send it as one of the flat-file feed types."
_ENVELOPE = "Put it into an envelope: `<AmazonEnvelope>`, then `Header`, `MessageType`, and each in a `Message`."
_FIRST = 'The very first thing must be `<?xml version="1.0" encoding="UTF-8"?>` or `<AmazonEnvelope>`.'


_OTHERWISE_SAVED: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\{\\rtf"),
        "The feed is a word processor's text (RTF), not XML.",
        "Save it as plain text, in UTF-8.",
    ),
    (
        re.compile("PD94bWwg|PEFtYXpvbkVudmVsb3Bl|77u/PD94bWwg|77u/PEFt"),
        "The feed is encoded in base64.",
        "Send the XML itself; of a feed only its digest, Content-MD5, is in base64.",
    ),
    (
        re.compile(r"""b(['"])(?:\\xef\\xbb\\xbf)?<"""),
        "The feed begins with `b` and a quote, as Python shows bytes.",
        "Send the bytes as they are, or decode them; `str` makes a text of how they look.",
    ),
    (
        re.compile(r"--\S{1,100}\r?\nContent-Disposition:", re.IGNORECASE),
        "The feed stands among the parts of a form, as a browser sends files.",
        "Send the feed alone as the body of the request.",
    ),
    (
        re.compile(r"[\w.%]{1,100}=[^&\s<>]{0,500}&[\w.%]{1,100}="),
        "The parameters of a call stand where the feed should be.",
        "Put the parameters into the address, and the feed into the body of the request.",
    ),
    (
        re.compile(r"(?:Received|Return-Path|From|Delivered-To|MIME-Version|Message-ID): ?\S"),
        "The feed is an e-mail, not XML.",
        "Save the attachment, and send that.",
    ),
    (
        re.compile(r"\0+\Z"),
        "The feed holds nothing but zero bytes.",
        "Write the file anew: a disk that was full, or a copy that broke off, leaves such.",
    ),
)
"""How texts begin that programs and people take for feeds, what each is, and what to do."""


def explain_beginning(beginning: bytes, known: Knowledge) -> Plain:
    """Say why it is no envelope."""
    for mark, what in _PACKED.items():
        if beginning.startswith(mark):
            hint = say(_AS_TABLE) if "Excel" in what else say("Unpack or export it, and send the XML itself.")
            return Plain(say("The feed is not XML: it is {}.", say(what)), hint)
    if beginning.startswith(codecs.BOM_UTF8) and b"\0" in beginning[3:7]:
        hint = say("Take that mark out, or write the file in UTF-8.")
        return Plain(say("The feed is in UTF-16, but the byte order mark of UTF-8 stands in front of it."), hint)
    text = _decode(beginning)
    if _SAYS_UTF_16.match(text) and not any(beginning.startswith(mark) for mark in _MARKS):
        return Plain(say("The first line says that the feed is in UTF-16, and its bytes are not."), say(_UTF_16))
    found = (*(look(text) for look in _LOOKS), _find_other_root(text, known))
    otherwise = Plain(say("The feed does not begin as XML does."), say(_FIRST))
    return next((plain for plain in found if plain is not None), otherwise)


def _decode(beginning: bytes) -> str:
    codec = next((name for mark, name in _MARKS.items() if beginning.startswith(mark)), "utf-8")
    return beginning.decode(codec, "replace")


def _find_curly_quotes(text: str) -> Plain | None:
    first = text.partition(">")[0]
    if not text.lstrip("\ufeff").startswith("<?xml") or not _CURLY.search(first):
        return None
    hint = say('Write straight quotes, as in `version="1.0"`; a word processor has made curly ones of them.')
    return Plain(say("The XML declaration has quotes that are no quotes to XML."), hint)


def _find_otherwise_saved(text: str) -> Plain | None:
    start = text.lstrip("\ufeff \t\r\n")
    known = (Plain(say(what), say(hint)) for form, what, hint in _OTHERWISE_SAVED if form.match(start))
    return next(known, None)


def _find_table(text: str) -> Plain | None:
    first = text.lstrip("\ufeff").partition("\n")[0]
    if "<" in first or not ("\t" in first or first.lower().startswith(("templatetype=", "order-id"))):
        return None
    if "\t" not in text:
        return Plain(say("The feed is a table without tabs, not XML."), say(_TABS))
    return Plain(say("The feed is a table with tabs, not XML."), say(_FLAT))


def _find_other_language(text: str) -> Plain | None:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        hint = say("Send it as a feed type that takes JSON, or write XML.")
        if '"MessageType"' in start:
            hint = say("`feedproc convert --to xml` makes XML of it.")
        return Plain(say("The feed is JSON, not XML."), hint)
    if re.match(r"(?i)<!doctype html|<html", start):
        hint = say("Mostly it is the error page of what should have made it.")
        return Plain(say("The feed is a web page, not a feed."), hint)
    return None


def _find_escaped(text: str) -> Plain | None:
    if re.search(r"&(?:amp;)?lt;(?:AmazonEnvelope|Header|\?xml)", text):
        return Plain(
            say("The tags of the feed are escaped, so that it is one text and has no elements."), say(_ESCAPED)
        )
    return None


def _find_capital_declaration(text: str) -> Plain | None:
    if re.match(r"\ufeff?<\?(?!xml\s)xml\s", text, re.IGNORECASE):
        hint = say('Write `<?xml version="1.0" encoding="UTF-8"?>`: capital and small letters count.')
        return Plain(say("The XML declaration is not written in small letters."), hint)
    return None


def _find_what_is_in_front(text: str) -> Plain | None:
    before, declaration, _ = text.partition("<?xml")
    if not before or not declaration or "<" in before:
        return None
    hint = say("Take it out: nothing may stand before `<?xml`, not even a blank or an empty line.")
    return Plain(_describe_front(before), hint)


def _describe_front(before: str) -> Saying:
    if not before.strip():
        return say("There are blanks or empty lines before the XML declaration.")
    if not before.strip("\ufeff \t\r\n"):
        return say("There is more than one byte order mark, or something else, before the XML declaration.")
    return say("There is text before the XML declaration.")


def _find_other_root(text: str, known: Knowledge) -> Plain | None:
    found = _ROOT.search(text)
    if found is None:
        return None
    name, rest = found.groups()
    if name in known.payloads or name in _PARTS:
        return _explain_no_envelope(name)
    if name.rpartition(":")[2] == "AmazonEnvelope":
        return _find_namespace(name, rest)
    return _explain_other_name(name, known)


def _find_namespace(name: str, rest: str) -> Plain | None:
    if ":" in name:
        reason = say("The root {} has a prefix; it must be `AmazonEnvelope`.", quote_value(name))
        return Plain(reason, say("Leave the prefix out."))
    if re.search(r"\sxmlns\s*=", rest):
        hint = say('Leave `xmlns="…"` out; `xmlns:xsi="…"` may stay.')
        return Plain(say("The root has a default namespace, so that no element is what it seems."), hint)
    reason = say("The start tag of `AmazonEnvelope`, or what stands before it, is not written as it must be.")
    return Plain(reason, None)


def _explain_other_name(name: str, known: Knowledge) -> Plain:
    if name.rpartition(":")[2] == "Envelope":
        return Plain(
            say("The feed begins with {}, but its root must be `AmazonEnvelope`.", quote_value(name)), say(_SOAP)
        )
    meant = known.names.get(name.lower())
    if meant == "AmazonEnvelope":
        hint = say("Write `AmazonEnvelope`: capital and small letters count in the names of all elements.")
        return Plain(say("The root is called {}; it must be `AmazonEnvelope`.", quote_value(name)), hint)
    if meant in known.payloads or meant in _PARTS:
        return _explain_no_envelope(name)
    return Plain(say("The feed begins with {}, but its root must be `AmazonEnvelope`.", quote_value(name)), None)


def _explain_no_envelope(name: str) -> Plain:
    return Plain(say("The envelope is missing: the feed begins with {}.", quote_value(name)), say(_ENVELOPE))


_LOOKS: tuple[Callable[[str], Plain | None], ...] = (
    _find_curly_quotes, _find_escaped, _find_otherwise_saved, _find_table, _find_other_language,
    _find_capital_declaration, _find_what_is_in_front,
)  # fmt: skip
