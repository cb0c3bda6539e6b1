"""The sentences in which Xerces tells a schema fault, by rule; places in braces are filled in order."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_CHILDREN = "character or element information item [children]"
_MORE = "more instances are required to satisfy this constraint."

SENTENCES = {
    "Identity Constraint error": ' identity constraint "{}" has a keyref which refers to a key or unique that is out of'
    " scope.",
    "UndeclaredEntity": "Entity '{}' is not declared.",
    "UndeclaredPrefix": "Cannot resolve '{}' as a QName: the prefix '{}' is not declared.",
    "cvc-attribute.3": "The value '{2}' of attribute '{1}' on element '{0}' is not valid with"
    " respect to its type, '{3}'.",
    "cvc-attribute.4": "The value '{2}' of attribute '{1}' on element '{0}' is not valid with respect to its fixed"
    " {{value constraint}}. The attribute must have a value of '{3}'.",
    "cvc-complex-type.2.1": f"Element '{{}}' must have no {_CHILDREN}, because the type's content type is empty.",
    "cvc-complex-type.2.2": "Element '{}' must have no element [children], and the value must be valid.",
    "cvc-complex-type.2.3": "Element '{}' cannot have character [children], because the type's content type is"
    " element-only.",
    "cvc-complex-type.2.4.a": "Invalid content was found starting with element '{}'. One of '{}' is expected.",
    "cvc-complex-type.2.4.b": "The content of element '{}' is not complete. One of '{}' is expected.",
    "cvc-complex-type.2.4.c": "The matching wildcard is strict, but no declaration can be found for element '{}'.",
    "cvc-complex-type.2.4.d": "Invalid content was found starting with element '{}'. No child element is expected at"
    " this point.",
    "cvc-complex-type.2.4.e": "'{0}' can occur a maximum of '{2}' times in the current sequence. This limit was"
    " exceeded. At this point one of '{1}' is expected.",
    "cvc-complex-type.2.4.f": "'{}' can occur a maximum of '{}' times in the current sequence. This limit was exceeded."
    " No child element is expected at this point.",
    "cvc-complex-type.2.4.g": "Invalid content was found starting with element '{}'. '{}' is"
    " expected to occur a minimum"
    " of '{}' times in the current sequence. One more instance is required to satisfy this constraint.",
    "cvc-complex-type.2.4.h": "Invalid content was found starting with element '{}'. '{}' is"
    " expected to occur a minimum"
    f" of '{{}}' times in the current sequence. '{{}}' {_MORE}",
    "cvc-complex-type.2.4.i": "The content of element '{}' is not complete. '{}' is expected to occur a minimum of '{}'"
    " times. One more instance is required to satisfy this constraint.",
    "cvc-complex-type.2.4.j": "The content of element '{}' is not complete. '{}' is expected to occur a minimum of '{}'"
    f" times. '{{}}' {_MORE}",
    "cvc-complex-type.3.1": "Value '{2}' of attribute '{1}' of element '{0}' is not valid with respect to the"
    " corresponding attribute use. Attribute '{1}' has a fixed value of '{3}'.",
    "cvc-complex-type.3.2.2": "Attribute '{1}' is not allowed to appear in element '{0}'.",
    "cvc-complex-type.4": "Attribute '{1}' must appear on element '{0}'.",
    "cvc-complex-type.4_ns": "Attribute '{1}' belonging to namespace '{2}', must appear on element '{0}'.",
    "cvc-complex-type.5.1": "In element '{0}', attribute '{1}' is a Wild ID. But there is already a Wild ID '{2}'."
    " There can be only one.",
    "cvc-complex-type.5.2": "In element '{0}', attribute '{1}' is a Wild ID. But there is already an attribute '{2}'"
    " derived from ID among the {{attribute uses}}.",
    "cvc-datatype-valid.1.2.1": "'{}' is not a valid value for '{}'.",
    "cvc-datatype-valid.1.2.3": "'{}' is not a valid value of union type '{}'.",
    "cvc-elt.1": "Cannot find the declaration of element '{}'.",
    "cvc-elt.2": "The value of {{abstract}} in the element declaration for '{}' must be false.",
    "cvc-elt.3.1": f"Attribute '{_XSI},nil' must not appear on element '{{0}}', because"
    f" the {{{{nillable}}}} property of"
    " '{0}' is false.",
    "cvc-elt.3.2.1": "Element '{}' cannot have character or element information [children], because"
    f" '{_XSI},nil' is specified.",
    "cvc-elt.3.2.2": f"There must be no fixed {{{{value constraint}}}} for element '{{}}', because '{_XSI},nil' is"
    " specified.",
    "cvc-elt.4.1": f"The value '{{1}}' of attribute '{_XSI},type' of element '{{0}}' is not a valid QName.",
    "cvc-elt.4.2": "Cannot resolve '{1}' to a type definition for element '{0}'.",
    "cvc-elt.4.3": "Type '{1}' is not validly derived from the type definition, '{2}', of element '{0}'.",
    "cvc-elt.5.1.1": "{{value constraint}} '{2}' of element '{0}' is not a valid default value for type '{1}'.",
    "cvc-elt.5.2.2.1": "Element '{}' must have no element information item [children].",
    "cvc-elt.5.2.2.2.1": "The value '{1}' of element '{0}' does not match the fixed {{value constraint}} value '{2}'.",
    "cvc-elt.5.2.2.2.2": "The value '{1}' of element '{0}' does not match the {{value constraint}} value '{2}'.",
    "cvc-enumeration-valid": "Value '{}' is not facet-valid with respect to enumeration '{}'. It"
    " must be a value from the"
    " enumeration.",
    "cvc-fractionDigits-valid": "Value '{}' has {} fraction digits, but the number of fraction digits"
    " has been limited to"
    " {}.",
    "cvc-id.1": "There is no ID/IDREF binding for IDREF '{}'.",
    "cvc-id.2": "There are multiple occurrences of ID value '{}'.",
    "cvc-id.3": "A field of identity constraint '{}' matched element '{}', but this element does not have a simple"
    " type.",
    "cvc-identity-constraint.3": 'Field "{}" of identity constraint "{}" matches more than one value within the scope'
    " of its selector; fields must match unique values.",
    "cvc-identity-constraint.4.1": 'Duplicate unique value [{0}] declared for identity constraint "{2}" of element'
    ' "{1}".',
    "cvc-identity-constraint.4.2.1.a": 'Element "{}" has no value for the key "{}".',
    "cvc-identity-constraint.4.2.1.b": 'Not enough values specified for <key name="{1}"> identity constraint specified'
    ' for element "{0}".',
    "cvc-identity-constraint.4.2.2": 'Duplicate key value [{0}] declared for identity constraint "{2}" of element'
    ' "{1}".',
    "cvc-identity-constraint.4.2.3": 'Element "{}" has the key "{}" which matches an element which has nillable set to'
    " true.",
    "cvc-identity-constraint.4.3": "Key '{}' with value '{}' not found for identity constraint of element '{}'.",
    "cvc-length-valid": "Value '{}' with length = '{}' is not facet-valid with respect to length '{}' for type '{}'.",
    "cvc-maxExclusive-valid": "Value '{}' is not facet-valid with respect to maxExclusive '{}' for type '{}'.",
    "cvc-maxInclusive-valid": "Value '{}' is not facet-valid with respect to maxInclusive '{}' for type '{}'.",
    "cvc-maxLength-valid": "Value '{}' with length = '{}' is not facet-valid with respect to maxLength '{}' for type"
    " '{}'.",
    "cvc-minExclusive-valid": "Value '{}' is not facet-valid with respect to minExclusive '{}' for type '{}'.",
    "cvc-minInclusive-valid": "Value '{}' is not facet-valid with respect to minInclusive '{}' for type '{}'.",
    "cvc-minLength-valid": "Value '{}' with length = '{}' is not facet-valid with respect to minLength '{}' for type"
    " '{}'.",
    "cvc-pattern-valid": "Value '{}' is not facet-valid with respect to pattern '{}' for type '{}'.",
    "cvc-totalDigits-valid": "Value '{}' has {} total digits, but the number of total digits has been limited to {}.",
    "cvc-type.2": "The type definition cannot be abstract for element {}.",
    "cvc-type.3.1.1": "Element '{}' is a simple type, so it cannot have attributes,"
    " excepting those whose namespace name"
    f" is identical to '{_XSI}' and whose [local name] is one of 'type', 'nil', 'schemaLocation' or"
    " 'noNamespaceSchemaLocation'. However, the attribute, '{}' was found.",
    "cvc-type.3.1.2": "Element '{}' is a simple type, so it must have no element information item [children].",
    "cvc-type.3.1.3": "The value '{1}' of element '{0}' is not valid.",
}


def write_sentence(rule: str, arguments: tuple[str, ...]) -> str:
    """Return Xerces' whole sentence for `rule`, its rule in front."""
    return f"{rule.removesuffix('_ns')}: {SENTENCES[rule].format(*arguments)}"
