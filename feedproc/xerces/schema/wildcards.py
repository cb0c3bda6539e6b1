"""Wildcards, which stand for elements or attributes of other namespaces, and what two of them make together."""

Namespaces = tuple[str | None, ...]
"""None stands for no namespace at all."""


class Wildcard:
    """An element or attribute wildcard."""

    is_wildcard = True
    key = ""

    def __init__(self, process: str, namespaces: Namespaces | None, *, negated: bool = False) -> None:
        """Take "strict", "lax" or "skip", and the namespaces: None for all; negated for all but these and none."""
        self.process = process
        self.namespaces = namespaces
        self.negated = negated
        self.label = _label(namespaces, negated=negated)
        """As lists of expected elements name it."""

    def accepts(self, namespace: str | None) -> bool:
        """Whether the wildcard lets this namespace in."""
        if self.namespaces is None:
            return True
        if self.negated:
            return namespace is not None and namespace not in self.namespaces
        return namespace in self.namespaces

    def match(self, key: str, namespace: str | None) -> "Wildcard | None":
        """Return itself where it lets an element of this namespace in."""
        return self if self.accepts(namespace) else None

    def _with(self, namespaces: Namespaces | None, *, negated: bool = False) -> "Wildcard":
        return Wildcard(self.process, namespaces, negated=negated)

    def is_like(self, other: "Wildcard") -> bool:
        """Whether the other lets the same namespaces in."""
        if self.namespaces is None or other.namespaces is None:
            return self.namespaces is other.namespaces
        return self.negated == other.negated and set(self.namespaces) == set(other.namespaces)


def _label(namespaces: Namespaces | None, *, negated: bool) -> str:
    if namespaces is None:
        return "WC[##any]"
    if negated:
        return f'WC[##other:"{namespaces[0] or ""}"]'
    return "WC[" + ",".join(f'"{each or ""}"' for each in namespaces) + "]"


def unite_wildcards(one: Wildcard, other: Wildcard) -> Wildcard | None:
    """Return a wildcard for what either lets in, with the first one's processing; None where there is none."""
    if one.is_like(other):
        return one._with(one.namespaces, negated=one.negated)
    if one.namespaces is None or other.namespaces is None:
        return one._with(None)
    if one.negated and other.negated:
        return one._with((None,), negated=True)
    if not one.negated and not other.negated:
        own = tuple(each for each in one.namespaces if each not in other.namespaces)
        return one._with(own + other.namespaces)
    shut, listed = (one, other.namespaces) if one.negated else (other, one.namespaces)
    return _open_up(one, shut, listed)


def _open_up(one: Wildcard, shut: Wildcard, listed: Namespaces) -> Wildcard | None:
    """Return the union of "all but these" with a list."""
    assert shut.namespaces is not None  # noqa: S101 - a negated wildcard has some
    name = shut.namespaces[0]
    if name is None:
        return one._with(None) if None in listed else one._with(shut.namespaces, negated=True)
    if name in listed:
        return one._with(None) if None in listed else one._with((None,), negated=True)
    return None if None in listed else one._with(shut.namespaces, negated=True)


def intersect_wildcards(one: Wildcard, other: Wildcard) -> Wildcard | None:
    """Return a wildcard for what both let in, with the first one's processing; None where there is none."""
    if one.is_like(other) or other.namespaces is None:
        return one._with(one.namespaces, negated=one.negated)
    if one.namespaces is None:
        return one._with(other.namespaces, negated=other.negated)
    if one.negated and other.negated:
        if one.namespaces[0] is not None and other.namespaces[0] is not None:
            return None
        return one._with(other.namespaces if one.namespaces[0] is None else one.namespaces, negated=True)
    if one.negated != other.negated:
        listed, shut = (other.namespaces, one.namespaces) if one.negated else (one.namespaces, other.namespaces)
        return one._with(tuple(each for each in listed if each != shut[0] and each is not None))
    return one._with(tuple(each for each in one.namespaces if each in other.namespaces))
