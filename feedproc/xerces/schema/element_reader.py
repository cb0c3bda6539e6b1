"""Element declarations are read from schema documents, and the identity constraints that stand at them."""

import re
from functools import partial

from feedproc.xerces.schema.constraints import (
    ATTRIBUTE,
    CHILD,
    DESCENDANT,
    SELF,
    Constraint,
    ConstraintPaths,
    Path,
    Step,
)
from feedproc.xerces.schema.documents import (
    Node,
    is_true,
    list_parts_called,
    read_name,
    refuse,
    resolve_prefixes_at,
    tell_kind,
)
from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, ContentKind, ElementDeclaration, Type
from feedproc.xerces.schema.reading import SchemaReading
from feedproc.xerces.text.names import make_key
from feedproc.xerces.values.simple_type import SimpleType

_NAME = r"[^\s/|@:.*()\[\]][^\s/|@:*()\[\]]*"
_STEP = re.compile(rf"(?:(child|attribute)\s*::\s*|(@)\s*)?(?:({_NAME})\s*:\s*)?(\*|{_NAME})\s*").fullmatch
_CATEGORIES = ("key", "unique", "keyref")


def read_constraints(node: Node, element: str, reading: SchemaReading) -> tuple[Constraint, ...]:
    """Return the identity constraints that stand at an element declaration; keyrefs come last, as with Xerces."""
    found = [(part, _read_constraint(part, element)) for part in list_parts_called(node, *_CATEGORIES)]
    for part, constraint in found:
        key = make_key(reading.documents.find_document(node).target, constraint.name)
        if key in reading.constraints:
            raise refuse(part, f"there are two identity constraints {constraint.name!r}")
        reading.constraints[key] = constraint
        if constraint.category == "keyref":
            reading.defer(partial(_refer, part, constraint, reading))
    return tuple(sorted((constraint for _, constraint in found), key=lambda each: each.category == "keyref"))


def _refer(node: Node, constraint: Constraint, reading: SchemaReading) -> None:
    named_one = node.get("refer")
    found = reading.constraints.get(reading.documents.resolve(node, named_one)) if named_one else None
    if found is None or found.category == "keyref" or len(found.fields) != len(constraint.fields):
        raise refuse(node, f"there is no xsd:key or xsd:unique {named_one!r} with as many fields")
    constraint.refers = found


def _read_constraint(node: Node, element: str) -> Constraint:
    selectors, fields = list_parts_called(node, "selector"), list_parts_called(node, "field")
    if len(selectors) != 1 or not fields:
        raise refuse(node, f"xsd:{tell_kind(node)} {read_name(node)!r} needs one xsd:selector, and xsd:field")
    selector = _read_paths(selectors[0])
    return Constraint(tell_kind(node), read_name(node), element, selector, tuple(map(_read_paths, fields)))


def _read_paths(node: Node) -> ConstraintPaths:
    said = node.get("xpath") or ""
    return ConstraintPaths(tuple(_read_path(node, each.strip()) for each in said.split("|")))


def _read_path(node: Node, text: str) -> Path:
    steps: list[Step] = [Step(SELF)]
    rest = text
    if re.match(r"\.\s*//", rest):
        steps.append(Step(DESCENDANT))
        rest = rest.split("//", 1)[1].strip()
    elif rest == "." or re.match(r"\.\s*/", rest):
        rest = rest[1:].strip().removeprefix("/").strip()
        if not rest:
            return tuple(steps)
    steps += [_step(node, each.strip(), text) for each in rest.split("/")]
    if any(step.axis == ATTRIBUTE for step in steps[: -1 if tell_kind(node) == "field" else None]):
        raise refuse(node, f"in the path {text!r} an attribute can only be the end of a field")
    return tuple(steps)


