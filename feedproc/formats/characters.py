"""Which characters may stand in XML, and how texts are written into it."""

import re

_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Those that may not, as a list of those that may is long to compile."""


def drop_forbidden(text: str) -> str:
    """Return the text with U+FFFD for each character that XML 1.0 does not allow, as MWS does in its answers."""
    return _FORBIDDEN.sub("\ufffd", text)


def escape_text(text: str) -> str:
    """Return the text as it stands between tags, without characters that XML 1.0 does not allow."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    return escape_markup(drop_forbidden(text)).replace("\r", "&#13;")


def escape_markup(text: str) -> str:
    """Return the text with the three signs replaced that markup is made of; one by one, as `translate` is slow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
