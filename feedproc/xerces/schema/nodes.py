"""The elements of a schema document, and what is wrong with one that cannot be read."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from feedproc.xerces.schema.model import SCHEMA
from feedproc.xerces.values.simple_type import Prefixes

Node = Any
"""An element of a schema document."""


class UnknownSchema(Exception):
    """A schema document cannot be used. The text names file and line, and what is wrong there."""


def refused(node: Node, what: str) -> UnknownSchema:
    """Return the error that `what` is wrong at an element of a schema document."""
    return UnknownSchema(f"{file_of(node)}:{node.sourceline}: {what}")


def file_of(node: Node) -> str:
    """Return the file that an element of a schema document stands in."""
    address = node.getroottree().docinfo.URL or "schema"
    return unquote(urlsplit(address).path) if address.startswith("file:") else str(address)


def kind_of(node: Node) -> str:
    """Return what an element is, such as `complexType`."""
    return str(etree.QName(node).localname)


def parts(node: Node) -> list[Node]:
    """Return what stands in an element, without annotations."""
    return [part for part in node.iterchildren(f"{{{SCHEMA}}}*") if kind_of(part) != "annotation"]


def parts_called(node: Node, *kinds: str) -> list[Node]:
    """Return what stands in an element and is of one of these kinds."""
    return [part for part in parts(node) if kind_of(part) in kinds]


def prefixes_at(node: Node) -> Prefixes:
    """Return what resolves the prefixes of values that stand at an element of a schema."""
    bound = node.nsmap
    return lambda prefix: bound.get(prefix or None)


def is_true(node: Node, name: str) -> bool:
    """Say whether an attribute of a schema element says yes."""
    return (node.get(name) or "").strip() in {"true", "1"}


def named(node: Node) -> str:
    """Return the `name` that an element must have."""
    name = node.get("name")
    if not name:
        raise refused(node, f"this xsd:{kind_of(node)} has no name")
    return str(name).strip()


def anonymous_name(node: Node) -> str:
    """Return the name that Xerces gives a type without one: those of all that it stands in, inside out."""
    return "#AnonType_" + "".join(outer.get("name") or "" for outer in list(node.iterancestors())[:-1])


def parsed(path: Path) -> Node:
    """Return the root of the schema document at `path`. Nothing is fetched; a DOCTYPE is refused."""
    try:
        tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True, remove_pis=True))
    except OSError as error:
        raise UnknownSchema(f"{path}: cannot be read ({error.strerror or error})") from error
    except etree.XMLSyntaxError as error:
        raise UnknownSchema(f"{path}:{error.lineno}: is not well-formed XML ({error.msg})") from error
    root = tree.getroot()
    if tree.docinfo.doctype:
        raise refused(root, "has a DOCTYPE, which schemas for feedproc must not have; take it out")
    if root.tag != f"{{{SCHEMA}}}schema":
        raise refused(root, "is no XML Schema: its root must be xsd:schema")
    return root