def _step(node: Node, text: str, whole: str) -> Step:
    if text == ".":
        return Step(SELF)
    match = _STEP(text)
    if match is None:
        raise refuse(node, f"the path {whole!r} is not of the kind that identity constraints may have")
    axis = ATTRIBUTE if match[2] or match[1] == "attribute" else CHILD
    prefix, local = match[3], match[4]
    if prefix is not None and node.nsmap.get(prefix) is None:
        raise refuse(node, f"the prefix of {text!r} is not declared")
    if local == "*":
        namespace = node.nsmap.get(prefix) if prefix else None
        return Step(axis, namespace, None, prefix is None, f"{prefix}:*" if prefix else "*")
    namespace = node.nsmap.get(prefix) if prefix else None
    return Step(axis, namespace, local, False, f"{prefix}:{local}" if prefix else local)


_BLOCKS = frozenset({"extension", "restriction", "substitution"})


class ElementReader:
    """Reads what the documents say of elements."""

    def __init__(self, reading: SchemaReading) -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._declared: dict[Node, ElementDeclaration] = {}

    def declare(self, node: Node) -> ElementDeclaration:
        """Return an element that is declared at a document's top."""
        done = self._declared.get(node)
        if done is None:
            done = self._declared[node] = ElementDeclaration(
                self._reading.documents.find_document(node).target, read_name(node)
            )
            self._fill(done, node)
        return done

    def read_local(self, node: Node) -> ElementDeclaration:
        """Return the element that stands in a content model. What it holds may be the type that it stands in."""
        if node.get("ref"):
            return self.declare(self._reading.find_component("element", node, node.get("ref")))
        document = self._reading.documents.find_document(node)
        form = node.get("form") or document.get_default("elementFormDefault")
        element = ElementDeclaration(document.target if form == "qualified" else None, read_name(node))
        self._reading.defer(lambda: self._fill(element, node))
        return element

    def _fill(self, element: ElementDeclaration, node: Node) -> None:
        if node.get("substitutionGroup"):
            element.head = self.declare(self._reading.find_component("element", node, node.get("substitutionGroup")))
        element.nillable = is_true(node, "nillable")
        element.abstract = is_true(node, "abstract")
        element.fixed = node.get("fixed") is not None
        element.block = blocks(node, self._reading.documents.find_document(node).get_default("blockDefault"), _BLOCKS)
        element.constraints = read_constraints(node, element.name, self._reading)
        kind = self._reading.types.find_type(node)
        element.type = kind or ANY_TYPE
        if kind is None and element.head is not None:
            self._reading.defer(lambda: self._take_type(element))
        default = node.get("default") if node.get("fixed") is None else node.get("fixed")
        if default is not None:
            self._reading.defer(lambda: self._give_default(element, node, default))

    @staticmethod
    def _take_type(element: ElementDeclaration) -> None:
        """Let an element without a type have that of the head of its group."""
        head, seen = element.head, {element.key}
        while head is not None and head.type is ANY_TYPE and head.head is not None and head.key not in seen:
            seen.add(head.key)
            head = head.head
        if head is not None:
            element.type = head.type

    @staticmethod
    def _give_default(element: ElementDeclaration, node: Node, text: str) -> None:
        kind = _find_value_type(element.type)
        if kind is None and not _may_be_empty(element.type):
            raise refuse(node, f"xsd:element {element.name!r} cannot have a default or fixed value")
        if kind is None:
            element.default = text
            return
        actual, complaint = kind.judge(text, resolve_prefixes_at(node))
        if actual is None or complaint is not None:
            raise refuse(node, f"{text!r} is no value of the type of xsd:element {element.name!r}")
        element.default = str(actual)
        element.default_value = actual


def _find_value_type(kind: Type) -> SimpleType | None:
    if isinstance(kind, SimpleType):
        return kind
    return kind.simple if kind.content is ContentKind.SIMPLE else None


def _may_be_empty(kind: Type) -> bool:
    return isinstance(kind, ComplexType) and kind.content is ContentKind.MIXED and kind.is_emptiable


def blocks(node: Node, default: str | None, known: frozenset[str]) -> frozenset[str]:
    """Return the derivations that `block` forbids, or else `default`."""
    said = node.get("block")
    words = (said if said is not None else default or "").split()
    return known if "#all" in words else frozenset(words) & known
