"""Documents with faults: seeds, hit by one or two random changes. The same number and seed give the same documents."""

import random
import re
from collections.abc import Callable, Iterator

from tests.xerces.newer import newer
from tests.xerces.seeds import seeds

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_LEAF = re.compile(r"<([A-Za-z]\w*)([^<>]*)>([^<>]*)</\1\s*>")
_ELEMENT_NAMES = (
    *("AmazonOrderID", "MerchantOrderID", "Item", "AdjustedItem", "Quantity", "SKU", "Component", "Amount", "Type"),
    *("StatusCode", "MessageID", "Message", "Header", "AmazonEnvelope", "OrderAdjustment", "Foo", "foo", "Address"),
    *("TransparencyCode", "x:Foo", "PhoneNumber", "FulfillmentData"),
)
_VALUES = (
    "",
    " ",
    "\n",
    "x",
    "0",
    "-1",
    "+1",
    "1.0",
    "00000000000000000000001",
    "1" * 20,
    "1" * 21,
    "9" * 40,
    "１２",
    "1 2",
    " 1 ",
    "\t1\n",
    "1.234",
    "1.10",
    ".5",
    "5.",
    ".",
    "+",
    "-.0",
    "1e2",
    "1,000.00",
    "¥100",
    "12345678901234567890.1",
    "true",
    "TRUE",
    "0 ",
    "BuyerCanceled",
    "CustomerCancel",
    "principal",
    "503-1234567-765432",
    "503-1234567-7654321 ",
    "abc-def_ghi-1234567",
    "日本語-1234567-ABCDEFG",
    "２０３-1234567-7654321",
    "𠮷𠮷𠮷-1234567-7654321",
    "12345678901234\n",
    "1234567890123",
    "123456789012345",
    "あ" * 50,
    "あ" * 51,
    "😀" * 25,
    "😀" * 26,
    "x" * 50,
    "x" * 51,
    "x" * 600,
    "a&lt;b",
    "a&amp;b",
    "&#9;tab",
    "&#xd;",
    "&#x1F600;",
    "{braces} '0' {0} %s",
    "<![CDATA[x < y]]>",
    "<![CDATA[]]>",
    "<![CDATA[1]]>",
    "1<!-- c -->2",
    "<?pi?>",
    "<b/>",
    "te<b>x</b>t",
    "2021-09-14",
    "2021-09-14T10:11:12",
    "2021-09-14 10:11:12",
    "2021-09-14T10:11:12+0900",
    "2021-09-14T10:11:12+14:00",
    "2021-09-14T10:11:12+14:01",
    "2021-09-14T10:11:12-13:60",
    "2021-09-14T10:11:12z",
    "2021-09-14T24:00:00",
    "2021-09-14T24:00:01",
    "2021-09-14T10:60:00",
    "2021-09-14T10:11:60",
    "2021-09-14T10:11",
    "2021-02-29T10:11:12Z",
    "2020-02-29T10:11:12.Z",
    "0000-01-01T00:00:00",
    "-0001-01-01T00:00:00",
    "12021-01-01T00:00:00Z",
    "02021-01-01T00:00:00Z",
    "2021-13-01T00:00:00Z",
    "  2021-09-14T10:11:12Z\n",
    "2021-09-14T10:11:12.123456789012Z",
    "\u00a01\u00a0",
    "\u3000",
    "1\u0085",
    "\u2028",
)
_ATTRIBUTES = (
    ' currency="JPY"',
    ' currency="jpy"',
    " currency=''",
    ' currency=" USD"',
    ' Type="Voice"',
    ' Type="Mobile"',
    ' Description="' + "d" * 31 + '"',
    ' foo="bar"',
    ' foo="a > b"',
    " foo='a\n b'",
    ' xml:lang="ja"',
    ' xml:space="preserve"',
    ' xsi:nil="true"',
    ' xsi:nil="maybe"',
    ' xsi:type="String"',
    ' xsi:type="Nothing"',
    ' xsi:type="xsd:string"',
    ' xsi:type=" IDNumber "',
    ' xsi:type="1"',
    ' xsi:type=""',
    ' xsi:schemaLocation="urn:x a.xsd"',
    ' xsi:schemaLocation="%%% a"',
    ' xsi:noNamespaceSchemaLocation="b.xsd"',
    ' xsi:noNamespaceSchemaLocation="a b#c#d"',
    ' xsi:other="1"',
    ' xmlns="urn:x"',
    ' xmlns:x="urn:x"',
    ' xmlns:x="urn:x" x:a="1"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:string"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:anyType"',
    ' a="1" b="2"',
)
_TEXTS = (
    "text",
    "テキスト",
    "&amp;",
    "&#32;",
    "<![CDATA[ ]]>",
    "<![CDATA[t]]>",
    "]]&gt;",
    "\u00a0",
    "<!-- c -->",
    "\n\n",
)
_RAW = (
    "&",
    "&&",
    "&foo;",
    "&foo",
    "&amp",
    "&#;",
    "&#x;",
    "&#0;",
    "&#x1F;",
    "&#xFFFF;",
    "&#99999999;",
    "&#1a;",
    "&;",
    "& ",
    "<",
    "< ",
    "<<",
    "</",
    "</>",
    "<>",
    "<1>",
    "<!",
    "<!-",
    "<!x>",
    "<!-- a -- b -->",
    "<!-- a --->",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "<![CDAT[x]]>",
    "<![cdata[x]]>",
    "<?",
    "<??>",
    "<? x?>",
    "<?xml?>",
    '<?xml version="1.0"?>',
    "<?XML x?>",
    "<?pi",
    "<?pi x",
    "<?a:b x?>",
    "<?1?>",
    "\x00",
    "\x01",
    "\x0b",
    "\x1f",
    "\ufffe",
    "\uffff",
    "<a",
    "<a>",
    "<a b>",
    "<a b=>",
    "<a b=c/>",
    '<a b="',
    '<a b="1"c="2"/>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a b="&"/>',
    '<a b="&x;"/>',
    '<a b="&lt;"/>',
    '<a b="\x01"/>',
    "<a / >",
    "<a/",
    "<a b = '1' />",
    "<p:a/>",
    '<a p:b="1"/>',
    "<a:/>",
    "<:a/>",
    "<a:b:c/>",
    '<a xmlns:p=""/>',
    '<a xmlns:xml="urn:x"/>',
    '<a xmlns:xmlns="urn:x"/>',
    '<a xmlns="http://www.w3.org/XML/1998/namespace"/>',
    '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>',
    '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
    "<xmlns:a/>",
    "</a>",
    "</Message>",
    "</AmazonEnvelope>",
    "<é/>",
    "<a\u00b7/>",
    "<\u00b7a/>",
    "<\U00010000/>",
)
_PROLOGS = (
    "",
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
    '<?xml version="1.0" encoding="UTF-8" standalone="maybe"?>',
    '<?xml version="1.1"?>',
    '<?xml version="1.2"?>',
    '<?xml version="2.0"?>',
    '<?xml version=""?>',
    "<?xml?>",
    '<?xml encoding="UTF-8"?>',
    '<?xml version="1.0" encoding="UTF-8" ?>',
    '<?xml version="1.0" encoding=""?>',
    '<?xml version="1.0" encoding="-x"?>',
    '<?xml version="1.0"encoding="UTF-8"?>',
    '<?xml version="1.0" standalone="yes" encoding="UTF-8"?>',
    "<?xml version=1.0?>",
    '<?xml version="1.0?>',
    '<?xml version="1.0">',
    '<?xml version="1.0"',
    '<?xml version "1.0"?>',
    ' <?xml version="1.0"?>',
    '\ufeff<?xml version="1.0"?>',
    "\ufeff",
    "junk",
    "<!-- hello -->",
    "<!---->",
    "<?pi x?>",
    "\r\n\r\n",
    "&amp;",
    "<",
    "]]>",
    "\x00",
    "order-id\tquantity\n503-1\t1\n",
    '<?XML version="1.0"?>',
    '<?xml-stylesheet href="a"?>',
)
_TAILS = (
    "x",
    "<a/>",
    "<!-- c -->",
    "<?pi?>",
    "&amp;",
    "</a>",
    "<",
    "\x00",
    "]]>",
    "<![CDATA[x]]>",
    "\n\n",
    "<!",
    "<?",
    "é",
)


