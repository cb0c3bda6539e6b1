"""Every English text that feedproc says in plain words, as it stands in the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import feedproc
from feedproc import feedtypes
from feedproc.explain import beginnings, elements, list_hints, rules, scanner, structure_hints, values
from feedproc.feeds import endings
from feedproc.feeds.feed_type import declared_in
from feedproc.formats.flat import FlatFile, headings

_PACKAGE = Path(feedproc.__file__).parent
_ROOMS = ("explain", "feeds", "feedtypes", "formats", "orders", "services")
_PLACES = {"say": (0,), "joined": (0,), "Unfit": (0, 1), "Declined": (1,), "_template": (0,), "beyond": (0,)}
"""What takes an English text, and where."""


def english() -> set[str]:
    """All of them: those that are written where they are said, and those in tables."""
    files = [file for room in _ROOMS for file in (_PACKAGE / room).rglob("*.py")]
    return {text for file in files for text in _in_code(ast.parse(file.read_text()))} | set(_in_tables())


def _in_code(tree: ast.Module) -> Iterator[str]:
    named = _named(tree)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            arguments = call.args
            if name == "partial" and getattr(arguments[0], "id", "") in _PLACES:
                name, arguments = arguments[0].id, arguments[1:]  # type: ignore[attr-defined]
            for place in _PLACES.get(name, ()):
                yield from _texts(arguments[place], named) if place < len(arguments) else ()


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield ast.unparse(node)  # filled in where it is found out, so that no other language can say it
    elif isinstance(node, ast.Name):
        for value in named.get(node.id, ()):
            yield from _texts(value, {})
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        for value in (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values:
            yield from _texts(value, named)


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What is assigned to each name of a module, wherever that is."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _in_tables() -> Iterator[str]:
    about = [*elements.ELEMENTS.values()]
    yield from (text for one in about for text in (one.purpose, one.holds, one.advice) if text)
    yield from endings.ENDINGS
    yield from values._TYPES.values()
    yield from rules._ATTRIBUTES.values()
    yield from beginnings._PACKED.values()
    yield from headings._PACKED.values()
    yield from structure_hints._IN_PLACE.values()
    yield from structure_hints._MISSING.values()
    pairs = [*scanner.SCANNER.values(), *(pair for _, pair in scanner._OUR_OWN), scanner._OTHERWISE]
    yield from (text for pair in pairs for text in pair if text)
    yield from (words for words, _ in list_hints._MEANT.values())
    declared = declared_in(feedtypes)
    forms = (declared.named(name).format for name in declared.names)
    yield from (form.template.title for form in forms if isinstance(form, FlatFile))
