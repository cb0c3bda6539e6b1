"""Why the parser could not read on, and what is mostly behind it; by the key of its sentence."""

import re

from feedproc.explain.parts import take_apart
from feedproc.explain.plain import Plain
from feedproc.feeds.saying import Saying, quote_value, say, show_value

_AMPERSAND = "Write `&amp;` where an ampersand is meant, as in `Smith &amp; Sons`."
_ENTITIES = (
    "Without a DOCTYPE there are `&amp;`, `&lt;`, `&gt;`, `&quot;` and `&apos;` only; write any other character itself,"
    " or by its number: `&#160;`."
)
_QUOTES = 'Attributes are written in straight quotes, `currency="JPY"`; word processors make curly ones of them.'
_DECLARATION = 'Write the first line as `<?xml version="1.0" encoding="UTF-8"?>`.'
_STRAIGHT = "Its quotes are straight; word processors make curly ones of them."
_NO_CONTROLS = "XML cannot hold control characters, not even as references; take them out where the feed is made."
_LESS_THAN = "Write `&lt;` where a less-than sign is meant."
_RIGHT_ENCODING = "Write the file in UTF-8, or declare in its first line what it is in, such as `Shift_JIS`."
_COMMENT = "Comments are written `<!-- so -->`, without `--` in them."
_NAMESPACES = "Feeds need no namespaces: leave the prefix out."
_UNDECLARED = 'Leave the attribute out, or declare `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` at the root.'
_WHOLE = "Look whether the feed was written, or sent, to its end: it must end with `</AmazonEnvelope>`."
_NO_DOCTYPE = (
    "Take the DOCTYPE out: feeds have none, and Amazon refuses all of it. `<!DOCTYPE html>` begins a web page, mostly "
    "the error page of what should have made the feed."
)
_ONE_FEED = "Nothing may follow `</AmazonEnvelope>`: send a second feed as a file of its own, and logs elsewhere."

_Pair = tuple[str, str | None]
_CHARACTER: _Pair = ("There is a character that XML does not allow (U+{1}).", _NO_CONTROLS)
_REFERENCE: _Pair = ("A reference to a character, such as `&#160;`, is not complete.", _AMPERSAND)
_INSTRUCTION: _Pair = ("A processing instruction (`<?…?>`) is not written as it must be.", "Take it out.")
_VERSION: _Pair = ("The XML declaration, the feed's first line, is not written as it must be.", _DECLARATION)
_BYTES: _Pair = ("There are bytes here that are not UTF-8, in which the feed says it is written.", _RIGHT_ENCODING)

