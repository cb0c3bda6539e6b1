"""The paths of identity constraints are followed through a document, element by element."""

from typing import NamedTuple

from feedproc.xerces.schema.constraints import ATTRIBUTE, CHILD, DESCENDANT, SELF, Path, Paths
from feedproc.xerces.values.simple_type import Actual

Attribute = tuple[str | None, str, Actual | None]
"""Namespace, local name and value; no value where none is known."""


class Ending(NamedTuple):
    """What is known of an element when it ends."""

    has_value: bool
    """Whether its type is simple, or has simple content."""
    nillable: bool
    value: Actual | None


# How far a path has been followed. A bit of one is in all of the others.
_MATCHED, _AT_ATTRIBUTE, _BELOW, _BELOW_BEFORE = 1, 3, 5, 13


class Follower:
    """Follows one path through the document."""

    __slots__ = ("at", "missed", "state", "steps", "trail")

    def __init__(self, steps: Path) -> None:
        """Begin before the first element."""
        self.steps = steps
        self.trail: list[int] = []
        self.at = 0
        self.missed = 0
        """How many elements deep we are beyond where the path went another way."""
        self.state = 0

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> Attribute | None:
        """Take one element more; return the attribute in which the path ends there."""
        before = self.at
        self.trail.append(before)
        if self.state & _BELOW == _MATCHED or self.missed:
            self.missed += 1
            return None
        if self.state & _BELOW == _BELOW:
            self.state = _BELOW_BEFORE
        self._pass(SELF)
        if self.at == len(self.steps):
            self.state = _MATCHED
            return None
        wide = self.at
        self._pass(DESCENDANT)
        may_descend = self.at > wide
        if self.at == len(self.steps):
            self.missed += 1
            return None
        if (self.at == before or may_descend) and self.steps[self.at].axis == CHILD:
            if not self.steps[self.at].accepts(namespace, local):
                self._miss(wide, may_descend=may_descend)
                return None
            self.at += 1
        if self.at == len(self.steps):
            self.state = _BELOW if may_descend else _MATCHED
            self.at = wide if may_descend else self.at
            return None
        return self._attribute(attributes, wide) if self.steps[self.at].axis == ATTRIBUTE else None

    def _pass(self, axis: str) -> None:
        while self.at < len(self.steps) and self.steps[self.at].axis == axis:
            self.at += 1

    def _miss(self, wide: int, *, may_descend: bool) -> None:
        if may_descend:
            self.at = wide
        else:
            self.missed += 1

    def _attribute(self, attributes: list[Attribute], wide: int) -> Attribute | None:
        step = self.steps[self.at]
        found = next((one for one in attributes if step.accepts(one[0], one[1])), None)
        if found is not None:
            self.at += 1
            self.state = _AT_ATTRIBUTE
            return found
        if not self.state & _MATCHED:
            self._miss(wide, may_descend=self.at > wide)
        return None


class Matcher:
    """Follows all paths of a selector or a field."""

    def __init__(self, paths: Paths) -> None:
        """Begin at the element that comes next."""
        self.followers = [Follower(path) for path in paths.paths]

    @property
    def is_matched(self) -> bool:
        """Whether one of the paths ends in the element that was begun last."""
        return any(
            each.state & _MATCHED
            and each.state & _BELOW_BEFORE != _BELOW_BEFORE
            and (not each.missed or each.state & _BELOW == _BELOW)
            for each in self.followers
        )

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> None:
        """Follow the paths into an element."""
        for index, follower in enumerate(self.followers):
            found = follower.start(namespace, local, attributes)
            if found is not None and not any(each.state & _MATCHED for each in self.followers[:index]):
                self.matched(found[2], nillable=False)

    def end(self, ending: Ending) -> None:
        """Go back to the element around."""
        for index, follower in enumerate(self.followers):
            follower.at = follower.trail.pop()
            if follower.missed:
                follower.missed -= 1
                continue
            first = next((at for at in range(index) if self.followers[at].state & _MATCHED), index)
            if first < index or not follower.state:
                continue
            if follower.state & _AT_ATTRIBUTE != _AT_ATTRIBUTE:
                self.found(ending)
            follower.state = 0

    def found(self, ending: Ending) -> None:
        """Take an element in which a path ends."""

    def matched(self, value: Actual | None, *, nillable: bool) -> None:
        """Take a value."""
