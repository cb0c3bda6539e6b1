"""What Xerces takes for an xsd:anyURI: nearly everything, but not a broken escape, scheme or second fragment."""

import ipaddress
import re

_ESCAPED = re.compile(r"[^!#-;=?-\[\]_a-z]")
_ESCAPE = "%[0-9A-Fa-f]{2}"
_PATH_CHARACTER = rf"(?:[A-Za-z0-9\-_.!*'();/:@&=+$,]|{_ESCAPE})"
_CHARACTER = rf"(?:[A-Za-z0-9\-_.!*'();/:@&=+$,?\[\]]|{_ESCAPE})"
_TAIL = rf"(?:\?{_CHARACTER}*)?(?:#{_CHARACTER}*)?"
_HIERARCHICAL = re.compile(rf"{_PATH_CHARACTER}*{_TAIL}").fullmatch
_OPAQUE = re.compile(rf"(?:(?!\?){_CHARACTER})*{_TAIL}").fullmatch
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*").fullmatch
_BRACKETED = re.compile(r"//(?:[^@/?#]*@)?\[([^\]/?#]*)\](?::([0-9]*))?(?=[/?#]|$)").match


def is_any_uri(text: str) -> bool:
    """Whether `text` can be read as a URI, absolute or relative."""
    rest = _ESCAPED.sub("%20", text)
    colon = rest.find(":")
    if colon == 0:
        return False
    has_scheme = colon > 0 and not re.search("[/?#]", rest[:colon])
    if has_scheme:
        scheme, rest = rest[:colon], rest[colon + 1 :]
        if not _SCHEME(scheme) or not rest or rest[0] == "#":
            return False
    if rest == "//":
        return False
    if has_scheme and not rest.startswith("/"):
        return _OPAQUE(rest) is not None
    return _HIERARCHICAL(_without_address(rest)) is not None


def _without_address(rest: str) -> str:
    match = _BRACKETED(rest)
    if match is None or int(match[2] or 0) > 65535:
        return rest
    try:
        ipaddress.IPv6Address(match[1])
    except ValueError:
        return rest
    return rest[match.end() :]
