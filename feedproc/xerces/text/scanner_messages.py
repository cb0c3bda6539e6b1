"""The sentences of Xerces' scanner, by message key; places in braces are filled in order."""

_REFERENCE = "The character reference must end with the ';' delimiter."
_BIND_XML = (
    'The prefix "xml" cannot be bound to any namespace other than its'
    ' usual namespace; neither can the namespace for "xml"'
    ' be bound to any prefix other than "xml".'
)
_BIND_XMLNS = (
    'The prefix "xmlns" cannot be bound to any namespace explicitly;'
    ' neither can the namespace for "xmlns" be bound to any'
    " prefix explicitly."
)

FATALS = {
    "AttributeNSNotUnique": 'Attribute "{1}" bound to namespace "{2}" was already specified for element "{0}".',
    "AttributeNotUnique": 'Attribute "{1}" was already specified for element "{0}".',
    "AttributePrefixUnbound": 'The prefix "{2}" for attribute "{1}" associated with an element type'
    ' "{0}" is not bound.',
    "CDEndInContent": 'The character sequence "]]>" must not appear in content unless used to mark the end of a CDATA'
    " section.",
    "CantBindXML": _BIND_XML,
    "CantBindXMLNS": _BIND_XMLNS,
    "CloseQuoteMissingInXMLDecl": 'closing quote in the value following "{}" in the XML declaration is missing.',
    "ContentIllegalInProlog": "Content is not allowed in prolog.",
    "ContentIllegalInTrailingMisc": "Content is not allowed in trailing section.",
    "DashDashInComment": 'The string "--" is not permitted within comments.',
    "DigitRequiredInCharRef": 'A decimal representation must immediately follow the "&#" in a character reference.',
    "DoctypeIllegalInContent": "A DOCTYPE is not allowed in content.",
    "DoctypeNotAllowed": "DOCTYPE is disallowed when the feature"
    ' "http://apache.org/xml/features/disallow-doctype-decl" set'
    " to true.",
    "ETagRequired": 'The element type "{0}" must be terminated by the matching end-tag "</{0}>".',
    "ETagUnterminated": "The end-tag for element type \"{}\" must end with a '>' delimiter.",
    "ElementPrefixUnbound": 'The prefix "{}" for element "{}" is not bound.',
    "ElementUnterminated": 'Element type "{}" must be followed by either attribute specifications, ">" or "/>".',
    "ElementXMLNSPrefix": 'Element "{}" cannot have "xmlns" as its prefix.',
    "EmptyPrefixedAttName": 'The value of the attribute "{}" is invalid. Prefixed namespace bindings may not be empty.',
    "EncodingDeclInvalid": 'Invalid encoding name "{}".',
    "EncodingNotSupported": "{}",
    "EncodingDeclRequired": "The encoding declaration is required in the text declaration.",
    "EntityNotDeclared": 'The entity "{}" was referenced, but not declared.',
    "EqRequiredInAttribute": 'Attribute name "{1}" associated with an element type "{0}" must be'
    " followed by the ' = '"
    " character.",
    "EqRequiredInXMLDecl": "The ' = ' character must follow \"{}\" in the XML declaration.",
    "ExpectedByte": "Expected byte {} of {}-byte UTF-8 sequence.",
    "HexdigitRequiredInCharRef": 'A hexadecimal representation must immediately follow the "&#x" in a'
    " character reference.",
    "IllegalQName": 'Element or attribute "{}" do not match QName production: QName::=(NCName:)?NCName.',
    "InvalidByte": "Invalid byte {} of {}-byte UTF-8 sequence.",
    "InvalidCharInAttValue": "An invalid XML character (Unicode: 0x{2}) was found in the value of"
    ' attribute "{1}" and element'
    ' is "{0}".',
    "InvalidCharInCDSect": "An invalid XML character (Unicode: 0x{}) was found in the CDATA section.",
    "InvalidCharInComment": "An invalid XML character (Unicode: 0x{}) was found in the comment.",
    "InvalidCharInContent": "An invalid XML character (Unicode: 0x{}) was found in the element"
    " content of the document.",
    "InvalidCharInPI": "An invalid XML character (Unicode: 0x{}) was found in the processing instruction.",
    "InvalidCharInXMLDecl": "An invalid XML character (Unicode: 0x{}) was found in the XML declaration.",
    "InvalidCharRef": 'Character reference "&#{}" is an invalid XML character.',
    "InvalidCommentStart": 'Comment must start with "<!--".',
    "InvalidHighSurrogate": "High surrogate bits in UTF-8 sequence must not exceed 0x10 but found 0x{}.",
    "LessthanInAttValue": 'The value of attribute "{1}" associated with an element type "{0}"'
    " must not contain the '<'"
    " character.",
    "MarkupEntityMismatch": "XML document structures must start and end within the same entity.",
    "MarkupNotRecognizedInContent": "The content of elements must consist of well-formed character data or markup.",
    "MarkupNotRecognizedInMisc": "The markup in the document following the root element must be well-formed.",
    "MarkupNotRecognizedInProlog": "The markup in the document preceding the root element must be well-formed.",
    "NameRequiredInReference": "The entity name must immediately follow the '&' in the entity reference.",
    "NoMorePseudoAttributes": "No more pseudo attributes are allowed.",
    "OpenQuoteExpected": 'Open quote is expected for attribute "{1}" associated with an  element type  "{0}".',
    "PITargetRequired": "The processing instruction must begin with the name of the target.",
    "PrematureEOF": "Premature end of file.",
    "PseudoAttrNameExpected": "A pseudo attribute name is expected.",
    "QuoteRequiredInXMLDecl": 'The value following "{}" in the XML declaration must be a quoted string.',
    "ReferenceIllegalInProlog": "Reference is not allowed in prolog.",
    "ReservedPITarget": 'The processing instruction target matching "[xX][mM][lL]" is not allowed.',
    "SDDeclInvalid": 'The standalone document declaration value must be "yes" or "no", not "{}".',
    "SDDeclNameInvalid": "The standalone name in XML declaration may be misspelled.",
    "SemicolonRequiredInCharRef": _REFERENCE,
    "SemicolonRequiredInReference": "The reference to entity \"{}\" must end with the ';' delimiter.",
    "SpaceRequiredBeforeEncodingInXMLDecl": "White space is required before the encoding pseudo attribute in the XML"
    " declaration.",
    "SpaceRequiredBeforeStandalone": "White space is required before the encoding pseudo attribute in the"
    " XML declaration.",
    "SpaceRequiredInPI": "White space is required between the processing instruction target and data.",
    "VersionInfoRequired": "The version is required in the XML declaration.",
    "VersionNotSupported": 'XML version "{}" is not supported, only XML 1.0 is supported.',
    "XMLDeclUnterminated": 'The XML declaration must end with "?>".',
}
