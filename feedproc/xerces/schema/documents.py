"""The documents of a schema: the first, and all that it includes, imports or redefines.

Nothing is fetched from the network, and nothing is read from outside of the folder in which the first one stands.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from feedproc.xerces.text.names import SCHEMA, make_key
from feedproc.xerces.values.simple_type import Prefixes

Node = Any
"""An element of a schema document."""


class UnknownSchema(Exception):
    """A schema document cannot be used. The text names file and line, and what is wrong there."""


def refuse(node: Node, what: str) -> UnknownSchema:
    """Return the error that `what` is wrong at an element of a schema document."""
    return UnknownSchema(f"{find_file(node)}:{node.sourceline}: {what}")


def find_file(node: Node) -> str:
    """Return the file that an element of a schema document stands in."""
    address = node.getroottree().docinfo.URL or "schema"
    return unquote(urlsplit(address).path) if address.startswith("file:") else str(address)


def tell_kind(node: Node) -> str:
    """Return what an element is, such as `complexType`."""
    return str(etree.QName(node).localname)


def list_parts(node: Node) -> list[Node]:
    """Return what stands in an element, without annotations."""
    return [part for part in node.iterchildren(f"{{{SCHEMA}}}*") if tell_kind(part) != "annotation"]


def list_parts_called(node: Node, *kinds: str) -> list[Node]:
    """Return what stands in an element and is of one of these kinds."""
    return [part for part in list_parts(node) if tell_kind(part) in kinds]


def resolve_prefixes_at(node: Node) -> Prefixes:
    """Return what resolves the prefixes of values that stand at an element of a schema."""
    bound = node.nsmap
    return lambda prefix: bound.get(prefix or None)


def is_true(node: Node, name: str) -> bool:
    """Say whether an attribute of a schema element says yes."""
    return (node.get(name) or "").strip() in {"true", "1"}


def read_name(node: Node) -> str:
    """Return the `name` that an element must have."""
    name = node.get("name")
    if not name:
        raise refuse(node, f"this xsd:{tell_kind(node)} has no name")
    return str(name).strip()


def make_anonymous_name(node: Node) -> str:
    """Return the name that Xerces gives a type without one: those of all that it stands in, inside out."""
    return "#AnonType_" + "".join(outer.get("name") or "" for outer in list(node.iterancestors())[:-1])


def parse_schema(path: Path) -> Node:
    """Return the root of the schema document at `path`. Nothing is fetched; a DOCTYPE is refused."""
    try:
        tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True, remove_pis=True))
    except OSError as error:
        raise UnknownSchema(f"{path}: cannot be read ({error.strerror or error})") from error
    except etree.XMLSyntaxError as error:
        raise UnknownSchema(f"{path}:{error.lineno}: is not well-formed XML ({error.msg})") from error
    root = tree.getroot()
    if tree.docinfo.doctype:
        raise refuse(root, "has a DOCTYPE, which schemas for feedproc must not have; take it out")
    if root.tag != f"{{{SCHEMA}}}schema":
        raise refuse(root, "is no XML Schema: its root must be xsd:schema")
    return root


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

    def get_default(self, attribute: str) -> str | None:
        """Return what `blockDefault`, `elementFormDefault` and the like say."""
        said: str | None = self.root.get(attribute)
        return said

    def resolve(self, node: Node, name: str) -> str:
        """Return what a name that stands at `node` refers to."""
        prefix, _, local = name.strip().rpartition(":")
        namespace = node.nsmap.get(prefix or None)
        if prefix and namespace is None and prefix != "xml":
            raise refuse(node, f"the prefix of {name!r} is not declared")
        if namespace is None and self.is_chameleon:
            namespace = self.target
        return make_key(namespace, local)


class SchemaDocuments:
    """The documents of a schema, and what stands at their top by kind and key."""

    def __init__(self, path: Path) -> None:
        """Read the document at `path` and all that belong to it. Raises `UnknownSchema`."""
        self.nodes: dict[tuple[str, str], Node] = {}
        self._folder = path.parent.resolve()
        self._documents: dict[Node, Document] = {}
        self._seen: set[tuple[Path, str | None]] = set()
        self._load(path, None, None)

    def find_document(self, node: Node) -> Document:
        """Return the document in which `node` stands."""
        return self._documents[node.getroottree().getroot()]

    def resolve(self, node: Node, name: str) -> str:
        """Return what a name that stands at `node` refers to."""
        return self.find_document(node).resolve(node, name)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents.values())

    def _load(self, path: Path, target: str | None, referring: Node | None) -> None:
        """Read one document; `target` is the namespace of the one that includes it."""
        root = parse_schema(path) if referring is None or path.is_file() else None
        if root is None:
            raise refuse(
                referring, f"there is no file {path.name!r} beside it, which this xsd:{tell_kind(referring)} names"
            )
        own = root.get("targetNamespace")
        if own is not None and referring is not None and tell_kind(referring) != "import" and own != target:
            raise refuse(referring, f"{path.name} is of another namespace, {own!r}; use xsd:import")
        namespace = own if own is not None else target
        if (path.resolve(), namespace) in self._seen:
            return
        self._seen.add((path.resolve(), namespace))
        document = Document(root, namespace, own is None and target is not None)
        self._documents[root] = document
        self._take(document, path)

    def _take(self, document: Document, path: Path) -> None:
        tops = list_parts(document.root)
        for node in tops:
            if tell_kind(node) in _REFERRING:
                self._refer(document, path, node)
            elif tell_kind(node) not in _TOP:
                raise refuse(node, f"xsd:{tell_kind(node)} cannot stand here")
        for node in tops:
            if tell_kind(node) in _TOP:
                key = tell_kind(node), make_key(document.target, read_name(node))
                if key in self.nodes and tell_kind(node) != "notation":
                    raise refuse(node, f"there are two of xsd:{tell_kind(node)} {read_name(node)!r}")
                self.nodes[key] = node

    def _refer(self, document: Document, path: Path, node: Node) -> None:
        location = node.get("schemaLocation")
        if location is None:
            if tell_kind(node) != "import":
                raise refuse(node, f"this xsd:{tell_kind(node)} has no schemaLocation")
            return
        self._load(self._find_path(path, node, location.strip()), _find_namespace(document, node), node)
        if tell_kind(node) == "redefine":
            for part in list_parts(node):
                self._redefine(document, part)

    def _find_path(self, path: Path, node: Node, location: str) -> Path:
        if _SCHEME(location):
            raise refuse(
                node,
                f"{location!r} is an address, and schemas are not fetched; put the file into the folder and name it",
            )
        place = path.parent / location
        if not place.resolve().is_relative_to(self._folder):
            raise refuse(node, f"{location!r} is outside of the folder {self._folder}; put the file into it")
        return place

    def _redefine(self, document: Document, node: Node) -> None:
        """Let a component stand for the one of the same name, which it refers to under another."""
        kind, name = tell_kind(node), read_name(node)
        key = make_key(document.target, name)
        old = self.nodes.pop((kind, key), None)
        if old is None:
            raise refuse(node, f"there is no xsd:{kind} {name!r} to redefine")
        old.set("name", name + _REDEFINED)
        self.nodes[kind, key + _REDEFINED] = old
        self.nodes[kind, key] = node
        for part, attribute in _list_references(node, kind):
            if part.get(attribute) and document.resolve(part, part.get(attribute)) == key:
                part.set(attribute, part.get(attribute) + _REDEFINED)


def _list_references(node: Node, kind: str) -> Iterator[tuple[Node, str]]:
    """Yield where a component that is redefined may refer to what it was."""
    if kind in {"group", "attributeGroup"}:
        yield from ((part, "ref") for part in node.iterdescendants(f"{{{SCHEMA}}}{kind}"))
    for part in list_parts(node):
        yield part, "base"
        yield from ((inner, "base") for inner in list_parts(part) if tell_kind(part) in _CONTENTS)


def _find_namespace(document: Document, node: Node) -> str | None:
    """Return the namespace that a document without one takes on."""
    return document.target if tell_kind(node) != "import" else None
