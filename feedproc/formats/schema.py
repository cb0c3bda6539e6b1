"""The compiled schemas: libxml2 decides whether a part of a feed is valid."""

from functools import cache

from lxml import etree

from feedproc.resources import folder

_BLANKS = " \t\r\n"


def parser() -> etree.XMLParser:
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
    )


@cache
def envelope_schema() -> etree.XMLSchema:
    """Return the schema of AmazonEnvelope with every message type that it knows."""
    return etree.XMLSchema(etree.parse(folder("schemas") / "amzn-envelope.xsd"))


@cache
def _moments() -> frozenset[str]:
    """Return the names of the elements of type xsd:dateTime."""
    documents = (etree.parse(path) for path in sorted(folder("schemas").glob("*.xsd")))
    return frozenset(
        name for one in documents for name in one.xpath("//*[local-name()='element'][@type='xsd:dateTime']/@name")
    )


def faults(tree: etree._Element) -> list[etree._LogEntry]:
    """Return what libxml2 finds wrong; blanks around a dateTime, which it alone refuses, are not counted."""
    schema = envelope_schema()
    if schema.validate(tree):
        return []
    if _trimmed(tree) and schema.validate(tree):
        return []
    return list(schema.error_log)


def _trimmed(tree: etree._Element) -> bool:
    found = False
    for element in tree.iter(*_moments()):
        if element.text and element.text != element.text.strip(_BLANKS):
            element.text = element.text.strip(_BLANKS)
            found = True
    return found
