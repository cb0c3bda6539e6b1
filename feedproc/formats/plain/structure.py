"""Why an element may not stand where it does, or may not end yet, in a sentence for people."""

from typing import NamedTuple

from feedproc.formats.plain.case import Case
from feedproc.formats.plain.content import Place, known_names, model_of, place_of
from feedproc.formats.plain.elements import element_at
from feedproc.formats.plain.names import letters
from feedproc.formats.plain.parts import listed, local
from feedproc.formats.quoting import quoted

_FEW = 6
"""Elements named as what may stand somewhere."""
_ALTERNATIVES = 2
"""Names of elements that a sentence can begin with."""


class Misplaced(NamedTuple):
    """What a structure fault comes down to."""

    parent: tuple[str, ...]
    """The path of the element in which it is."""
    model: tuple[Place, ...]
    """The order of that element's children; empty when it is not known."""
    found: str | None
    """The name of the child that may not stand there; None at the parent's end."""
    expected: tuple[str, ...]
    """What may stand there."""

    @property
    def missing(self) -> str | None:
        """The first child that must come before what was found, as far as can be told."""
        at = None if self.found is None else place_of(self.found, self.model)
        for place in self.model:
            if place.required and place.names[0] in self.expected:
                return None if at is not None and at < self.model.index(place) else place.names[0]
        return None

    @property
    def follows_directly(self) -> bool:
        """Say whether what was found is just before what may come: a second one, or the other of two alternatives."""
        at = None if self.found is None else place_of(self.found, self.model)
        return at is not None and at == self._first - 1

    @property
    def is_other_of_two(self) -> bool:
        """Say whether one of two alternatives follows the other, or itself."""
        at = place_of(self.found or "", self.model)
        return self.follows_directly and at is not None and len(self.model[at].names) == _ALTERNATIVES

    @property
    def may_be_late(self) -> bool:
        """Say whether something that may be repeated can have stood before what was found."""
        return not self.follows_directly or (self._first < len(self.model) and self.model[self._first].repeated)

    @property
    def behind(self) -> tuple[Place, ...]:
        """What may stand behind what was found."""
        at = None if self.found is None else place_of(self.found, self.model)
        return () if at is None else self.model[at + 1 :]

    @property
    def _first(self) -> int:
        places = [at for name in self.expected if (at := place_of(name, self.model)) is not None]
        return min(places, default=len(self.model))

    @property
    def before(self) -> str | None:
        """The child that stands before what is missing."""
        missing = self.missing
        at = place_of(missing, self.model) if missing else None
        if not at:
            return None
        required = [place for place in self.model[:at] if place.required]
        return _either((required or self.model[:at])[-1].names)

    @property
    def meant(self) -> str | None:
        """The element whose name is that of what was found but for capital letters and the like."""
        if self.found is None:
            return None
        wanted = letters(self.found)
        expected = next((name for name in self.expected if letters(name) == wanted), None)
        return expected or known_names().get(wanted)


def misplaced(case: Case) -> Misplaced:
    """Take a structure fault apart."""
    at_end = case.rule in {"cvc-complex-type.2.4.b", "cvc-complex-type.2.4.i", "cvc-complex-type.2.4.j"}
    words = next((word for word in case.arguments[1:] if word.startswith("{")), "{}")
    expected = tuple(local(name) for name in listed(words))
    return Misplaced(case.path, model_of(case.path), None if at_end else local(case.arguments[0]), expected)


def is_in_namespace(case: Case) -> bool:
    """Say whether the parser names an element with its namespace, which the elements of a feed do not have."""
    return case.arguments[0].startswith("{")


def not_here(case: Case) -> str:
    """cvc-complex-type.2.4.a and .d: another element was expected, or none."""
    fault = misplaced(case)
    found, parent = quoted(fault.found or ""), quoted(case.element)
    if fault.found is None or place_of(fault.found, fault.model) is None:
        return _stranger(fault, found, parent)
    if is_in_namespace(case):
        return f"{found} is in a namespace here; the elements of a feed are in none."
    if fault.missing:
        return _missing(fault, parent)
    if fault.may_be_late and fault.behind:
        again = "a second time or " if fault.follows_directly else ""
        return f"{found} stands {again}too late in {parent}: it belongs {_where(fault)}."
    place = fault.model[place_of(fault.found, fault.model) or 0]
    only = f"either {_either(place.names)}, and only once" if len(place.names) > 1 else f"only one {found}"
    return f"{parent} takes {only}."


def incomplete(case: Case) -> str:
    """cvc-complex-type.2.4.b: something is missing at the end."""
    fault = misplaced(case)
    if fault.missing:
        return _missing(fault, quoted(case.element))
    return f"{quoted(case.element)} is not complete: it needs {_few(fault.expected)}."


def too_many(case: Case) -> str:
    """cvc-complex-type.2.4.e and .f."""
    name, limit = local(case.arguments[0]), case.arguments[-1]
    return f"{quoted(name)} may stand at most {limit} times in {quoted(case.element)}."


def too_few(case: Case) -> str:
    """cvc-complex-type.2.4.g to .j."""
    name, limit = case.arguments[1:3]
    return f"{quoted(case.element)} needs {quoted(local(name))} at least {limit} times."


def _missing(fault: Misplaced, parent: str) -> str:
    name = fault.missing or ""
    names = fault.model[place_of(name, fault.model) or 0].names
    if len(names) > _ALTERNATIVES:
        return f"{parent} holds nothing about an order: one of {_either(names)} is missing."
    where = f"it stands after {fault.before}" if fault.before else "it comes first"
    purpose = element_at((*fault.parent, name)).purpose
    return f"{_either(names)} is missing in {parent}; {where}.{f' It {purpose}.' if purpose else ''}"


def _stranger(fault: Misplaced, found: str, parent: str) -> str:
    if fault.meant and fault.meant != fault.found:
        return f"There is no element {found}; it is called {quoted(fault.meant)}."
    if fault.meant:
        return f"{found} has no place in {parent}{_instead(fault)}."
    return f"{found} is an element that {parent} does not know{_instead(fault)}."


def _instead(fault: Misplaced) -> str:
    if not fault.expected:
        return ", and nothing more may stand at this point"
    return f"; what may stand here is {_few(fault.expected)}"


def _where(fault: Misplaced) -> str:
    first = next((place for place in fault.behind if place.required), fault.behind[0])
    return f"before {_either(first.names)}"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(quoted(name) for name in names)


def _few(names: tuple[str, ...]) -> str:
    more = f", … ({len(names)} in all)" if len(names) > _FEW else ""
    return ", ".join(quoted(name) for name in names[:_FEW]) + more
