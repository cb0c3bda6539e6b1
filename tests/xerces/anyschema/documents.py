"""Random documents for any schema: made along its declarations, more or less as they say, then changed at random."""

import random
import re
from xml.sax.saxutils import escape, quoteattr

from feedproc.xerces.schema.model import (
    ANY_TYPE,
    ComplexType,
    ContentKind,
    ElementDeclaration,
    ParticleKind,
    Schema,
    Type,
)
from feedproc.xerces.schema.particles import UNBOUNDED, Particle
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.text.names import INSTANCE, SCHEMA
from feedproc.xerces.values.simple_type import SimpleType

_TEXTS = (
    *(
        "",
        "a",
        "ab",
        "abc",
        "b c",
        "A1",
        "x-y",
        " a ",
        "\n1\t",
        "0",
        "1",
        "5",
        "05",
        "-3",
        "+7",
        "3.14",
        "1.50",
        "1.5",
        "7",
    ),
    *("100", "12345678901234567890", "1e3", "INF", "NaN", "-0", ".5", "5.", "1 2", "a b", "true", "false", "TRUE"),
    *("2001-01-01", "2001-01-01Z", "2010-06-30+09:00", "2010-06-29Z", "2001-02-29", "0000-01-01", "2001-01-01+14:01"),
    *(
        "2001-01-01T00:00:00",
        "2001-01-01T12:00:00Z",
        "2010-06-30T15:00:00Z",
        "2001-13-01T00:00:00",
        "2020-02-29T24:00:00",
    ),
    *(
        "00:00:00",
        "12:30:00Z",
        "24:00:00",
        "25:00:00",
        "01:00:00+09:00",
        "16:00:00Z",
        "2001",
        "2010Z",
        "2001-01",
        "--01-01",
    ),
    *("---31", "--06", "--06--", "P1Y", "P12M", "P365D", "P30D", "PT36H", "P", "-P1D", "P1DT", "PT0.5S", "P1M2D"),
    *(
        "0f",
        "0F10",
        "0f1",
        "YQ==",
        "YWI=",
        "YQ=",
        "Y Q = =",
        "YR==",
        "http://x.y/z",
        "a b#c#d",
        "%zz",
        "en",
        "ja-JP",
        "e1-",
    ),
    *(
        "t:b",
        "xsd:c",
        "q:c",
        ":c",
        "日本",
        "１２",
        "é",
        "aé",
        "あ",
        "ア",
        "x𠮷",
        "id1",
        "id2",
        "id3",
        "id1 id2",
        "_x",
        "1a",
    ),
    *(
        "yy",
        "xyy",
        "aa",
        "abab",
        "ababc",
        "^$",
        "$",
        "a@b.c",
        "[",
        "a_1",
        "AbC",
        "ABC",
        "a.b",
        "&",
        "<",
        "]]",
        "\u00a0",
        "x\u3000",
    ),
)
_INSIDE = re.compile(r"<([A-Za-z][\w:.-]*)([^<>]*)>([^<>]*)</\1>")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_FACET_VALUE = re.compile(r'value="([^"]*)"')
_MOST_DEEP = 6
_MOST_ELEMENTS = 300
_PREFIXES = {"t": "urn:t", "x": "urn:x", "xsd": SCHEMA, "xsi": INSTANCE}.get


