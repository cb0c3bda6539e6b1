"""Particles of a content model, and which of their leaves may follow which."""

from enum import StrEnum
from typing import Any, NamedTuple, Protocol

UNBOUNDED = -1
_MOST_LEAVES = 4096
"""More copies than this are taken for any number of them."""


class Term(Protocol):
    """What stands at a leaf of a content model: an element declaration or a wildcard."""

    is_wildcard: bool
    key: str
    """The name by which an element is looked up; empty for a wildcard."""
    label: str
    """As lists of expected elements name it."""

    def match(self, key: str, namespace: str | None) -> Any:
        """Return the declaration, or the wildcard, of an element of this name that may stand here; None for none."""


class ParticleKind(StrEnum):
    """What a particle is: a term, or a group of particles as XML Schema calls them."""

    LEAF = "leaf"
    SEQUENCE = "sequence"
    CHOICE = "choice"
    ALL = "all"


class Particle(NamedTuple):
    """A term, or a group of particles, and how often it may occur."""

    kind: ParticleKind
    minimum: int
    maximum: int
    term: Term | None = None
    parts: "tuple[Particle, ...]" = ()

    @property
    def least(self) -> int:
        """How many elements it takes at the least."""
        if self.kind is ParticleKind.LEAF:
            return self.minimum
        counts = [part.least for part in self.parts]
        return self.minimum * (min(counts, default=0) if self.kind is ParticleKind.CHOICE else sum(counts))


class Node(NamedTuple):
    """A piece of the syntax tree with what the construction of the automaton needs to know of it."""

    nullable: bool
    first: frozenset[int]
    last: frozenset[int]


