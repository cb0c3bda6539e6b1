"""What was probably meant by an element that may not stand where it does, or by one that is missing."""

from feedproc.explain.case import Case
from feedproc.explain.content import place_of
from feedproc.explain.structure import Misplaced, either, is_in_namespace, misplaced
from feedproc.feeds.saying import Saying, joined, say

_ONE_EACH = "A message takes one of them: close it, and begin another one with a `MessageID` of its own."

_FEW = 5
"""Elements whose order is told where one is only missing."""


def hint(case: Case) -> Saying | None:
    """Return what may be meant, if anything comes to mind."""
    fault = misplaced(case)
    if fault.found is not None and fault.meant not in {None, fault.found}:
        return _respelled(fault.found, fault.meant or "")
    known = case.known.place_for(case.path, fault.found or "")
    if known:
        return say(known)
    if case.element == "Message" and fault.follows_directly and fault.found in case.known.payloads:
        return say(_ONE_EACH)
    if fault.found is not None and place_of(fault.found, fault.model) is None:
        return None
    return _of_known(case, fault)


def _of_known(case: Case, fault: Misplaced) -> Saying | None:
    """Return what may be meant by an element that stands elsewhere in the same one, or by one that is missing."""
    if is_in_namespace(case):
        return say("Take the prefix off its name, and leave `xmlns` out.")
    if fault.is_other_of_two:
        first = fault.model[place_of(fault.found or "", fault.model) or 0].names[0]
        return say(case.known.advice_on(case.path, first) or "Leave one of them out.")
    missing = case.known.advice_without(case.path, fault.missing or "")
    return say(missing) if missing else _order(fault)


def _respelled(found: str, meant: str) -> Saying:
    if found.lower() == meant.lower():
        return say("Write `{}`: capital and small letters count in the names of elements.", meant)
    return say("Write `{}`: names of elements have no blanks or signs in them.", meant)


def _order(fault: Misplaced) -> Saying | None:
    """Tell the order of what may stand there, to somebody who has mixed it up."""
    if fault.found is None or not 1 < len(fault.model) <= (_FEW if fault.missing else len(fault.model)):
        return None
    names = [either(place.names) for place in fault.model if len(place.names) < 3]
    return say("The order is {}.", joined(", ", names))
