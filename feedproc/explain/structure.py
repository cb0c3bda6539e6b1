"""Why an element may not stand where it does, or may not end yet, and what was probably meant."""

from difflib import get_close_matches
from typing import NamedTuple

from feedproc.explain.case import Case
from feedproc.explain.knowledge import Knowledge, Slot, find_place
from feedproc.explain.names import strip_to_letters
from feedproc.explain.parts import read_list, strip_to_local
from feedproc.feeds.saying import Part, Saying, join_parts, quote_value, say

_FEW = 6
"""Elements named as what may stand somewhere."""
_ALTERNATIVES = 2
"""Names of elements that a sentence can begin with."""
_MOST_ALTERNATIVES = 3
"""Elements of which one may stand, where a sentence names all of them."""
_ONE_EACH = "A message takes one of them: close it, and begin another one with a `MessageID` of its own."

_ALIKE = 0.85
"""How much of a misspelt name must be right, from 0 to 1."""
_FEW_IN_ORDER = 5
"""Elements whose order is told where one is only missing."""


class Misplaced(NamedTuple):
    """What a structure fault comes down to."""

    parent: tuple[str, ...]
    """The path of the element in which it is."""
    model: tuple[Slot, ...]
    """The order of that element's children; empty when it is not known."""
    found: str | None
    """The name of the child that may not stand there; None at the parent's end."""
    expected: tuple[str, ...]
    """What may stand there."""
    known: Knowledge

    @property
    def missing(self) -> str | None:
        """The first child that must come before what was found, as far as can be told."""
        at = None if self.found is None else find_place(self.found, self.model)
        for place in self.model:
            if place.required and place.names[0] in self.expected:
                return None if at is not None and at < self.model.index(place) else place.names[0]
        return None

    @property
    def follows_directly(self) -> bool:
        """Say whether what was found is just before what may come: a second one, or the other of two alternatives."""
        at = None if self.found is None else find_place(self.found, self.model)
        return at is not None and at == self._first - 1

    @property
    def is_alternative(self) -> bool:
        """Say whether one of a few alternatives follows another, or itself."""
        at = find_place(self.found or "", self.model)
        return self.follows_directly and at is not None and 1 < len(self.model[at].names) <= _MOST_ALTERNATIVES

    @property
    def may_be_late(self) -> bool:
        """Say whether something that may be repeated can have stood before what was found."""
        return not self.follows_directly or (self._first < len(self.model) and self.model[self._first].repeated)

    @property
    def behind(self) -> tuple[Slot, ...]:
        """What may stand behind what was found."""
        at = None if self.found is None else find_place(self.found, self.model)
        return () if at is None else self.model[at + 1 :]

    @property
    def _first(self) -> int:
        places = [at for name in self.expected if (at := find_place(name, self.model)) is not None]
        return min(places, default=len(self.model))

    @property
    def before(self) -> Part | None:
        """The child that stands before what is missing."""
        missing = self.missing
        at = find_place(missing, self.model) if missing else None
        if not at:
            return None
        required = [place for place in self.model[:at] if place.required]
        return join_either((required or self.model[:at])[-1].names)

    @property
    def meant(self) -> str | None:
        """The element whose name is that of what was found but for capital letters and the like."""
        if self.found is None:
            return None
        wanted = strip_to_letters(self.found)
        expected = next((name for name in self.expected if strip_to_letters(name) == wanted), None)
        return expected or self.known.names.get(wanted)


def take_fault_apart(case: Case) -> Misplaced:
    """Take a structure fault apart."""
    at_end = case.rule in {"cvc-complex-type.2.4.b", "cvc-complex-type.2.4.i", "cvc-complex-type.2.4.j"}
    words = next((word for word in case.arguments[1:] if word.startswith("{")), "{}")
    expected = tuple(strip_to_local(name) for name in read_list(words))
    found = None if at_end else strip_to_local(case.arguments[0])
    return Misplaced(case.path, case.known.get_model(case.path), found, expected, case.known)


def is_in_namespace(case: Case) -> bool:
    """Say whether the parser names an element with its namespace, which the elements of a feed do not have."""
    return case.arguments[0].startswith("{")


def explain_misplaced(case: Case) -> Saying:
    """cvc-complex-type.2.4.a and .d: another element was expected, or none."""
    fault = take_fault_apart(case)
    found, parent = quote_value(fault.found or ""), quote_value(case.element)
    if fault.found is None or find_place(fault.found, fault.model) is None:
        return _explain_stranger(fault, found, parent)
    if is_in_namespace(case):
        return say("{} is in a namespace here; the elements of a feed are in none.", found)
    if fault.missing:
        return _explain_missing(fault, parent)
    if fault.may_be_late and fault.behind:
        return _explain_too_late(fault, found, parent)
    place = fault.model[find_place(fault.found, fault.model) or 0]
    if len(place.names) > 1:
        return say("{} takes either {}, and only once.", parent, join_either(place.names))
    return say("{} takes only one {}.", parent, found)


def explain_incomplete(case: Case) -> Saying:
    """cvc-complex-type.2.4.b: something is missing at the end."""
    fault = take_fault_apart(case)
    if fault.missing:
        return _explain_missing(fault, quote_value(case.element))
    return say("{} is not complete: it needs {}.", quote_value(case.element), _tell_few(fault.expected))