class DocumentMaker:
    """Makes documents for one schema."""

    def __init__(
        self, schema: Schema, source: str, seed: int, faults: float = 0.5, values: tuple[str, ...] = _TEXTS
    ) -> None:
        """Take the schema as read and as written, how often a document is changed, and what may stand in it."""
        self._schema = schema
        self._chance = random.Random(seed)
        self._values = tuple(_FACET_VALUE.findall(source)) + values
        self._names = [element.key for element in schema.elements.values()]
        self._types = [key for key in schema.types if not key.startswith(SCHEMA)] + [
            f"{SCHEMA}\x1fint",
            f"{SCHEMA}\x1fstring",
        ]
        self._target = next((each.namespace for each in schema.elements.values()), None)
        self._faults = faults
        self._fitting: dict[int, list[str]] = {}

    def document(self) -> bytes:
        """Return one document, every other one as free from faults as can be."""
        self._deep = 0
        self._left = _MOST_ELEMENTS
        self._is_careful = self._chance.random() < 0.5
        root = next(each for each in self._schema.elements.values() if each.name in {"root", "AmazonEnvelope"})
        text = self._element(root)
        while not self._is_careful and self._chance.random() < self._faults:
            text = self._changed(text)
        spaces = f' xmlns:xsi="{INSTANCE}" xmlns:xsd="{SCHEMA}" xmlns:t="urn:t" xmlns:x="urn:x"'
        text = re.sub(r"^(\s*<[^\s/>]+)", rf"\1{spaces}", text, count=1)
        return text.encode("utf-8", "replace")

    # Along the declarations

    def _element(self, element: ElementDeclaration) -> str:
        chance = self._chance
        self._left -= 1
        if element.members and chance.random() < 0.5:
            element = chance.choice(list(element.members.values()))
        name = f"t:{element.name}" if element.namespace else element.name
        if element.namespace == "urn:x":
            name = f"x:{element.name}"
        if self._is_careful and element.is_abstract and element.members:
            element = chance.choice(list(element.members.values()))
        if element.nillable and chance.random() < 0.3:
            return f'<{name} xsi:nil="true"{self._attributes(element.type)}/>'
        kind, said = element.type, ""
        if chance.random() < 0.04 and not self._is_careful:
            kind, said = self._other_type(kind)
        self._deep += 1
        is_empty = element.default is not None and (self._is_careful or chance.random() < 0.5)
        inner = "" if is_empty else self._content(kind)
        self._deep -= 1
        attributes = self._attributes(kind) + said
        return f"<{name}{attributes}>{inner}</{name}>" if inner or chance.random() < 0.5 else f"<{name}{attributes}/>"

    def _other_type(self, kind: Type) -> tuple[Type, str]:
        key = self._chance.choice(self._types)
        namespace, _, local = key.rpartition("\x1f")
        prefix = {SCHEMA: "xsd:", "urn:t": "t:"}.get(namespace, "")
        return self._schema.types.get(key, kind), f' xsi:type="{prefix}{local}"'

    def _content(self, kind: Type) -> str:
        if isinstance(kind, SimpleType):
            return escape(self._value(kind))
        if kind is ANY_TYPE:
            return self._chance.choice(["", "text", "<x:any/>", "a<b/>c"])
        if kind.content == ContentKind.SIMPLE and kind.simple is not None:
            return escape(self._value(kind.simple))
        if kind.content == ContentKind.EMPTY or kind.particle is None:
            return ""
        if self._deep > _MOST_DEEP * 2 or (self._deep > _MOST_DEEP and not self._is_careful):
            return ""
        text = "".join(self._particle(kind.particle))
        return f"text{text}more" if kind.content == ContentKind.MIXED and self._chance.random() < 0.5 else text

    def _particle(self, particle: Particle) -> list[str]:
        if isinstance(particle.term, ElementDeclaration) and particle.term.key == "Message":
            return [self._element(particle.term) for _ in range(self._chance.randint(1, 6))]
        most = particle.minimum + 2 if particle.maximum == UNBOUNDED else particle.maximum
        times = self._chance.randint(particle.minimum, most)
        if self._deep > 3 or self._left < 0:
            times = particle.minimum
        if self._chance.random() < 0.03 and not self._is_careful:
            times += self._chance.choice([-1, 1])
        return [text for _ in range(times) for text in self._once(particle)]

    def _once(self, particle: Particle) -> list[str]:
        if isinstance(particle.term, ElementDeclaration):
            return [self._element(particle.term)]
        if isinstance(particle.term, Wildcard):
            return [self._wild()]
        if particle.kind == ParticleKind.CHOICE:
            return self._particle(self._chance.choice(particle.parts)) if particle.parts else []
        parts = list(particle.parts)
        if particle.kind == ParticleKind.ALL:
            self._chance.shuffle(parts)
        return [text for part in parts for text in self._particle(part)]

    def _wild(self) -> str:
        if self._chance.random() < 0.4 and self._deep < _MOST_DEEP:
            return self._element(self._chance.choice(list(self._schema.elements.values())))
        return self._chance.choice(["<x:any/>", "<any>1</any>", "<x:a><b/></x:a>", "<t:no/>", '<x:c d="1"/>'])

    def _value(self, kind: SimpleType) -> str:
        if self._chance.random() < 0.08 and not self._is_careful:
            return self._chance.choice(self._values)
        if id(kind) not in self._fitting:
            fitting = [value for value in self._values if kind.complain(value, _PREFIXES) is None]
            self._fitting[id(kind)] = fitting or list(self._values)
        return self._chance.choice(self._fitting[id(kind)])

    def _attributes(self, kind: Type) -> str:
        if not isinstance(kind, ComplexType):
            return ""
        text = ""
        for use in kind.attributes.values():
            if self._chance.random() < (1 if use.required and self._is_careful else 0.95 if use.required else 0.5):
                name = f"t:{use.name}" if use.namespace == "urn:t" else use.name
                is_fixed = use.default is not None and (self._is_careful or self._chance.random() < 0.7)
                text += f" {name}={quoteattr(str(use.default) if is_fixed else self._value(use.type))}"
        if kind.wildcard is not None and self._chance.random() < (0.1 if self._is_careful else 0.5):
            text += self._chance.choice([' x:w="1"', ' w="1"', ' t:w="1"', *self._global_attributes()])
        return text

    def _global_attributes(self) -> list[str]:
        return [
            f" {'t:' if use.namespace else ''}{use.name}={quoteattr(self._value(use.type))}"
            for use in self._schema.attributes.values()
        ]

    # Changes

    def _changed(self, text: str) -> str:
        ways = (
            self._drop,
            self._double,
            self._swap,
            self._rename,
            self._insert,
            self._say,
            self._say,
            self._give,
            self._strip,
        )
        return self._chance.choice(ways)(text)

    def _span(self, text: str) -> tuple[int, int]:
        starts = [match for match in _TAG.finditer(text) if not match[1]]
        match = self._chance.choice(starts[1:] or starts)
        if match[4]:
            return match.span()
        depth = 0
        for tag in _TAG.finditer(text, match.start()):
            depth += -1 if tag[1] else 0 if tag[4] else 1
            if not depth:
                return match.start(), tag.end()
        return match.span()

    def _drop(self, text: str) -> str:
        start, end = self._span(text)
        return text[:start] + text[end:] if end - start < len(text.strip()) else text

    def _double(self, text: str) -> str:
        start, end = self._span(text)
        return text[:end] + text[start:end] * self._chance.choice([1, 1, 3]) + text[end:] if start else text

    def _swap(self, text: str) -> str:
        (start, end), (other, last) = sorted([self._span(text), self._span(text)])
        if end > other or not start:
            return text
        return text[:start] + text[other:last] + text[end:other] + text[start:end] + text[last:]

    def _rename(self, text: str) -> str:
        start, end = self._span(text)
        match = _TAG.match(text, start)
        if match is None or not start:
            return text
        local = self._chance.choice(self._names).rpartition("\x1f")[2]
        name = self._chance.choice([local, f"t:{local}", "x:n", match[2] + "z"])
        part = f"<{name}" + text[start + 1 + len(match[2]) : end]
        return text[:start] + re.sub(rf"</{re.escape(match[2])}>$", f"</{name}>", part) + text[end:]

    def _insert(self, text: str) -> str:
        match = self._chance.choice(list(_TAG.finditer(text)))
        at = match.end() if match.start() == 0 or self._chance.random() < 0.5 else match.start()
        if at == len(text) or at == 0:
            return text
        things = ["<x:n/>", "<n>1</n>", "text", "<!-- c -->", "<![CDATA[t]]>", " ", "\n", "&#32;", self._wild()]
        return text[:at] + self._chance.choice(things) + text[at:]

    def _say(self, text: str) -> str:
        found = list(_INSIDE.finditer(text))
        if not found:
            return text
        match = self._chance.choice(found)
        return text[: match.start(3)] + escape(self._chance.choice(self._values)) + text[match.end(3) :]

    def _give(self, text: str) -> str:
        starts = [match for match in _TAG.finditer(text) if not match[1]]
        match = self._chance.choice(starts)
        types = " xsi:type=" + quoteattr(self._other_type(ANY_TYPE)[1].partition('"')[2][:-1])
        things = [
            ' xsi:nil="true"',
            ' xsi:nil="false"',
            types,
            types,
            ' no="1"',
            ' x:no="1"',
            *self._global_attributes(),
        ]
        attribute = self._chance.choice(things)
        if attribute.partition("=")[0].strip() in match[3]:
            return text
        return text[: match.end(2)] + attribute + text[match.end(2) :]

    def _strip(self, text: str) -> str:
        found = list(re.finditer(r'(?<=[\w"\'])\s+([\w:]+)=("[^"]*"|\'[^\']*\')', text))
        if not found:
            return text
        match = self._chance.choice(found)
        if self._chance.random() < 0.5:
            return text[: match.start()] + text[match.end() :]
        return text[: match.start(2)] + quoteattr(self._chance.choice(self._values)) + text[match.end(2) :]
