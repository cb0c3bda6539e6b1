"""Why a value is not valid, by the rule that it breaks, and which name of a list was probably meant."""

from collections.abc import Callable

from feedproc.explain import elements
from feedproc.explain.case import Case, this_is
from feedproc.explain.content import place_of
from feedproc.explain.names import closest, has, letters, same, told
from feedproc.explain.parts import listed
from feedproc.feeds.saying import Saying, joined, quoted, say, shown

_TYPES = {
    "IDNumber": elements.NUMBER,
    "AmazonOrderID": elements.ORDER_NUMBER,
    "AmazonOrderItemCode": elements.ITEM_NUMBER,
    "positiveInteger": elements.UNITS,
    "nonNegativeInteger": "a whole number of at least 0",
    "integer": "a whole number",
    "decimal": elements.AMOUNT,
    "boolean": elements.YES_OR_NO,
    "dateTime": elements.MOMENT,
    "date": "a date such as `2024-03-04`",
    "QName": "the name of a type",
    "anyURI": "an address",
}
"""What a value of a type of the schemas is, for elements of which nothing more is known."""


def not_listed(case: Case) -> Saying:
    """cvc-enumeration-valid."""
    value, names = case.arguments
    if not value.strip():
        return _advised(case, say("{} is empty; it must be {}.", case.subject, told(value, names)))
    return _advised(case, say("{} cannot be {}; it must be {}.", case.subject, quoted(value), told(value, names)))


def not_fitting(case: Case) -> Saying:
    """cvc-pattern-valid."""
    value, pattern, kind = case.arguments
    return _must_be(case, _held(case, kind) or say("written as the pattern `{}` says", shown(pattern)), value)


def not_of_type(case: Case) -> Saying:
    """cvc-datatype-valid.1.2.1 and .1.2.3."""
    value, kind = case.arguments
    return _must_be(case, _held(case, kind) or say("a value of the type `{}`", shown(kind)), value)


def too_few_characters(case: Case) -> Saying:
    """cvc-minLength-valid."""
    value, length, limit, _ = case.arguments
    if not value:
        return _advised(case, say("{} must not be empty.", case.subject))
    words = "{} must have at least {} characters; {} has {}."
    return _advised(case, say(words, case.subject, limit, quoted(value), length))


def too_many_characters(case: Case) -> Saying:
    """cvc-maxLength-valid."""
    value, length, limit, _ = case.arguments
    return say("{} may have at most {} characters; {} has {}.", case.subject, limit, quoted(value), length)


def other_length(case: Case) -> Saying:
    """cvc-length-valid."""
    value, length, limit, _ = case.arguments
    if case.about.holds:
        return _must_be(case, say(case.about.holds), value)
    return say("{} must have exactly {} characters; {} has {}.", case.subject, limit, quoted(value), length)


def too_many_decimals(case: Case) -> Saying:
    """cvc-fractionDigits-valid."""
    value, count, limit = case.arguments
    return say("{} may have at most {} decimals; {} has {}.", case.subject, limit, quoted(value), count)


def too_many_digits(case: Case) -> Saying:
    """cvc-totalDigits-valid."""
    value, count, limit = case.arguments
    words = "{} may have at most {} digits in all, with its decimals; {} has {}."
    return say(words, case.subject, limit, quoted(value), count)


def beyond(words: str) -> Callable[[Case], Saying]:
    """Return what says that a value is beyond a bound."""

    def reason(case: Case) -> Saying:
        value, bound, kind = case.arguments
        return _must_be(case, _held(case, kind) or say(words, bound), value)

    return reason


def value_is_wrong(case: Case) -> Saying:
    """cvc-type.3.1.3, which follows the rule that is broken."""
    return _must_be(case, say(case.about.holds or "a value that the finding before allows"), case.arguments[1])


def content_is_wrong(case: Case) -> Saying:
    """cvc-complex-type.2.2: of an element with attributes, the same; or there are elements in it."""
    return say("{} must be {}, without elements in it.", case.subject, say(case.about.holds or "a valid value"))


def attribute_is_wrong(case: Case) -> Saying:
    """cvc-attribute.3, which follows the rule that is broken."""
    element, name, value, _ = case.arguments
    return say("The attribute {} of {} cannot be {}.", quoted(name), quoted(element), quoted(value))


def _held(case: Case, kind: str) -> Saying | None:
    own = None if case.attribute else case.about.holds
    holds = own or _TYPES.get(kind)
    return say(holds) if holds else None


def _must_be(case: Case, what: Saying, value: str) -> Saying:
    return _advised(case, say("{} must be {}; {}.", case.subject, what, this_is(value)))


def _advised(case: Case, reason: Saying) -> Saying:
    """Return a reason with the advice behind it that there is on the element."""
    advice = "" if case.attribute else case.about.advice
    return say(" ", reason, say(advice)) if advice else reason


def hint_listed(case: Case) -> Saying | None:
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
