"""What became of a feed: one result a message that did not simply succeed, and the counts over all of them."""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.saying import Part, Saying

NO_MESSAGE = "0"
"""The message id of a result that concerns the whole feed."""
NO_ENVELOPE = "9223372036854775807"
"""The message id of a result about a feed that is not even an envelope (observed; the largest 64-bit number)."""

_LONGEST_KEPT = 4_000
"""Characters of a text that `shorten` leaves."""


class Severity(StrEnum):
    """The two result codes of a processing report; success leaves no result."""

    ERROR = "Error"
    WARNING = "Warning"


class Located(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where in a feed the parser found something, and what it says of it: help for people, beside Amazon's text."""

    line: int
    column: int
    """Both from 1; -1 where the parser tells no place."""
    rule: str
    """The rule of XML Schema that is broken, such as `cvc-pattern-valid`."""
    path: str = ""
    """Of the element, from the root."""
    sentence: str = ""
    """The report's text in the form that tells place and sentence."""
    envelope_ends: tuple[int, int] | None = None
    """Behind the root's end tag, where Amazon tells that place."""

    @property
    def reported_line(self) -> int:
        """The line that Amazon tells of a feed that is ill-formed."""
        return self.line if self.envelope_ends is None else self.envelope_ends[0]

    @property
    def reported_column(self) -> int:
        """The column that Amazon tells of a feed that is ill-formed."""
        return self.column if self.envelope_ends is None else self.envelope_ends[1]


class Result(Struct, frozen=True, gc=False):
    """What became of one message."""

    message_id: str
    code: int
    """The result message code: Amazon's number for why."""
    description: str
    """Amazon's text for why."""
    severity: Severity = Severity.ERROR
    amazon_order_id: str | None = None
    """Told in AdditionalInfo when the sender named the order so and the order was found."""
    reason: Part | None = None
    """The same in plain words, for people; never sent in a report."""
    order_item_code: str | None = None
    """The item it is about; told in the reports of flat files."""
    sku: str | None = None
    """The SKU it is about; told in the reports of flat files about goods."""
    located: Located | None = None
    """Where the parser found it, if the parser did; never sent in a report."""


def shorten(result: Result) -> Result:
    """Return a result whose texts any store can keep: each is cut to some thousand characters."""
    return replace(
        result,
        message_id=_cut(result.message_id),
        description=_cut(result.description),
        amazon_order_id=result.amazon_order_id and _cut(result.amazon_order_id),
        order_item_code=result.order_item_code and _cut(result.order_item_code),
        reason=None if result.reason is None else _cut_part(result.reason),
        located=None if result.located is None else _cut_located(result.located),
    )


def _cut_located(located: Located) -> Located:
    return replace(located, path=_cut(located.path), sentence=_cut(located.sentence))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_KEPT else f"{text[: _LONGEST_KEPT - 1]}…"


def _cut_part(part: Part) -> Part:
    return _cut(part) if isinstance(part, str) else Saying(part.text, tuple(map(_cut_part, part.parts)))


class Summary(Struct, frozen=True, gc=False):
    """The four counts of a processing report. Messages with a warning are among the successful."""

    processed: int = 0
    successful: int = 0
    with_error: int = 0
    with_warning: int = 0

    def __add__(self, other: "Summary") -> "Summary":
        """Add count by count."""
        return Summary(
            self.processed + other.processed,
            self.successful + other.successful,
            self.with_error + other.with_error,
            self.with_warning + other.with_warning,
        )
