"""Documents in XML 1.1, with what it reads otherwise: its line ends, its characters, its names, its namespaces."""

import random
import re
from collections.abc import Callable

_DECLARATION = re.compile(r"^(\ufeff?)<\?xml(?=[\s\x85])[^>]*\?>")
_SPACES_IN_TAG = re.compile(r"<[A-Za-z][^<>]*?(\s+)[^<>]*>")
_NAME = re.compile(r"</?([A-Za-z]\w*)")
_LEAF = re.compile(r">([^<>]+)</")
_ATTRIBUTE = re.compile(r"""=(["'])([^<>"']*)\1""")
_TAG_END = re.compile(r"(?<=[\w\"'])/?>")
_CONTENT = re.compile(r">")
_DECLARATIONS = (
    *('<?xml version="1.1"?>', "<?xml version='1.1' ?>", '<?xml version="1.1" encoding="UTF-8"?>\n'),
    *('<?xml version="1.1" encoding="utf-8" standalone="no"?>', '<?xml version="1.1"\x85encoding="UTF-8"?>'),
    *('<?xml version = "1.1"\u2028?>\x85', '<?xml\n version="1.1"?>'),
    "<?xml version='1.1'\r\x85standalone='yes'?>\r\x85",
    *('<?xml version="1.1" encoding="Cp1252"?>', '<?xml version="1.1" encoding="x"?>', '<?xml version="1.1\x7f"?>'),
    *('<?xml version="1.1x"?>', '<?xml version="1.2"?>', '<?xml version="1.1">', '<?xml\x85version="1.1"?>'),
)
_USUAL = 8
"""How many of these are right."""
_LINE_ENDS = (
    *("\x85", "\u2028", "\r\x85", "\r", "\r\n", "\n", "\r\u2028", "\x85\n"),
    *("\r\r\x85", " \x85 ", "\u2029", "\x0c"),
)
_CHARACTERS = (
    *("\x7f", "\x80", "\x84", "\x86", "\x9f", "\x01", "\x1f", "\x00", "\x0b", "\ufffe", "\uffff", "\ufdd0", "\ue000"),
    *("\ue000\ue001", "\xa0", "\u2027", "\u2029", "\x85", "\u2028", "\U000effff", "\U000f0000"),
)
_REFERENCES = (
    *("&#1;", "&#x1F;", "&#x7F;", "&#x80;", "&#x9f;", "&#x85;", "&#x2028;", "&#133;", "&#0;", "&#x0;", "&#xFFFE;"),
    *("&#xE000;", "&#57344;", "&#57345;", "&#8;", "&#11;", "&#13;", "&#x000001;", "&#xD800;", "&#x1;&#x2;", "&#x1"),
)
_NAMES = (
    *("\u0218", "\u2070", "\u200c", "\u3001", "\U00010000", "a\u0300", "a\xb7", "a\u203f", "\xb7a", "\u203f", "\xd7"),
    *("a\x85b", "a\u037e", "\U000f0000", "\u0132", "\u0e33", "\ua000", ":a", "a:", "\u0218:b", "a:\u0218", "\ufdd0"),
)
_MARKUP = (
    *("<!--{}-->", "<![CDATA[{}]]>", "<?pi{}x?>", "<?pi {}?>", "<?{} x?>", "<a{}b='1'/>", "<a b{}={}'1'/>", "<a{}/>"),
    *("<a b='1'{}c='2'/>", "<a b='{}'/>", "&a{};", "<a></a{}>", "<!--{}", "<![CDATA[{}", "]]{}>", "&#x1{};"),
)
_NAMESPACES = (
    *(' xmlns:p="u" xmlns:p="u"', ' xmlns="" xmlns=""', ' xmlns:p="" p:a="1"', ' xmlns:p=""', ' :a="1"', ' a:="1"'),
    *(' xmlns:p="u" xmlns:p="v" a="1" a="1"', ' xmlns:\u0218="u" \u0218:a="1"', ' a="1" xmlns="u" a="2"'),
    *(' xmlns:xml="http://www.w3.org/XML/1998/namespace"', ' xmlns:xmlns=""', ' xmlns:p="&#1;"', ' xmlns:p="u\x85"'),
    *(' xmlns="http://www.w3.org/2000/xmlns/"', ' xmlns:xml=""', ' xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"'),
)


def newer(chance: random.Random, text: str) -> str:
    """Return a text with a declaration of XML 1.1, and some of what is particular to that."""
    usual = chance.random() < 0.93
    declaration = chance.choice(_DECLARATIONS[:_USUAL] if usual else _DECLARATIONS)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = mark + declaration + _DECLARATION.sub("", text).removeprefix(mark)
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        text = chance.choice(_WAYS)(chance, text)
    return text


def _put(text: str, start: int, what: str, end: int | None = None) -> str:
    return text[:start] + what + text[start if end is None else end :]


def _found(chance: random.Random, pattern: "re.Pattern[str]", text: str) -> "re.Match[str] | None":
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _line_ends(chance: random.Random, text: str) -> str:
    end = chance.choice(_LINE_ENDS)
    if chance.random() < 0.5:
        return text.replace("\n", end)
    return "".join(end if char == "\n" and chance.random() < 0.2 else char for char in text)


def _space_in_tag(chance: random.Random, text: str) -> str:
    found = _found(chance, _SPACES_IN_TAG, text)
    return text if found is None else _put(text, found.start(1), chance.choice(_LINE_ENDS), found.end(1))


def _before_tag_end(chance: random.Random, text: str) -> str:
    found = _found(chance, _TAG_END, text)
    return text if found is None else _put(text, found.start(), chance.choice(_LINE_ENDS))


def _in_value(chance: random.Random, text: str) -> str:
    found = _found(chance, chance.choice([_LEAF, _LEAF, _ATTRIBUTE]), text)
    if found is None:
        return text
    start, end = found.span(found.re.groups)
    what = chance.choice(chance.choice([_LINE_ENDS, _CHARACTERS, _REFERENCES, _REFERENCES]))
    at = chance.choice([start, end, chance.randint(start, end)])
    return _put(text, at, what, end if chance.random() < 0.1 else at)


def _anywhere(chance: random.Random, text: str) -> str:
    what = chance.choice(chance.choice([_LINE_ENDS, _CHARACTERS, _REFERENCES]))
    return _put(text, chance.randrange(len(text) + 1), what)


def _markup(chance: random.Random, text: str) -> str:
    what = chance.choice(chance.choice([_LINE_ENDS, _LINE_ENDS, _CHARACTERS, _REFERENCES, _NAMES]))
    found = _found(chance, _CONTENT, text)
    part = chance.choice(_MARKUP).replace("{}", what)
    if chance.random() < 0.3:
        part = chance.choice(_LINE_ENDS) + part
    return text if found is None else _put(text, found.end(), part)


def _name(chance: random.Random, text: str) -> str:
    found = _found(chance, _NAME, text)
    if found is None:
        return text
    new = chance.choice([*_NAMES, found[1] + chance.choice(_NAMES)])
    if chance.random() < 0.5:
        return re.sub(rf"(</?){found[1]}\b", lambda tag: tag[1] + new, text)
    return _put(text, found.start(1), new, found.end(1))


def _namespace(chance: random.Random, text: str) -> str:
    found = _found(chance, _NAME, text)
    return text if found is None else _put(text, found.end(), chance.choice(_NAMESPACES))


_WAYS: list[Callable[[random.Random, str], str]] = [
    _line_ends,
    _space_in_tag,
    _before_tag_end,
    _in_value,
    _in_value,
    _anywhere,
    _markup,
    _name,
    _namespace,
]
