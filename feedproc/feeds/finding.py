"""What is wrong with a feed, where, and what that means for its messages."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import NO_ENVELOPE, NO_MESSAGE, Located, Result, Severity
from feedproc.feeds.result_codes import ILL_FORMED_ENVELOPE
from feedproc.feeds.saying import Part, Saying


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong with a feed."""

    line: int
    column: int
    """Both from 1, where Amazon's parser tells them; -1 for a feed that is empty."""
    message_id: str | None
    """The message it is in, when that is known."""
    code: int
    """The result message code it leads to."""
    rule: str
    """The rule of XML Schema or of the feed type that is broken, such as `cvc-pattern-valid`."""
    path: str
    """Of the element, from the root; empty when there is none."""
    description: str
    """The text that stands in the report."""
    reason: Part | None = None
    """The same in plain words, for people."""
    hint: Part | None = None
    """What was probably meant, where something comes to mind."""
    severity: Severity = Severity.ERROR
    """A warning keeps nothing from taking effect."""
    envelope_ends: tuple[int, int] | None = None
    """Line and column behind the root's end tag, where Amazon tells that place."""

    @property
    def result(self) -> Result:
        """The result that tells a seller of it."""
        ends = self.envelope_ends
        located = Located(self.line, self.column, self.rule, self.path, self.description, ends)
        return Result(self.reported_id, self.code, self.description, self.severity, reason=self._said, located=located)

    @property
    def _said(self) -> Part | None:
        if self.reason and self.hint:
            return Saying(" ", (self.reason, self.hint))
        return self.reason or self.hint or None

    @property
    def reported_id(self) -> str:
        """The message id under which a report tells of it."""
        if self.code == ILL_FORMED_ENVELOPE.code:
            return NO_ENVELOPE
        return self.message_id or NO_MESSAGE


class Survey(Struct, frozen=True, kw_only=True):
    """What the first look through a whole feed gave; nothing is applied before it."""

    findings: Sequence[Finding] = ()
    """What is wrong outside of any message."""
    unreadable: bool = False
    """The feed cannot be divided into messages; no message is looked at."""
    merchant_identifier: str | None = ""
    """As the feed gives it; None for a feed that does not say whose it is, as flat files do not."""
    messages: int = 0
    purges: bool = False
    """The feed says itself that what it does not name is to go."""
    start: Position = Position()
    """Where the first message begins."""
    notes: Any = None
    """Whatever the format wants to remember for reading."""

    @property
    def results(self) -> tuple[Result, ...]:
        """What a report tells of the findings: one result for each place, the first one found there."""
        return tuple({(one.line, one.column): one.result for one in reversed(self.findings)}.values())[::-1]

    @property
    def withheld(self) -> bool:
        """The feed is faulty as a whole, so that no message of it takes effect."""
        return any(one.severity is Severity.ERROR for one in self.findings)


class Portion(Struct, frozen=True, gc=False):
    """A part of a feed between two message boundaries."""

    end: Position
    messages: Sequence[Message | Result]
    """In feed order: each message that can be applied, and for each other one the result that says why not."""


class Inspection(Struct, frozen=True, gc=False):
    """What is wrong in a part of a feed."""

    messages: int
    findings: Sequence[Finding]
    done: int
    """Bytes of the feed up to the end of this part."""
    placed: Sequence[tuple[int, Message]] = ()
    """The messages in which nothing is wrong so far, each with the line on which it begins; of one feed type only."""
    path: str = "/AmazonEnvelope/Message"
    """Of a message; empty where messages are rows."""
