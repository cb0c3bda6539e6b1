"""Messages that are valid for certain, told by their likeness to valid ones: no parser looks at them.

Their tags are the same, so that only their texts may be wrong. Of most types some values are told by a regular
expression, and a text that is none of them is parsed; texts of the others are judged by our own reading of the schema.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from feedproc.formats.xml.likeness import Kinds, LikenessPattern, Passage, is_same, make_pattern
from feedproc.formats.xml.runs import Texts

if TYPE_CHECKING:
    from feedproc.xerces import Schema
    from feedproc.xerces.schema.model import ElementDeclaration, SimpleType

_PLAIN = "!-%'-;=?-~"
"""ASCII without blanks, and without what has a meaning in XML."""
_WIDE = _PLAIN + "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fa5\uff01-\uff5e"
"""The same, and what Japanese is written in."""
_JUDGED_TEXT = r"[ -%'-;=?-~\t\n]*"
"""A text of ASCII that parsers read as it is."""
_MOST = 1_000
_CLASSES = {r"\d": "[0-9]", r"\w": "[0-9A-Za-z]", r"\.": r"\.", "-": "-"}
_PATTERN = re.compile(r"(?:(?:\\[dw.]|-)(?:\{[0-9]{1,3}(?:,[0-9]{1,3})?\})?)+")
_PART = re.compile(r"(\\[dw.]|-)(\{[^}]*\})?")
_DIGITS_UP_TO = re.compile(r"\\d\{1,([0-9]{1,2})\}")
_MOMENT = (
    r"[12][0-9]{3}-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?"
)
_FEWEST = frozenset({"0", "1"})
"""Least values that any number has that does not begin with a zero."""


class ValidLikeness:
    """What valid messages of one feed look like: others with the same tags are valid if their texts are."""

    def __init__(self, schema: "Schema") -> None:
        """Take the schema of AmazonEnvelope."""
        self._schema = schema
        self._kinds = Kinds()
        self._judged: dict[LikenessPattern, Sequence[tuple[int, SimpleType]]] = {}
        """Of each kind, which texts are judged, by which types."""

    def learn(self, text: str, message: etree._Element) -> None:
        """Take note of a valid message, of which the text and the parsed element are given, unless it is an odd one."""
        if not self._kinds.wants(text):
            return
        types: list[SimpleType | None] = []

        def write(path: Sequence[str]) -> str | None:
            kind = _find_type(self._schema, path)
            rule = None if kind is None else write_rule(kind)
            types.append(kind if rule is None else None)
            return rule if kind is None or rule is not None else _JUDGED_TEXT

        pattern = make_pattern(text, write)
        if pattern is not None and is_same(pattern.message, message):
            self._kinds.add(pattern)
            self._judged[pattern] = [(place, kind) for place, kind in enumerate(types) if kind is not None]

    def divide(self, text: str, most: int) -> list[Passage] | None:
        """Return what stands in a text, as `Kinds` does: messages that are not valid for certain are like none."""
        found = self._kinds.divide(text, most)
        if found is None:
            return None
        together = dict[LikenessPattern, list[Texts]]()
        for one in found:
            if one.kind is not None:
                together.setdefault(one.kind, []).extend(one.rows)
        invalid = {kind: wrong for kind, rows in together.items() if (wrong := self._find_invalid(kind, rows))}
        if invalid:
            found = [part for one in found for part in one.split(_list_odd(one, invalid))]
        return found

    def _find_invalid(self, pattern: LikenessPattern, rows: Sequence[Texts]) -> "_Invalid":
        invalid = list[tuple[int, Collection[str]]]()
        for place, kind in self._judged[pattern]:
            values = {row[place] for row in rows}
            if not values <= kind.values:
                wrong = {value for value in values if kind.complain(value) is not None}
                invalid += [(place, wrong)] if wrong else []
        return invalid


_Invalid = Sequence[tuple[int, Collection[str]]]
"""Of messages of one kind, which texts have values that are not valid."""


def _list_odd(stretch: Passage, invalid: dict[LikenessPattern, _Invalid]) -> Sequence[int]:
    """Return the places of the messages that hold such a value."""
    wrong = invalid.get(stretch.kind, ()) if stretch.kind is not None else ()
    found = {number for place, values in wrong for number, row in enumerate(stretch.rows) if row[place] in values}
    return sorted(found)


def _find_type(schema: "Schema", path: Sequence[str]) -> "SimpleType | None":
    """Return the type of the texts of an element, by the names from the message to it; None where that is open."""
    from feedproc.xerces.schema.model import SimpleType, list_children  # noqa: PLC0415 - not before a long feed

    tops: Iterable[ElementDeclaration] = schema.elements.values()
    found = [one for one in tops if one.name == "AmazonEnvelope"]
    for name in path:
        if len(found) != 1:
            return None
        found = [one for one in list_children(found[0].type) if one.name == name]
    if len({id(one.type) for one in found}) != 1 or any(one.default is not None for one in found):
        return None
    kind = found[0].type
    return kind if isinstance(kind, SimpleType) else kind.simple


def write_rule(kind: "SimpleType") -> str | None:
    """Return an expression for some values of a type; None where none is known."""
    is_plain = not (kind.identifies or kind.token or kind.item is not None or kind.members)
    write = _WRITERS.get(kind.primitive)
    return write(kind) if is_plain and write is not None and kind.enumeration is None else None


def _write_text(kind: "SimpleType") -> str | None:
    lengths = kind.length, kind.min_length, kind.max_length
    if not kind.patterns:
        least, most = max(1, kind.length or kind.min_length or 0), kind.length or kind.max_length or _MOST
        if least > most or 0 in {kind.length, kind.max_length}:
            return None
        usual = f"[{_PLAIN}]{{{least},{most}}}"
        # Blanks may stand within, of which several may count as one. All else is tried first, which takes less time.
        # A text is read in one way alone (`?>`): two for each of many texts would be tried in all combinations.
        return f"(?>{usual}(?=<)|(?! )[{_WIDE} ]{{1,{most}}}(?<! ))" if least == 1 < most else usual
    source = kind.patterns[0].source
    if len(kind.patterns) > 1 or lengths != (None, None, None) or not _PATTERN.fullmatch(source):
        return None
    return "".join(_CLASSES[part] + times for part, times in _PART.findall(source))


def _write_integer(kind: "SimpleType") -> str | None:
    if kind.total_digits is not None or not set(kind.bounds) <= {"minInclusive"}:
        return None
    if kind.bounds and str(kind.bounds["minInclusive"]) not in _FEWEST:
        return None
    if not kind.patterns:
        return "[1-9][0-9]{0,17}"
    digits = _DIGITS_UP_TO.fullmatch(kind.patterns[0].source) if len(kind.patterns) == 1 else None
    return f"[1-9][0-9]{{0,{int(digits[1]) - 1}}}" if digits is not None and int(digits[1]) > 0 else None


def _write_decimal(kind: "SimpleType") -> str | None:
    if kind.patterns or kind.bounds:
        return None
    behind = 2 if kind.fraction_digits is None else min(2, kind.fraction_digits)
    before = min(15, 15 if kind.total_digits is None else kind.total_digits - behind)
    if before < 1:
        return None
    return f"[0-9]{{1,{before}}}" + (rf"(?:\.[0-9]{{1,{behind}}})?" if behind else "")


def _write_moment(kind: "SimpleType") -> str | None:
    return None if kind.patterns or kind.bounds else _MOMENT


_WRITERS = {"string": _write_text, "integer": _write_integer, "decimal": _write_decimal, "dateTime": _write_moment}
