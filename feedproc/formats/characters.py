"""Which characters may stand in XML, and how texts are written into it."""

import re

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def drop_forbidden(text: str) -> str:
    """Return the text with U+FFFD for each character that XML 1.0 does not allow, as MWS does in its answers."""
    return _FORBIDDEN.sub("\ufffd", text)


def escape_text(text: str) -> str:
    """Return the text as it stands between tags, without characters that XML 1.0 does not allow."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    text = drop_forbidden(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")