SCANNER: dict[str, _Pair] = {
    "AttributeNSNotUnique": ("{2} has the attribute {3} twice.", None),
    "AttributeNotUnique": ("{2} has the attribute {3} twice.", None),
    "AttributePrefixUnbound": ("The prefix {4} of the attribute {3} is not declared in the feed.", _UNDECLARED),
    "CDEndInContent": ("There is a `]]>` that ends nothing.", "Write `]]&gt;` where it is meant as text."),
    "CantBindXML": ("The prefix `xml` is used for something else.", _NAMESPACES),
    "CantBindXMLNS": ("The prefix `xmlns` is used for something else.", _NAMESPACES),
    "CloseQuoteMissingInXMLDecl": _VERSION,
    "ContentIllegalInProlog": ("There is text before the first element.", None),
    "ContentIllegalInTrailingMisc": ("There is text after the end of the feed.", _ONE_FEED),
    "DashDashInComment": ("There is a `--` in a comment.", _COMMENT),
    "DigitRequiredInCharRef": _REFERENCE,
    "DoctypeIllegalInContent": ("There is a DOCTYPE in the middle of the feed.", _NO_DOCTYPE),
    "DoctypeNotAllowed": ("The feed has a DOCTYPE, which is not allowed.", _NO_DOCTYPE),
    "ETagRequired": (
        "{2} was begun last, but another element is ended here.",
        "Write `</{0}>` here, or before it; no blank stands between `</` and the name.",
    ),
    "ETagUnterminated": ("The end tag of {2} is not closed by `>`.", None),
    "ElementPrefixUnbound": ("The prefix {2} of the element {3} is not declared in the feed.", _NAMESPACES),
    "ElementUnterminated": ("The start tag of {2} is not written as it must be.", None),
    "ElementXMLNSPrefix": ("The element {2} has `xmlns` as its prefix.", _NAMESPACES),
    "EmptyPrefixedAttName": ("A prefix is declared for no namespace.", _NAMESPACES),
    "EncodingDeclInvalid": ("{2} is not the name of an encoding.", _DECLARATION),
    "EncodingNotSupported": ("The feed is in an encoding that is not known.", _RIGHT_ENCODING),
    "EncodingDeclRequired": _VERSION,
    "EntityNotDeclared": ("`&{0};` is not known: nothing in the feed says what it stands for.", _ENTITIES),
    "EqRequiredInAttribute": ("The attribute {3} of {2} has no `=` behind it.", None),
    "EqRequiredInXMLDecl": _VERSION,
    "ExpectedByte": _BYTES,
    "HexdigitRequiredInCharRef": _REFERENCE,
    "IllegalQName": ("{2} is not the name of an element or attribute.", None),
    "InvalidByte": _BYTES,
    "InvalidCharInAttValue": _CHARACTER,
    "InvalidCharInCDSect": _CHARACTER,
    "InvalidCharInComment": _CHARACTER,
    "InvalidCharInContent": _CHARACTER,
    "InvalidCharInPI": _CHARACTER,
    "InvalidCharInXMLDecl": _CHARACTER,
    "InvalidCharRef": ("`&#{0};` stands for a character that XML does not allow.", _NO_CONTROLS),
    "InvalidCommentStart": ("There is a `<!` that begins neither a comment nor a CDATA section.", _COMMENT),
    "InvalidHighSurrogate": _BYTES,
    "LessthanInAttValue": ("There is a `<` in the attribute {3} of {2}.", f"{_LESS_THAN} Or a quote is missing."),
    "MarkupEntityMismatch": ("The feed ends in the middle: elements are still open.", _WHOLE),
    "MarkupNotRecognizedInContent": ("There is a `<` that begins no tag.", _LESS_THAN),
    "MarkupNotRecognizedInMisc": ("There is something after the end of the feed.", _ONE_FEED),
    "MarkupNotRecognizedInProlog": ("There is something before the first element that is not XML.", None),
    "NameRequiredInReference": ("There is an `&` that stands for itself.", _AMPERSAND),
    "NoMorePseudoAttributes": _VERSION,
    "OpenQuoteExpected": ("The value of the attribute {3} of {2} is not in quotes.", _QUOTES),
    "PITargetRequired": _INSTRUCTION,
    "PrematureEOF": ("The feed is empty.", "Look whether the program that wrote it came to its end."),
    "PseudoAttrNameExpected": _VERSION,
    "QuoteRequiredInXMLDecl": ("A value in the XML declaration is not in quotes.", f"{_DECLARATION} {_STRAIGHT}"),
    "ReferenceIllegalInProlog": ("There is text before the first element.", None),
    "ReservedPITarget": (
        "There is an XML declaration that does not stand at the very beginning, or is not written in small letters.",
        "Take out the line break or blanks before it, and write `<?xml` in small letters. A second one in the middle"
        " has to go altogether; where another `AmazonEnvelope` begins with it, send the two feeds one after the other.",
    ),
    "SDDeclInvalid": _VERSION,
    "SDDeclNameInvalid": _VERSION,
    "SemicolonRequiredInCharRef": _REFERENCE,
    "SemicolonRequiredInReference": ("There is an `&` that stands for itself, before {2}.", _AMPERSAND),
    "SpaceRequiredBeforeEncodingInXMLDecl": _VERSION,
    "SpaceRequiredBeforeStandalone": _VERSION,
    "SpaceRequiredInPI": _INSTRUCTION,
    "VersionInfoRequired": ("The XML declaration does not say which version of XML it is.", _DECLARATION),
    "VersionNotSupported": ("The feed says that it is in XML {0}, which is not known.", _DECLARATION),
    "XMLDeclUnterminated": ("The XML declaration does not end with `?>`.", _DECLARATION),
}
"""Reason and hint. Numbers in braces stand for what the parser names: 0 for the first of it as it is, 1 for the last as
a character's number, and those from 2 on for each in quotes."""

_OUR_OWN: tuple[tuple[str, _Pair], ...] = (
    (
        r'The encoding "(.*)" is not supported\.',
        ("The feed is in {2}, which is not known.", _RIGHT_ENCODING),
    ),
    (r"Invalid byte sequence for the encoding ([^:]*): .*", ("There are bytes that are not {2}.", _RIGHT_ENCODING)),
    (
        r'Byte "(.*)" is not a member .*',
        ("There are bytes that are not US-ASCII.", _RIGHT_ENCODING),
    ),
    (
        r'Given byte order for encoding "(.*)" .*',
        ("The byte order of {2} is open.", _RIGHT_ENCODING),
    ),
    (r"(a message) is larger than .*", ("A message is larger than any message of an order.", None)),
    (
        r"elements of the message are nested .*",
        ("Elements of the message are nested more than 256 deep, or have a name above 50,000 bytes.", None),
    ),
    (
        r"what stands before the first message is larger than .*",
        ("More than 1 MiB stands before the first message.", "Write the messages right behind `MessageType`."),
    ),
    (r"(XML document structures) must .*", SCANNER["MarkupEntityMismatch"]),
)
"""Sentences that are not the parser's."""
_OTHERWISE: _Pair = ("The feed is not XML that can be read, from here on.", None)


def explain_scanner_fault(key: str, sentence: str) -> Plain:
    """Return what is said of a fault of the scanner."""
    if key in SCANNER:
        return _fill(SCANNER[key], take_apart(key, sentence) or ())
    for pattern, pair in _OUR_OWN:
        found = re.fullmatch(pattern, sentence, re.DOTALL)
        if found:
            return _fill(pair, found.groups())
    return _fill(_OTHERWISE, ())


def _fill(pair: _Pair, arguments: tuple[str, ...]) -> Plain:
    reason, hint = pair
    if not arguments:
        return Plain(say(reason), say(hint) if hint else None)
    named = (show_value(arguments[0]), show_value(arguments[-1]).upper().rjust(4, "0"), *map(quote_value, arguments))
    return Plain(_place_parts(reason, named), _place_parts(hint, named) if hint else None)


def _place_parts(words: str, named: tuple[str, ...]) -> Saying:
    return say(words, *named) if "{" in words else say(words)
