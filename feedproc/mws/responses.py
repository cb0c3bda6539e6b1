"""The XML of answers, to the byte as Amazon wrote it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from feedproc.formats.characters import escape_text

NAMESPACE = "http://mws.amazonaws.com/doc/2009-01-01/"
"""Of answers that no section gives, and of those of the sections Feeds and Reports."""
_DECLARATION = '<?xml version="1.0"?>\n'

Element = tuple[str, "str | Sequence[Element]"]
"""A name, and text or elements. Text may be empty (`<Type></Type>`); no elements give `<Detail/>`."""


class Dialect(Enum):
    """Which of Amazon's programs says so; they differ in details."""

    GATEWAY = "gateway"
    """Authentication, routing and throttling: its answers tell no quota."""
    FEEDS = "feeds"
    """The older back end: an empty `<Detail/>` follows the message."""
    SERVICE = "service"
    """The newer back end."""


class WireError(NamedTuple):
    """Code, HTTP status, fault and dialect of an error, and how its message is worded."""

    code: str
    status: int
    dialect: Dialect
    fault: str = "Sender"
    """The element Type: whose fault it is. Amazon leaves it empty for throttling."""
    message: Callable[[Any], str] = str


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
    wire: WireError,
    message: str,
    request_id: str,
    namespace: str = NAMESPACE,
    *,
    id_name: str = "RequestID",
    detail: str = "",
) -> bytes:
    """Return an error answer. `id_name` is its last element, which ends in a capital D where the gateway speaks.

    `detail` is help that Amazon does not give, for the local seller alone.
    """
    told: list[Element] = [("Type", wire.fault), ("Code", wire.code), ("Message", message)]
    if detail or wire.dialect is Dialect.FEEDS:
        told.append(("Detail", detail or ()))
    return _write_document("ErrorResponse", (("Error", told), (id_name, request_id)), namespace)


def write_ping(now: datetime) -> bytes:
    """Return the answer to a request for nothing: the server's time, its fraction after a colon as Amazon has it."""
    fraction = f"{now.microsecond // 10_000:02d}"
    at = f"{now:%Y-%m-%dT%H:%M:%S}:{fraction}Z"
    return f'{_DECLARATION}<PingResponse>\n  <Timestamp timestamp="{at}"/>\n</PingResponse>\n'.encode()


def _write_document(root: str, content: Iterable[Element], namespace: str) -> bytes:
    lines: list[str] = []
    for element in content:
        _append_pretty(lines, element, "  ")
    return f'{_DECLARATION}<{root} xmlns="{namespace}">\n{"".join(lines)}</{root}>\n'.encode()


def _append_pretty(lines: list[str], element: Element, indent: str) -> None:
    name, content = element
    if isinstance(content, str):
        lines.append(f"{indent}<{name}>{escape_text(content)}</{name}>\n")
    elif not content:
        lines.append(f"{indent}<{name}/>\n")
    else:
        lines.append(f"{indent}<{name}>\n")
        inner = f"{indent}  "
        for child in content:
            _append_pretty(lines, child, inner)
        lines.append(f"{indent}</{name}>\n")


def _write_compact(element: Element) -> str:
    name, content = element
    if isinstance(content, str):
        return f"<{name}>{escape_text(content)}</{name}>"
    if not content:
        return f"<{name}/>"
    return f"<{name}>{''.join(map(_write_compact, content))}</{name}>"