class _Mutator:
    """Changes one text at random."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.structure: list[Callable[[str], str]] = [
            self._drop_element,
            self._double_element,
            self._swap_elements,
            self._rename_element,
            self._insert_element,
            self._insert_text,
            self._empty_element,
            self._wrap,
            self._rename_everywhere,
        ]
        self.values: list[Callable[[str], str]] = [self._value, self._value, self._change_character]
        self.attributes: list[Callable[[str], str]] = [self._attribute, self._attribute, self._drop_attribute]
        self.scanner: list[Callable[[str], str]] = [
            self._raw,
            self._raw,
            self._cut,
            self._delete,
            self._change_end_tag,
            self._prolog,
            self._tail,
            self._stray_character,
        ]

    def _pick(self, pattern: "re.Pattern[str]", text: str) -> "re.Match[str] | None":
        found = list(pattern.finditer(text))
        return self._chance.choice(found) if found else None

    def _span(self, text: str) -> tuple[int, int]:
        """Return where a random element begins and ends."""
        starts = [match for match in _TAG.finditer(text) if not match[1]]
        if not starts:
            return 0, 0
        match = self._chance.choice(starts)
        if match[4]:
            return match.span()
        depth = 0
        for tag in _TAG.finditer(text, match.start()):
            depth += -1 if tag[1] else 0 if tag[4] else 1
            if depth == 0:
                return match.start(), tag.end()
        return match.span()

    def _drop_element(self, text: str) -> str:
        start, end = self._span(text)
        return text[:start] + text[end:]

    def _double_element(self, text: str) -> str:
        start, end = self._span(text)
        return text[:end] + text[start:end] * self._chance.choice([1, 1, 2, 12]) + text[end:]

    def _swap_elements(self, text: str) -> str:
        (start, end), (other_start, other_end) = sorted([self._span(text), self._span(text)])
        if end > other_start:
            return text
        return text[:start] + text[other_start:other_end] + text[end:other_start] + text[start:end] + text[other_end:]

    def _rename_element(self, text: str) -> str:
        start, end = self._span(text)
        part = text[start:end]
        match = _TAG.match(part)
        if match is None:
            return text
        old, new = match[2], self._new_name(match[2])
        part = f"<{new}" + part[len(old) + 1 :]
        if "</" in part:
            part = part[: part.rindex("</")] + f"</{new}>"
        if new.startswith("x:"):
            part = part.replace(new, new + ' xmlns:x="urn:x"', 1)
        return text[:start] + part + text[end:]

    def _new_name(self, old: str) -> str:
        return self._chance.choice([*_ELEMENT_NAMES, old.lower(), old + "s", old[:-1] or "z", old.upper()])

    def _rename_everywhere(self, text: str) -> str:
        match = self._pick(_TAG, text)
        if match is None:
            return text
        return re.sub(rf"(</?){match[2]}\b", rf"\g<1>{self._new_name(match[2]).replace('x:', '')}", text)

    def _between(self, text: str) -> int:
        match = self._pick(_TAG, text)
        return 0 if match is None else self._chance.choice(match.span())

    def _insert_element(self, text: str) -> str:
        at = self._between(text)
        name = self._chance.choice(_ELEMENT_NAMES)
        space = ' xmlns:x="urn:x"' if ":" in name else ""
        body = self._chance.choice(["", "x", "1", "<SKU>1</SKU>", "<y/>"])
        part = f"<{name}{space}>{body}</{name}>" if body or self._chance.random() < 0.5 else f"<{name}{space}/>"
        return text[:at] + part + text[at:]

    def _insert_text(self, text: str) -> str:
        at = self._between(text)
        return text[:at] + self._chance.choice(_TEXTS) + text[at:]

    def _empty_element(self, text: str) -> str:
        start, end = self._span(text)
        match = _TAG.match(text, start)
        if match is None:
            return text
        empty = self._chance.choice([f"<{match[2]}/>", f"<{match[2]}></{match[2]}>", f"<{match[2]} />"])
        return text[:start] + empty + text[end:]

    def _wrap(self, text: str) -> str:
        start, end = self._span(text)
        name = self._chance.choice(["Item", "AmazonOrderID", "w", "Amount", "Header"])
        return f"{text[:start]}<{name}>{text[start:end]}</{name}>{text[end:]}"

    def _value(self, text: str) -> str:
        match = self._pick(_LEAF, text)
        if match is None:
            return text
        value = self._chance.choice(_VALUES)
        if self._chance.random() < 0.1:
            value += self._chance.choice(_VALUES)
        return text[: match.start(3)] + value + text[match.end(3) :]

    def _change_character(self, text: str) -> str:
        match = self._pick(_LEAF, text)
        if match is None or not match[3]:
            return text
        at = self._chance.randrange(match.start(3), match.end(3))
        return text[:at] + self._chance.choice("aZ09-_. é日😀１\t\n") + text[at + 1 :]

    def _attribute(self, text: str) -> str:
        match = self._pick(_TAG, text)
        if match is None or match[1]:
            return text
        at = match.end(2)
        return text[:at] + self._chance.choice(_ATTRIBUTES) + text[at:]

    def _drop_attribute(self, text: str) -> str:
        match = self._pick(re.compile(r"\s[\w:]+=(\"[^\"]*\"|'[^']*')"), text)
        return text if match is None else text[: match.start()] + text[match.end() :]

    def _raw(self, text: str) -> str:
        at = self._between(text) if self._chance.random() < 0.6 else self._chance.randrange(len(text))
        return text[:at] + self._chance.choice(_RAW) + text[at:]

    def _cut(self, text: str) -> str:
        return text[: self._chance.randrange(len(text))]

    def _delete(self, text: str) -> str:
        at = self._chance.randrange(len(text))
        if self._chance.random() < 0.7:
            spots = [match.start() for match in re.finditer(r"""[<>/"'=&;?!]""", text)]
            at = self._chance.choice(spots or [at])
        return text[:at] + text[at + 1 :]

    def _change_end_tag(self, text: str) -> str:
        match = self._pick(re.compile(r"</([\w:]+)\s*>"), text)
        if match is None:
            return text
        name = match[1]
        new = self._chance.choice(
            [name.lower(), name + "x", name[:-1], "", " " + name, name + " ", name + "\n", name + "/"]
        )
        return text[: match.start()] + f"</{new}>" + text[match.end() :]

    def _prolog(self, text: str) -> str:
        body = re.sub(r"^\ufeff?<\?xml.*?\?>", "", text, flags=re.DOTALL)
        return self._chance.choice(_PROLOGS) + body

    def _tail(self, text: str) -> str:
        return text + self._chance.choice(_TAILS)

    def _stray_character(self, text: str) -> str:
        at = self._chance.randrange(len(text))
        return text[:at] + self._chance.choice("<>&\"'=/!?[]-;#x :\x00\x08\ufffe😀é") + text[at:]


