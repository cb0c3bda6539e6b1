"""Documents that Xerces reads and other parsers do not, changed so that they do; every byte keeps its place."""

import re

_COLON_NAME = re.compile(rb"</?:([^\s/>]+)")
_WITH_COLON = re.compile(rb"<\?[^\s?>]+|</?:")


def without_colons(document: bytes) -> bytes:
    """Take the colons out of the targets of processing instructions and from the beginning of element names."""
    return _WITH_COLON.sub(lambda match: match[0].replace(b":", b"_"), document)


def colon_names(document: bytes) -> dict[str, str]:
    """Return the element names that begin with a colon, by what `without_colons` makes of them."""
    names = {name.decode("utf-8", "replace") for name in _COLON_NAME.findall(document)}
    return {f"_{name}": f":{name}" for name in names}
