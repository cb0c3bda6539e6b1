"""What a text means as a value of a simple type."""

from typing import TYPE_CHECKING, Any, NamedTuple

from feedproc.xerces.values.value_spaces import key_of_value, shown

if TYPE_CHECKING:
    from feedproc.xerces.values.simple_type import SimpleType

_FAMILIES = {"integer": "decimal", "anySimpleType": "string"}


class Actual(NamedTuple):
    """What a text means as a value of a type."""

    value: Any
    normal: str
    """The text with its blanks as the type wants them."""
    kind: "SimpleType"
    """The type that it is a value of: of a union the member."""

    @property
    def family(self) -> str:
        """Values of different families are never the same."""
        return _FAMILIES.get(self.kind.primitive, self.kind.primitive)

    @property
    def key(self) -> object:
        """What the same values have in common."""
        if isinstance(self.value, tuple) and self.kind.primitive == "list":
            return self.family, tuple(item.key for item in self.value)
        return self.family, key_of_value(self.value)

    def __str__(self) -> str:
        if self.kind.primitive == "list":
            return " ".join(map(str, self.value))
        return shown(self.value)
