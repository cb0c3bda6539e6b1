"""What stands before the first message of an XML feed."""

import codecs
import re
from typing import NoReturn
from xml.parsers import expat

from msgspec import Struct

from feedproc.formats.diagnostics import scanner_fault
from feedproc.formats.encoding import Undecodable, Utf8Stream
from feedproc.formats.limits import MAX_PROLOG_BYTES
from feedproc.formats.xerces.mended import without_colons
from feedproc.formats.xerces.positions import units
from feedproc.formats.xerces.utf8 import is_taken_for_utf_16

_CHUNK = 16 * 1024
_ROOT = "AmazonEnvelope"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_ORDINARY_DECLARATION = re.compile(
    rb"""<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?:utf-8|shift_jis|iso-8859-1|utf-16)\2)?"""
    rb"""(?: standalone=(["'])(?:yes|no)\3)?[ \t\r\n]*\?>""",
    re.IGNORECASE,
)
_NO_XML = {"ContentIllegalInProlog", "ReferenceIllegalInProlog"}
_VALID_HEAD = (
    b"<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M</MerchantIdentifier></Header>"
    b"<MessageType>OrderAcknowledgement</MessageType>"
)
_VALID_MESSAGE = (
    b"<Message><MessageID>1</MessageID><OrderAcknowledgement><AmazonOrderID>000-0000000-0000000</AmazonOrderID>"
    b"<StatusCode>Success</StatusCode></OrderAcknowledgement></Message>"
)
END_TAG = b"</AmazonEnvelope>"
_TOLD = (["Header", "MerchantIdentifier"], ["MessageType"])


class Envelope(Struct, frozen=True):
    """The part of a feed before its first message."""

    prolog: bytes
    """All of it, in UTF-8."""
    wrapper: bytes
    """What to put before a piece of the feed (and `END_TAG` behind it) so that it is a document of its own."""
    opening: bytes
    """The root's start tag, as far as messages depend on it."""
    merchant_identifier: str
    message_type: str
    instance_prefixes: tuple[str, ...]
    """The root's prefixes for the attributes that XML Schema itself defines."""
    complete: bool
    """The document ended without any message; `prolog` is all of it."""

    @property
    def as_document(self) -> bytes:
        """The prolog with one valid message in it, so that only what is wrong with the prolog itself is found."""
        return self.prolog if self.complete else self.prolog + _VALID_MESSAGE + END_TAG


class NotAnEnvelope(ValueError):
    """The feed's root cannot be found, or is not AmazonEnvelope. Line and column are from 1."""

    def __init__(self, line: int, column: int, text: bytes, complete: bool) -> None:
        """Take where that became plain, as much of the feed as was read, and whether that is all of it."""
        self.text = text
        self.complete = complete
        self.line = line
        self.column = column
        super().__init__(f"not an AmazonEnvelope at line {line}, column {column}")


class IllFormed(ValueError):
    """The feed is not well-formed before its first message. `text` is as much of it as was read."""

    def __init__(self, text: bytes, sentence: str = "") -> None:
        """Take what was read so far, and what Amazon's parser says where that ends, if it cannot read on there."""
        self.text = text
        self.sentence = sentence
        super().__init__(sentence or "not well-formed before the first message")


class _Reached(Exception):
    """The first message begins here."""


class _OtherRoot(Exception):
    """The root element begins here, and it is not AmazonEnvelope."""


class _Doctype(Exception):
    """A document type declaration, which could define entities: never taken."""


def read(stream: Utf8Stream) -> Envelope:
    """Read up to the first message. Raises `NotAnEnvelope` or `IllFormed`."""
    reader = _Reader()
    text = b""
    try:
        while len(text) <= MAX_PROLOG_BYTES:
            chunk = stream.read(_CHUNK)
            text += chunk
            if _looks_otherwise(text):
                break
            if reader.is_done(chunk):
                return _declared_well(reader.envelope(text[: reader.first_message], complete=False))
            if not chunk:
                return _declared_well(reader.envelope(text, complete=True))
    except Undecodable as error:
        raise IllFormed(text, str(error)) from None
    except (_Doctype, _OtherRoot, expat.ExpatError):
        pass
    return _read_on(stream, text)


def _looks_otherwise(text: bytes) -> bool:
    """Say whether expat would take the text for UTF-16, or skip a byte order mark, which it has no more."""
    return is_taken_for_utf_16(text) or text.startswith(codecs.BOM_UTF8)