def _bytes_faults(chance: random.Random, document: bytes) -> bytes:
    """Put bytes into a document that UTF-8 does not allow."""
    at = chance.randrange(len(document) or 1)
    bad = (
        b"\xff",
        b"\x80",
        b"\xc0\x80",
        b"\xe3\x81",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xe9",
    )
    return document[:at] + chance.choice(bad) + document[at + chance.choice([0, 1]) :]


def mutants(number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield `number` documents, each with the kind of its first change."""
    originals = seeds()
    for index in range(number):
        chance = random.Random(f"{seed}:{index}")
        mutator = _Mutator(chance)
        kinds = {
            "structure": mutator.structure,
            "values": mutator.values,
            "attributes": mutator.attributes,
            "scanner": mutator.scanner,
        }
        text = chance.choice(originals)
        names = [chance.choice(list(kinds)) for _ in range(chance.choice([1, 1, 1, 2]))]
        for name in names:
            text = chance.choice(kinds[name])(text) if text else text
        if random.Random(f"1.1:{seed}:{index}").random() < 0.08:
            text = newer(chance, text)
        document = text.encode("utf-8", "surrogatepass")
        if chance.random() < 0.02:
            names, document = ["bytes"], _bytes_faults(chance, document)
        yield names[0], document


def xml_1_1(number: int, seed: int) -> Iterator[bytes]:
    """Yield `number` documents in XML 1.1: seeds, and every second time with another fault besides."""
    originals = seeds()
    for index in range(number):
        chance = random.Random(f"{seed}:1.1:{index}")
        text = chance.choice(originals)
        if index % 2:
            mutator = _Mutator(chance)
            text = chance.choice(mutator.structure + mutator.values + mutator.attributes + mutator.scanner)(text)
        yield newer(chance, text).encode("utf-8", "surrogatepass")
