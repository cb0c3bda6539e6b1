"""Identity constraints (xsd:key, xsd:unique, xsd:keyref), and the small part of XPath that they are written in."""

from typing import NamedTuple

SELF, CHILD, ATTRIBUTE, DESCENDANT = "self", "child", "attribute", "descendant"


class Step(NamedTuple):
    """One step of a path."""

    axis: str
    namespace: str | None = None
    local: str | None = None
    """None for any name of the namespace, or of all."""
    any_namespace: bool = True
    written: str = ""

    def accepts(self, namespace: str | None, local: str) -> bool:
        """Whether an element or attribute of this name is on the path."""
        if self.any_namespace:
            return True
        return namespace == self.namespace and self.local in {None, local}

    def __str__(self) -> str:
        return {SELF: ".", DESCENDANT: "//", ATTRIBUTE: f"@{self.written}"}.get(self.axis, self.written)


Path = tuple[Step, ...]


class ConstraintPaths(NamedTuple):
    """What a selector or a field looks at: one of several paths."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "|".join(map(_write_path, self.paths))


def _write_path(path: Path) -> str:
    text = ""
    for step, before in zip(path, (None, *path), strict=False):
        if before is not None and DESCENDANT not in {step.axis, before.axis}:
            text += "/"
        text += str(step)
    return text


class Constraint:
    """One identity constraint."""

    def __init__(
        self, category: str, name: str, element: str, selector: ConstraintPaths, fields: tuple[ConstraintPaths, ...]
    ) -> None:
        self.category = category
        """"key", "unique" or "keyref"."""
        self.name = name
        self.element = element
        """The name of the element that it is declared at."""
        self.selector = selector
        self.fields = fields
        self.refers: Constraint | None = None
        """The key that a keyref is about."""
