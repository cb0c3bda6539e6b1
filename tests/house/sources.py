"""The sources of feedproc as a graph: modules, who imports whom, functions and classes.

Imports are counted wherever they stand: at the top, inside a function, and under `TYPE_CHECKING`.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "feedproc"
_LISTED = frozenset({"feedproc.console.pages", "feedproc.feedtypes", "feedproc.reporttypes"})
"""Packages whose modules are found by listing them."""


@dataclass(frozen=True)
class Module:
    """One file of the package, read and parsed."""

    name: str
    path: Path
    is_package: bool
    text: str
    tree: ast.Module

    @cached_property
    def lines(self) -> int:
        """Number of lines of the file, blank ones and comments included."""
        return self.text.count("\n")


@dataclass(frozen=True)
class Import:
    """That one module imports another; a deferred import stands in a function or under `TYPE_CHECKING`."""

    importer: str
    imported: str
    is_deferred: bool


class Sources:
    """Every module under `root/feedproc`, read once."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.modules = {module.name: module for module in _read_modules(root)}

    @cached_property
    def imports(self) -> frozenset[Import]:
        """Imports among the modules. Importing a name from a package leads to its module, or else to its `__init__`."""
        return frozenset(
            found for module in self.modules.values() for found in self._find_imports(module, module.tree, False)
        )

    def _find_imports(self, module: Module, tree: ast.AST, is_deferred: bool) -> Iterator[Import]:
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = _find_base(module, node)
                targets = [name if (name := f"{base}.{alias.name}") in self.modules else base for alias in node.names]
            else:
                targets = []
                deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _is_for_types(node)
                yield from self._find_imports(module, node, is_deferred or deferred)
            for target in targets:
                if target in self.modules and target != module.name:
                    yield Import(module.name, target, is_deferred)

    @cached_property
    def graph(self) -> dict[str, set[str]]:
        """Each module with those that it imports, deferred imports included."""
        graph: dict[str, set[str]] = {name: set() for name in self.modules}
        for found in self.imports:
            graph[found.importer].add(found.imported)
        return graph

    @cached_property
    def importers(self) -> dict[str, set[str]]:
        """Each module with those that import it."""
        importers: dict[str, set[str]] = defaultdict(set)
        for found in self.imports:
            importers[found.imported].add(found.importer)
        return importers

    @cached_property
    def components(self) -> list[list[str]]:
        """Strongly connected components, each after those that it imports (Tarjan)."""
        return _find_components(self.graph)

    def find_cycles(self) -> list[list[str]]:
        """Return each set of modules that import each other, directly or by way of others."""
        return sorted(sorted(members) for members in self.components if len(members) > 1)

    @cached_property
    def depths(self) -> dict[str, int]:
        """The number of modules on the longest chain of imports that begins with each; a cycle counts as one."""
        depths: dict[str, int] = {}
        for members in self.components:
            below = [depths[other] for one in members for other in self.graph[one] if other not in members]
            depths.update(dict.fromkeys(members, 1 + max(below, default=0)))
        return depths

    def measure_depth(self) -> int:
        """Return the number of modules on the longest chain of imports."""
        return max(self.depths.values(), default=0)

    def find_longest_chain(self) -> Iterator[str]:
        """Yield the modules of a longest chain of imports, each before one that it imports."""
        following: Iterable[str] = self.modules
        while name := max(sorted(following), key=self.depths.__getitem__, default=None):
            yield name
            following = [other for other in self.graph[name] if self.depths[other] < self.depths[name]]

    def list_single_doors(self) -> list[str]:
        """Return the modules that one module beside them keeps for itself: no other imports them.

        Not counted is what has a second way in: what code finds by listing a folder, and what `serverless.yml` names.
        Nor what only its own folder's `__init__` imports, which is told by `list_parts`.
        """
        return sorted(name for name, importer in self._find_only_importers() if importer != name.rpartition(".")[0])

    def list_parts(self) -> list[str]:
        """Return the modules that their own folder's `__init__` alone imports.

        Such a folder is a list of files alike: the actions of a section, the operations of an API, the parts of a feed
        type, the adapters of a back end. Whoever looks for one finds it by its name in the folder, and one more is one
        more file; to fold them into the `__init__` would make one long module of each folder.
        """
        return sorted(name for name, importer in self._find_only_importers() if importer == name.rpartition(".")[0])

    def _find_only_importers(self) -> Iterator[tuple[str, str]]:
        """Yield each module with the only one that imports it; packages' `__init__` files do not count."""
        handlers = re.findall(r"handler: ([\w/]+)\.\w+", (ROOT / "serverless.yml").read_text("utf-8"))
        named = {name.replace("/", ".") for name in handlers}
        for module in self.modules.values():
            importers = list(self.importers[module.name])
            is_found = module.name in named or module.name.rpartition(".")[0] in _LISTED
            if not module.is_package and not is_found and len(importers) == 1:
                yield module.name, importers[0]

    def count_lines(self, room: str = "") -> int:
        """Return the lines of every module, or of those in one folder such as `formats`."""
        folder = self.root / PACKAGE / room
        return sum(module.lines for module in self.modules.values() if module.path.is_relative_to(folder))

    def list_classes(self) -> dict[str, list[str]]:
        """Return the modules that define each class name, local classes included."""
        classes: dict[str, list[str]] = defaultdict(list)
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    classes[node.name].append(module.name)
        return classes


def count_exceptions() -> int:
    """Return how many lines of all programs are taken out of what ruff and mypy check."""
    files = [path for folder in (PACKAGE, "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    return sum(len(re.findall(r"# (?:noqa|type: ignore)\b", path.read_text("utf-8"))) for path in files)


def _read_modules(root: Path) -> Iterator[Module]:
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = list(path.relative_to(root).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text("utf-8")
        yield Module(name, path, is_package, text, ast.parse(text))


def _find_base(module: Module, node: ast.ImportFrom) -> str:
    """Return the package that `from … import` names, absolute."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*parts, node.module] if node.module else parts)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _find_components(graph: dict[str, set[str]]) -> list[list[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            components.append(stack[at:])
            del stack[at:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return components