class Builder:
    """Numbers the leaves of a particle and works out which may follow which."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.symbols: list[int] = []
        """For each leaf which symbol it stands for: copies of a leaf share one."""
        self.counts: dict[int, tuple[int, int]] = {}
        """For symbols that are counted as they come: how often they may."""
        self.tallied: dict[int, tuple[int, int]] = {}
        """For symbols that are counted at the end of all: the same."""
        self.follow: list[set[int]] = []

    def build(self, particle: Particle) -> Node | None:
        """Return the root of the tree that `particle` makes, its leaves numbered; None where it is empty."""
        return self._build_compact(particle) if _is_compact(particle) else self._expand(particle, optimize=True)

    def _make_leaf(self, term: Term) -> Node:
        position = len(self.symbols)
        self.symbols.append(len(self.terms))
        self.terms.append(term)
        self.follow.append(set())
        return Node(False, frozenset({position}), frozenset({position}))

    def _make_sequence(self, left: Node, right: Node) -> Node:
        for position in left.last:
            self.follow[position] |= right.first
        first = left.first | right.first if left.nullable else left.first
        last = left.last | right.last if right.nullable else right.last
        return Node(left.nullable and right.nullable, first, last)

    def _repeat(self, node: Node, *, optional: bool) -> Node:
        for position in node.last:
            self.follow[position] |= node.first
        return node._replace(nullable=node.nullable or optional)

    def _join(self, kind: ParticleKind, nodes: list[Node]) -> Node | None:
        if not nodes:
            return None
        result = nodes[0]
        for node in nodes[1:]:
            if kind is ParticleKind.CHOICE:
                nullable = result.nullable or node.nullable
                result = Node(nullable, result.first | node.first, result.last | node.last)
            else:
                result = self._make_sequence(result, node)
        return result

    def _build_compact(self, particle: Particle) -> Node | None:
        if particle.term is not None:
            return self._count(particle.term, particle.minimum, particle.maximum)
        if len(particle.parts) == 1 and (particle.minimum, particle.maximum) != (1, 1):
            only = particle.parts[0]
            assert only.term is not None  # noqa: S101 - that is what makes a particle compact
            return self._count(only.term, particle.minimum, particle.maximum)
        nodes = [node for part in particle.parts if (node := self._build_compact(part)) is not None]
        result = self._join(particle.kind, nodes)
        if result is not None and particle.kind is ParticleKind.CHOICE and len(nodes) < len(particle.parts):
            result = result._replace(nullable=True)
        return result

    def _count(self, term: Term, minimum: int, maximum: int) -> Node | None:
        if maximum == 0:
            return None
        if maximum == 1 and minimum <= 1:
            return self._make_leaf(term)._replace(nullable=minimum == 0)
        if maximum != UNBOUNDED or minimum > 1:
            self.counts[len(self.terms)] = (minimum, maximum)
        return self._repeat(self._make_leaf(term), optional=minimum == 0)

    def _expand(self, particle: Particle, *, optimize: bool) -> Node | None:
        if particle.maximum == 0:
            return None
        start = len(self.symbols)
        if particle.term is not None:
            leaf = self._make_leaf(particle.term)
            is_tallied = optimize or particle.term.is_wildcard
            return self._tally(leaf, particle) if is_tallied else self._copy_times(leaf, particle, start)
        optimize = optimize and (particle.minimum, particle.maximum) == (1, 1)
        optimize = optimize and (particle.kind is not ParticleKind.CHOICE or len(particle.parts) == 1)
        found = [self._expand(part, optimize=optimize) for part in particle.parts]
        nodes = [node for node in found if node is not None]
        result = self._join(particle.kind, nodes)
        if result is None:
            return None
        if _is_wildcard_alone(particle):
            return self._tally(result, particle)
        if particle.kind is ParticleKind.CHOICE and len(nodes) == 1 < len(particle.parts):
            result = result._replace(nullable=True)
        return self._copy_times(result, particle, start)

    def _tally(self, leaf: Node, particle: Particle) -> Node:
        """Take a leaf that may be repeated for one that may be so at will; Xerces counts it in the end."""
        minimum, maximum = particle.minimum, particle.maximum
        if maximum == 1:
            return leaf._replace(nullable=leaf.nullable or minimum == 0)
        if maximum != UNBOUNDED or minimum > 1:
            self.tallied[len(self.terms) - 1] = (minimum, maximum)
        return self._repeat(leaf, optional=minimum == 0)

    def _copy_times(self, node: Node, particle: Particle, start: int) -> Node:
        minimum, maximum = particle.minimum, particle.maximum
        stop = len(self.symbols)
        copies = max(minimum, 1) if maximum == UNBOUNDED else maximum
        if (maximum == UNBOUNDED and minimum <= 1) or copies * (stop - start) > _MOST_LEAVES:
            return self._repeat(node, optional=minimum == 0)
        nodes = [node, *(self._copy(node, start, stop) for _ in range(copies - 1))]
        if maximum == UNBOUNDED:
            nodes[-1] = self._repeat(nodes[-1], optional=False)
        else:
            nodes[minimum:] = [each._replace(nullable=True) for each in nodes[minimum:]]
        result = self._join(ParticleKind.SEQUENCE, nodes)
        return result or node

    def _copy(self, node: Node, start: int, stop: int) -> Node:
        shift = len(self.symbols) - start
        self.symbols += self.symbols[start:stop]
        self.follow += [{position + shift for position in self.follow[each]} for each in range(start, stop)]
        return node._replace(
            first=frozenset(position + shift for position in node.first),
            last=frozenset(position + shift for position in node.last),
        )


def _is_wildcard_alone(group: Particle) -> bool:
    """Whether there is nothing in a group but one wildcard, once."""
    if len(group.parts) != 1 or (group.parts[0].minimum, group.parts[0].maximum) != (1, 1):
        return False
    only = group.parts[0]
    return only.term.is_wildcard if only.term is not None else _is_wildcard_alone(only)


def _is_compact(particle: Particle) -> bool:
    """Whether Xerces counts occurrences here instead of copying what is repeated."""
    if particle.term is not None:
        return True
    if (particle.minimum, particle.maximum) == (1, 1):
        return all(_is_compact(part) for part in particle.parts)
    if len(particle.parts) != 1:
        return not particle.parts
    only = particle.parts[0]
    return only.term is not None and (only.minimum, only.maximum) == (1, 1)
