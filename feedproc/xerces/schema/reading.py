"""One reading of schema documents: what is known so far, and who reads which part.

The parts of a schema refer to each other in circles: elements have types, types hold elements. So each reader knows the
others only by what they can be asked.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from feedproc.xerces.schema.constraints import Constraint
from feedproc.xerces.schema.documents import Node, SchemaDocuments, refuse
from feedproc.xerces.schema.model import AttributeUse, ComplexType, ElementDeclaration, Schema, Type
from feedproc.xerces.schema.particles import Particle


class ReadsElements(Protocol):
    """Reads element declarations."""

    def declare(self, node: Node) -> ElementDeclaration:
        """Return an element that is declared at a document's top."""

    def read_local(self, node: Node) -> ElementDeclaration:
        """Return the element that stands in a content model."""


class ReadsAttributes(Protocol):
    """Reads attribute declarations."""

    def declare(self, node: Node) -> AttributeUse:
        """Return an attribute that is declared at a document's top."""

    def give(self, kind: ComplexType, node: Node) -> None:
        """Give a type the attributes that stand at its derivation, or at itself, and those of its base."""


class ReadsTypes(Protocol):
    """Reads types."""

    def declare(self, key: str, node: Node) -> Type:
        """Return a type that is declared at a document's top."""

    def find_type(self, node: Node) -> Type | None:
        """Return the type of an element or attribute; None where it names none."""


class ReadsParticles(Protocol):
    """Reads content models."""

    def read_model(self, node: Node) -> Particle | None:
        """Return the content model that stands at a type or at a derivation; None for one that is empty."""


class SchemaReading:
    """The documents, what was made of them so far, and who reads which part."""

    particles: ReadsParticles
    attributes: ReadsAttributes
    types: ReadsTypes
    elements: ReadsElements

    def __init__(self, path: Path) -> None:
        """Read the document at `path` and those that belong to it. Raises `UnknownSchema`."""
        self.schema = Schema()
        self.constraints: dict[str, Constraint] = {}
        self.documents = SchemaDocuments(path)
        self._deferred: deque[Callable[[], None]] = deque()

    def find_component(self, kind: str, referring: Node, name: str) -> Node:
        """Return the component at a document's top to which a name refers. Raises `UnknownSchema`."""
        node = self.documents.nodes.get((kind, self.documents.resolve(referring, name)))
        if node is None:
            raise refuse(referring, f"there is no xsd:{kind} {name.strip()!r}")
        return node

    def defer(self, step: Callable[[], None]) -> None:
        """Do something when all types and elements are known."""
        self._deferred.append(step)

    def do_deferred(self) -> None:
        """Do all that waits for types and elements."""
        while self._deferred:
            self._deferred.popleft()()
