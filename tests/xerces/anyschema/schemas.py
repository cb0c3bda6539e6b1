"""Random schemas, composed of what XML Schema 1.0 has. The same seed gives the same schema.

A few turn out to be no valid schemas: they are left out when Xerces says so.
"""

import random
from collections.abc import Callable

from lxml import etree

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XSD = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
_STRINGS = ("string", "normalizedString", "token", "NMTOKEN", "Name", "NCName", "language", "anyURI")
_NUMBERS = (
    *("decimal", "integer", "int", "long", "short", "byte", "positiveInteger", "nonNegativeInteger", "unsignedByte"),
    *("negativeInteger", "unsignedInt", "unsignedLong", "nonPositiveInteger", "unsignedShort"),
)
_MOMENTS = ("dateTime", "date", "time", "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth", "duration")
_OTHERS = ("boolean", "float", "double", "hexBinary", "base64Binary", "QName", "anySimpleType")
_PLAIN = (
    *("string", "string", "normalizedString", "normalizedString", "token", "decimal", "positiveInteger", "boolean"),
    *("nonNegativeInteger", "dateTime", "integer", "int", "anyURI", "date"),
)
_LISTS = ("NMTOKENS", "IDREFS", "ENTITIES")
_IDS = ("ID", "IDREF", "ENTITY")
_BOUNDS = {
    "decimal": ("-10", "-1.50", "0", "0.0", "3.14", "5", "10.0", "100", "12345678901234567890"),
    "integer": ("-10", "-3", "1", "05", "7", "+10", "100"),
    "float": ("-1e3", "-0", "0.5", "1", "2.50", "1E10", "INF", "NaN", "123456789"),
    "dateTime": (
        "2001-01-01T00:00:00",
        "2001-01-01T12:00:00Z",
        "2010-06-30T24:00:00+09:00",
        "2020-02-29T10:10:10.500Z",
    ),
    "date": ("2001-01-01", "2001-01-01Z", "2010-06-30+09:00", "2020-02-29-14:00", "-0044-03-15"),
    "time": ("00:00:00", "12:30:00Z", "23:59:59.9", "01:00:00+09:00", "24:00:00"),
    "gYear": ("2001", "2010Z", "1999+14:00"),
    "gYearMonth": ("2001-01", "2010-06Z", "1999-12-05:00"),
    "gMonthDay": ("--01-01", "--06-30Z", "--02-29+05:00"),
    "gDay": ("---01", "---15Z", "---31+09:00"),
    "gMonth": ("--01", "--06Z", "--12+09:00"),
    "duration": ("P1Y", "P12M", "P30D", "P1M", "-P1D", "PT36H", "P1DT12H30M5.5S", "PT0S"),
}
_PATTERNS = (
    *(
        "[a-z]{1,3}",
        r"\d+",
        r"\w+",
        r"[^a]*",
        "a|bc|[0-9]+",
        r"\s*\S+\s*",
        "[A-Z][a-z]*",
        r"\i\c*",
        r"[\i-[:]][\c-[:]]*",
    ),
    *(r"\p{Lu}+", r"\P{L}*", "[a-z-[aeiou]]+", r"[\d\-]+", r".{2,4}", r"(ab)*c?", r"\p{IsBasicLatin}*", r"\D*", r"\W+"),
    *(
        r"[+\-]?[0-9]{1,3}(\.[0-9]{2})?",
        r"\p{L}\p{N}?",
        r"a{2}",
        "x{0,2}y{2,}",
        r"[\w.]+@[\w.]+",
        r"\C",
        r"\I*",
        "[^-z]",
    ),
    *(
        r"[\s\S]*",
        r"[\p{Nd}_]*",
        "",
        "[a-c^]+",
        r"\^\$",
        r"[a\-z]+",
        r"\p{IsHiragana}+",
        r"[\p{IsKatakana}ー]+",
        "[&lt;&gt;]*",
    ),
)
_VALUES = {
    "string": ("a", "ab", "", "b c", " x ", "日本", "A1", "ab c"),
    "token": ("a", "ab", "b c", "A1"),
    "name": ("a", "ab", "A1", "x-y"),
    "boolean": ("true", "0"),
    "hexBinary": ("", "0f", "0F10", "ABCDEF"),
    "base64Binary": ("", "YQ==", "YWI=", "YWJj", "YWJj ZGVm"),
    "anyURI": ("a", "http://x.y/z", "urn:a:b", "#f"),
    "QName": ("a", "t:b", "xsd:c"),
    "language": ("en", "ja-JP"),
    "NMTOKENS": ("a", "a b", "1 2 3"),
}
_NO_BOUNDS = {"anySimpleType", "boolean", "hexBinary", "base64Binary", "QName", *_STRINGS}