def explain_too_many(case: Case) -> Saying:
    """cvc-complex-type.2.4.e and .f."""
    name, limit = strip_to_local(case.arguments[0]), case.arguments[-1]
    return say("{} may stand at most {} times in {}.", quote_value(name), limit, quote_value(case.element))


def explain_too_few(case: Case) -> Saying:
    """cvc-complex-type.2.4.g to .j."""
    name, limit = case.arguments[1:3]
    return say("{} needs {} at least {} times.", quote_value(case.element), quote_value(strip_to_local(name)), limit)


def _explain_missing(fault: Misplaced, parent: str) -> Saying:
    name = fault.missing or ""
    names = fault.model[find_place(name, fault.model) or 0].names
    if len(names) > _ALTERNATIVES:
        return say("{} lacks its content: one of {} is missing.", parent, join_either(names))
    where = say("it stands after {}", fault.before) if fault.before else say("it comes first")
    missing = say("{} is missing in {}; {}.", join_either(names), parent, where)
    purpose = fault.known.get_element((*fault.parent, name)).purpose
    return say(" ", missing, say("It {}.", say(purpose))) if purpose else missing


def _explain_too_late(fault: Misplaced, found: str, parent: str) -> Saying:
    first = next((place for place in fault.behind if place.required), fault.behind[0])
    if fault.follows_directly:
        words = "{} stands a second time or too late in {}: it belongs before {}."
        return say(words, found, parent, join_either(first.names))
    return say("{} stands too late in {}: it belongs before {}.", found, parent, join_either(first.names))


def _explain_stranger(fault: Misplaced, found: str, parent: str) -> Saying:
    if fault.meant and fault.meant != fault.found:
        return say("There is no element {}; it is called {}.", found, quote_value(fault.meant))
    is_so = "{} has no place in {}{}." if fault.meant else "{} is an element that {} does not know{}."
    return say(is_so, found, parent, _tell_instead(fault))


def _tell_instead(fault: Misplaced) -> Saying:
    if not fault.expected:
        return say(", and nothing more may stand at this point")
    return say("; what may stand here is {}", _tell_few(fault.expected))


def join_either(names: tuple[str, ...]) -> Part:
    """Name what an element may be called: one of these."""
    return join_parts(" or ", map(quote_value, names))


def _tell_few(names: tuple[str, ...]) -> Part:
    first = join_parts(", ", map(quote_value, names[:_FEW]))
    return say("{}, … ({} in all)", first, len(names)) if len(names) > _FEW else first


def suggest_structure(case: Case) -> Saying | None:
    """Return what may be meant, if anything comes to mind."""
    fault = take_fault_apart(case)
    if fault.found is not None and fault.meant not in {None, fault.found}:
        return _suggest_spelling(fault.found, fault.meant or "")
    known = case.known.find_place(case.path, fault.found or "")
    if known:
        return say(known)
    around = _suggest_around_payload(case, fault.found or "")
    if around:
        return around
    if case.element == "Message" and fault.follows_directly and fault.found in case.known.payloads:
        return say(_ONE_EACH)
    if fault.found is not None and find_place(fault.found, fault.model) is None:
        return None
    return _suggest_for_known(case, fault)


def _suggest_around_payload(case: Case, found: str) -> Saying | None:
    """Return what to do with the content of a message that is not in one, or whose name is misspelt."""
    payloads, parent = case.known.payloads, case.path[-1] if case.path else ""
    if parent == "AmazonEnvelope" and found in payloads:
        return say("Put it into a `Message`, behind a `MessageID`.")
    if parent == "Message" and found not in payloads:
        meant = get_close_matches(found, payloads, 1, _ALIKE)
        return say("Write {}.", quote_value(meant[0])) if meant else None
    return None


def _suggest_for_known(case: Case, fault: Misplaced) -> Saying | None:
    """Return what may be meant by an element that stands elsewhere in the same one, or by one that is missing."""
    if is_in_namespace(case):
        return say("Take the prefix off its name, and leave `xmlns` out.")
    if fault.is_alternative:
        first = fault.model[find_place(fault.found or "", fault.model) or 0].names[0]
        return say(case.known.find_choice_advice(case.path, first) or "Leave one of them out.")
    wanted = case.known.find_repeated_advice(case.path, fault.found or "") if fault.follows_directly else None
    if wanted and not fault.missing:
        return say(wanted)
    missing = case.known.find_missing_advice(case.path, fault.missing or "")
    return say(missing) if missing else _suggest_order(fault)


def _suggest_spelling(found: str, meant: str) -> Saying:
    if found.lower() == meant.lower():
        return say("Write `{}`: capital and small letters count in the names of elements.", meant)
    return say("Write `{}`: names of elements have no blanks or signs in them.", meant)


def _suggest_order(fault: Misplaced) -> Saying | None:
    """Tell the order of what may stand there, to somebody who has mixed it up."""
    if fault.found is None or not 1 < len(fault.model) <= (_FEW_IN_ORDER if fault.missing else len(fault.model)):
        return None
    names = [join_either(place.names) for place in fault.model if len(place.names) <= _MOST_ALTERNATIVES]
    return say("The order is {}.", join_parts(", ", names))
