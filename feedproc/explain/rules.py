"""Which sentence for people belongs to which rule of the schema."""

from collections.abc import Callable

from feedproc.explain import structure, values
from feedproc.explain.case import Case
from feedproc.explain.parts import strip_to_local
from feedproc.feeds.saying import Saying, quote_value, say

Reason = Callable[[Case], Saying]
_ATTRIBUTES = {"Amount": "only `currency`", "PhoneNumber": "only `Type` and `Description`"}


def _fill_template(text: str) -> Reason:
    """Return what fills a sentence with the parts of the parser's, each quoted."""
    return lambda case: say(text, *map(quote_value, case.arguments))


def _explain_unknown_element(case: Case) -> Saying:
    name = strip_to_local(case.arguments[0])
    meant = case.known.names.get(name.lower())
    if meant is None:
        return say("{} is an element that no message knows.", quote_value(name))
    if meant != name:
        return say("There is no element {}; it is called `{}`.", quote_value(name), meant)
    return say("{} is in a namespace; the elements of a feed are in none.", quote_value(case.arguments[0]))


def _explain_unknown_attribute(case: Case) -> Saying:
    element, name = case.arguments
    otherwise = "no attributes" if case.known.get_model(case.path) else "no such attribute"
    takes = say(_ATTRIBUTES.get(strip_to_local(element)) or otherwise)
    return say("{} has an attribute {}, but takes {}.", quote_value(element), quote_value(name), takes)


def _explain_text_between(case: Case) -> Saying:
    return say("{} may hold elements only, but there is text between them.", quote_value(case.element))


_TWO_IDS = _fill_template("{0} has two attributes that are its id: {1} and {2}.")
_NOT_UNIQUE = _fill_template("The value {0} stands more than once in {1}, where {2} allows it once.")

RULES: dict[str, Reason] = {
    "Identity Constraint error": _fill_template("The reference {0} is to a key that is not declared around it."),
    "UndeclaredEntity": _fill_template("There is no entity {0}."),
    "UndeclaredPrefix": _fill_template("The prefix {1} of {0} is not declared in the feed."),
    "cvc-attribute.3": values.explain_attribute,
    "cvc-attribute.4": _fill_template("The attribute {1} of {0} can only be {3}; this is {2}."),
    "cvc-complex-type.2.1": _fill_template("{0} must be empty."),
    "cvc-complex-type.2.2": values.explain_content,
    "cvc-complex-type.2.3": _explain_text_between,
    "cvc-complex-type.2.4.a": structure.explain_misplaced,
    "cvc-complex-type.2.4.b": structure.explain_incomplete,
    "cvc-complex-type.2.4.c": _explain_unknown_element,
    "cvc-complex-type.2.4.d": structure.explain_misplaced,
    "cvc-complex-type.2.4.e": structure.explain_too_many,
    "cvc-complex-type.2.4.f": structure.explain_too_many,
    "cvc-complex-type.2.4.g": structure.explain_too_few,
    "cvc-complex-type.2.4.h": structure.explain_too_few,
    "cvc-complex-type.2.4.i": structure.explain_too_few,
    "cvc-complex-type.2.4.j": structure.explain_too_few,
    "cvc-complex-type.3.1": _fill_template("The attribute {1} of {0} can only be {3}; this is {2}."),
    "cvc-complex-type.3.2.2": _explain_unknown_attribute,
    "cvc-complex-type.4": _fill_template("The attribute {1} of {0} is missing."),
    "cvc-complex-type.4_ns": _fill_template("The attribute {1} of {0}, in the namespace {2}, is missing."),
    "cvc-complex-type.5.1": _TWO_IDS,
    "cvc-complex-type.5.2": _TWO_IDS,
    "cvc-datatype-valid.1.2.1": values.explain_not_of_type,
    "cvc-datatype-valid.1.2.3": values.explain_not_of_type,
    "cvc-elt.1": _explain_unknown_element,
    "cvc-elt.2": _fill_template("{0} may not stand in a feed itself; one of its variants must."),
    "cvc-elt.3.1": _fill_template("{0} cannot be marked as empty with `xsi:nil`; leave the element out instead."),
    "cvc-elt.3.2.1": _fill_template("{0} is marked as empty with `xsi:nil`, but holds something."),
    "cvc-elt.3.2.2": _fill_template("{0} cannot be marked as empty with `xsi:nil`, because its value is fixed."),
    "cvc-elt.4.1": _fill_template("The `xsi:type` {1} of {0} is not the name of a type."),
    "cvc-elt.4.2": _fill_template("The `xsi:type` {1} of {0} names a type that the schemas do not have."),
    "cvc-elt.4.3": _fill_template("The `xsi:type` {1} cannot stand for the type of {0}."),
    "cvc-elt.5.1.1": _fill_template("{0} is empty, and its default value {2} does not fit the type {1}."),
    "cvc-elt.5.2.2.1": _fill_template("{0} must not hold elements."),
    "cvc-elt.5.2.2.2.1": _fill_template("{0} can only be {2}; this is {1}."),
    "cvc-elt.5.2.2.2.2": _fill_template("{0} can only be {2}; this is {1}."),
    "cvc-enumeration-valid": values.explain_not_listed,
    "cvc-fractionDigits-valid": values.explain_too_many_decimals,
    "cvc-id.1": _fill_template("{0} is the id of nothing in the feed."),
    "cvc-id.2": _fill_template("The id {0} stands more than once in the feed."),
    "cvc-id.3": _fill_template("{1} cannot be a part of the key {0}: it holds elements."),
    "cvc-identity-constraint.3": _fill_template("{0} stands more than once, where {1} allows one value."),
    "cvc-identity-constraint.4.1": _NOT_UNIQUE,
    "cvc-identity-constraint.4.2.1.a": _fill_template("{0} has no value for its key {1}."),
    "cvc-identity-constraint.4.2.1.b": _fill_template("{0} lacks a part of its key {1}."),
    "cvc-identity-constraint.4.2.2": _NOT_UNIQUE,
    "cvc-identity-constraint.4.2.3": _fill_template(
        "The key {1} of {0} is an element that may be empty, as no key may."
    ),
    "cvc-identity-constraint.4.3": _fill_template("{0} of {2} refers to {1}, which is not there."),
    "cvc-length-valid": values.explain_other_length,
    "cvc-maxExclusive-valid": values.explain_bound("less than {}"),
    "cvc-maxInclusive-valid": values.explain_bound("at most {}"),
    "cvc-maxLength-valid": values.explain_too_many_characters,
    "cvc-minExclusive-valid": values.explain_bound("more than {}"),
    "cvc-minInclusive-valid": values.explain_bound("at least {}"),
    "cvc-minLength-valid": values.explain_too_few_characters,
    "cvc-pattern-valid": values.explain_not_fitting,
    "cvc-totalDigits-valid": values.explain_too_many_digits,
    "cvc-type.2": _fill_template("The type of {0} cannot be used itself; name another one with `xsi:type`."),
    "cvc-type.3.1.1": _fill_template("{0} takes no attributes, but has {1}."),
    "cvc-type.3.1.2": _fill_template("{0} holds a value; there must be no elements in it."),
    "cvc-type.3.1.3": values.explain_value,
}
"""By rule; each rule that the parser has a sentence for."""

FOLLOWING = frozenset({"cvc-attribute.3", "cvc-complex-type.2.2", "cvc-complex-type.3.1", "cvc-type.3.1.3"})
"""Rules that the parser tells behind another one that says more of the same fault."""