_TRIES = 12
_BLIND = 0.03
"""How often a schema is not tried, since libxml2 does not take all that is valid."""


def _compiles(text: str) -> bool:
    try:
        etree.XMLSchema(etree.fromstring(text.encode()))
    except etree.XMLSchemaParseError:
        return False
    return True


class SchemaMaker:
    """Makes one schema."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.target = self.chance.choice([None, None, "urn:t"])
        self._simple: list[tuple[str, str]] = []
        """Names of simple types, and what each is made of: a built-in type, `list` or `union`."""
        self._complex: list[tuple[str, str]] = []
        """Names of complex types, and of what kind their content is."""
        self._attributes: list[str] = []
        self._groups: list[str] = []
        self._attribute_groups: list[str] = []
        self._elements: list[str] = []
        self._parts: list[str] = []
        self._count = 0
        self._uses_ids = self.chance.random() < 0.25
        self._is_blind = self.chance.random() < _BLIND
        self._is_plain = False
        """Whether there is only what real schemas of feeds are made of."""

    def text(self) -> str:
        """Return the schema document."""
        self._start = HEAD + f"<xsd:schema {self._head()}>\n"
        self._add(self._simple_type, 2, 6)
        self._add(self._global_attribute, 0, 2)
        self._add(self._attribute_group, 0, 2)
        self._add(self._leaf_element, 1, 3)
        self._add(self._group, 0, 2)
        self._add(self._complex_type, 2, 5)
        self._add(self._branch_element, 1, 3)
        self._add(self._substitution_group, 0, 1)
        self._add(self._root, 1, 1)
        return self._whole()

    def _whole(self) -> str:
        return self._start + "\n".join(self._parts) + "\n</xsd:schema>\n"

    def _add(self, make: Callable[[], None], least: int, most: int) -> None:
        """Add parts; one that makes the schema none, as libxml2 has it, is made again."""
        lists = [value for value in vars(self).values() if isinstance(value, list)]
        for _ in range(self.chance.randint(least, most)):
            for _ in range(_TRIES):
                before = [len(each) for each in lists]
                make()
                if self._is_blind or _compiles(self._whole()):
                    break
                for each, size in zip(lists, before, strict=True):
                    del each[size:]

    def _head(self) -> str:
        head = [_XSD]
        if self.target:
            head += [f'targetNamespace="{self.target}"', f'xmlns:t="{self.target}"']
        for name in ("elementFormDefault", "attributeFormDefault"):
            if self.chance.random() < 0.5:
                head.append(f'{name}="{self.chance.choice(["qualified", "unqualified"])}"')
        if self.chance.random() < 0.1:
            head.append(f'blockDefault="{self.chance.choice(["#all", "extension", "restriction", "substitution"])}"')
        return " ".join(head)

    def _new(self, stem: str) -> str:
        self._count += 1
        return f"{stem}{self._count}"

    def _ref(self, name: str) -> str:
        return f"t:{name}" if self.target else name

    def _maybe(self, share: float, text: str) -> str:
        return text if self.chance.random() < share else ""

    # Simple types

    def _builtin(self) -> str:
        if self._is_plain:
            return self.chance.choice(_PLAIN)
        pools = [_STRINGS, _STRINGS, _NUMBERS, _NUMBERS, _MOMENTS, _OTHERS]
        if self._uses_ids:
            pools.append(_IDS)
        if self.chance.random() < 0.04:
            pools = [_LISTS]
        return self.chance.choice(self.chance.choice(pools))

    def _used_type(self) -> tuple[str, str]:
        """Return a simple type as it is referred to, and of what it is made."""
        if self._simple and self.chance.random() < 0.65:
            name, made = self.chance.choice(self._simple)
            return self._ref(name), made
        name = self._builtin()
        return f"xsd:{name}", name

    def _simple_type(self) -> None:
        name = self._new("S")
        body, made = self._simple_body()
        self._parts.append(f'<xsd:simpleType name="{name}">{body}</xsd:simpleType>')
        self._simple.append((name, made))

    def _simple_body(self, deep: int = 0) -> tuple[str, str]:
        draw = self.chance.random() + (0.24 if self._is_plain else 0)
        if draw < 0.12:
            item, made = self._used_type()
            if made not in {"list", "union", *_LISTS, "ID"}:
                return f'<xsd:list itemType="{item}"/>', "list"
        elif draw < 0.24:
            members = [self._used_type() for _ in range(self.chance.randint(1, 3))]
            inner = f"<xsd:simpleType>{self._simple_body(deep + 1)[0]}</xsd:simpleType>" if not deep else ""
            named = " ".join(name for name, made in members if made not in {"ID", "anySimpleType"})
            if named or inner:
                return f'<xsd:union memberTypes="{named}">{self._maybe(0.4, inner)}</xsd:union>', "union"
        base, made = self._used_type()
        if made == "anySimpleType":
            base, made = "xsd:string", "string"
        return f'<xsd:restriction base="{base}">{self._facets(made)}</xsd:restriction>', made

    def _facets(self, made: str) -> str:
        chance = self.chance
        choices: list[Callable[[str], str]] = [lambda _: "", self._enumeration, self._pattern]
        if made not in {"union", *_NO_BOUNDS, "list", *_LISTS, *_IDS}:
            choices += [self._bounds] * 3
        if made in _STRINGS or made in {"list", "hexBinary", "base64Binary", *_LISTS}:
            choices += [self._lengths] * 3
        if made in {"string", "normalizedString"}:
            choices.append(self._white_space)
        if made in _NUMBERS:
            choices.append(self._digits)
        text = chance.choice(choices)(made)
        if chance.random() < 0.25:
            text += self._pattern(made)
        return text

    def _enumeration(self, made: str) -> str:
        values = self._values_of(made)
        chosen = self.chance.sample(values, min(len(values), self.chance.randint(1, 4)))
        return "".join(f'<xsd:enumeration value="{value}"/>' for value in chosen)

    def _values_of(self, made: str) -> tuple[str, ...]:
        if made in _NUMBERS:
            return _BOUNDS["decimal" if made == "decimal" else "integer"][2:]
        if made in {"float", "double"}:
            return _BOUNDS["float"]
        if made in _BOUNDS:
            return _BOUNDS[made]
        if made in {"list", "union"}:
            return ("1", "1 2", "a", "true")
        if made in {"token", "normalizedString"}:
            return _VALUES["token"]
        return _VALUES.get(made, _VALUES["name"])

    def _pattern(self, _made: str) -> str:
        count = self.chance.choice([1, 1, 1, 2])
        return "".join(f'<xsd:pattern value="{self.chance.choice(_PATTERNS)}"/>' for _ in range(count))

    def _bounds(self, made: str) -> str:
        values = _BOUNDS.get(made) or _BOUNDS["float" if made in {"float", "double"} else "integer"]
        low, high = (
            self.chance.choice(["minInclusive", "minExclusive"]),
            self.chance.choice(["maxInclusive", "maxExclusive"]),
        )
        first, second = self.chance.choice(values), self.chance.choice(values)
        parts = [f'<xsd:{low} value="{first}"/>', f'<xsd:{high} value="{second}"/>']
        return "".join(parts if self.chance.random() < 0.4 else [self.chance.choice(parts)])

    def _lengths(self, _made: str) -> str:
        if self.chance.random() < 0.3:
            return f'<xsd:length value="{self.chance.randint(0, 4)}"/>'
        least = self.chance.randint(0, 3)
        parts = [f'<xsd:minLength value="{least}"/>', f'<xsd:maxLength value="{least + self.chance.randint(0, 4)}"/>']
        return "".join(parts if self.chance.random() < 0.5 else [self.chance.choice(parts)])

    def _white_space(self, made: str) -> str:
        kinds = ["replace", "collapse"] if made == "normalizedString" else ["preserve", "replace", "collapse"]
        return f'<xsd:whiteSpace value="{self.chance.choice(kinds)}"/>'

    def _digits(self, made: str) -> str:
        total = f'<xsd:totalDigits value="{self.chance.randint(1, 5)}"/>'
        fraction = f'<xsd:fractionDigits value="{0 if made != "decimal" else self.chance.randint(0, 2)}"/>'
        return self.chance.choice([total, fraction, total + fraction])

    # Attributes

    def _attribute_type(self) -> tuple[str, str]:
        """Return what says the type of an attribute or element, as an attribute and as content."""
        if self.chance.random() < 0.25:
            return "", f"<xsd:simpleType>{self._simple_body()[0]}</xsd:simpleType>"
        return f' type="{self._used_type()[0]}"', ""

    def _attribute(self, *, use: bool = True, name: str = "") -> str:
        chance = self.chance
        said, inner = self._attribute_type()
        if chance.random() < 0.1:
            said = inner = ""
        more = ""
        if use and chance.random() < 0.4:
            more = ' use="required"'
        elif chance.random() < 0.2:
            said, inner = ' type="xsd:int"', ""
            more = chance.choice([' default="5"', ' fixed="05"', ' fixed="7"'])
        if use and chance.random() < 0.15:
            more += f' form="{chance.choice(["qualified", "unqualified"])}"'
        return f'<xsd:attribute name="{name or self._new("a")}"{said}{more}>{inner}</xsd:attribute>'

    def _global_attribute(self) -> None:
        name = self._new("g")
        self._parts.append(self._attribute(use=False, name=name))
        self._attributes.append(name)

    def _attribute_group(self) -> None:
        name = self._new("G")
        body = "".join(self._attribute() for _ in range(self.chance.randint(0, 2)))
        if self._attribute_groups and self.chance.random() < 0.3:
            body += f'<xsd:attributeGroup ref="{self._ref(self.chance.choice(self._attribute_groups))}"/>'
        body += self._maybe(0.3, self._any_attribute())
        self._parts.append(f'<xsd:attributeGroup name="{name}">{body}</xsd:attributeGroup>')
        self._attribute_groups.append(name)

    def _any_attribute(self) -> str:
        if self._is_plain:
            return ""
        return f"<xsd:anyAttribute{self._wildcard()}/>"

    def _wildcard(self) -> str:
        spaces = [
            "##any",
            "##other",
            "##local",
            "##targetNamespace",
            "urn:x",
            "urn:x ##local",
            "##targetNamespace urn:x",
        ]
        text = self._maybe(0.8, f' namespace="{self.chance.choice(spaces)}"')
        return text + self._maybe(0.8, f' processContents="{self.chance.choice(["strict", "lax", "skip"])}"')

    def _attributes_of_type(self) -> str:
        chance = self.chance
        body = "".join(self._attribute() for _ in range(chance.choice([0, 0, 1, 2])))
        if self._attributes and chance.random() < 0.3:
            more = chance.choice(["", ' use="required"', ' use="optional"'])
            body += f'<xsd:attribute ref="{self._ref(chance.choice(self._attributes))}"{more}/>'
        if self._attribute_groups and chance.random() < 0.3:
            body += f'<xsd:attributeGroup ref="{self._ref(chance.choice(self._attribute_groups))}"/>'
        return body + self._maybe(0.15, self._any_attribute())

    # Elements and their content

    def _leaf(self, name: str) -> str:
        chance = self.chance
        said, inner = self._attribute_type()
        more = self._maybe(0.15, ' nillable="true"')
        draw = chance.random() if not self._is_plain or chance.random() < 0.1 else 1
        if draw < 0.12:
            said, inner = chance.choice(
                [(' type="xsd:int" default="5"', ""), (' type="xsd:decimal" fixed="1.50"', ""), (' default="d"', "")]
            )
            if "type" not in said:
                said = ' type="xsd:string"' + said
        elif draw < 0.17:
            said = inner = ""
        elif draw < 0.2:
            said, inner = f' type="xsd:{chance.choice(["anyType", "anySimpleType"])}"', ""
        return f'name="{name}"{said}{more}', inner  # type: ignore[return-value]

    def _leaf_element(self) -> None:
        name = self._new("e")
        said, inner = self._leaf(name)
        self._parts.append(f"<xsd:element {said}>{inner}</xsd:element>")
        self._elements.append(name)

    def _branch_element(self) -> None:
        if not self._complex:
            return
        name = self._new("b")
        kind = self.chance.choice(self._complex)[0]
        more = self._maybe(0.2, ' nillable="true"') + self._maybe(0.08, ' abstract="true"')
        more += self._maybe(0.1, f' block="{self.chance.choice(["#all", "extension", "substitution"])}"')
        self._parts.append(f'<xsd:element name="{name}" type="{self._ref(kind)}"{more}/>')
        self._elements.append(name)

    def _occurs(self) -> str:
        ranges = [(1, 1)] * 6 + [
            (0, 1),
            (0, 1),
            (0, "unbounded"),
            (1, "unbounded"),
            (0, 3),
            (2, 2),
            (2, 4),
            (1, 2),
            (3, "unbounded"),
        ]
        least, most = self.chance.choice(ranges)
        return (f' minOccurs="{least}"' if least != 1 else "") + (f' maxOccurs="{most}"' if most != 1 else "")

    def _local_element(self, occurs: str) -> str:
        chance = self.chance
        if self._elements and chance.random() < 0.3:
            return f'<xsd:element ref="{self._ref(chance.choice(self._elements))}"{occurs}/>'
        if self._complex and chance.random() < 0.25:
            kind = self._ref(chance.choice(self._complex)[0])
            return f'<xsd:element name="{self._new("l")}" type="{kind}"{occurs}/>'
        said, inner = self._leaf(self._new("l"))
        form = self._maybe(0.1, f' form="{chance.choice(["qualified", "unqualified"])}"')
        return f"<xsd:element {said}{form}{occurs}>{inner}</xsd:element>"

    def _model(self, deep: int = 0) -> str:
        chance = self.chance
        if not deep and chance.random() < 0.1 and not self._is_plain:
            parts = (self._local_element(self._maybe(0.5, ' minOccurs="0"')) for _ in range(chance.randint(1, 4)))
            return f"<xsd:all{self._maybe(0.3, ' minOccurs=' + chr(34) + '0' + chr(34))}>{''.join(parts)}</xsd:all>"
        kind = chance.choice(["sequence", "sequence", "choice"])
        parts = [self._part(deep) for _ in range(chance.randint(1, 4) if chance.random() < 0.96 else 0)]
        return f"<xsd:{kind}{self._occurs()}>{''.join(parts)}</xsd:{kind}>"

    def _part(self, deep: int) -> str:
        draw = self.chance.random()
        if draw < 0.2 and deep < 3:
            return self._model(deep + 1)
        if draw < 0.26 and self._groups:
            return f'<xsd:group ref="{self._ref(self.chance.choice(self._groups))}"{self._occurs()}/>'
        if draw < 0.31 and not self._is_plain:
            return f"<xsd:any{self._wildcard()}{self._occurs()}/>"
        return self._local_element(self._occurs())

    def _group(self) -> None:
        name = self._new("M")
        kind = self.chance.choice(["sequence", "choice"])
        parts = "".join(self._part(2) for _ in range(self.chance.randint(1, 3)))
        self._parts.append(f'<xsd:group name="{name}"><xsd:{kind}>{parts}</xsd:{kind}></xsd:group>')
        self._groups.append(name)

    def _complex_type(self) -> None:
        name = self._new("C")
        body, content = self._complex_body()
        more = self._maybe(0.08, ' abstract="true"')
        more += self._maybe(0.08, f' block="{self.chance.choice(["#all", "extension", "restriction"])}"')
        if content == "mixed" and "Content>" not in body:
            more += ' mixed="true"'
        self._parts.append(f'<xsd:complexType name="{name}"{more}>{body}</xsd:complexType>')
        self._complex.append((name, content))

    def _complex_body(self) -> tuple[str, str]:
        chance = self.chance
        draw = chance.random()
        attributes = self._attributes_of_type()
        if draw < 0.2:
            base = self._used_type()[0]
            return (
                f'<xsd:simpleContent><xsd:extension base="{base}">{attributes}</xsd:extension></xsd:simpleContent>',
                "simple",
            )
        if draw < 0.45 and self._complex:
            return self._derived(*chance.choice(self._complex), attributes)
        if draw < 0.5:
            return attributes, "empty"
        return self._model() + attributes, chance.choice(["element"] * 4 + ["mixed"])

    def _derived(self, base: str, content: str, attributes: str) -> tuple[str, str]:
        chance = self.chance
        if content == "simple":
            facets = self._facets("string") if chance.random() < 0.5 else ""
            way = "restriction" if facets else "extension"
            inner = facets if facets else attributes
            return (
                f'<xsd:simpleContent><xsd:{way} base="{self._ref(base)}">{inner}</xsd:{way}></xsd:simpleContent>',
                content,
            )
        if chance.random() < 0.2:
            inner = f'<xsd:restriction base="xsd:anyType">{self._model()}{attributes}</xsd:restriction>'
            return f"<xsd:complexContent>{inner}</xsd:complexContent>", "element"
        mixed = ' mixed="true"' if content == "mixed" else ""
        inner = (
            f'<xsd:extension base="{self._ref(base)}">{self._maybe(0.7, self._model(1))}{attributes}</xsd:extension>'
        )
        return f"<xsd:complexContent{mixed}>{inner}</xsd:complexContent>", content if content != "empty" else "element"

    def _substitution_group(self) -> None:
        head = self.chance.choice(self._elements or ["none"])
        for _ in range(self.chance.randint(1, 2)):
            name = self._new("s")
            more = self._maybe(0.1, ' abstract="true"')
            self._parts.append(f'<xsd:element name="{name}" substitutionGroup="{self._ref(head)}"{more}/>')
            self._elements.append(name)

    def _root(self) -> None:
        parts = "".join(self._local_element(self._occurs()) for _ in range(self.chance.randint(1, 3)))
        for name in self.chance.sample(self._elements, min(2, len(self._elements))):
            parts += f'<xsd:element ref="{self._ref(name)}"{self._occurs()}/>'
        keys = ""
        if self.chance.random() < 0.35:
            item, keys = self._keyed()
            parts += item
        model = f"<xsd:sequence>{parts}{self._maybe(0.5, self._model(1))}</xsd:sequence>"
        attributes = self._attributes_of_type()
        body = f"<xsd:complexType>{model}{attributes}</xsd:complexType>{keys}"
        self._parts.append(f'<xsd:element name="root">{body}</xsd:element>')

    def _keyed(self) -> tuple[str, str]:
        """Return an element that repeats, and constraints on it."""
        chance = self.chance
        kind = chance.choice(["int", "string", "decimal", "date", "token"])
        nil = self._maybe(0.2, ' nillable="true"')
        inner = f'<xsd:element name="k" type="xsd:{kind}" minOccurs="0" maxOccurs="2"{nil}/>'
        inner += f'<xsd:element name="r" type="xsd:{chance.choice([kind, "string"])}" minOccurs="0"/>'
        kinds = f'<xsd:attribute name="n" type="xsd:{kind}"/><xsd:attribute name="m" type="xsd:int" default="1"/>'
        form = ' form="unqualified"'
        inner = inner.replace(' type="', f'{form} type="')
        item = f'<xsd:element name="i"{form} minOccurs="0" maxOccurs="unbounded"><xsd:complexType>'
        item += f"<xsd:sequence>{inner}</xsd:sequence>"
        item += f"{kinds.replace(' type=', form + ' type=')}</xsd:complexType></xsd:element>"
        field = chance.choice(["@n", "k", "k|@n", "./k", "@n", "."])
        selector = chance.choice(["i", ".//i", "./i", "*", "i|./i"])
        two = self._maybe(0.25, '<xsd:field xpath="@m"/>')
        way = chance.choice(["key", "unique"])
        keys = f'<xsd:{way} name="K"><xsd:selector xpath="{selector}"/><xsd:field xpath="{field}"/>{two}</xsd:{way}>'
        if chance.random() < 0.5:
            fields = '<xsd:field xpath="r"/>' + ('<xsd:field xpath="@m"/>' if two else "")
            keys += f'<xsd:keyref name="R" refer="{self._ref("K")}"><xsd:selector xpath="i"/>{fields}</xsd:keyref>'
        return item, keys


class EnvelopeMaker(SchemaMaker):
    """Makes the schema of an AmazonEnvelope with random messages in it; the first parts are files of their own."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.target = None
        self._is_plain = self.chance.random() < 0.6
        self._is_followed = self.chance.random() < 0.15
        self._uses_ids = self._is_followed and self.chance.random() < 0.5

    def files(self) -> dict[str, str]:
        """Return the files of the folder by name."""
        text = self.text()
        cut = self.chance.randint(0, len(self._parts) - 1)
        base = HEAD + f"<xsd:schema {_XSD}>\n" + "\n".join(self._parts[:cut]) + "\n</xsd:schema>\n"
        if "Default=" in text[:300]:
            return {"amzn-envelope.xsd": text}
        include = '<xsd:include schemaLocation="amzn-base.xsd"/>\n'
        rest = self._start + include + "\n".join(self._parts[cut:]) + "\n</xsd:schema>\n"
        return {"amzn-envelope.xsd": rest, "amzn-base.xsd": base}

    def _root(self) -> None:
        chance = self.chance
        chosen = chance.sample(self._elements, min(len(self._elements), chance.randint(1, 4)))
        inline = self._local_element("")
        payloads = "".join(f'<xsd:element ref="{name}"/>' for name in chosen) + self._maybe(0.3, inline)
        version = self._maybe(0.5, '<xsd:element name="DocumentVersion" type="xsd:string"/>')
        head = f'<xsd:sequence>{version}<xsd:element name="MerchantIdentifier" type="xsd:token"/></xsd:sequence>'
        kind = '<xsd:element name="OperationType" type="xsd:string" minOccurs="0"/>'
        number = chance.choice(["positiveInteger", "int", "string"])
        body = f'<xsd:element name="MessageID" type="xsd:{number}"/>{self._maybe(0.5, kind)}'
        body += f"<xsd:choice>{payloads}</xsd:choice>"
        keys = '<xsd:unique name="U"><xsd:selector xpath="Message"/><xsd:field xpath="MessageID"/></xsd:unique>'
        most = chance.choice(["5", "unbounded"]) if self._is_followed else "unbounded"
        parts = (
            f'<xsd:element name="Header"><xsd:complexType>{head}</xsd:complexType></xsd:element>'
            '<xsd:element name="MessageType" type="xsd:string"/>'
            '<xsd:element name="Purge" type="xsd:boolean" minOccurs="0"/>'
            f'<xsd:element name="Message" maxOccurs="{most}"><xsd:complexType><xsd:sequence>{body}</xsd:sequence>'
            f"</xsd:complexType></xsd:element>"
        )
        model = f"<xsd:complexType><xsd:sequence>{parts}</xsd:sequence></xsd:complexType>"
        constraint = keys if self._is_followed and chance.random() < 0.6 else ""
        self._parts.append(f'<xsd:element name="AmazonEnvelope">{model}{constraint}</xsd:element>')
