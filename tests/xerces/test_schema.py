"""What the project's own schemas do not use, but other copies of Amazon's may: still as Xerces has it."""

from pathlib import Path

import pytest

from feedproc.xerces import UnknownSchema, read_schema
from feedproc.xerces.walk.walker import Walker

_SCHEMA = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
<xsd:simpleType name="Small"><xsd:restriction base="xsd:string"><xsd:maxLength value="3"/></xsd:restriction>
</xsd:simpleType>
<xsd:simpleType name="Either"><xsd:union memberTypes="xsd:integer Small"/></xsd:simpleType>
<xsd:simpleType name="List"><xsd:list itemType="xsd:decimal"/></xsd:simpleType>
<xsd:simpleType name="Latin"><xsd:restriction base="xsd:normalizedString">
 <xsd:pattern value="[\\p{IsBasicLatin}\\p{IsLatin-1Supplement}]*"/></xsd:restriction></xsd:simpleType>
<xsd:simpleType name="Odd"><xsd:restriction base="xsd:string"><xsd:pattern value="[a-e-[bd]]+"/></xsd:restriction>
</xsd:simpleType>
<xsd:complexType name="Base"><xsd:sequence><xsd:element name="a" type="xsd:int"/></xsd:sequence>
 <xsd:attribute name="q" type="xsd:integer" use="required"/></xsd:complexType>
<xsd:complexType name="More"><xsd:complexContent><xsd:extension base="Base"><xsd:choice minOccurs="0" maxOccurs="2">
 <xsd:element name="b" type="Either"/><xsd:element name="c" type="List"/></xsd:choice></xsd:extension>
</xsd:complexContent></xsd:complexType>
<xsd:element name="more" type="More"/>
<xsd:element name="all"><xsd:complexType><xsd:all><xsd:element name="x" type="Latin"/>
 <xsd:element name="y" type="Odd" minOccurs="0"/>
 <xsd:element name="z" nillable="true" type="xsd:date" minOccurs="0"/></xsd:all></xsd:complexType></xsd:element>
<xsd:element name="three"><xsd:complexType><xsd:sequence><xsd:element name="k" minOccurs="3" maxOccurs="3"/>
 <xsd:any namespace="urn:s" processContents="skip" minOccurs="0"/></xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="mix"><xsd:complexType mixed="true"><xsd:choice minOccurs="0" maxOccurs="unbounded">
 <xsd:element name="i" type="xsd:boolean" default="true"/><xsd:element name="j" fixed="5" type="xsd:integer"/>
</xsd:choice></xsd:complexType></xsd:element>
</xsd:schema>"""

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def _rules(tmp_path: Path, document: str) -> list[str]:
    path = tmp_path / "other.xsd"
    path.write_text(_SCHEMA, encoding="utf-8")
    walker = Walker(read_schema(path), document.encode(), most=1_000)
    walker.walk()
    return [finding.rule.removeprefix("cvc-") for finding in walker.findings]


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        ('<more q="1"><a>5</a><b>12345</b><c> 1 2.5 </c></more>', []),
        ("<more><a>5</a></more>", ["complex-type.4"]),
        ('<more q="1"><a>2147483648</a></more>', ["maxInclusive-valid", "type.3.1.3"]),
        ('<more q="1"><a>5</a><b>abcd</b></more>', ["datatype-valid.1.2.3", "type.3.1.3"]),
        ('<more q="1"><a>5</a><c>1 a</c></more>', ["datatype-valid.1.2.1", "type.3.1.3"]),
        ('<more q="1"><a>5</a><b>1</b><c>1</c><b>1</b></more>', ["complex-type.2.4.d"]),
        (f"<all><y>ace</y><x>é</x><z {_XSI} xsi:nil='true'/></all>", []),
        ("<all><y>b</y><y>a</y></all>", ["pattern-valid", "type.3.1.3", "complex-type.2.4.a"]),
        ("<all><x>あ</x></all>", ["pattern-valid", "type.3.1.3"]),
        ("<all/>", ["complex-type.2.4.b"]),
        (f"<all><x/><z {_XSI} xsi:nil='true'>1</z></all>", ["elt.3.2.1"]),
        ("<three><k/><k/><k/><s xmlns='urn:s'><any/></s></three>", []),
        ("<three><k/></three>", ["complex-type.2.4.j"]),
        ("<three><k/><k/></three>", ["complex-type.2.4.i"]),
        ("<three><k/><o/></three>", ["complex-type.2.4.h"]),
        ("<three><k/><k/><k/><k/></three>", ["complex-type.2.4.e"]),
        ("<mix>t<i/>u<j>5</j>v<j/></mix>", []),
        ("<mix><j>05</j><j>6</j></mix>", ["elt.5.2.2.2.2"]),
        ("<mix><j>x</j></mix>", ["datatype-valid.1.2.1", "type.3.1.3"]),
    ],
)
def test_the_rules_are_those_of_xerces(tmp_path: Path, document: str, rules: list[str]) -> None:
    assert _rules(tmp_path, document) == rules


def test_what_is_not_known_of_schemas_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "strange.xsd"
    path.write_text(_SCHEMA.replace('type="More"/>', 'type="Less"/>'), encoding="utf-8")
    with pytest.raises(UnknownSchema):
        read_schema(path)
