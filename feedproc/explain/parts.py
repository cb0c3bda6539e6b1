"""The parser's sentences taken apart again: from each template a pattern, from each sentence what filled it."""

import re
from functools import cache
from string import Formatter

from feedproc.xerces.text.scanner_messages import FATALS
from feedproc.xerces.walk.schema_messages import SENTENCES

_HEAD = 1000
_TAIL = 12_000
"""Characters kept of a sentence that a huge value makes long: the value is in front, lists of names behind."""
_QUALIFIED = re.compile(r'\{?"[^"]*":([^}]*)\}?')


def take_apart(rule: str, sentence: str) -> tuple[str, ...] | None:
    """Return what stands in the sentence, in the order of its template's places; None when it is not that rule's."""
    pattern = _compile_pattern(rule)
    if pattern is None:
        return None
    found = pattern.fullmatch(_shorten(sentence.removeprefix(f"{rule.removesuffix('_ns')}: ")))
    if found is None:
        return None
    named = found.groupdict()
    return tuple(named[f"a{place}"] for place in range(len(named)))


def strip_to_local(name: str) -> str:
    """Return the name of an element without prefix, namespace or number: what people call it."""
    qualified = _QUALIFIED.fullmatch(name)
    return (qualified[1] if qualified else name).rpartition(":")[2].partition("[")[0].strip("{}")


def read_list(text: str) -> list[str]:
    """Return the names in a list such as `{A, B}` or `[A, B]`."""
    return [name for name in text[1:-1].split(", ") if name]


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= _HEAD + _TAIL else f"{sentence[:_HEAD]}…{sentence[-_TAIL:]}"


@cache
def _compile_pattern(rule: str) -> re.Pattern[str] | None:
    template = SENTENCES.get(rule) or FATALS.get(rule)
    if template is None:
        return None
    expression, seen, numbers = "", set[str](), iter(range(100))
    for literal, field, _, _ in Formatter().parse(template):
        expression += re.escape(literal)
        if field is None:
            continue
        place = field or str(next(numbers))
        expression += ".*?" if place in seen else f"(?P<a{place}>.*?)"
        seen.add(place)
    # The last place is the long one: it is quicker found from behind.
    return re.compile(".*".join(expression.rsplit(".*?", 1)), re.DOTALL)
