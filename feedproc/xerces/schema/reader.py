"""Schema documents become a compiled schema: XML Schema 1.0 as far as it decides whether a document is valid.

What makes a schema itself invalid is looked at as far as reading it needs; libxml2 compiles it as well.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from feedproc.xerces.schema.attribute_reader import Attributes
from feedproc.xerces.schema.constraints import Constraint
from feedproc.xerces.schema.documents import Documents
from feedproc.xerces.schema.element_reader import Elements
from feedproc.xerces.schema.model import ANY_TYPE, SCHEMA, Schema, key_of
from feedproc.xerces.schema.nodes import Node, UnknownSchema, refused
from feedproc.xerces.schema.particle_reader import Particles
from feedproc.xerces.schema.substitution import join_groups
from feedproc.xerces.schema.type_reader import Types
from feedproc.xerces.values.builtin_types import built_in_types

__all__ = ["UnknownSchema", "read_schema"]


def read_schema(path: Path) -> Schema:
    """Read the schema document at `path` and all that belong to it. Raises `UnknownSchema`."""
    try:
        return Reading(path).schema
    except RecursionError:
        raise UnknownSchema(f"{path}: its types or groups are nested too deeply") from None


class Reading:
    """One reading: the documents, what was made of them so far, and who reads which part."""

    def __init__(self, path: Path) -> None:
        """Read everything that the documents declare at their top."""
        self.schema = Schema()
        self.constraints: dict[str, Constraint] = {}
        self.documents = Documents(path)
        self.particles = Particles(self)
        self.attributes = Attributes(self)
        self.types = Types(self)
        self.elements = Elements(self)
        self._later: deque[Callable[[], None]] = deque()
        for name, kind in built_in_types().items():
            self.schema.types[key_of(SCHEMA, name)] = kind
        self.schema.types[key_of(SCHEMA, "anyType")] = ANY_TYPE
        self._declare()

    def node(self, kind: str, referring: Node, name: str) -> Node:
        """Return the component at a document's top to which a name refers."""
        node = self.documents.nodes.get((kind, self.documents.key(referring, name)))
        if node is None:
            raise refused(referring, f"there is no xsd:{kind} {name.strip()!r}")
        return node

    def later(self, step: Callable[[], None]) -> None:
        """Do something when all types and elements are known."""
        self._later.append(step)

    def _declare(self) -> None:
        for (kind, key), node in self.documents.nodes.items():
            if kind == "element":
                self.schema.elements[key] = self.elements.declared(node)
            elif kind == "attribute":
                self.schema.attributes[key] = self.attributes.declared(node)
            elif kind in {"complexType", "simpleType"}:
                self.types.declared(key, node)
            elif kind == "attributeGroup":
                self.attributes.of_group(node)
            elif kind == "group":
                self.particles.of_group(node)
        while self._later:
            self._later.popleft()()
        join_groups(self.schema.elements)
        self.schema.has_constraints = bool(self.constraints)
