"""Every English text that feedproc says in plain words, as it stands in the code."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import feedproc
from feedproc import feedtypes
from feedproc.explain import beginnings, explanation, scanner, values
from feedproc.explain.hints import ENVELOPE, Hints
from feedproc.feeds import endings
from feedproc.formats.flat import headings
from feedproc.formats.flat.form import FlatFile
from feedproc.wiring.feed_types import load_feed_types

_PACKAGE = Path(feedproc.__file__).parent
_ROOMS = ("explain", "feeds", "feedtypes", "formats", "orders", "services")
_PLACES = {
    "say": (0,), "mend_order_id": (0,), "mend_item_code": (0,),
    "join_parts": (0,), "Unfit": (0, 1), "Declined": (1,), "_fill_template": (0,), "explain_bound": (0,),
}  # fmt: skip
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
    for hints in (ENVELOPE, *all_hints()):
        yield from _in_hints(hints)
    yield from endings.ENDINGS
    yield from values._TYPES.values()
    yield from explanation._TAKES.values()
    yield from beginnings._PACKED.values()
    yield from (text for _, *texts in beginnings._OTHERWISE_SAVED for text in texts)
    yield from headings._PACKED.values()
    pairs = [*scanner.SCANNER.values(), *(pair for _, pair in scanner._OUR_OWN), scanner._OTHERWISE]
    yield from (text for pair in pairs for text in pair if text)
    declared = load_feed_types()
    forms = (declared.look_up(name).format for name in declared.names)
    yield from (form.template.title for form in forms if isinstance(form, FlatFile))


def _in_hints(hints: Hints) -> Iterator[str]:
    yield from (text for one in hints.elements.values() for text in (one.purpose, one.holds, one.advice) if text)
    for table in (hints.in_place, hints.repeated, hints.missing, hints.either, hints.otherwise):
        yield from table.values()
    yield from (called.words for several in hints.called.values() for called in several)


def all_hints() -> list[Hints]:
    """What each feed type tells of its messages."""
    folder = Path(feedtypes.__file__).parent
    modules = (import_module(f"feedproc.feedtypes.{path.parent.name}.hints") for path in folder.glob("*/hints.py"))
    return [module.HINTS for module in modules]
