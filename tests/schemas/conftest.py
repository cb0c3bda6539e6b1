"""The schema by which documents are judged."""

import pytest
from lxml import etree

from feedproc.resources import folder


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder("schemas") / "amzn-envelope.xsd"))
