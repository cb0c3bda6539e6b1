"""The XML of answers, to the byte as Amazon wrote it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape

from feedproc.mws.errors import Dialect, WireError

NAMESPACE = "http://mws.amazonaws.com/doc/2009-01-01/"
"""Of answers that no section gives, and of those of the sections Feeds and Reports."""
_DECLARATION = '<?xml version="1.0"?>\n'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = tuple[str, "str | Sequence[Element]"]
"""A name, and text or elements. Text may be empty (`<Type></Type>`); no elements give `<Detail/>`."""


def write_success(
    action: str, result: Iterable[Element], request_id: str, namespace: str = NAMESPACE, *, compact: bool = False
) -> bytes:
    """Return the answer of an action: pretty with two blanks and a last line end, or in one line without it."""
    root = f"{action}Response"
    content: Sequence[Element] = (
        (f"{action}Result", tuple(result)),
        ("ResponseMetadata", (("RequestId", request_id),)),
    )
    if compact:
        written = f'<{root} xmlns="{namespace}">{"".join(map(_write_compact, content))}</{root}>'
        return f"{_DECLARATION}{written}".encode()
    return _write_document(root, content, namespace)


def drop_declaration(document: bytes) -> bytes:
    """Return an answer without its XML declaration, as some sections have it."""
    return document.removeprefix(_DECLARATION.encode())


def write_error(
    wire: WireError, message: str, request_id: str, namespace: str = NAMESPACE, *, id_name: str = "RequestID"
) -> bytes:
    """Return an error answer. `id_name` is its last element, which ends in a capital D where the gateway speaks."""
    told: list[Element] = [("Type", wire.fault), ("Code", wire.code), ("Message", message)]
    if wire.dialect is Dialect.FEEDS:
        told.append(("Detail", ()))
    return _write_document("ErrorResponse", (("Error", told), (id_name, request_id)), namespace)


def write_ping(now: datetime) -> bytes:
    """Return the answer to a request for nothing: the server's time, its fraction after a colon as Amazon has it."""
    fraction = f"{now.microsecond // 10_000:02d}"
    at = f"{now:%Y-%m-%dT%H:%M:%S}:{fraction}Z"
    return f'{_DECLARATION}<PingResponse>\n  <Timestamp timestamp="{at}"/>\n</PingResponse>\n'.encode()


def escape_text(value: str) -> str:
    """Escape a text for XML; characters that XML 1.0 cannot hold become U+FFFD (developer guide, response format)."""
    return escape(_NOT_XML.sub("\ufffd", value), quote=False).replace("\r", "&#13;")


def _write_document(root: str, content: Iterable[Element], namespace: str) -> bytes:
    lines = (line for element in content for line in _write_pretty(element, "  "))
    inside = "\n".join(lines)
    return f'{_DECLARATION}<{root} xmlns="{namespace}">\n{inside}\n</{root}>\n'.encode()


def _write_pretty(element: Element, indent: str) -> Iterator[str]:
    name, content = element
    if isinstance(content, str) or not content:
        yield indent + _write_compact(element)
        return
    yield f"{indent}<{name}>"
    for child in content:
        yield from _write_pretty(child, f"{indent}  ")
    yield f"{indent}</{name}>"


def _write_compact(element: Element) -> str:
    name, content = element
    if isinstance(content, str):
        return f"<{name}>{escape_text(content)}</{name}>"
    if not content:
        return f"<{name}/>"
    return f"<{name}>{''.join(map(_write_compact, content))}</{name}>"
