"""Why a value is not valid, in a sentence for people; by the rule that it breaks."""

from collections.abc import Callable

from feedproc.formats.plain import elements
from feedproc.formats.plain.case import Case, this_is
from feedproc.formats.plain.names import told
from feedproc.formats.quoting import quoted, shown

_TYPES = {
    "IDNumber": elements.NUMBER,
    "AmazonOrderID": elements.ORDER_ID.holds,
    "AmazonOrderItemCode": elements.ITEM_CODE.holds,
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


def not_listed(case: Case) -> str:
    """cvc-enumeration-valid."""
    value, names = case.arguments
    is_so = f"cannot be {quoted(value)}" if value.strip() else "is empty"
    return f"{case.subject} {is_so}; it must be {told(value, names)}.{_advice(case)}"


def not_fitting(case: Case) -> str:
    """cvc-pattern-valid."""
    value, pattern, kind = case.arguments
    return _must_be(case, _held(case, kind) or f"written as the pattern `{shown(pattern)}` says", value)


def not_of_type(case: Case) -> str:
    """cvc-datatype-valid.1.2.1 and .1.2.3."""
    value, kind = case.arguments
    return _must_be(case, _held(case, kind) or f"a value of the type `{shown(kind)}`", value)


def too_few_characters(case: Case) -> str:
    """cvc-minLength-valid."""
    value, length, limit, _ = case.arguments
    if not value:
        return f"{case.subject} must not be empty.{_advice(case)}"
    return f"{case.subject} must have at least {limit} characters; {quoted(value)} has {length}.{_advice(case)}"


def too_many_characters(case: Case) -> str:
    """cvc-maxLength-valid."""
    value, length, limit, _ = case.arguments
    return f"{case.subject} may have at most {limit} characters; {quoted(value)} has {length}."


def other_length(case: Case) -> str:
    """cvc-length-valid."""
    value, length, limit, _ = case.arguments
    if case.about.holds:
        return _must_be(case, case.about.holds, value)
    return f"{case.subject} must have exactly {limit} characters; {quoted(value)} has {length}."


def too_many_decimals(case: Case) -> str:
    """cvc-fractionDigits-valid."""
    value, count, limit = case.arguments
    return f"{case.subject} may have at most {limit} decimals; {quoted(value)} has {count}."


def too_many_digits(case: Case) -> str:
    """cvc-totalDigits-valid."""
    value, count, limit = case.arguments
    return f"{case.subject} may have at most {limit} digits in all, with its decimals; {quoted(value)} has {count}."


def beyond(words: str) -> Callable[[Case], str]:
    """Return what says that a value is beyond a bound."""

    def reason(case: Case) -> str:
        value, bound, kind = case.arguments
        return _must_be(case, _held(case, kind) or f"{words} {bound}", value)

    return reason


def value_is_wrong(case: Case) -> str:
    """cvc-type.3.1.3, which follows the rule that is broken."""
    return _must_be(case, case.about.holds or "a value that the finding before allows", case.arguments[1])


def content_is_wrong(case: Case) -> str:
    """cvc-complex-type.2.2: of an element with attributes, the same; or there are elements in it."""
    return f"{case.subject} must be {case.about.holds or 'a valid value'}, without elements in it."


def attribute_is_wrong(case: Case) -> str:
    """cvc-attribute.3, which follows the rule that is broken."""
    element, name, value, _ = case.arguments
    return f"The attribute {quoted(name)} of {quoted(element)} cannot be {quoted(value)}."


def _held(case: Case, kind: str) -> str | None:
    own = None if case.attribute else case.about.holds
    return own or _TYPES.get(kind)


def _must_be(case: Case, what: str, value: str) -> str:
    return f"{case.subject} must be {what}; {this_is(value)}.{_advice(case)}"


def _advice(case: Case) -> str:
    advice = "" if case.attribute else case.about.advice
    return f" {advice}" if advice else ""
