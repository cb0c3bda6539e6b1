"""Whether the names of functions begin with a verb.

A function says what it does: `find_order`, `_refuse_doctype`. What counts and what does not:

- The first word, behind any underscores, is looked up in `words.toml`. Words that are mostly nouns in this project
  (`order`, `line`, `page`) are not in the list, even though English lets them be verbs.
- `is_`, `has_` and the like claim something, and so does a verb in the third person (`accepts`, `looks_like_xml`).
- `as_`, `from_`, `to_` and `with_` convert or copy, as in Python's own library.
- Properties are named like the value they give, and are not counted. Neither are dunder methods, further `overload`s,
  commands (their name is the word typed at the prompt) and methods whose name somebody else chose: a base class of
  Python's library, the WSGI, Lambda.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import Sources

_WORDS = {
    group: frozenset(words.split())
    for group, words in tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8")).items()
}
BEGINNINGS = _WORDS["verbs"] | _WORDS["claims"] | _WORDS["conversions"]
FRAGMENTS = _WORDS["prepositions"] | _WORDS["participles"]


@dataclass(frozen=True)
class Function:
    """A function or method whose name is the project's own choice."""

    module: str
    name: str
    line: int

    @property
    def begins_with_verb(self) -> bool:
        """Whether the first word is a verb, a claim or a conversion."""
        word, _, rest = self.name.strip("_").partition("_")
        if rest and word in _WORDS["transitive"]:
            return True
        return word in BEGINNINGS or _find_infinitive(word) in _WORDS["verbs"]

    @property
    def is_fragment(self) -> bool:
        """Whether the name begins with a participle, a gerund or a preposition: a call reads like half a sentence."""
        word = self.name.strip("_").split("_")[0]
        return not self.begins_with_verb and (word in FRAGMENTS or word.endswith(("ed", "ing")))

    @property
    def room(self) -> str:
        """The folder or module right below the package."""
        return self.module.split(".")[1]


def list_functions(sources: Sources) -> list[Function]:
    """Return every function whose name counts."""
    return [
        Function(module.name, node.name, node.lineno)
        for module in sources.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_our_choice(node)
    ]


def list_nameless(sources: Sources) -> list[Function]:
    """Return the functions whose name does not begin with a verb."""
    return [function for function in list_functions(sources) if not function.begins_with_verb]


def _is_our_choice(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if node.name.startswith("__") or node.name in _WORDS["chosen_elsewhere"]:
        return False
    return not any(_gives_value(decorator) for decorator in _list_decorators(node))


def _list_decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _gives_value(decorator: str) -> bool:
    return decorator.rpartition(".")[2] in {"property", "cached_property", "setter", "overload", "command", "group"}


def _find_infinitive(word: str) -> str:
    """Return the verb of a third person: accepts → accept, matches → match, carries → carry."""
    if word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word.removesuffix("es")
    return word.removesuffix("s")


def list_repeated_classes(sources: Sources) -> dict[str, list[str]]:
    """Return the class names that more than one class has, with their modules."""
    return {name: modules for name, modules in sorted(sources.list_classes().items()) if len(modules) > 1}
