"""Content models: the automata by which Xerces decides which child may come next, and which it says it expects."""

from typing import TYPE_CHECKING, NamedTuple, Union, cast

if TYPE_CHECKING:
    from feedproc.formats.xerces.model import Element, Wildcard

Complaint = tuple[str, tuple[str, ...]]
"""A rule, and what stands in its sentence."""
UNBOUNDED = -1
_MOST_LEAVES = 4096
"""More copies than this are taken for any number of them."""
Term = Union["Element", "Wildcard"]


class Particle(NamedTuple):
    """A term, or a group of particles, and how often it may occur."""

    kind: str
    """"leaf", "sequence", "choice" or "all"."""
    minimum: int
    maximum: int
    term: "Term | None" = None
    parts: "tuple[Particle, ...]" = ()


class Count(NamedTuple):
    """A particle that may be repeated a limited number of times, counted in a state of the automaton."""

    minimum: int
    maximum: int
    symbol: int


class _Node(NamedTuple):
    """A piece of the syntax tree with what the construction of the automaton needs to know of it."""

    nullable: bool
    first: frozenset[int]
    last: frozenset[int]


class _Builder:
    """Numbers the leaves of a particle and works out which may follow which."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.symbols: list[int] = []
        """For each leaf which symbol it stands for: copies of a leaf share one."""
        self.counts: dict[int, tuple[int, int]] = {}
        self.follow: list[set[int]] = []

    def build(self, particle: Particle) -> _Node | None:
        return self._compact(particle) if _is_compact(particle) else self._expanded(particle)

    def _leaf(self, term: Term) -> _Node:
        position = len(self.symbols)
        self.symbols.append(len(self.terms))
        self.terms.append(term)
        self.follow.append(set())
        return _Node(False, frozenset({position}), frozenset({position}))

    def _sequence(self, left: _Node, right: _Node) -> _Node:
        for position in left.last:
            self.follow[position] |= right.first
        first = left.first | right.first if left.nullable else left.first
        last = left.last | right.last if right.nullable else right.last
        return _Node(left.nullable and right.nullable, first, last)

    def _repeated(self, node: _Node, *, optional: bool) -> _Node:
        for position in node.last:
            self.follow[position] |= node.first
        return node._replace(nullable=node.nullable or optional)

    def _joined(self, kind: str, nodes: list[_Node]) -> _Node | None:
        if not nodes:
            return None
        result = nodes[0]
        for node in nodes[1:]:
            if kind == "choice":
                nullable = result.nullable or node.nullable
                result = _Node(nullable, result.first | node.first, result.last | node.last)
            else:
                result = self._sequence(result, node)
        return result

    def _compact(self, particle: Particle) -> _Node | None:
        if particle.term is not None:
            return self._counted(particle.term, particle.minimum, particle.maximum)
        if len(particle.parts) == 1 and (particle.minimum, particle.maximum) != (1, 1):
            only = particle.parts[0]
            assert only.term is not None  # noqa: S101 - that is what makes a particle compact
            return self._counted(only.term, particle.minimum, particle.maximum)
        nodes = [node for part in particle.parts if (node := self._compact(part)) is not None]
        result = self._joined(particle.kind, nodes)
        if result is not None and particle.kind == "choice" and len(nodes) < len(particle.parts):
            result = result._replace(nullable=True)
        return result

    def _counted(self, term: Term, minimum: int, maximum: int) -> _Node | None:
        if maximum == 0:
            return None
        if maximum == 1 and minimum <= 1:
            return self._leaf(term)._replace(nullable=minimum == 0)
        if maximum != UNBOUNDED or minimum > 1:
            self.counts[len(self.terms)] = (minimum, maximum)
        return self._repeated(self._leaf(term), optional=minimum == 0)

    def _expanded(self, particle: Particle) -> _Node | None:
        if particle.maximum == 0:
            return None
        start = len(self.symbols)
        if particle.term is not None:
            return self._times(self._leaf(particle.term), particle, start)
        nodes = [node for part in particle.parts if (node := self._expanded(part)) is not None]
        result = self._joined(particle.kind, nodes)
        if result is None:
            return None
        if particle.kind == "choice" and len(nodes) == 1 < len(particle.parts):
            result = result._replace(nullable=True)
        return self._times(result, particle, start)

    def _times(self, node: _Node, particle: Particle, start: int) -> _Node:
        minimum, maximum = particle.minimum, particle.maximum
        stop = len(self.symbols)
        copies = max(minimum, 1) if maximum == UNBOUNDED else maximum
        if (maximum == UNBOUNDED and minimum <= 1) or copies * (stop - start) > _MOST_LEAVES:
            return self._repeated(node, optional=minimum == 0)
        nodes = [node, *(self._copy(node, start, stop) for _ in range(copies - 1))]
        if maximum == UNBOUNDED:
            nodes[-1] = self._repeated(nodes[-1], optional=False)
        else:
            nodes[minimum:] = [each._replace(nullable=True) for each in nodes[minimum:]]
        result = self._joined("sequence", nodes)
        return result or node

    def _copy(self, node: _Node, start: int, stop: int) -> _Node:
        shift = len(self.symbols) - start
        self.symbols += self.symbols[start:stop]
        self.follow += [{position + shift for position in self.follow[each]} for each in range(start, stop)]
        return node._replace(
            first=frozenset(position + shift for position in node.first),
            last=frozenset(position + shift for position in node.last),
        )


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


class State:
    """One state of an automaton: what may come next, and whether the content may end here."""

    __slots__ = ("count", "ends", "moves", "steps")

    def __init__(self) -> None:
        self.ends = False
        self.moves: dict[str, tuple[Element, State]] = {}
        """By name, where nothing is counted and there is no wildcard: the quick way."""
        self.steps: list[tuple[int, Term, State]] = []
        """Symbol, term and next state, in Xerces' order."""
        self.count: Count | None = None

    def step(self, count: int, key: str, namespace: str | None) -> "tuple[Term, State, int] | None":
        """Return what an element matches, the next state and how often what is counted there was seen; or None."""
        full = False
        for symbol, term, target in self.steps:
            if not term.accepts(key, namespace):
                continue
            if self.count is not None and not full:
                if target is self:
                    if count < self.count.maximum or self.count.maximum == UNBOUNDED:
                        return term, self, count + 1
                    full = True
                    continue
                if count < self.count.minimum:
                    return None
            return term, target, count if target.count is None else int(symbol == target.count.symbol)
        return None

    def expected(self, count: int) -> list[str]:
        """Return the labels of what may come next."""
        return [term.label for _, term, target in self.steps if not self._is_closed(target, count)]

    def _is_closed(self, target: "State", count: int) -> bool:
        if self.count is None:
            return False
        if target is self:
            return self.count.maximum != UNBOUNDED and count >= self.count.maximum
        return count < self.count.minimum

    def may_end(self, count: int) -> bool:
        """Whether the content is complete."""
        return self.ends and (self.count is None or count >= self.count.minimum)


