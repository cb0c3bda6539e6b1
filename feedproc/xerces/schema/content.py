"""Content models: the automata by which Xerces decides which child may come next, and which it says it expects."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from feedproc.xerces.schema.particles import UNBOUNDED, Builder, Node, Particle, ParticleKind, Term

Complaint = tuple[str, tuple[str, ...]]
"""A rule, and what stands in its sentence."""


class Count(NamedTuple):
    """A particle that may be repeated a limited number of times, counted in a state of the automaton."""

    minimum: int
    maximum: int
    symbol: int


class OccurrenceTally:
    """How often what is counted at the end of all has come. As with Xerces there is one for all elements of a type.

    At too often the JDK's Xerces fails: it has no sentence for that (`cvc-complex-type.2.4.d.1`). Here it gets the one
    that Xerces gives where it counts at once.
    """

    def __init__(self, limits: dict[int, tuple[int, int]], terms: list[Term]) -> None:
        self._limits = limits
        self._terms = terms
        self._counts = dict.fromkeys(limits, 0)

    def begin(self) -> None:
        """Count from nothing."""
        self._counts = dict.fromkeys(self._limits, 0)

    def add(self, symbol: int) -> None:
        """Count one more."""
        if symbol in self._counts:
            self._counts[symbol] += 1

    def complain(self, raw_name: str) -> Iterator[Complaint]:
        """Yield what came too seldom or too often."""
        for symbol, (minimum, maximum) in sorted(self._limits.items()):
            label = self._terms[symbol].label
            if self._counts[symbol] < minimum:
                yield "cvc-complex-type.2.4.b", (raw_name, f"{{{label}}}")
            if self._counts[symbol] > maximum != UNBOUNDED:
                yield "cvc-complex-type.2.4.f", (label, str(maximum))


class State:
    """One state of an automaton: what may come next, and whether the content may end here."""

    __slots__ = ("count", "ends", "moves", "steps", "tally")

    def __init__(self) -> None:
        self.ends = False
        self.moves: dict[str, tuple[Any, State]] = {}
        """Declaration and next state by name, where nothing is counted and there is no wildcard: the quick way."""
        self.steps: list[tuple[int, Term, State]] = []
        """Symbol, term and next state, in Xerces' order."""
        self.count: Count | None = None
        self.tally: OccurrenceTally | None = None

    def step(self, count: int, key: str, namespace: str | None) -> "tuple[Any, State, int] | None":
        """Return what an element matches, a declaration or a wildcard, then the next state and its count; or None.

        The count says how often what the next state counts was seen.
        """
        full = False
        for symbol, term, target in self.steps:
            found = term.match(key, namespace)
            if found is None:
                continue
            if self.tally is not None and not full:
                self.tally.add(symbol)
            if self.count is not None and not full:
                if target is self:
                    if count < self.count.maximum or self.count.maximum == UNBOUNDED:
                        return found, self, count + 1
                    full = True
                    continue
                if count < self.count.minimum:
                    return None
            return found, target, count if target.count is None else int(symbol == target.count.symbol)
        return None

    def list_expected(self, count: int) -> list[str]:
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

    def step(self, count: int, key: str, namespace: str | None) -> "tuple[Any, State, int] | None":
        """See State.step."""
        for index, part in self._open():
            found = part.term.match(key, namespace) if part.term is not None else None
            if found is not None:
                return found, AllState(self._parts, self._seen | {index}, optional=False), 0
        return None

    def list_expected(self, count: int) -> list[str]:
        """See State.expected."""
        return [part.term.label for _, part in self._open() if part.term is not None]

    def _open(self) -> list[tuple[int, Particle]]:
        return [(index, part) for index, part in enumerate(self._parts) if index not in self._seen]


