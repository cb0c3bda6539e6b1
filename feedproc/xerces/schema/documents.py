"""The documents of a schema: the first, and all that it includes, imports or redefines.

Nothing is fetched from the network, and nothing is read from outside of the folder in which the first one stands.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from feedproc.xerces.schema.model import SCHEMA, key_of
from feedproc.xerces.schema.nodes import Node, kind_of, named, parsed, parts, refused

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match
_TOP = {"element", "attribute", "complexType", "simpleType", "group", "attributeGroup", "notation"}
_REFERRING = {"include", "import", "redefine"}
_REDEFINED = "_fn3dktizrknc9pi"
"""What Xerces adds to the name of a component that is redefined; its messages show it."""
_CONTENTS = {"simpleContent", "complexContent"}


class Document(NamedTuple):
    """One schema document."""

    root: Node
    target: str | None
    """The namespace of what it declares: its own, or of the document that includes it."""
    is_chameleon: bool
    """Whether it has taken on that namespace."""

    def default(self, attribute: str) -> str | None:
        """Return what `blockDefault`, `elementFormDefault` and the like say."""
        return self.root.get(attribute)  # type: ignore[no-any-return]

    def key(self, node: Node, name: str) -> str:
        """Return what a name that stands at `node` refers to."""
        prefix, _, local = name.strip().rpartition(":")
        namespace = node.nsmap.get(prefix or None)
        if prefix and namespace is None and prefix != "xml":
            raise refused(node, f"the prefix of {name!r} is not declared")
        if namespace is None and self.is_chameleon:
            namespace = self.target
        return key_of(namespace, local)


class Documents:
    """The documents of a schema, and what stands at their top by kind and key."""

    def __init__(self, path: Path) -> None:
        """Read the document at `path` and all that belong to it. Raises `UnknownSchema`."""
        self.nodes: dict[tuple[str, str], Node] = {}
        self._folder = path.parent.resolve()
        self._documents: dict[Node, Document] = {}
        self._seen: set[tuple[Path, str | None]] = set()
        self._load(path, None, None)

    def of(self, node: Node) -> Document:
        """Return the document in which `node` stands."""
        return self._documents[node.getroottree().getroot()]

    def key(self, node: Node, name: str) -> str:
        """Return what a name that stands at `node` refers to."""
        return self.of(node).key(node, name)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents.values())

    def _load(self, path: Path, target: str | None, referring: Node | None) -> None:
        """Read one document; `target` is the namespace of the one that includes it."""
        root = parsed(path) if referring is None or path.is_file() else None
        if root is None:
            raise refused(
                referring, f"there is no file {path.name!r} beside it, which this xsd:{kind_of(referring)} names"
            )
        own = root.get("targetNamespace")
        if own is not None and referring is not None and kind_of(referring) != "import" and own != target:
            raise refused(referring, f"{path.name} is of another namespace, {own!r}; use xsd:import")
        namespace = own if own is not None else target
        if (path.resolve(), namespace) in self._seen:
            return
        self._seen.add((path.resolve(), namespace))
        document = Document(root, namespace, own is None and target is not None)
        self._documents[root] = document
        self._take(document, path)

    def _take(self, document: Document, path: Path) -> None:
        tops = parts(document.root)
        for node in tops:
            if kind_of(node) in _REFERRING:
                self._refer(document, path, node)
            elif kind_of(node) not in _TOP:
                raise refused(node, f"xsd:{kind_of(node)} cannot stand here")
        for node in tops:
            if kind_of(node) in _TOP:
                key = kind_of(node), key_of(document.target, named(node))
                if key in self.nodes and kind_of(node) != "notation":
                    raise refused(node, f"there are two of xsd:{kind_of(node)} {named(node)!r}")
                self.nodes[key] = node

    def _refer(self, document: Document, path: Path, node: Node) -> None:
        location = node.get("schemaLocation")
        if location is None:
            if kind_of(node) != "import":
                raise refused(node, f"this xsd:{kind_of(node)} has no schemaLocation")
            return
        self._load(self._place(path, node, location.strip()), _wanted(document, node), node)
        if kind_of(node) == "redefine":
            for part in parts(node):
                self._redefine(document, part)

    def _place(self, path: Path, node: Node, location: str) -> Path:
        if _SCHEME(location):
            raise refused(
                node,
                f"{location!r} is an address, and schemas are not fetched; put the file into the folder and name it",
            )
        place = path.parent / location
        if not place.resolve().is_relative_to(self._folder):
            raise refused(node, f"{location!r} is outside of the folder {self._folder}; put the file into it")
        return place

    def _redefine(self, document: Document, node: Node) -> None:
        """Let a component stand for the one of the same name, which it refers to under another."""
        kind, name = kind_of(node), named(node)
        key = key_of(document.target, name)
        old = self.nodes.pop((kind, key), None)
        if old is None:
            raise refused(node, f"there is no xsd:{kind} {name!r} to redefine")
        old.set("name", name + _REDEFINED)
        self.nodes[kind, key + _REDEFINED] = old
        self.nodes[kind, key] = node
        for part, attribute in _references(node, kind):
            if part.get(attribute) and document.key(part, part.get(attribute)) == key:
                part.set(attribute, part.get(attribute) + _REDEFINED)


def _references(node: Node, kind: str) -> Iterator[tuple[Node, str]]:
    """Yield where a component that is redefined may refer to what it was."""
    if kind in {"group", "attributeGroup"}:
        yield from ((part, "ref") for part in node.iterdescendants(f"{{{SCHEMA}}}{kind}"))
    for part in parts(node):
        yield part, "base"
        yield from ((inner, "base") for inner in parts(part) if kind_of(part) in _CONTENTS)


def _wanted(document: Document, node: Node) -> str | None:
    """Return the namespace that a document without one takes on."""
    return document.target if kind_of(node) != "import" else None
