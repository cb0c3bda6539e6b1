"""The schemas that feeds are judged by: feedproc's own, or those of a folder of one's own."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from feedproc.errors import Unusable
from feedproc.explain import Explainer
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.formats.xml.assembly import Assembly
from feedproc.formats.xml.envelope import OURS_STANDS_IN, Envelope
from feedproc.formats.xml.validator import Libxml2First, Libxml2Gaps, Validator
from feedproc.resources import folder
from feedproc.xerces.faults import WHOLE, Fault, Origin
from feedproc.xerces.walk.root import Root, Surroundings

if TYPE_CHECKING:
    from feedproc.explain.hints import Hints
    from feedproc.xerces import Schema

_XSD = "{http://www.w3.org/2001/XMLSchema}"


class Declared(NamedTuple):
    """What feed types tell of their messages to whoever judges these."""

    hints: Callable[[], Iterable["Hints"]] = list
    """What is said to people of faults; asked for with the first one."""
    schemas: Sequence[Path] = ()
    """The schemas of message types that do not stand in the folder of all others."""


NOTHING_DECLARED = Declared()


class Schemas:
    """By what feeds are judged; these are feedproc's own schemas. Each thing is made when it is first asked for."""

    stand_in = OURS_STANDS_IN
    """What makes a document of its own of a part of a feed."""
    judges_each_alone = True
    """What a message is judged by, and decoded to, follows from itself alone."""
    note = ""
    """Why libxml2 cannot judge alone, for people."""

    def __init__(self, declared: Declared = NOTHING_DECLARED) -> None:
        """Take what the feed types tell of their messages."""
        self._declared = declared
        self.explainer = Explainer(declared.hints, lambda: self.compiled)
        """Says in plain words what is wrong."""

    def open_validator(self, envelope: Envelope) -> Validator:
        """Return what judges one feed: libxml2 first, and Amazon's way of reading where its word is not enough."""
        gaps = Libxml2Gaps(envelope.instance_prefixes, lambda: self.patterned)
        return Libxml2First(envelope, self, gaps, judges_prolog=True)

    def decode(self, message: etree._Element, payload: Any, decode: Callable[[Any], Any]) -> Message | Result:
        """Decode a message that is valid by these schemas."""
        return Message(message[0].text.strip(), decode(payload))

    def walk(
        self, document: bytes, around: Surroundings, most: int, origin: Origin = WHOLE
    ) -> tuple[list[Fault], Root]:
        """Return what Amazon's parser finds in a part of a feed, and what is known of the root behind it."""
        from feedproc.xerces import validate_part  # noqa: PLC0415 - not before there is a fault

        return validate_part(document, self.compiled, origin, around, most=most)

    def carry(self, root: Root) -> Root:
        """Return what is known of the root behind a part of a feed as it is to be told of the next part."""
        return root._replace(continued=None)

    @cached_property
    def assembly(self) -> Assembly:
        """The files: feedproc's own, and those of feed types that bring their own."""
        return Assembly(folder("schemas"), self._declared.schemas)

    @property
    def place(self) -> Path:
        """The folder that the files are in."""
        return self.assembly.folder

    @cached_property
    def compiled_in_c(self) -> etree.XMLSchema | None:
        """The schema of AmazonEnvelope by which libxml2 judges parts of feeds; None when it cannot."""
        with self.assembly.open() as envelope:
            return etree.XMLSchema(etree.parse(str(envelope)))

    @cached_property
    def compiled(self) -> "Schema":
        """The same as Amazon's parser understands it."""
        from feedproc.xerces import read_schema  # noqa: PLC0415 - not before there is a fault

        with self.assembly.open() as envelope:
            return read_schema(envelope)

    @property
    def is_compiled(self) -> bool:
        """Whether `compiled` is at hand already, so that it costs nothing to ask it."""
        return "compiled" in vars(self)

    @property
    def payloads(self) -> Collection[str]:
        """The names of the elements that a message may hold."""
        return self.assembly.payloads

    @cached_property
    def patterned(self) -> Collection[str]:
        """The names of the elements whose values a pattern restricts."""
        roots = [etree.parse(str(path)).getroot() for path in self.assembly.files.values()]
        types = {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}simpleType")}
        types |= {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}complexType")}
        elements = [node for root in roots for node in root.iter(f"{_XSD}element")]
        return frozenset(node.get("name") for node in elements if node.get("name") and _is_patterned(node, types))

    def check(self) -> None:
        """Compile all of it now. Raises `Unusable`, which names file and line."""
        from feedproc.xerces import UnknownSchema  # noqa: PLC0415 - not before there is a fault

        try:
            _ = self.compiled, self.compiled_in_c
        except UnknownSchema as unknown:
            raise Unusable(self.assembly.restore_names(str(unknown))) from unknown
        except etree.XMLSchemaParseError as error:
            raise Unusable(self.assembly.restore_names(str(error))) from error


OURS = Schemas()


def _is_patterned(node: etree._Element, types: dict[str, Any], depth: int = 10) -> bool:
    """Say whether a pattern stands in an element or type, or in a type that one of them is based on."""
    if node.find(f".//{_XSD}element") is not None:
        return False
    if node.find(f".//{_XSD}pattern") is not None:
        return True
    used = {word for part in node.iter() for word in f"{part.get('type') or ''} {part.get('base') or ''}".split()}
    named = [types[name] for name in (each.rpartition(":")[2] for each in used) if name in types]
    return depth > 0 and any(_is_patterned(each, types, depth - 1) for each in named)
