"""What stands before the first message of an XML feed."""

import codecs
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, NoReturn
from xml.parsers import expat

from msgspec import Struct

from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Undecodable, Utf8Stream, looks_like_xml, open_utf8
from feedproc.formats.limits import MAX_PROLOG_BYTES
from feedproc.xerces.text.names import STAND_IN
from feedproc.xerces.text.positions import DECLARATION, Ruler, find_tag_end, is_plain, is_taken_for_utf_16, is_xml_1_1

if TYPE_CHECKING:
    from feedproc.xerces.text.reading import Reading

_CHUNK = 16 * 1024
_ROOT = "AmazonEnvelope"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_ORDINARY_DECLARATION = re.compile(
    rb"""<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?:utf-8|shift_jis|iso-8859-1|utf-16)\2)?"""
    rb"""(?: standalone=(["'])(?:yes|no)\3)?[ \t\r\n]*\?>""",
    re.IGNORECASE,
)
_ENDS = {"MarkupEntityMismatch", "PrematureEOF"}
_NO_XML = {"ContentIllegalInProlog", "ReferenceIllegalInProlog"}
END_TAG = b"</AmazonEnvelope>"
_MESSAGE = b"<Message>"
_SPECIAL = re.compile('[\x00-\x1f\x7f-\x9f\u2028&<>"]')
_TOLD = (["Header", "MerchantIdentifier"], ["MessageType"], ["PurgeAndReplace"])


class StandIn(NamedTuple):
    """What is put into an envelope in front of a part of a feed, so that the part is a document of its own."""

    head: bytes
    """All that stands before the first message."""
    message: bytes
    """One message, of which nothing is told."""


_VALID_HEAD = (
    b"<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M</MerchantIdentifier></Header>"
    b"<MessageType>ProcessingReport</MessageType>"
)
_VALID_MESSAGE = (
    b"<Message><MessageID>1</MessageID><ProcessingReport><DocumentTransactionID>1</DocumentTransactionID>"
    b"<StatusCode>Complete</StatusCode></ProcessingReport></Message>"
)
OURS_STANDS_IN = StandIn(_VALID_HEAD, _VALID_MESSAGE)
"""Valid by feedproc's own schemas, and of a type that no feed has."""


class Envelope(Struct, frozen=True):
    """The part of a feed before its first message."""

    prolog: bytes
    """All of it, in UTF-8."""
    wrapper: bytes
    """What to put before a piece of the feed (and `END_TAG` behind it) so that it is a document of its own."""
    opening: bytes
    """The root's start tag, as far as messages depend on it."""
    declaration: bytes
    """What begins both: a declaration of XML 1.1; empty for XML 1.0."""
    start: Position
    """Where the first message begins."""
    merchant_identifier: str
    message_type: str
    purges: bool
    """PurgeAndReplace is true: what the feed does not name is to go."""
    instance_prefixes: tuple[str, ...]
    """The root's prefixes for the attributes that XML Schema itself defines."""
    complete: bool
    """The document ended without any message; `prolog` is all of it."""
    message: bytes = _VALID_MESSAGE
    """A message, of which nothing is told."""


class NotAnEnvelope(ValueError):
    """The feed's root cannot be found, or is not AmazonEnvelope. Line and column are from 1."""

    def __init__(self, line: int, column: int, text: bytes, complete: bool) -> None:
        """Take where that became plain, as much of the feed as was read, and whether that is all of it."""
        self.text = text
        self.complete = complete
        self.is_too_large = len(text) > MAX_PROLOG_BYTES and not complete
        """So much was read without meeting the first message."""
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


def read_envelope(stream: Utf8Stream, stand_in: StandIn = OURS_STANDS_IN) -> Envelope:
    """Read up to the first message of a feed; `stand_in` will stand in front of parts of it.

    Raises:
        NotAnEnvelope: the root cannot be found, or is another one.
        IllFormed: the feed is not well-formed so far.

    """
    quick = _PrologReader(stand_in)
    text = b""
    try:
        while len(text) <= MAX_PROLOG_BYTES:
            chunk = stream.read(_CHUNK)
            text += chunk
            if text.startswith(codecs.BOM_UTF8) or not is_plain(text):
                break
            if quick.is_done(chunk):
                return quick.make_envelope(text[: quick.first_message], complete=False)
            if not chunk:
                return quick.make_envelope(text, complete=True)
    except Undecodable as error:
        raise IllFormed(text, str(error)) from None
    except (_Doctype, _OtherRoot, expat.ExpatError):
        pass
    return _read_on(stream, text, stand_in)


def find_envelope(feed: BinaryIO) -> Envelope | None:
    """Return the envelope that a feed begins with; None for what is no XML, or cannot be read so far."""
    if not looks_like_xml(feed):
        return None
    try:
        return read_envelope(open_utf8(feed))
    except (NotAnEnvelope, IllFormed):
        return None


def _check_declaration(text: bytes) -> None:
    """Raise `IllFormed` where Amazon's parser does not take the XML declaration."""
    if not text.startswith(b"<?xml") or _ORDINARY_DECLARATION.match(text):
        return
    end = text.find(b"?>") + 2
    from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

    if scan(text[:end] + b"<a/>") is not None:
        raise IllFormed(text)


