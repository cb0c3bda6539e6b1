"""A folder of one's own schemas, such as Amazon's, by which feeds are judged in place of feedproc's."""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from lxml import etree

from feedproc.errors import Unusable
from feedproc.formats.xml.libxml2_gaps import doubted, patterned
from feedproc.formats.xml.schemas import ENVELOPE, Schemas
from feedproc.xerces.schema.content import State
from feedproc.xerces.schema.declarations import atoms_of, children_of, simple_types_of
from feedproc.xerces.schema.model import ComplexType, Element, Schema
from feedproc.xerces.schema.nodes import Node, UnknownSchema
from feedproc.xerces.schema.reader import read_schema
from feedproc.xerces.walk.root import Continued, Root

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_ROOT, _MESSAGE = "AmazonEnvelope", "Message"
_NO_PAYLOADS = {"MessageID", "OperationType"}
_CONSTRAINTS = (f"{_XSD}key", f"{_XSD}keyref", f"{_XSD}unique")
_LIBXML2S_OWN = frozenset(
    {
        etree.ErrorTypes.SCHEMAP_NOT_DETERMINISTIC,
        etree.ErrorTypes.SCHEMAP_INTERNAL,
        etree.ErrorTypes.SCHEMAP_REGEXP_INVALID,
        etree.ErrorTypes.SCHEMAP_INVALID_FACET,
        etree.ErrorTypes.SCHEMAP_INVALID_FACET_VALUE,
    }
)
"""What libxml2 may say of valid schemas as well; our own reading has found no fault with them."""


class FolderSchemas(Schemas):
    """The schemas in a folder."""

    is_ours = False
    head = b""
    message = b"<Message/>"

    def __init__(self, place: Path) -> None:
        """Read them. Raises `UnknownSchema` or `Unusable`, which name file and line."""
        self._place = place
        self._envelope = _declared(place / ENVELOPE, self.compiled)
        self._after = _after_message(self._envelope.type)
        self.follows = self._after is None or bool(self._envelope.constraints) or _identifies(self.compiled)
        if self.follows:
            self.note = "messages depend on each other by these schemas, so every feed is read from its first byte"
        elif self.compiled_in_c is None:
            self.note = "libxml2 cannot compile these schemas, so that judging takes longer"

    @property
    def place(self) -> Path:
        """The folder."""
        return self._place

    @cached_property
    def compiled(self) -> Schema:
        """The schema of AmazonEnvelope as Amazon's parser understands it."""
        return read_schema(self._place / ENVELOPE)

    @cached_property
    def compiled_in_c(self) -> etree.XMLSchema | None:
        """The same for libxml2, but so that only the messages need be there; None when it cannot judge."""
        whole = etree.parse(str(self._place / ENVELOPE))
        try:
            etree.XMLSchema(whole)
            return etree.XMLSchema(whole) if _ease(whole.getroot()) else None
        except etree.XMLSchemaParseError as error:
            told = [entry for entry in error.error_log if entry.type not in _LIBXML2S_OWN]
            if told:
                first = told[0]
                raise Unusable(f"{first.filename}:{first.line}: {first.message}") from error
            return None

    @cached_property
    def payloads(self) -> Collection[str]:
        """The names of the elements that a message may hold."""
        messages = [child for child in children_of(self._envelope.type) if child.key == _MESSAGE]
        return {child.name for message in messages for child in children_of(message.type)} - _NO_PAYLOADS

    @cached_property
    def doubted(self) -> Collection[str]:
        """The names of the elements of which libxml2 may take for valid what Amazon's parser does not."""
        return doubted(self.compiled) - {_ROOT}

    @cached_property
    def patterned(self) -> Collection[str]:
        """The names of the elements whose values a pattern restricts."""
        return patterned(self.compiled)

    @property
    def judges_alone(self) -> bool:
        """Whether libxml2 is not asked at all."""
        return self.follows or self.compiled_in_c is None

    def continued(self, root: Root) -> Root:
        """Return what is known of the root behind a part of a feed as it is to be told of the next."""
        if self.follows:
            return root
        assert self._after is not None  # noqa: S101 - else the feed is followed
        return root._replace(continued=Continued(self._after, 0))


def load_folder(place: Path) -> FolderSchemas:
    """Return the schemas in a folder. Raises `Unusable`."""
    if not place.is_dir():
        raise Unusable(f"{place}: there is no such folder of schemas")
    if not (place / ENVELOPE).is_file():
        raise Unusable(f"{place}: has no {ENVELOPE}, the schema of {_ROOT} that includes all others")
    try:
        return FolderSchemas(place)
    except UnknownSchema as unknown:
        raise Unusable(str(unknown)) from unknown


def _declared(path: Path, schema: Schema) -> Element:
    envelope = schema.elements.get(_ROOT)
    if envelope is None:
        raise Unusable(f"{path}: declares no element {_ROOT} (without a namespace)")
    if not any(child.key == _MESSAGE for child in children_of(envelope.type)):
        raise Unusable(f"{path}: its {_ROOT} has no {_MESSAGE} in it")
    return envelope


def _after_message(kind: object) -> State | None:
    """Return the state of the envelope's content between two messages; None where it depends on how many there were."""
    automaton = kind.automaton if isinstance(kind, ComplexType) else None
    if automaton is None or automaton.tally is not None:
        return None
    states, seen = [automaton.start], {id(automaton.start)}
    for state in states:
        step = state.step(0, _MESSAGE, None)
        if step is not None:
            after = step[1]
            again = after.step(0, _MESSAGE, None)
            is_steady = again is not None and again[1] is after and after.count is None and after.ends
            return after if is_steady else None
        for _, _, target in state.steps:
            if id(target) not in seen:
                seen.add(id(target))
                states.append(target)
    return None


def _identifies(schema: Schema) -> bool:
    """Say whether values must be different from, or the same as, others in the document."""
    return any(atom.identifies for kind in simple_types_of(schema) for atom in atoms_of(kind))


def _ease(root: Node) -> bool:
    """Let nothing be required of an envelope that stands before its messages; say whether that could be done."""
    envelope = root.find(f"{_XSD}element[@name='{_ROOT}']")
    if envelope is None:
        return False
    for constraint in envelope.findall("*"):
        if constraint.tag in _CONSTRAINTS:
            envelope.remove(constraint)
    kind = envelope.find(f"{_XSD}complexType")
    if kind is None:
        kind = root.find(f"{_XSD}complexType[@name='{envelope.get('type')}']")
    sequence = kind.find(f"{_XSD}sequence") if kind is not None else None
    if sequence is None:
        return False
    for part in sequence.iterchildren(f"{_XSD}*"):
        if _MESSAGE in {part.get("name"), part.get("ref")}:
            return True
        part.set("minOccurs", "0")
    return False
