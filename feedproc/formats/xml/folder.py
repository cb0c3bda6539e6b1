"""A folder of one's own schemas, such as Amazon's, by which feeds are judged in place of feedproc's."""

import re
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from feedproc.errors import Unusable
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import XML_IN_MESSAGE
from feedproc.formats.xml.assembly import ENVELOPE, Assembly
from feedproc.formats.xml.envelope import Envelope, StandIn
from feedproc.formats.xml.pieces import read_message_id
from feedproc.formats.xml.schemas import NOTHING_DECLARED, Declared, Schemas
from feedproc.formats.xml.validator import Libxml2First, Libxml2Gaps, Validator, WalkEverything, WalkFromStart
from feedproc.xerces import Continued, Root, UnknownSchema, read_schema
from feedproc.xerces.schema.model import (
    ANY_TYPE,
    ComplexType,
    ContentKind,
    ElementDeclaration,
    Particle,
    ParticleKind,
    Schema,
    SimpleType,
    State,
    Type,
    list_atoms,
    list_children,
    list_elements,
    list_simple_types,
)

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

    stand_in = StandIn(b"", b"<Message/>")
    judges_each_alone = False

    def __init__(self, place: Path, declared: Declared = NOTHING_DECLARED) -> None:
        """Read them. Raises `UnknownSchema` or `Unusable`, which name file and line."""
        super().__init__(declared)
        self._place = place
        self._envelope = _find_envelope(place / ENVELOPE, self.compiled)
        self._after = _find_state_after_message(self._envelope.type)
        self._is_followed = self._after is None or bool(self._envelope.constraints) or _identifies(self.compiled)
        if self._is_followed:
            self.note = "messages depend on each other by these schemas, so every feed is read from its first byte"
        elif self.compiled_in_c is None:
            self.note = "libxml2 cannot compile these schemas, so that judging takes longer"

    @cached_property
    def patterned(self) -> Collection[str]:
        """The names of the elements whose values a pattern restricts."""
        return list_patterned(self.compiled)

    @cached_property
    def assembly(self) -> Assembly:
        """The files of the folder."""
        return Assembly(self._place, self._declared.schemas)

    @cached_property
    def compiled(self) -> Schema:
        """The schema of AmazonEnvelope as Amazon's parser understands it."""
        try:
            with self.assembly.open() as envelope:
                return read_schema(envelope)
        except UnknownSchema as unknown:
            raise UnknownSchema(self.assembly.restore_names(str(unknown))) from unknown

    @cached_property
    def compiled_in_c(self) -> etree.XMLSchema | None:
        """The same for libxml2, but so that only the messages need be there; None when it cannot judge."""
        try:
            with self.assembly.open() as envelope:
                whole = etree.parse(str(envelope))
                etree.XMLSchema(whole)
                return etree.XMLSchema(whole) if _ease(whole.getroot()) else None
        except etree.XMLSchemaParseError as error:
            told = [entry for entry in error.error_log if entry.type not in _LIBXML2S_OWN]
            if told:
                first = told[0]
                raise Unusable(
                    self.assembly.restore_names(f"{first.filename}:{first.line}: {first.message}")
                ) from error
            return None

    @cached_property
    def payloads(self) -> Collection[str]:
        """The names of the elements that a message may hold."""
        messages = [child for child in list_children(self._envelope.type) if child.key == _MESSAGE]
        return {child.name for message in messages for child in list_children(message.type)} - _NO_PAYLOADS

    def open_validator(self, envelope: Envelope) -> Validator:
        """Return what judges one feed: libxml2 first, where it can judge, and its messages stand for themselves."""
        if self._is_followed:
            return WalkFromStart(envelope, self)
        if self.compiled_in_c is None:
            return WalkEverything(envelope, self)
        return Libxml2First(
            envelope, self, Libxml2Gaps(envelope.instance_prefixes, lambda: self.patterned, lambda: self._doubted)
        )

    @cached_property
    def _doubted(self) -> Collection[str]:
        return list_doubted(self.compiled) - {_ROOT}

    def decode(self, message: etree._Element, payload: Any, decode: Callable[[Any], Any]) -> Message | Result:
        """Decode a message that is valid by these schemas. It may hold what no order can be changed by."""
        try:
            return Message(read_message_id(message), decode(payload))
        except _UNDECODABLE:
            return Result(read_message_id(message), XML_IN_MESSAGE.code, _UNKNOWN_TO_US, reason=_UNKNOWN_TO_US)

    def carry(self, root: Root) -> Root:
        """Return what is known of the root behind a part of a feed as it is to be told of the next part.

        A part begins in the state that the envelope's content has between two messages, unless the feed is followed.
        """
        return root if self._after is None or self._is_followed else root._replace(continued=Continued(self._after, 0))


