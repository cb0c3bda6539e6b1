"""A fault becomes its reason and its hint."""

from functools import lru_cache

from feedproc.explain import Plain, scanner
from feedproc.explain.case import case_of
from feedproc.explain.hints import hint
from feedproc.explain.parts import parts
from feedproc.explain.rules import RULES
from feedproc.feeds.saying import Saying, say, shown

_LONGEST_PART = 200
"""Characters of what fills a place: a hostile value can look like the parser's own words around it."""
_REMEMBERED = 512
_REMEMBERED_LENGTH = 8192
_OTHERWISE = "What stands here does not fit the schema of the feed."


def said(rule: str, path: str, sentence: str) -> Plain:
    """Return what is said of a fault."""
    if len(sentence) > _REMEMBERED_LENGTH:
        return _said(rule, path, sentence)
    return _remembered(rule, path, sentence)


def _said(rule: str, path: str, sentence: str) -> Plain:
    if rule not in RULES:
        is_of_schema = path or rule.startswith("SCHEMAV")
        return Plain(say(_OTHERWISE), None) if is_of_schema else scanner.said(rule, sentence)
    arguments = parts(rule, sentence)
    if arguments is None:
        return Plain(say(_OTHERWISE), None)
    case = case_of(rule, path, arguments)
    meant = hint(case)
    return Plain(_visible(RULES[rule](case)), _visible(meant) if meant else None)


def _visible(said: Saying) -> Saying:
    parts = (_visible(part) if isinstance(part, Saying) else shown(part, _LONGEST_PART) for part in said.parts)
    return Saying(said.text, tuple(parts))


_remembered = lru_cache(_REMEMBERED)(_said)
"""A program that makes a mistake makes it in each message."""