class Automaton:
    """The content model of one complex type."""

    def __init__(self, particle: Particle) -> None:
        self.terms: list[Term] = []
        self.tally: OccurrenceTally | None = None
        self.start = State()
        if particle.kind is ParticleKind.ALL:
            self.terms = [part.term for part in particle.parts if part.term is not None]
            self.start = AllState(particle.parts, frozenset(), optional=particle.minimum == 0)
            return
        builder = Builder()
        root = builder.build(particle)
        self.terms = builder.terms
        if builder.tallied:
            self.tally = OccurrenceTally(builder.tallied, builder.terms)
        if root is None:
            self.start.ends = True
        else:
            self._construct(builder, root)

    def _construct(self, builder: Builder, root: Node) -> None:
        end = len(builder.symbols)
        for position in root.last:
            builder.follow[position].add(end)
        # Xerces does not look for its start state among the states it knows, so a return to it is a state of its own.
        states: dict[frozenset[int], State] = {}
        todo = [(root.first | ({end} if root.nullable else frozenset()), self.start)]
        for positions, state in todo:
            state.ends = end in positions
            for symbol, target in _list_targets(builder, positions, end):
                if target not in states:
                    states[target] = State()
                    todo.append((target, states[target]))
                state.steps.append((symbol, builder.terms[symbol], states[target]))
        for _, state in todo:
            state.tally = self.tally
            _finish(state, builder)

    def find(self, key: str, namespace: str | None) -> Any:
        """Return what an element would have matched elsewhere in this content; None for nothing."""
        return next((found for term in self.terms if (found := term.match(key, namespace)) is not None), None)

    def complain_misplaced(self, state: State, count: int, raw_name: str, full_name: str) -> Complaint:
        """Say that an element may not come here."""
        expected = state.list_expected(count)
        words = "{" + ", ".join(expected) + "}"
        counted = state.count
        if counted is not None:
            label = self.terms[counted.symbol].label
            if expected and count < counted.minimum:
                return _tell_too_few("gh", raw_name, label, counted.minimum, count)
            if count >= counted.maximum != UNBOUNDED:
                if expected:
                    return "cvc-complex-type.2.4.e", (raw_name, words, str(counted.maximum))
                return "cvc-complex-type.2.4.f", (label, str(counted.maximum))
        if expected:
            return "cvc-complex-type.2.4.a", (full_name, words)
        return "cvc-complex-type.2.4.d", (raw_name,)

    def complain_incomplete(self, state: State, count: int, raw_name: str) -> Complaint:
        """Say that the content of an element may not end here."""
        counted = state.count
        if counted is not None and count < counted.minimum:
            return _tell_too_few("ij", raw_name, self.terms[counted.symbol].label, counted.minimum, count)
        return "cvc-complex-type.2.4.b", (raw_name, "{" + ", ".join(state.list_expected(count)) + "}")


def _list_targets(builder: Builder, positions: frozenset[int], end: int) -> list[tuple[int, frozenset[int]]]:
    """Return, for each symbol that may come at `positions`, the positions after it."""
    reached: dict[int, set[int]] = {}
    for position in positions:
        if position != end:
            reached.setdefault(builder.symbols[position], set()).update(builder.follow[position])
    return [(symbol, frozenset(reached[symbol])) for symbol in sorted(reached)]


def _finish(state: State, builder: Builder) -> None:
    loop = next((symbol for symbol, _, target in state.steps if target is state), None)
    if loop in builder.counts:
        state.count = Count(*builder.counts[loop], loop)
    if not builder.counts and not builder.tallied and not any(term.is_wildcard for _, term, _ in state.steps):
        for _, term, target in state.steps:
            element: Any = term
            for each in (element, *element.members.values()):
                state.moves.setdefault(each.key, (each, target))
    for key in [key for key, (element, _) in state.moves.items() if element.is_abstract]:
        del state.moves[key]


def _tell_too_few(letters: str, raw_name: str, label: str, minimum: int, count: int) -> Complaint:
    missing = minimum - count
    if missing > 1:
        return f"cvc-complex-type.2.4.{letters[1]}", (raw_name, label, str(minimum), str(missing))
    return f"cvc-complex-type.2.4.{letters[0]}", (raw_name, label, str(minimum))
