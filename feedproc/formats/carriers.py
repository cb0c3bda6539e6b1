"""The carriers that Amazon's schema knows, for a page to choose from."""

from functools import cache

from lxml import etree

from feedproc.resources import folder

OTHER = "Other"
"""The code of a carrier that has none; its name says who it is."""
_XSD = "{http://www.w3.org/2001/XMLSchema}"


@cache
def list_carrier_codes() -> tuple[str, ...]:
    """Return every CarrierCode of the schema once, in its order."""
    schema = etree.parse(folder("schemas") / "amzn-base.xsd")
    named = schema.find(f"{_XSD}element[@name='CarrierCode']")
    values = [] if named is None else [one.get("value", "") for one in named.iter(f"{_XSD}enumeration")]
    return tuple(dict.fromkeys(values))
