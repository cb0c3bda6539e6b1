"""The compiled schemas, by which libxml2 says whether a part of a feed is valid."""

from functools import cache
from typing import Any

from lxml import etree

from feedproc.resources import folder

_XSD = "{http://www.w3.org/2001/XMLSchema}"


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


@cache
def envelope_schema() -> etree.XMLSchema:
    """Return the schema of AmazonEnvelope with every message type that it knows."""
    return etree.XMLSchema(etree.parse(folder("schemas") / "amzn-envelope.xsd"))


def faults(tree: etree._Element) -> list[etree._LogEntry]:
    """Return what libxml2 finds wrong."""
    schema = envelope_schema()
    return [] if schema.validate(tree) else list(schema.error_log)


@cache
def patterned_elements() -> frozenset[str]:
    """Return the names of the elements whose values a pattern restricts."""
    roots = [etree.parse(path).getroot() for path in sorted(folder("schemas").glob("*.xsd"))]
    types = {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}simpleType")}
    types |= {node.get("name"): node for root in roots for node in root.iterchildren(f"{_XSD}complexType")}
    elements = [node for root in roots for node in root.iter(f"{_XSD}element")]
    return frozenset(node.get("name") for node in elements if node.get("name") and _is_patterned(node, types))


def _is_patterned(node: etree._Element, types: dict[str, Any], depth: int = 10) -> bool:
    """Say whether a pattern stands in an element or type, or in a type that one of them is based on."""
    if node.find(f".//{_XSD}element") is not None:
        return False
    if node.find(f".//{_XSD}pattern") is not None:
        return True
    used = {word for part in node.iter() for word in f"{part.get('type') or ''} {part.get('base') or ''}".split()}
    named = [types[name] for name in (each.rpartition(":")[2] for each in used) if name in types]
    return depth > 0 and any(_is_patterned(each, types, depth - 1) for each in named)
