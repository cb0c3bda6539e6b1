"""What is known of one fault when it is put into plain words."""

from typing import NamedTuple

from feedproc.explain.elements import About
from feedproc.explain.knowledge import Knowledge
from feedproc.explain.parts import strip_to_local
from feedproc.feeds.saying import Part, Saying, quote_value, say


class Case(NamedTuple):
    """One fault of the schema, taken apart."""

    rule: str
    path: tuple[str, ...]
    """The names of the elements from the root to the one at fault, without numbers and prefixes."""
    arguments: tuple[str, ...]
    """What filled the places of the parser's sentence."""
    known: Knowledge

    @property
    def element(self) -> str:
        """The name of the element at fault."""
        return self.path[-1] if self.path else ""

    @property
    def about(self) -> About:
        """What is known of that element."""
        return self.known.get_element(self.path)

    @property
    def attribute(self) -> str | None:
        """The attribute at fault, where the value is not the element's own."""
        return find_attribute(self)

    @property
    def subject(self) -> Part:
        """Name what is at fault, to begin a sentence with."""
        name = self.attribute
        return say("The attribute `{}` of {}", name, quote_value(self.element)) if name else quote_value(self.element)


def make_case(rule: str, path: str, arguments: tuple[str, ...], known: Knowledge) -> Case:
    """Return the case of a fault."""
    return Case(rule, tuple(strip_to_local(name) for name in path.split("/")[1:]), arguments, known)


def describe_value(value: str) -> Saying:
    """Say what stands there instead."""
    if value.strip():
        return say("this is {}", quote_value(value))
    return say("this holds only blanks") if value else say("this is empty")


_INSTANCE = {"QName": "xsi:type", "anyURI": "xsi:schemaLocation", "boolean": "xsi:nil"}
_FACETS = {
    ("Amount", "cvc-enumeration-valid"): "currency",
    ("PhoneNumber", "cvc-enumeration-valid"): "Type",
}


def find_attribute(case: Case) -> str | None:
    """Return which attribute the value of a facet's sentence is of, or None when it is the element's text."""
    if case.rule == "cvc-attribute.3":
        return case.arguments[1]
    if case.rule == "cvc-datatype-valid.1.2.1":
        name = _INSTANCE.get(case.arguments[1])
        is_own = name == "xsi:nil" and (not case.about.purpose or "`true`" in case.about.holds)
        return None if is_own else name
    if case.rule == "cvc-maxLength-valid" and "_Description" in case.arguments[3]:
        return "Description"
    return _FACETS.get((case.element, case.rule))
