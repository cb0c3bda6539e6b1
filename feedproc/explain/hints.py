"""Which hint belongs to which rule of the schema."""

from feedproc.explain import list_hints, structure_hints, value_hints
from feedproc.explain.case import Case
from feedproc.explain.parts import local
from feedproc.explain.rules import FOLLOWING
from feedproc.feeds.saying import Saying, quoted, say

_STRUCTURE = "cvc-complex-type.2.4."
_ATTRIBUTES = {"currency", "Type", "Description"}
_NO_XSI = "Leave the `xsi:` attributes out; a feed needs none of them inside its messages."


def hint(case: Case) -> Saying | None:
    """Return what was probably meant; None when nothing fits, or when the finding before it has told."""
    if case.rule in FOLLOWING:
        return None
    if case.rule.startswith(_STRUCTURE):
        return structure_hints.hint(case)
    if case.rule == "cvc-enumeration-valid":
        return list_hints.hint(case)
    if case.rule.startswith(("cvc-elt.3", "cvc-elt.4")) or (case.attribute or "").startswith("xsi:"):
        return say(_NO_XSI)
    if case.rule.endswith("-valid") or case.rule.startswith("cvc-datatype-valid"):
        return value_hints.hint(case)
    return _of_attributes_and_text(case)


def _of_attributes_and_text(case: Case) -> Saying | None:
    if case.rule == "cvc-complex-type.2.3":
        return say("Take the text out; mostly it is a bracket or a bit of a tag that was left over.")
    if case.rule == "cvc-complex-type.3.2.2":
        name = local(case.arguments[1])
        meant = next((known for known in _ATTRIBUTES if known.lower() == name.lower() and known != name), None)
        if meant is None:
            return say("Take {} out.", quoted(name))
        return say("Write `{}`: capital and small letters count.", meant)
    if case.rule == "cvc-type.3.1.1":
        return say("Take {} out; only `Amount` and `PhoneNumber` have attributes.", quoted(case.arguments[1]))
    return None
