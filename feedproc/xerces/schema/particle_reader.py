"""Content models are read from schema documents."""

from feedproc.xerces.schema.documents import (
    Node,
    SchemaDocuments,
    list_parts,
    list_parts_called,
    read_name,
    refuse,
    tell_kind,
)
from feedproc.xerces.schema.particles import UNBOUNDED, Particle, ParticleKind
from feedproc.xerces.schema.reading import SchemaReading
from feedproc.xerces.schema.wildcards import Wildcard

_GROUPS = {"sequence", "choice", "all"}
_MODELS = {*_GROUPS, "group"}
_PROCESSES = {"strict", "lax", "skip"}


class ParticleReader:
    """Reads what the documents say of content models."""

    def __init__(self, reading: SchemaReading) -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._groups: dict[Node, Particle] = {}
        self._open: list[Node] = []

    def read_model(self, node: Node) -> Particle | None:
        """Return the content model that stands at a type or at a derivation; None for one that is empty."""
        for part in list_parts_called(node, *_MODELS):
            particle = self._read_particle(part)
            return None if particle is None or _is_empty(particle, part) else particle
        return None

    def read_group(self, node: Node) -> Particle:
        """Return the content model of a group that is declared at a document's top."""
        if node in self._open:
            raise refuse(node, f"xsd:group {read_name(node)!r} holds itself")
        found = self._groups.get(node)
        if found is None:
            inner = list_parts_called(node, *_GROUPS)
            if len(inner) != 1 or len(list_parts(node)) != 1:
                raise refuse(node, "an xsd:group holds one xsd:sequence, xsd:choice or xsd:all")
            self._open.append(node)
            found = self._group(inner[0])
            self._open.pop()
            self._groups[node] = found
        return found

    def _read_particle(self, node: Node) -> Particle | None:
        """Return what stands at `node`; None where it may not occur at all."""
        minimum, maximum = _read_occurrence(node)
        if maximum == 0:
            return None
        kind = tell_kind(node)
        if kind == "element":
            return Particle(ParticleKind.LEAF, minimum, maximum, self._reading.elements.read_local(node))
        if kind == "any":
            return Particle(ParticleKind.LEAF, minimum, maximum, read_wildcard(node, self._reading.documents))
        if kind == "group":
            group = self.read_group(self._reading.find_component("group", node, node.get("ref") or ""))
            return group._replace(minimum=minimum, maximum=maximum)
        if kind in _GROUPS:
            return self._group(node)._replace(minimum=minimum, maximum=maximum)
        raise refuse(node, f"xsd:{kind} cannot stand in a content model")

    def _group(self, node: Node) -> Particle:
        inner = [particle for part in list_parts(node) if (particle := self._read_particle(part)) is not None]
        if tell_kind(node) == "all" and any(each.term is None or each.maximum not in {0, 1} for each in inner):
            raise refuse(node, "an xsd:all holds only elements that occur once at the most")
        return Particle(ParticleKind(tell_kind(node)), 1, 1, None, tuple(inner))


def _is_empty(particle: Particle, node: Node) -> bool:
    """Whether Xerces takes a content model for none at all."""
    if particle.parts or list_parts(node):
        return False
    return tell_kind(node) in {"sequence", "all"} or (tell_kind(node) == "choice" and particle.minimum == 0)


def _read_occurrence(node: Node) -> tuple[int, int]:
    least, most = node.get("minOccurs", "1").strip(), node.get("maxOccurs", "1").strip()
    try:
        minimum, maximum = int(least), UNBOUNDED if most == "unbounded" else int(most)
    except ValueError:
        raise refuse(node, "minOccurs and maxOccurs must be numbers") from None
    if minimum < 0 or (maximum != UNBOUNDED and maximum < minimum):
        raise refuse(node, f"minOccurs {least} is more than maxOccurs {most}")
    return minimum, maximum


def read_wildcard(node: Node, documents: SchemaDocuments) -> Wildcard:
    """Return an element or attribute wildcard."""
    process = node.get("processContents", "strict").strip()
    if process not in _PROCESSES:
        raise refuse(node, f"processContents must be strict, lax or skip, not {process!r}")
    said = node.get("namespace", "##any").strip()
    if said == "##any":
        return Wildcard(process, None)
    own = documents.find_document(node).target
    if said == "##other":
        return Wildcard(process, (own,), negated=True)
    listed = (own if each == "##targetNamespace" else None if each == "##local" else each for each in said.split())
    return Wildcard(process, tuple(dict.fromkeys(listed)))
