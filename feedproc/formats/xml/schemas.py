"""The schemas that feeds are judged by: feedproc's own, or those of a folder of one's own."""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from feedproc.resources import folder

if TYPE_CHECKING:
    from feedproc.xerces.schema.model import Schema
    from feedproc.xerces.walk.root import Root

ENVELOPE = "amzn-envelope.xsd"
"""The schema of AmazonEnvelope, which includes all others."""
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_PAYLOADS = frozenset(
    {"OrderAcknowledgement", "OrderAdjustment", "OrderFulfillment", "OrderReport", "ProcessingReport"}
)
_VALID_HEAD = (
    b"<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M</MerchantIdentifier></Header>"
    b"<MessageType>OrderAcknowledgement</MessageType>"
)
_VALID_MESSAGE = (
    b"<Message><MessageID>1</MessageID><OrderAcknowledgement><AmazonOrderID>000-0000000-0000000</AmazonOrderID>"
    b"<StatusCode>Success</StatusCode></OrderAcknowledgement></Message>"
)


def parser(recover: bool = False) -> etree.XMLParser:
    """Return a parser that neither fetches nor expands anything and keeps libxml2's own limits.

    It takes bytes as UTF-8 whatever they declare. Comments and processing instructions are dropped.
    """
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=False,
        collect_ids=False,
        recover=recover,
    )


class Schemas:
    """By what feeds are judged; these are feedproc's own schemas. Each thing is made when it is first asked for."""

    is_ours = True
    head = _VALID_HEAD
    """What stands in front of the first message, so that a part of a feed is a document of its own."""
    message = _VALID_MESSAGE
    """A message, for the same purpose."""
    note = ""
    """Why libxml2 cannot judge alone, for people."""

    follows = False
    """Whether the judge must follow a feed from its first byte, because its messages depend on each other."""

    def continued(self, root: "Root") -> "Root":
        """Return what is known of the root behind a part of a feed as it is to be told of the next."""
        return root._replace(continued=None)

    @property
    def judges_alone(self) -> bool:
        """Whether libxml2 is not asked at all."""
        return False

    @property
    def place(self) -> Path:
        """The folder that the files are in."""
        return folder("schemas")

    @cached_property
    def compiled_in_c(self) -> etree.XMLSchema | None:
        """The schema of AmazonEnvelope by which libxml2 judges parts of feeds; None when it cannot."""
        return etree.XMLSchema(etree.parse(self.place / ENVELOPE))

    @cached_property
    def compiled(self) -> "Schema":
        """The same as Amazon's parser understands it."""
        from feedproc.xerces.schema.reader import read_schema  # noqa: PLC0415 - not before there is a fault

        return read_schema(self.place / ENVELOPE)

    @property
    def payloads(self) -> Collection[str]:
        """The names of the elements that a message may hold."""
        return _PAYLOADS

    @property
    def doubted(self) -> Collection[str]:
        """The names of the elements of which libxml2 may take for valid what Amazon's parser does not."""
        return ()

    @cached_property
    def patterned(self) -> Collection[str]:
        """The names of the elements whose values a pattern restricts."""
        roots = [etree.parse(path).getroot() for path in sorted(self.place.glob("*.xsd"))]
        types = {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}simpleType")}
        types |= {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}complexType")}
        elements = [node for root in roots for node in root.iter(f"{_XSD}element")]
        return frozenset(node.get("name") for node in elements if node.get("name") and _is_patterned(node, types))

    def faults(self, tree: etree._Element) -> list[etree._LogEntry]:
        """Return what libxml2 finds wrong."""
        schema = self.compiled_in_c
        return [] if schema is None or schema.validate(tree) else list(schema.error_log)


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
