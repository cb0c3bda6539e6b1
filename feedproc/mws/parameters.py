"""Flat query parameters, from the query string, a form body, or both."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote_to_bytes

from feedproc.mws import spelling
from feedproc.mws.refusals import DateMalformed, MemberMissing, ParameterInvalid, QueryMalformed

MOST_PARAMETERS = 1000
"""Parameters of one request: the longest sensible one names 100 submissions and 100 feed types."""
MOST_REQUEST_LINE = 8190
"""Bytes of a request line (MWS developer guide, "client libraries")."""
MOST_FORM = 64 * 1024
"""Bytes of a form body: a NextToken and a hundred ids take 10 KiB, and every form of a signature reads all of it."""


def parse_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Decode a query string or a form; bytes that are not UTF-8 become surrogates, so that they can be encoded again.

    Empty parts are passed over, as clients begin a query with `&`. Raises `QueryMalformed` for an unescaped `=` in a
    value, as Amazon does (section "query string" of the developer guide), for a `%` that escapes nothing, for a name
    with `<`, which is a feed taken for a form, and for more than `MOST_PARAMETERS`.
    """
    parts = [part for part in encoded.split(b"&", MOST_PARAMETERS + 100) if part]
    if len(parts) > MOST_PARAMETERS:
        raise QueryMalformed(f"more than {MOST_PARAMETERS} parameters")
    return [_parse_pair(part) for part in parts]


def _parse_pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.partition(b"=")
    if _BROKEN_ESCAPE.search(part):
        shown = part.decode(errors="replace")
        raise QueryMalformed(f"{shown} is not valid; two hexadecimal digits must follow a '%'")
    if b"<" in name or "<" in _decode(name):
        raise QueryMalformed("Keys may not contain <")
    if b"=" in value:
        shown = part.decode(errors="replace")
        raise QueryMalformed(
            f"{shown} is not valid; the value of a query string parameter may not contain a '=' delimiter"
        )
    return _decode(name), _decode(value)


def _decode(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode(errors="surrogateescape")


_BROKEN_ESCAPE = re.compile(b"%(?![0-9A-Fa-f]{2})")


class Parameters:
    """The parameters of one request. A parameter without a value counts as absent, except for the signature."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take all pairs. A pair that was sent twice counts once; two values of one name raise `QueryMalformed`."""
        self._values: dict[str, str] = {}
        for name, value in pairs:
            if self._values.setdefault(name, value) != value:
                raise QueryMalformed(f"{name} is given twice, with different values")

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """All parameters, also those without a value, for the signature."""
        return tuple(self._values.items())

    def __contains__(self, name: str) -> bool:
        """Say whether the parameter was sent, with a value or without."""
        return name in self._values

    def get(self, name: str) -> str | None:
        """Return the value; None when it is absent or empty."""
        return self._values.get(name) or None

    def require(self, name: str) -> str:
        """Return the value, or raise `MemberMissing`."""
        value = self.get(name)
        if value is None:
            raise MemberMissing(name)
        return value

    def list_values(self, name: str) -> tuple[str, ...]:
        """Return the values of `name.1`, `name.2` and so on in numerical order, none twice.

        A list of one may come as `name` alone. Gaps and empty items are passed over.
        """
        numbered = re.compile(rf"{re.escape(name)}(?:\.([0-9]{{1,9}}))?")
        items = [
            (int(match[1] or 0), value)
            for one, value in self._values.items()
            if value and (match := numbered.fullmatch(one))
        ]
        return tuple(dict.fromkeys(value for _, value in sorted(items)))

    def read_time(self, name: str) -> datetime | None:
        """Return a time in UTC, or None when it is absent. Raises `DateMalformed`."""
        value = self.get(name)
        if value is None:
            return None
        at = spelling.parse_time(value)
        if at is None:
            raise DateMalformed
        return at

    def read_number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a number from `least` to `most`, or the default when it is absent. Raises `ParameterInvalid`."""
        value = self.get(name)
        if value is None:
            return default
        if not re.fullmatch("[0-9]{1,9}", value.strip()) or not least <= int(value) <= most:
            raise ParameterInvalid(f"{name} must be a number from {least} to {most}")
        return int(value)