_UNDECODABLE = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)
"""What decoding raises of a message that is not as our own schemas have it."""
_UNKNOWN_TO_US = "The message fits the schemas that it was judged by, but feedproc cannot read it: its own differ."


def load_folder(place: Path, declared: Declared = NOTHING_DECLARED) -> FolderSchemas:
    """Return the schemas in a folder. Raises `Unusable`."""
    if not place.is_dir():
        raise Unusable(f"{place}: there is no such folder of schemas")
    if not (place / ENVELOPE).is_file():
        raise Unusable(f"{place}: has no {ENVELOPE}, the schema of {_ROOT} that includes all others")
    try:
        return FolderSchemas(place, declared)
    except UnknownSchema as unknown:
        raise Unusable(str(unknown)) from unknown


def _find_envelope(path: Path, schema: Schema) -> ElementDeclaration:
    envelope = schema.elements.get(_ROOT)
    if envelope is None:
        raise Unusable(f"{path}: declares no element {_ROOT} (without a namespace)")
    if not any(child.key == _MESSAGE for child in list_children(envelope.type)):
        raise Unusable(f"{path}: its {_ROOT} has no {_MESSAGE} in it")
    return envelope


def _find_state_after_message(kind: object) -> State | None:
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
    return any(atom.identifies for kind in list_simple_types(schema) for atom in list_atoms(kind))


def _ease(root: Any) -> bool:
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


# What libxml2 may take for valid that Xerces does not, by what types are made of. Where libxml2 finds a fault it is not
# simply believed either: the validator then asks for Xerces' word. So only what libxml2 lets pass matters here. What is
# known to be judged alike is listed; all else is doubted.

_ALIKE = frozenset({"string", "boolean", "decimal", "integer", "dateTime"})
_NUMBERS = frozenset({"decimal", "integer"})
_PLAIN_PATTERN = re.compile(r"(?:[^\\.^$]|\\[dws.\-+*?(){}\[\]|\\/nrt]|(?<=\[)\^)*").fullmatch
"""Without classes that libxml2 and Xerces read in two ways."""
_MOST_TIMES = 100


def list_doubted(schema: Schema) -> frozenset[str]:
    """Return the names of the elements of which libxml2's word is not enough."""
    return frozenset(element.name for element in list_elements(schema) if not _is_alike(element))


def list_patterned(schema: Schema) -> frozenset[str]:
    """Return the names of the elements whose values a pattern restricts."""
    values = ((element, _find_value_type(element.type)) for element in list_elements(schema))
    return frozenset(element.name for element, kind in values if kind is not None and kind.patterns)


def _find_value_type(kind: Type) -> SimpleType | None:
    return kind if isinstance(kind, SimpleType) else kind.simple


def _is_alike(element: ElementDeclaration) -> bool:
    if element.default is not None or element.constraints or element.members or element.abstract or element.head:
        return False
    kind = element.type
    value = _find_value_type(kind)
    if element.namespace is not None and value is not None and value.patterns:
        return False  # it may have a prefix, with which it is not looked for among those that a pattern restricts
    if isinstance(kind, SimpleType):
        return _is_plain(kind)
    return kind is not ANY_TYPE and _is_plain_complex(kind)


def _is_plain_complex(kind: ComplexType) -> bool:
    if kind.abstract or kind.wildcard is not None or kind.content is ContentKind.MIXED:
        return False
    if any(use.default is not None or not _is_plain(use.type) or use.type.patterns for use in kind.attributes.values()):
        return False
    if kind.content is ContentKind.SIMPLE:
        return kind.simple is not None and _is_plain(kind.simple)
    return kind.particle is None or _is_plain_particle(kind.particle)


def _is_plain_particle(particle: Particle) -> bool:
    if particle.kind is ParticleKind.ALL or particle.maximum > _MOST_TIMES or particle.minimum > _MOST_TIMES:
        return False
    if particle.term is not None:
        # libxml2 takes an abstract element that has no members for nothing at all.
        term = particle.term
        return isinstance(term, ElementDeclaration) and not term.abstract and not term.members
    return bool(particle.parts) and all(map(_is_plain_particle, particle.parts))


def _is_plain(kind: SimpleType) -> bool:
    if kind.primitive not in _ALIKE or kind.identifies or kind.token is not None:
        return False
    if kind.enumeration is not None and kind.primitive != "string":
        return False
    if kind.bounds and kind.primitive not in _NUMBERS:
        return False
    return all(_PLAIN_PATTERN(pattern.source) for pattern in kind.patterns)
