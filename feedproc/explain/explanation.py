"""A fault becomes its reason and its hint."""

from feedproc.explain import scanner
from feedproc.explain.case import Case, make_case
from feedproc.explain.knowledge import Knowledge
from feedproc.explain.parts import strip_to_local, take_apart
from feedproc.explain.plain import Plain
from feedproc.explain.rules import FOLLOWING, RULES
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