def _read_on(stream: Utf8Stream, text: bytes, stand_in: StandIn) -> Envelope:
    """Read a feed that expat does not take, or not as an envelope, as Amazon's parser does."""
    from feedproc.xerces.text.reading import Exact, Handlers, Stopped  # noqa: PLC0415 - hardly a feed needs it

    text, complete, stop = _read_rest(stream, text)
    # Amazon's parser would skip a byte order mark, but this one is the second.
    if text.startswith(codecs.BOM_UTF8) or is_taken_for_utf_16(text):
        raise NotAnEnvelope(1, 1, text, complete)
    reader = _PrologReader(stand_in)
    reading = reader.reading = Exact(
        Handlers(reader.start, reader.end, reader.add_characters, reader.declare, doctype=reader.refuse_doctype)
    )
    try:
        reading.read(text)
    except _Reached:
        return reader.make_envelope(text[: reader.first_message], complete=False)
    except _OtherRoot:
        _check_declaration(text)
        raise NotAnEnvelope(*_find_place(text, reader.root, find_tag_end(text, reader.root)), text, complete) from None
    except Stopped as stopped:
        fatal = stopped.fatal
        if stop and fatal.key in _ENDS:
            raise IllFormed(text, stop) from None
        if not complete and fatal.key in _ENDS:
            raise NotAnEnvelope(*_find_place(text, reader.root, len(text)), text, complete) from None
        is_no_xml = fatal.key in _NO_XML or not text.lstrip().startswith(b"<")
        if text.strip() and not reader.in_envelope and is_no_xml:
            raise NotAnEnvelope(*_find_place(text, reader.root, fatal.offset or 0), text, complete) from None
        raise IllFormed(text) from None
    return reader.make_envelope(text, complete=True)


def _read_rest(stream: Utf8Stream, text: bytes) -> tuple[bytes, bool, str]:
    """Read on as far as a prolog may go; tell whether that was all of the feed, and what stopped the reading."""
    while len(text) <= MAX_PROLOG_BYTES:
        try:
            chunk = stream.read(_CHUNK)
        except Undecodable as error:
            return text, False, str(error)
        if not chunk:
            return text, True, ""
        text += chunk
    return text, False, ""


def _find_place(text: bytes, root: int, offset: int) -> tuple[int, int]:
    """Return line and column of a byte of the feed; where its root begins may not be known yet (-1)."""
    return Ruler(text + _MESSAGE, root if root >= 0 else len(text)).locate(offset)


def _escape(value: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", value.replace(STAND_IN, "\x1f"))


class _PrologReader:
    """Reads what stands before the first message, and takes note of what is told there."""

    def __init__(self, stand_in: StandIn) -> None:
        """Read with expat, part by part, unless there is another way of reading."""
        self._stand_in = stand_in
        self._expat = parser = expat.ParserCreate("utf-8", "}")
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.add_characters
        parser.StartNamespaceDeclHandler = self.declare
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.reading: Reading | None = None
        """The other way of reading, which calls the same handlers."""
        self.in_envelope = False
        self.root = -1
        self.first_message = 0
        self._open: list[str] = []
        self._namespaces: dict[str | None, str | None] = {}
        self._texts = {"MerchantIdentifier": "", "MessageType": "", "PurgeAndReplace": ""}

    def is_done(self, chunk: bytes) -> bool:
        """Read on with expat; tell whether the first message was met."""
        try:
            self._expat.Parse(chunk, not chunk)
        except _Reached:
            return True
        return False

    @property
    def _at(self) -> int:
        return self._expat.CurrentByteIndex if self.reading is None else self.reading.at

    def make_envelope(self, prolog: bytes, complete: bool) -> Envelope:
        """Return what was read. Raises `IllFormed` where Amazon's parser does not take the XML declaration."""
        _check_declaration(prolog)
        names = "".join(
            f' {"xmlns:" + prefix if prefix else "xmlns"}="{_escape(uri or "")}"'
            for prefix, uri in self._namespaces.items()
        )
        prefixes = [prefix for prefix, uri in self._namespaces.items() if prefix and uri == _INSTANCE]
        # Expat is not asked about XML 1.1.
        declaration = DECLARATION if self.reading is not None and is_xml_1_1(prolog) else b""
        opening = declaration + f"<{_ROOT}{names}>".encode()
        return Envelope(
            prolog=prolog,
            wrapper=opening + self._stand_in.head + self._stand_in.message,
            message=self._stand_in.message,
            opening=opening,
            declaration=declaration,
            merchant_identifier=self._texts["MerchantIdentifier"].strip(),
            message_type=self._texts["MessageType"],
            purges=self._texts["PurgeAndReplace"].strip() in {"true", "1"},
            instance_prefixes=tuple(prefixes),
            complete=complete,
            start=Position(len(prolog), *_find_place(prolog, self.root, len(prolog))),
        )

    def start(self, name: str, _attributes: object) -> None:
        """Take note that an element begins: the root, the first message, or one of the header."""
        if not self._open:
            self.root = self._at
            if name != _ROOT:
                raise _OtherRoot
            self.in_envelope = True
        elif len(self._open) == 1 and name == "Message":
            self.first_message = self._at
            raise _Reached
        self._open.append(name)

    def end(self, _name: str) -> None:
        """Take note that an element ends."""
        self._open.pop()

    def add_characters(self, text: str) -> None:
        """Take the text of what is told."""
        if len(self._open) in {2, 3} and self._open[1:] in _TOLD:
            self._texts[self._open[-1]] += text

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Take note of the root's prefixes."""
        if not self._open:
            self._namespaces[prefix] = uri

    def refuse_doctype(self, *_: object) -> NoReturn:
        """Refuse a document type declaration."""
        raise _Doctype
