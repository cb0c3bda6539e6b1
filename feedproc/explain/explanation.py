"""A fault becomes its reason, by a table of the rules of XML Schema, and its hint."""

from collections.abc import Callable

from feedproc.explain import scanner, structure, values
from feedproc.explain.case import Case, make_case
from feedproc.explain.knowledge import Knowledge
from feedproc.explain.parts import strip_to_local, take_apart
from feedproc.explain.plain import Plain
from feedproc.explain.structure import suggest_structure
from feedproc.explain.values import suggest_listed
from feedproc.feeds.saying import Saying, quote_value, say, show_value
from feedproc.xerces.faults import StrayText

_LONGEST_PART = 200
"""Characters of what fills a place: a hostile value can look like the parser's own words around it."""
_OTHERWISE = "What stands here does not fit the schema of the feed."
_REPORT = "Report"
_STRUCTURE = "cvc-complex-type.2.4."
_INSTANCE_ATTRIBUTES = {"noNamespaceSchemaLocation", "schemaLocation", "type", "nil"}
_INSTANCE_HINT = 'Write `xmlns:{}="http://www.w3.org/2001/XMLSchema-instance"` at the root; another address is there.'
_ATTRIBUTES = {"currency", "Type", "Description"}
_LEFT_OVER = "Mostly it is a bracket or a bit of a tag that was left over."
_NO_XSI = "Leave the `xsi:` attributes out; a feed needs none of them inside its messages."
Reason = Callable[[Case], Saying]
_TAKES = {"Amount": "only `currency`", "PhoneNumber": "only `Type` and `Description`"}


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
    takes = say(_TAKES.get(strip_to_local(element)) or otherwise)
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


def explain_fault(known: Knowledge, rule: str, path: str, sentence: str) -> Plain:
    """Say in plain words what the parser means by `sentence`, which it said of the element at `path`."""
    if rule not in RULES:
        is_of_schema = path or rule.startswith("SCHEMAV")
        return Plain(say(_OTHERWISE), None) if is_of_schema else scanner.explain_scanner_fault(rule, sentence)
    arguments = take_apart(rule, sentence)
    if arguments is None:
        return Plain(say(_OTHERWISE), None)
    case = make_case(rule, path, arguments, known)
    meant = suggest(case)
    return Plain(_make_visible(RULES[rule](case)), _make_visible(meant) if meant else None)


def suggest_for_stray(stray: StrayText) -> Saying:
    """Return what to do with text that stands where only elements may be, and where it is."""
    place = quote_value(stray.text), str(stray.line), str(stray.column)
    return say(" ", say("Take out {}, in line {}, column {}.", *place), say(_LEFT_OVER))


def explain_feed_type(known: Knowledge, expected: str, found: str | None, envelope: str) -> Plain:
    """Say that messages of one type were sent as a feed of another; `envelope` is what its MessageType says."""
    if found == expected:
        words = "The envelope's `MessageType` is {}, but this feed type takes {} messages."
        reason = say(words, quote_value(envelope), expected)
        return Plain(reason, say("Write `<MessageType>{}</MessageType>`.", expected))
    told = quote_value(found) if found else say("empty")
    return Plain(
        say("This feed type takes {} messages; this one is {}.", expected, told), _find_right_type(known, found)
    )


def _find_right_type(known: Knowledge, found: str | None) -> Saying | None:
    name = known.find_feed_type(found or "")
    if name is not None:
        return say("Send it as `{}`.", name)
    is_report = found is not None and found.endswith(_REPORT)
    return say("Reports come from Amazon; they are not sent back.") if is_report else None


def _make_visible(said: Saying) -> Saying:
    parts = (
        _make_visible(part) if isinstance(part, Saying) else show_value(part, _LONGEST_PART) for part in said.parts
    )
    return Saying(said.text, tuple(parts))


def suggest(case: Case) -> Saying | None:
    """Return what was probably meant; None when nothing fits, or when the finding before it has told."""
    if case.rule in FOLLOWING:
        return None
    if case.rule.startswith(_STRUCTURE):
        return suggest_structure(case)
    if case.rule == "cvc-enumeration-valid":
        return suggest_listed(case)
    if case.rule.startswith(("cvc-elt.3", "cvc-elt.4")) or (case.attribute or "").startswith("xsi:"):
        return say(_NO_XSI)
    if case.rule.endswith("-valid") or case.rule.startswith("cvc-datatype-valid"):
        return _suggest_value(case)
    return _suggest_for_attributes(case)


def _suggest_for_attributes(case: Case) -> Saying | None:
    if case.rule == "cvc-complex-type.2.3":
        return say("Take the text out; mostly it is a bracket or a bit of a tag that was left over.")
    if case.rule == "cvc-complex-type.3.2.2":
        name = strip_to_local(case.arguments[1])
        if case.arguments[1] != name and name in _INSTANCE_ATTRIBUTES:
            return say(_INSTANCE_HINT, case.arguments[1].partition(":")[0])
        meant = next((known for known in _ATTRIBUTES if known.lower() == name.lower() and known != name), None)
        if meant is None:
            return say("Take {} out.", quote_value(name))
        return say("Write `{}`: capital and small letters count.", meant)
    if case.rule == "cvc-type.3.1.1":
        return say("Take {} out; only `Amount` and `PhoneNumber` have attributes.", quote_value(case.arguments[1]))
    return None


def _suggest_value(case: Case) -> Saying | None:
    if case.rule == "cvc-fractionDigits-valid":
        return say("Round where the amount is worked out; sums of money in a program should be decimals, not floats.")
    mend = None if case.attribute else case.known.find_mend(case.path)
    return mend(case.arguments[0]) if mend is not None else None