class AllState(State):
    """A state of an "all" group: what has been seen; its moves are made when they are asked for."""

    __slots__ = ("_parts", "_seen")

    def __init__(self, parts: tuple[Particle, ...], seen: frozenset[int], *, optional: bool) -> None:
        super().__init__()
        self._parts = parts
        self._seen = seen
        self.ends = optional or all(part.minimum == 0 or index in seen for index, part in enumerate(parts))

    def step(self, count: int, key: str, namespace: str | None) -> "tuple[Term, State, int] | None":
        """See State.step."""
        for index, part in self._open():
            if part.term is not None and part.term.accepts(key, namespace):
                return part.term, AllState(self._parts, self._seen | {index}, optional=False), 0
        return None

    def expected(self, count: int) -> list[str]:
        """See State.expected."""
        return [part.term.label for _, part in self._open() if part.term is not None]

    def _open(self) -> list[tuple[int, Particle]]:
        return [(index, part) for index, part in enumerate(self._parts) if index not in self._seen]


class Automaton:
    """The content model of one complex type."""

    def __init__(self, particle: Particle) -> None:
        self.terms: list[Term] = []
        self.start = State()
        if particle.kind == "all":
            self.terms = [part.term for part in particle.parts if part.term is not None]
            self.start = AllState(particle.parts, frozenset(), optional=particle.minimum == 0)
            return
        builder = _Builder()
        root = builder.build(particle)
        self.terms = builder.terms
        if root is None:
            self.start.ends = True
        else:
            self._construct(builder, root)

    def _construct(self, builder: _Builder, root: _Node) -> None:
        end = len(builder.symbols)
        for position in root.last:
            builder.follow[position].add(end)
        # Xerces does not look for its start state among the states it knows, so a return to it is a state of its own.
        states: dict[frozenset[int], State] = {}
        todo = [(root.first | ({end} if root.nullable else frozenset()), self.start)]
        for positions, state in todo:
            state.ends = end in positions
            for symbol, target in _targets(builder, positions, end):
                if target not in states:
                    states[target] = State()
                    todo.append((target, states[target]))
                state.steps.append((symbol, builder.terms[symbol], states[target]))
        for _, state in todo:
            _finish(state, builder)

    def find(self, key: str, namespace: str | None) -> "Term | None":
        """Return the term that an element would have matched elsewhere in this content."""
        return next((term for term in self.terms if term.accepts(key, namespace)), None)

    def misplaced(self, state: State, count: int, raw_name: str, full_name: str) -> Complaint:
        """Say that an element may not come here."""
        expected = state.expected(count)
        words = "{" + ", ".join(expected) + "}"
        counted = state.count
        if counted is not None:
            label = self.terms[counted.symbol].label
            if expected and count < counted.minimum:
                return _too_few("gh", raw_name, label, counted.minimum, count)
            if count >= counted.maximum != UNBOUNDED:
                if expected:
                    return "cvc-complex-type.2.4.e", (raw_name, words, str(counted.maximum))
                return "cvc-complex-type.2.4.f", (label, str(counted.maximum))
        if expected:
            return "cvc-complex-type.2.4.a", (full_name, words)
        return "cvc-complex-type.2.4.d", (raw_name,)

    def incomplete(self, state: State, count: int, raw_name: str) -> Complaint:
        """Say that the content of an element may not end here."""
        counted = state.count
        if counted is not None and count < counted.minimum:
            return _too_few("ij", raw_name, self.terms[counted.symbol].label, counted.minimum, count)
        return "cvc-complex-type.2.4.b", (raw_name, "{" + ", ".join(state.expected(count)) + "}")


def _targets(builder: _Builder, positions: frozenset[int], end: int) -> list[tuple[int, frozenset[int]]]:
    """Return, for each symbol that may come at `positions`, the positions after it."""
    reached: dict[int, set[int]] = {}
    for position in positions:
        if position != end:
            reached.setdefault(builder.symbols[position], set()).update(builder.follow[position])
    return [(symbol, frozenset(reached[symbol])) for symbol in sorted(reached)]


def _finish(state: State, builder: _Builder) -> None:
    loop = next((symbol for symbol, _, target in state.steps if target is state), None)
    if loop in builder.counts:
        state.count = Count(*builder.counts[loop], loop)
    if not builder.counts and not any(term.is_wildcard for _, term, _ in state.steps):
        for _, term, target in state.steps:
            state.moves.setdefault(term.key, (cast("Element", term), target))


def _too_few(letters: str, raw_name: str, label: str, minimum: int, count: int) -> Complaint:
    missing = minimum - count
    if missing > 1:
        return f"cvc-complex-type.2.4.{letters[1]}", (raw_name, label, str(minimum), str(missing))
    return f"cvc-complex-type.2.4.{letters[0]}", (raw_name, label, str(minimum))
