"""Element declarations are read from schema documents."""

from typing import TYPE_CHECKING

from feedproc.xerces.schema.constraint_reader import constraints_of
from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, Element, Type
from feedproc.xerces.schema.nodes import Node, is_true, named, prefixes_at, refused
from feedproc.xerces.values.simple_type import SimpleType

if TYPE_CHECKING:
    from feedproc.xerces.schema.reader import Reading

_BLOCKS = frozenset({"extension", "restriction", "substitution"})


class Elements:
    """Reads what the documents say of elements."""

    def __init__(self, reading: "Reading") -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._declared: dict[Node, Element] = {}

    def declared(self, node: Node) -> Element:
        """Return an element that is declared at a document's top."""
        done = self._declared.get(node)
        if done is None:
            done = self._declared[node] = Element(self._reading.documents.of(node).target, named(node))
            self._fill(done, node)
        return done

    def local(self, node: Node) -> Element:
        """Return the element that stands in a content model. What it holds may be the type that it stands in."""
        if node.get("ref"):
            return self.declared(self._reading.node("element", node, node.get("ref")))
        document = self._reading.documents.of(node)
        form = node.get("form") or document.default("elementFormDefault")
        element = Element(document.target if form == "qualified" else None, named(node))
        self._reading.later(lambda: self._fill(element, node))
        return element

    def _fill(self, element: Element, node: Node) -> None:
        if node.get("substitutionGroup"):
            element.head = self.declared(self._reading.node("element", node, node.get("substitutionGroup")))
        element.nillable = is_true(node, "nillable")
        element.abstract = is_true(node, "abstract")
        element.fixed = node.get("fixed") is not None
        element.block = blocks(node, self._reading.documents.of(node).default("blockDefault"), _BLOCKS)
        element.constraints = constraints_of(node, element.name, self._reading)
        kind = self._reading.types.of(node)
        element.type = kind or ANY_TYPE
        if kind is None and element.head is not None:
            self._reading.later(lambda: self._take_type(element))
        default = node.get("default") if node.get("fixed") is None else node.get("fixed")
        if default is not None:
            self._reading.later(lambda: self._give_default(element, node, default))

    @staticmethod
    def _take_type(element: Element) -> None:
        """Let an element without a type have that of the head of its group."""
        head, seen = element.head, {element.key}
        while head is not None and head.type is ANY_TYPE and head.head is not None and head.key not in seen:
            seen.add(head.key)
            head = head.head
        if head is not None:
            element.type = head.type

    @staticmethod
    def _give_default(element: Element, node: Node, text: str) -> None:
        kind = _value_type(element.type)
        if kind is None and not _may_be_empty(element.type):
            raise refused(node, f"xsd:element {element.name!r} cannot have a default or fixed value")
        if kind is None:
            element.default = text
            return
        actual, complaint = kind.judge(text, prefixes_at(node))
        if actual is None or complaint is not None:
            raise refused(node, f"{text!r} is no value of the type of xsd:element {element.name!r}")
        element.default = str(actual)
        element.default_value = actual


def _value_type(kind: Type) -> SimpleType | None:
    if isinstance(kind, SimpleType):
        return kind
    return kind.simple if kind.content == "simple" else None


def _may_be_empty(kind: Type) -> bool:
    return isinstance(kind, ComplexType) and kind.content == "mixed" and kind.is_emptiable


def blocks(node: Node, default: str | None, known: frozenset[str]) -> frozenset[str]:
    """Return the derivations that `block` forbids, or else `default`."""
    said = node.get("block")
    words = (said if said is not None else default or "").split()
    return known if "#all" in words else frozenset(words) & known
