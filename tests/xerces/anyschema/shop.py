"""A larger set of schemas, in twenty files, as big feeds of product data have them: many categories, deeply nested.

All of it is made up here: categories of goods, each with choices of kinds, attributes with units, and enumerations.
"""

from pathlib import Path

_XSD = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
_CATEGORIES = {
    "Lamps": ("DeskLamp", "FloorLamp", "Lantern"),
    "Garden": ("Hose", "Shovel", "Bench", "Pot"),
    "Kites": ("Delta", "Box"),
    "Tea": ("Green", "Black", "Herbal"),
    "Clocks": ("WallClock", "Alarm"),
    "Boots": ("RainBoot", "Hiking", "Riding"),
    "Maps": ("RoadMap", "Globe"),
    "Games": ("Board", "Card", "Dice", "Puzzle"),
    "Bread": ("Loaf", "Roll"),
    "Tents": ("Tunnel", "Dome"),
    "Paint": ("Oil", "Water"),
    "Rope": ("Climbing", "Sailing"),
}
_UNITS = {"Length": ("MM", "CM", "M"), "Weight": ("G", "KG"), "Volume": ("ML", "L"), "Power": ("W", "KW")}


def write_shop(folder: Path) -> None:
    """Write the twenty files into a folder."""
    texts = {
        "amzn-envelope.xsd": _envelope(),
        "amzn-header.xsd": _header(),
        "amzn-base.xsd": _base(),
        "units.xsd": _units(),
        "Goods.xsd": _goods(),
        "Stock.xsd": _stock(),
        "Tariff.xsd": _tariff(),
        "Relations.xsd": _relations(),
        **{f"{name}.xsd": _category(name, kinds, at) for at, (name, kinds) in enumerate(_CATEGORIES.items())},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(body: str, *includes: str) -> str:
    lines = "".join(f'  <xsd:include schemaLocation="{name}.xsd"/>\n' for name in includes)
    return f'<?xml version="1.0"?>\n<xsd:schema {_XSD} elementFormDefault="qualified">\n{lines}{body}</xsd:schema>\n'


def _envelope() -> str:
    types = ("Goods", "Stock", "Tariff", "Relations")
    names = "".join(f'<xsd:enumeration value="{name}"/>' for name in types)
    choices = "".join(f'<xsd:element ref="{name}"/>' for name in types)
    operations = "".join(f'<xsd:enumeration value="{name}"/>' for name in ("Update", "Delete", "PartialUpdate"))
    return _schema(
        f"""<xsd:element name="AmazonEnvelope"><xsd:complexType><xsd:sequence>
  <xsd:element ref="Header"/>
  <xsd:element name="MessageType"><xsd:simpleType><xsd:restriction base="xsd:string">{names}</xsd:restriction>
  </xsd:simpleType></xsd:element>
  <xsd:element name="PurgeAndReplace" type="xsd:boolean" minOccurs="0"/>
  <xsd:element name="EffectiveDate" type="xsd:dateTime" minOccurs="0"/>
  <xsd:element name="Message" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>
    <xsd:element name="MessageID" type="IDNumber"/>
    <xsd:element name="OperationType" minOccurs="0"><xsd:simpleType><xsd:restriction base="xsd:string">{operations}
    </xsd:restriction></xsd:simpleType></xsd:element>
    <xsd:choice>{choices}</xsd:choice>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:sequence></xsd:complexType></xsd:element>
""",
        "amzn-header",
        "amzn-base",
        *types,
    )


def _header() -> str:
    return _schema("""<xsd:element name="Header"><xsd:complexType><xsd:sequence>
  <xsd:element name="DocumentVersion"><xsd:simpleType><xsd:restriction base="xsd:string">
    <xsd:pattern value="\\d{1,2}\\.\\d{1,2}"/></xsd:restriction></xsd:simpleType></xsd:element>
  <xsd:element name="MerchantIdentifier" type="xsd:normalizedString"/>
  <xsd:element name="Locale" type="xsd:language" minOccurs="0"/>
</xsd:sequence></xsd:complexType></xsd:element>
""")


def _base() -> str:
    return _schema("""<xsd:simpleType name="IDNumber"><xsd:restriction base="xsd:positiveInteger">
  <xsd:pattern value="\\d{1,20}"/></xsd:restriction></xsd:simpleType>
<xsd:simpleType name="String"><xsd:restriction base="xsd:normalizedString"><xsd:maxLength value="50"/>
      </xsd:restriction>
</xsd:simpleType>
<xsd:simpleType name="NotEmpty"><xsd:restriction base="String"><xsd:minLength value="1"/></xsd:restriction>
      </xsd:simpleType>
<xsd:simpleType name="Code"><xsd:restriction base="xsd:token"><xsd:pattern value="[A-Z]{2}[0-9]{3,6}"/>
  <xsd:pattern value="[0-9]{8}"/></xsd:restriction></xsd:simpleType>
<xsd:simpleType name="Price"><xsd:restriction base="xsd:decimal"><xsd:totalDigits value="18"/>
  <xsd:fractionDigits value="2"/><xsd:minInclusive value="0"/></xsd:restriction></xsd:simpleType>
<xsd:simpleType name="Keywords"><xsd:restriction><xsd:simpleType><xsd:list itemType="xsd:NMTOKEN"/></xsd:simpleType>
  <xsd:maxLength value="5"/></xsd:restriction></xsd:simpleType>
<xsd:simpleType name="SizeOrNumber"><xsd:union memberTypes="xsd:positiveInteger"><xsd:simpleType>
  <xsd:restriction base="xsd:string"><xsd:enumeration value="S"/><xsd:enumeration value="M"/>
      <xsd:enumeration value="L"/>
  </xsd:restriction></xsd:simpleType></xsd:union></xsd:simpleType>
<xsd:complexType name="Money"><xsd:simpleContent><xsd:extension base="Price">
  <xsd:attribute name="currency" type="CurrencyCode" use="required"/></xsd:extension></xsd:simpleContent>
      </xsd:complexType>
<xsd:simpleType name="CurrencyCode"><xsd:restriction base="xsd:string"><xsd:enumeration value="JPY"/>
  <xsd:enumeration value="EUR"/><xsd:enumeration value="USD"/></xsd:restriction></xsd:simpleType>
<xsd:element name="SKU"><xsd:simpleType><xsd:restriction base="NotEmpty"><xsd:maxLength value="40"/></xsd:restriction>
</xsd:simpleType></xsd:element>
<xsd:attributeGroup name="Marked"><xsd:attribute name="lang" type="xsd:language"/>
  <xsd:attribute name="delete" type="xsd:boolean" default="false"/></xsd:attributeGroup>
""")


def _units() -> str:
    parts = []
    for name, units in _UNITS.items():
        values = "".join(f'<xsd:enumeration value="{unit}"/>' for unit in units)
        parts.append(
            f'<xsd:simpleType name="{name}Unit"><xsd:restriction base="xsd:string">{values}</xsd:restriction>'
            f'</xsd:simpleType>\n<xsd:complexType name="{name}"><xsd:simpleContent><xsd:extension base="Price">'
            f'<xsd:attribute name="unit" type="{name}Unit" use="required"/></xsd:extension></xsd:simpleContent>'
            "</xsd:complexType>\n"
        )
    return _schema("".join(parts), "amzn-base")


def _goods() -> str:
    refs = "".join(f'<xsd:element ref="{name}"/>' for name in _CATEGORIES)
    return _schema(
        f"""<xsd:group name="Texts"><xsd:sequence>
  <xsd:element name="Title"><xsd:complexType><xsd:simpleContent><xsd:extension base="NotEmpty">
    <xsd:attributeGroup ref="Marked"/></xsd:extension></xsd:simpleContent></xsd:complexType></xsd:element>
  <xsd:element name="Point" type="String" minOccurs="0" maxOccurs="5"/>
  <xsd:element name="SearchTerms" type="Keywords" minOccurs="0"/>
</xsd:sequence></xsd:group>
<xsd:element name="Goods"><xsd:complexType><xsd:sequence>
  <xsd:element ref="SKU"/>
  <xsd:element name="StandardCode" type="Code" minOccurs="0"/>
  <xsd:element name="LaunchDate" type="xsd:dateTime" minOccurs="0"/>
  <xsd:element name="Description" minOccurs="0"><xsd:complexType><xsd:sequence>
    <xsd:group ref="Texts"/>
    <xsd:choice minOccurs="0" maxOccurs="2"><xsd:element name="Size" type="SizeOrNumber"/>
      <xsd:sequence><xsd:element name="Length" type="Length"/><xsd:element name="Weight" type="Weight" minOccurs="0"/>
      </xsd:sequence></xsd:choice>
    <xsd:element name="Note" nillable="true" type="String" minOccurs="0"/>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="Data"><xsd:complexType><xsd:choice>{refs}</xsd:choice></xsd:complexType></xsd:element>
</xsd:sequence></xsd:complexType></xsd:element>
""",
        "amzn-base",
        "units",
        *_CATEGORIES,
    )


def _stock() -> str:
    return _schema(
        """<xsd:element name="Stock"><xsd:complexType><xsd:sequence><xsd:element ref="SKU"/>
  <xsd:choice><xsd:element name="Available" type="xsd:boolean"/>
      <xsd:element name="Quantity" type="xsd:nonNegativeInteger"/>
    <xsd:element name="Lookup" type="xsd:string" fixed="Network"/></xsd:choice>
  <xsd:element name="RestockDate" type="xsd:date" minOccurs="0"/>
  <xsd:element name="Latency" minOccurs="0"><xsd:simpleType><xsd:restriction base="xsd:integer">
    <xsd:minInclusive value="1"/><xsd:maxExclusive value="31"/></xsd:restriction></xsd:simpleType></xsd:element>
</xsd:sequence></xsd:complexType></xsd:element>
""",
        "amzn-base",
    )


def _tariff() -> str:
    return _schema(
        """<xsd:complexType name="Span" abstract="true"><xsd:sequence>
      <xsd:element name="From" type="xsd:date"/></xsd:sequence>
</xsd:complexType>
<xsd:complexType name="OpenSpan"><xsd:complexContent><xsd:extension base="Span"/></xsd:complexContent>
      </xsd:complexType>
<xsd:complexType name="ClosedSpan"><xsd:complexContent><xsd:extension base="Span"><xsd:sequence>
  <xsd:element name="To" type="xsd:date"/></xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>
<xsd:element name="Tariff"><xsd:complexType><xsd:sequence><xsd:element ref="SKU"/>
  <xsd:element name="Standard" type="Money"/>
  <xsd:element name="Sale" minOccurs="0" maxOccurs="3"><xsd:complexType><xsd:sequence>
    <xsd:element name="When" type="Span"/><xsd:element name="Amount" type="Money"/></xsd:sequence>
      </xsd:complexType></xsd:element>
</xsd:sequence></xsd:complexType>
  <xsd:unique name="OneSaleADay"><xsd:selector xpath="Sale"/><xsd:field xpath="When/From"/></xsd:unique></xsd:element>
""",
        "amzn-base",
    )


def _relations() -> str:
    return _schema(
        """<xsd:element name="Relation" abstract="true" type="xsd:string"/>
<xsd:element name="Part" substitutionGroup="Relation" type="NotEmpty"/>
<xsd:element name="Variant" substitutionGroup="Relation" type="NotEmpty"/>
<xsd:element name="Relations"><xsd:complexType><xsd:sequence><xsd:element ref="SKU"/>
  <xsd:element ref="Relation" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
""",
        "amzn-base",
    )


def _category(name: str, kinds: tuple[str, ...], at: int) -> str:
    choices = "".join(f'<xsd:element ref="{kind}"/>' for kind in kinds)
    colours = "".join(f'<xsd:enumeration value="{colour}"/>' for colour in ("red", "blue", "白", "black")[: 2 + at % 3])
    unit = tuple(_UNITS)[at % len(_UNITS)]
    elements = "".join(_kind(kind, unit, place + at) for place, kind in enumerate(kinds))
    return _schema(
        f"""<xsd:element name="{name}"><xsd:complexType><xsd:sequence>
  <xsd:element name="Kind"><xsd:complexType><xsd:choice>{choices}</xsd:choice></xsd:complexType></xsd:element>
  <xsd:element name="Colour" minOccurs="0"><xsd:simpleType>
      <xsd:restriction base="xsd:string">{colours}</xsd:restriction>
  </xsd:simpleType></xsd:element>
  <xsd:element name="Extra" minOccurs="0" maxOccurs="{2 + at}"><xsd:complexType><xsd:sequence>
    <xsd:element name="Name" type="NotEmpty"/><xsd:element name="Value" type="String" minOccurs="0"/></xsd:sequence>
    <xsd:attributeGroup ref="Marked"/></xsd:complexType></xsd:element>
</xsd:sequence></xsd:complexType></xsd:element>
{elements}""",
        "amzn-base",
        "units",
    )


def _kind(name: str, unit: str, at: int) -> str:
    inner = (
        f'<xsd:element name="Measure" type="{unit}" minOccurs="0" maxOccurs="unbounded"/>',
        '<xsd:choice maxOccurs="3"><xsd:element name="Model" type="NotEmpty"/>'
        '<xsd:element name="Year" type="xsd:gYear"/>'
        "</xsd:choice>",
        '<xsd:element name="Variation" minOccurs="0"><xsd:complexType><xsd:sequence><xsd:element name="Parentage">'
        '<xsd:simpleType><xsd:restriction base="xsd:string"><xsd:enumeration value="parent"/>'
        '<xsd:enumeration value="child"/>'
        '</xsd:restriction></xsd:simpleType></xsd:element><xsd:element name="Theme" type="String" minOccurs="0"/>'
        "</xsd:sequence></xsd:complexType></xsd:element>",
        '<xsd:element name="Pattern" type="Code"/>',
    )
    parts = [inner[at % 4], inner[(at + 1) % 4]]
    return (
        f'<xsd:element name="{name}"><xsd:complexType><xsd:sequence>{"".join(parts)}</xsd:sequence></xsd:complexType>'
        "</xsd:element>\n"
    )
