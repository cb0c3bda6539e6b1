"""What stands before the first message of an XML feed."""

import re
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from msgspec import Struct

from feedproc.formats.encoding import Utf8Stream
from feedproc.formats.limits import MAX_PROLOG_BYTES

_CHUNK = 16 * 1024
_ROOT = "AmazonEnvelope"
_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*+>""")
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
    merchant_identifier: str
    message_type: str
    complete: bool
    """The document ended without any message; `prolog` is all of it."""

    @property
    def as_document(self) -> bytes:
        """The prolog with one valid message in it, so that only what is wrong with the prolog itself is found."""
        return self.prolog if self.complete else self.prolog + _VALID_MESSAGE + END_TAG


class NotAnEnvelope(ValueError):
    """The feed's root cannot be found, or is not AmazonEnvelope. Line and column are from 1."""

    def __init__(self, line: int, column: int) -> None:
        """Take where that became plain."""
        self.line = line
        self.column = column
        super().__init__(f"not an AmazonEnvelope at line {line}, column {column}")


class IllFormed(ValueError):
    """The feed is not well-formed before its first message. `text` is as much of it as was read."""

    def __init__(self, text: bytes) -> None:
        """Take what was read so far."""
        self.text = text
        super().__init__("not well-formed before the first message")


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
    while len(text) <= MAX_PROLOG_BYTES:
        chunk = stream.read(_CHUNK)
        text += chunk
        try:
            reader.feed(chunk)
        except _Reached:
            return reader.envelope(text[: reader.first_message], complete=False)
        except _Doctype:
            raise IllFormed(text) from None
        except expat.ExpatError as error:
            if reader.in_envelope or not text.strip():
                raise IllFormed(text) from error
            raise NotAnEnvelope(error.lineno, error.offset + 1) from error
        except _OtherRoot:
            raise NotAnEnvelope(*_past_tag(text, reader.root)) from None
        if not chunk:
            return reader.envelope(text, complete=True)
    raise NotAnEnvelope(reader.parser.CurrentLineNumber, reader.parser.CurrentColumnNumber + 1)


def _past_tag(text: bytes, start: int) -> tuple[int, int]:
    end = _TAG.match(text, start)
    before = text[: end.end() if end else len(text)].decode("utf-8", "replace")
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


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

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, not chunk)

    def envelope(self, prolog: bytes, complete: bool) -> Envelope:
        names = "".join(
            f" {'xmlns:' + prefix if prefix else 'xmlns'}={quoteattr(uri or '')}"
            for prefix, uri in self._namespaces.items()
        )
        return Envelope(
            prolog=prolog,
            wrapper=f"<{_ROOT}{names}>".encode() + _VALID_HEAD + _VALID_MESSAGE,
            merchant_identifier=self._texts["MerchantIdentifier"].strip(),
            message_type=self._texts["MessageType"],
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
