"""Why a value is not valid, by the rule that it breaks, and which name of a list was probably meant."""

from collections.abc import Callable

from feedproc.explain import elements
from feedproc.explain.case import Case, describe_value
from feedproc.explain.knowledge import find_place
from feedproc.explain.names import find_closest, find_same, has, list_choices, strip_to_letters
from feedproc.explain.parts import read_list
from feedproc.feeds.saying import Saying, join_parts, quote_value, say, show_value

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


def explain_not_listed(case: Case) -> Saying:
    """cvc-enumeration-valid."""
    value, names = case.arguments
    if not value.strip():
        return _add_advice(case, say("{} is empty; it must be {}.", case.subject, list_choices(value, names)))
    return _add_advice(
        case, say("{} cannot be {}; it must be {}.", case.subject, quote_value(value), list_choices(value, names))
    )


def explain_not_fitting(case: Case) -> Saying:
    """cvc-pattern-valid."""
    value, pattern, kind = case.arguments
    return _say_what_must_be(
        case, _describe_kind(case, kind) or say("written as the pattern `{}` says", show_value(pattern)), value
    )


def explain_not_of_type(case: Case) -> Saying:
    """cvc-datatype-valid.1.2.1 and .1.2.3."""
    value, kind = case.arguments
    return _say_what_must_be(
        case, _describe_kind(case, kind) or say("a value of the type `{}`", show_value(kind)), value
    )


def explain_too_few_characters(case: Case) -> Saying:
    """cvc-minLength-valid."""
    value, length, limit, _ = case.arguments
    if not value:
        return _add_advice(case, say("{} must not be empty.", case.subject))
    words = "{} must have at least {} characters; {} has {}."
    return _add_advice(case, say(words, case.subject, limit, quote_value(value), length))


def explain_too_many_characters(case: Case) -> Saying:
    """cvc-maxLength-valid."""
    value, length, limit, _ = case.arguments
    return say("{} may have at most {} characters; {} has {}.", case.subject, limit, quote_value(value), length)


def explain_other_length(case: Case) -> Saying:
    """cvc-length-valid."""
    value, length, limit, _ = case.arguments
    if case.about.holds:
        return _say_what_must_be(case, say(case.about.holds), value)
    return say("{} must have exactly {} characters; {} has {}.", case.subject, limit, quote_value(value), length)


def explain_too_many_decimals(case: Case) -> Saying:
    """cvc-fractionDigits-valid."""
    value, count, limit = case.arguments
    return say("{} may have at most {} decimals; {} has {}.", case.subject, limit, quote_value(value), count)


def explain_too_many_digits(case: Case) -> Saying:
    """cvc-totalDigits-valid."""
    value, count, limit = case.arguments
    words = "{} may have at most {} digits in all, with its decimals; {} has {}."
    return say(words, case.subject, limit, quote_value(value), count)


def explain_bound(words: str) -> Callable[[Case], Saying]:
    """Return what says that a value is beyond a bound."""

    def reason(case: Case) -> Saying:
        value, bound, kind = case.arguments
        return _say_what_must_be(case, _describe_kind(case, kind) or say(words, bound), value)

    return reason


def explain_value(case: Case) -> Saying:
    """cvc-type.3.1.3, which follows the rule that is broken."""
    return _say_what_must_be(case, say(case.about.holds or "a value that the finding before allows"), case.arguments[1])


def explain_content(case: Case) -> Saying:
    """cvc-complex-type.2.2: of an element with attributes, the same; or there are elements in it."""
    return say("{} must be {}, without elements in it.", case.subject, say(case.about.holds or "a valid value"))


def explain_attribute(case: Case) -> Saying:
    """cvc-attribute.3, which follows the rule that is broken."""
    element, name, value, _ = case.arguments
    return say("The attribute {} of {} cannot be {}.", quote_value(name), quote_value(element), quote_value(value))


def _describe_kind(case: Case, kind: str) -> Saying | None:
    own = None if case.attribute else case.about.holds
    holds = own or _TYPES.get(kind)
    return say(holds) if holds else None


def _say_what_must_be(case: Case, what: Saying, value: str) -> Saying:
    return _add_advice(case, say("{} must be {}; {}.", case.subject, what, describe_value(value)))


def _add_advice(case: Case, reason: Saying) -> Saying:
    """Return a reason with the advice behind it that there is on the element."""
    advice = "" if case.attribute else case.about.advice
    return say(" ", reason, say(advice)) if advice else reason


def suggest_listed(case: Case) -> Saying | None:
    """Return what may be meant by the value, if anything comes to mind."""
    value, names = case.arguments
    element = case.attribute or case.element
    if not value.strip():
        return _suggest_when_empty(case, element)
    return (
        _suggest_spelling(value, names)
        or _suggest_called(case, element, value, names)
        or _suggest_close(case, element, value, names)
    )


def _suggest_spelling(value: str, names: str) -> Saying | None:
    meant = find_same(value, names)
    if meant is None:
        return None
    if value.strip() == meant:
        return say("Write `{}`: there must be no blanks or line ends around it.", meant)
    if value.casefold() == meant.casefold():
        return say("Write `{}`: capital and small letters count.", meant)
    return say("Write `{}`: exactly so, with no other blanks or signs.", meant)


def _suggest_called(case: Case, element: str, value: str, names: str) -> Saying | None:
    name = strip_to_letters(value) or value.strip()
    for called in case.known.list_called(case.path, element):
        meant = called.names.get(name)
        if meant is not None and has(meant, names):
            return say(called.words, *([quote_value(value)] if called.tells_value else []), meant)
    return None


def _suggest_close(case: Case, element: str, value: str, names: str) -> Saying | None:
    close = find_closest(value, names)
    meant = say("Did you mean {}?", join_parts(" or ", (f"`{name}`" for name in close))) if close else None
    otherwise = case.known.find_fallback(case.path, element)
    if otherwise is None:
        return meant
    return say(" ", meant, say(otherwise)) if meant else say(otherwise)


def _suggest_when_empty(case: Case, element: str) -> Saying | None:
    otherwise = case.known.find_fallback(case.path, element)
    if otherwise is not None:
        return say(otherwise)
    model = case.known.get_model(case.path[:-1])
    at = None if case.attribute else find_place(element, model)
    if at is not None and not model[at].required:
        return say("Leave `{}` out where there is nothing to say.", element)
    only = read_list(case.arguments[1])
    return say("Write `{}`.", only[0]) if len(only) == 1 else None