def _declared_well(envelope: Envelope) -> Envelope:
    _check_declaration(envelope.prolog)
    return envelope


def _check_declaration(text: bytes) -> None:
    """Raise `IllFormed` where Amazon's parser does not take the XML declaration."""
    if not text.startswith(b"<?xml") or _ORDINARY_DECLARATION.match(text):
        return
    end = text.find(b"?>") + 2
    fault = scanner_fault(text[:end] + b"<a/>")
    if fault is not None:
        raise IllFormed(text)


def _read_on(stream: Utf8Stream, text: bytes) -> Envelope:
    """Read a feed that expat does not take, or not as an envelope, as Amazon's parser does."""
    text, complete = _rest(stream, text)
    reader = _Reader()
    try:
        if _looks_otherwise(text):
            raise NotAnEnvelope(1, 1, text, complete)
        if reader.is_done(without_colons(text)):
            return _declared_well(reader.envelope(text[: reader.first_message], complete=False))
        if not complete:
            raise NotAnEnvelope(reader.parser.CurrentLineNumber, reader.parser.CurrentColumnNumber + 1, text, complete)
        reader.is_done(b"")
        return _declared_well(reader.envelope(text, complete=True))
    except _OtherRoot:
        _check_declaration(text)
        raise NotAnEnvelope(*_past_tag(text, reader.root), text, complete) from None
    except (_Doctype, expat.ExpatError):
        fault = scanner_fault(text) if text.strip() and not reader.in_envelope else None
        if fault is not None and (fault.rule in _NO_XML or not text.lstrip().startswith(b"<")):
            raise NotAnEnvelope(max(1, fault.line), max(1, fault.column), text, complete) from None
        raise IllFormed(text) from None


def _rest(stream: Utf8Stream, text: bytes) -> tuple[bytes, bool]:
    """Read on as far as a prolog may go; tell whether that was all of the feed."""
    while len(text) <= MAX_PROLOG_BYTES:
        try:
            chunk = stream.read(_CHUNK)
        except Undecodable:
            return text, False
        if not chunk:
            return text, True
        text += chunk
    return text, False


def _past_tag(text: bytes, start: int) -> tuple[int, int]:
    end = _TAG.match(text, start)
    before = text[: end.end() if end else len(text)]
    lines = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return len(lines), units(lines[-1]) + 1


def _escaped(value: str) -> str:
    for char in '&<>"\t\n\r':
        value = value.replace(char, f"&#{ord(char)};")
    return value


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartNamespaceDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.in_envelope = False
        self.root = 0
        self.first_message = 0
        self._open: list[str] = []
        self._namespaces: dict[str | None, str] = {}
        self._texts = {"MerchantIdentifier": "", "MessageType": ""}

    def is_done(self, chunk: bytes) -> bool:
        """Read on; tell whether the first message was met."""
        try:
            self.parser.Parse(chunk, not chunk)
        except _Reached:
            return True
        return False

    def envelope(self, prolog: bytes, complete: bool) -> Envelope:
        names = "".join(
            f' {"xmlns:" + prefix if prefix else "xmlns"}="{_escaped(uri or "")}"'
            for prefix, uri in self._namespaces.items()
        )
        opening = f"<{_ROOT}{names}>".encode()
        return Envelope(
            prolog=prolog,
            wrapper=opening + _VALID_HEAD + _VALID_MESSAGE,
            opening=opening,
            merchant_identifier=self._texts["MerchantIdentifier"].strip(),
            message_type=self._texts["MessageType"],
            instance_prefixes=tuple(prefix for prefix, uri in self._namespaces.items() if prefix and uri == _INSTANCE),
            complete=complete,
        )

    def _start(self, name: str, _attributes: object) -> None:
        if not self._open:
            if name != _ROOT:
                self.root = self.parser.CurrentByteIndex
                raise _OtherRoot
            self.in_envelope = True
        elif len(self._open) == 1 and name == "Message":
            self.first_message = self.parser.CurrentByteIndex
            raise _Reached
        self._open.append(name)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        if len(self._open) in {2, 3} and self._open[1:] in _TOLD:
            self._texts[self._open[-1]] += text

    def _declared(self, prefix: str | None, uri: str) -> None:
        if not self._open:
            self._namespaces[prefix] = uri

    def _doctype(self, *_: object) -> NoReturn:
        raise _Doctype
