"""What was probably meant by a value that is not in its list."""

from feedproc.explain.case import Case
from feedproc.explain.content import place_of
from feedproc.explain.names import closest, has, letters, same
from feedproc.explain.parts import listed
from feedproc.feeds.saying import Saying, joined, quoted, say


def hint(case: Case) -> Saying | None:
    """Return what may be meant by the value, if anything comes to mind."""
    value, names = case.arguments
    element = case.attribute or case.element
    if not value.strip():
        return _when_empty(case, element)
    return _spelled(value, names) or _called(case, element, value, names) or _close(case, element, value, names)


def _spelled(value: str, names: str) -> Saying | None:
    meant = same(value, names)
    if meant is None:
        return None
    if value.strip() == meant:
        return say("Write `{}`: there must be no blanks or line ends around it.", meant)
    if value.casefold() == meant.casefold():
        return say("Write `{}`: capital and small letters count.", meant)
    return say("Write `{}`: exactly so, with no other blanks or signs.", meant)


def _called(case: Case, element: str, value: str, names: str) -> Saying | None:
    name = letters(value) or value.strip()
    for called in case.known.called(case.path, element):
        meant = called.names.get(name)
        if meant is not None and has(meant, names):
            return say(called.words, *([quoted(value)] if called.tells_value else []), meant)
    return None


def _close(case: Case, element: str, value: str, names: str) -> Saying | None:
    close = closest(value, names)
    meant = say("Did you mean {}?", joined(" or ", (f"`{name}`" for name in close))) if close else None
    otherwise = case.known.otherwise(case.path, element)
    if otherwise is None:
        return meant
    return say(" ", meant, say(otherwise)) if meant else say(otherwise)


def _when_empty(case: Case, element: str) -> Saying | None:
    otherwise = case.known.otherwise(case.path, element)
    if otherwise is not None:
        return say(otherwise)
    model = case.known.model_of(case.path[:-1])
    at = None if case.attribute else place_of(element, model)
    if at is not None and not model[at].required:
        return say("Leave `{}` out where there is nothing to say.", element)
    only = listed(case.arguments[1])
    return say("Write `{}`.", only[0]) if len(only) == 1 else None
