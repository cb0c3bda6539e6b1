"""Which characters may stand in XML."""

import re

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def drop_forbidden(text: str) -> str:
    """Return the text with U+FFFD for each character that XML 1.0 does not allow, as MWS does in its answers."""
    return _FORBIDDEN.sub("\ufffd", text)
