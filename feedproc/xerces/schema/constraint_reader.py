"""Identity constraints are read from schema documents."""

import re
from typing import TYPE_CHECKING

from feedproc.xerces.schema.constraints import ATTRIBUTE, CHILD, DESCENDANT, SELF, Constraint, Path, Paths, Step
from feedproc.xerces.schema.model import key_of
from feedproc.xerces.schema.nodes import Node, kind_of, named, parts_called, refused

if TYPE_CHECKING:
    from feedproc.xerces.schema.reader import Reading

_NAME = r"[^\s/|@:.*()\[\]][^\s/|@:*()\[\]]*"
_STEP = re.compile(rf"(?:(child|attribute)\s*::\s*|(@)\s*)?(?:({_NAME})\s*:\s*)?(\*|{_NAME})\s*").fullmatch
_CATEGORIES = ("key", "unique", "keyref")


def constraints_of(node: Node, element: str, reading: "Reading") -> tuple[Constraint, ...]:
    """Return the identity constraints that stand at an element declaration; keyrefs come last, as with Xerces."""
    found = [(part, _constraint(part, element)) for part in parts_called(node, *_CATEGORIES)]
    for part, constraint in found:
        key = key_of(reading.documents.of(node).target, constraint.name)
        if key in reading.constraints:
            raise refused(part, f"there are two identity constraints {constraint.name!r}")
        reading.constraints[key] = constraint
        if constraint.category == "keyref":
            reading.later(lambda part=part, constraint=constraint: _refer(part, constraint, reading))  # type: ignore[misc]
    return tuple(sorted((constraint for _, constraint in found), key=lambda each: each.category == "keyref"))


def _refer(node: Node, constraint: Constraint, reading: "Reading") -> None:
    named_one = node.get("refer")
    found = reading.constraints.get(reading.documents.key(node, named_one)) if named_one else None
    if found is None or found.category == "keyref" or len(found.fields) != len(constraint.fields):
        raise refused(node, f"there is no xsd:key or xsd:unique {named_one!r} with as many fields")
    constraint.refers = found


def _constraint(node: Node, element: str) -> Constraint:
    selectors, fields = parts_called(node, "selector"), parts_called(node, "field")
    if len(selectors) != 1 or not fields:
        raise refused(node, f"xsd:{kind_of(node)} {named(node)!r} needs one xsd:selector, and xsd:field")
    return Constraint(kind_of(node), named(node), element, _paths(selectors[0]), tuple(map(_paths, fields)))


def _paths(node: Node) -> Paths:
    said = node.get("xpath") or ""
    return Paths(tuple(_path(node, each.strip()) for each in said.split("|")))


def _path(node: Node, text: str) -> Path:
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
    if any(step.axis == ATTRIBUTE for step in steps[: -1 if kind_of(node) == "field" else None]):
        raise refused(node, f"in the path {text!r} an attribute can only be the end of a field")
    return tuple(steps)


def _step(node: Node, text: str, whole: str) -> Step:
    if text == ".":
        return Step(SELF)
    match = _STEP(text)
    if match is None:
        raise refused(node, f"the path {whole!r} is not of the kind that identity constraints may have")
    axis = ATTRIBUTE if match[2] or match[1] == "attribute" else CHILD
    prefix, local = match[3], match[4]
    if prefix is not None and node.nsmap.get(prefix) is None:
        raise refused(node, f"the prefix of {text!r} is not declared")
    if local == "*":
        namespace = node.nsmap.get(prefix) if prefix else None
        return Step(axis, namespace, None, prefix is None, f"{prefix}:*" if prefix else "*")
    namespace = node.nsmap.get(prefix) if prefix else None
    return Step(axis, namespace, local, False, f"{prefix}:{local}" if prefix else local)
