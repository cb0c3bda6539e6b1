"""The lexical spaces of XSD's primitive types as Xerces reads them: a text becomes a value, or there is none."""

import base64
import ipaddress
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from math import frexp, log10
from typing import Any, NamedTuple

from feedproc.xerces.values.dates import (
    INCOMPARABLE,
    MOMENTS,
    Duration,
    Moment,
    compare_durations,
    compare_moments,
    read_duration,
    read_moment,
)

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
    return _HIERARCHICAL(_strip_address(rest)) is not None


def _strip_address(rest: str) -> str:
    match = _BRACKETED(rest)
    if match is None or int(match[2] or 0) > 65535:
        return rest
    try:
        ipaddress.IPv6Address(match[1])
    except ValueError:
        return rest
    return rest[match.end() :]


_DIGITS = re.compile(r"[0-9]*").fullmatch
_FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch
_OTHER_FLOATS = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*").fullmatch
_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?",
).fullmatch
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_BITS, _BITS_OF_SHORT, _WHOLE = 53, 24, 62
_LONGEST_FLOAT = 9
"""Digits that tell every number of four bytes from all others."""


class Number(NamedTuple):
    """A decimal by value: its sign (0 for zero), the digits before and after the point, without idle zeros."""

    sign: int
    whole: str
    fraction: str
    integer: bool = False

    @property
    def total_digits(self) -> int:
        """How many digits the value has in all."""
        return len(self.whole) + len(self.fraction)

    def compare_to(self) -> Decimal:
        """Return what orders it among numbers."""
        return Decimal(f"{'-' if self.sign < 0 else ''}{self.whole or '0'}.{self.fraction or '0'}")

    def __str__(self) -> str:
        if self.sign == 0:
            return "0" if self.integer else "0.0"
        text = f"{'-' if self.sign < 0 else ''}{self.whole or '0'}"
        return text if self.integer else f"{text}.{self.fraction or '0'}"


class Float(NamedTuple):
    """A number of four or eight bytes; NaN is the same as itself."""

    value: float
    is_short: bool

    def __str__(self) -> str:
        if self.value in _OTHER_FLOATS.values() or self.value != self.value:
            return {"inf": "INF", "-inf": "-INF", "nan": "NaN"}[repr(self.value)]
        if self.value == 0:
            return "0.0E1"
        sign, digits, exponent = Decimal(self._show_seconds()).as_tuple()
        named = "".join(map(str, digits)).rstrip("0")
        point = int(exponent) + len(digits) - 1
        return f"{'-' if sign else ''}{named[0]}.{named[1:] or '0'}E{point}"

    def _show_seconds(self) -> str:
        """Return as many digits as Java tells: of whole numbers sometimes more than are needed."""
        exponent = frexp(self.value)[1] - 1
        if self.value.is_integer() and exponent < _WHOLE:
            idle = exponent - (_BITS_OF_SHORT if self.is_short else _BITS) - 1
            return str(_round_float(int(self.value), int(idle * log10(2)) if idle > 1 else 0))
        texts = (f"{self.value:.{digits}e}" for digits in range(1, _LONGEST_FLOAT))
        short = next((text for text in texts if _shorten(float(text)) == self.value), repr(self.value))
        return short if self.is_short else repr(self.value)

    def make_key(self) -> object:
        """Return what equal values have in common."""
        return "NaN" if self.value != self.value else self.value


def _round_float(number: int, digits: int) -> int:
    """Return a whole number without its last digits."""
    scale: int = 10**digits
    whole, rest = divmod(abs(number), scale)
    return (whole + (rest >= scale / 2 and digits > 0)) * scale * (1 if number > 0 else -1)


class Octets(NamedTuple):
    """Bytes that were written in hexadecimal digits or in base 64."""

    octets: bytes
    is_hex: bool

    def __str__(self) -> str:
        return self.octets.hex().upper() if self.is_hex else base64.b64encode(self.octets).decode("ascii")


class Name(NamedTuple):
    """A qualified name; how it was written does not make it another one."""

    namespace: str | None
    local: str
    written: str

    def __str__(self) -> str:
        return self.written


def read_decimal(text: str) -> Number | None:
    """Read an xsd:decimal."""
    whole, _, fraction = _strip_sign(text).partition(".")
    if not (whole or fraction) or not _DIGITS(whole) or not _DIGITS(fraction):
        return None
    return _number(text[0], whole.lstrip("0"), fraction.rstrip("0"), integer=False)


def read_integer(text: str) -> Number | None:
    """Read an xsd:integer."""
    digits = _strip_sign(text)
    if not digits or not _DIGITS(digits):
        return None
    return _number(text[0], digits.lstrip("0"), "", integer=True)


def _strip_sign(text: str) -> str:
    return text[1:] if text[:1] in {"+", "-"} else text


def _number(sign: str, whole: str, fraction: str, *, integer: bool) -> Number:
    if not whole and not fraction:
        return Number(0, "", "", integer)
    return Number(-1 if sign == "-" else 1, whole, fraction, integer)


def _read_double(text: str) -> Float | None:
    value = float(text) if _FLOAT(text) else _OTHER_FLOATS.get(text)
    return None if value is None else Float(value, is_short=False)


def _read_float(text: str) -> Float | None:
    found = _read_double(text)
    return None if found is None else Float(_shorten(found.value), is_short=True)


def _shorten(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _read_hex(text: str) -> Octets | None:
    return Octets(bytes.fromhex(text), is_hex=True) if _HEX(text) else None


def _read_base64(text: str) -> Octets | None:
    packed = re.sub(r"[\t\n\r ]+", "", text)
    return Octets(base64.b64decode(packed), is_hex=False) if _BASE64(packed) else None


def _make_moment_reader(kind: str) -> Callable[[str], Moment | None]:
    return lambda text: read_moment(kind, text)


READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _BOOLEANS.get,
    "decimal": read_decimal,
    "integer": read_integer,
    "float": _read_float,
    "double": _read_double,
    "duration": read_duration,
    "hexBinary": _read_hex,
    "base64Binary": _read_base64,
    **{kind: _make_moment_reader(kind) for kind in MOMENTS},
}


def compare(one: Any, other: Any) -> int:
    """Return -1, 0 or 1 as the first is less, the same or more; `INCOMPARABLE` where that cannot be said."""
    if isinstance(one, Number):
        mine: Decimal = one.compare_to()
        theirs: Decimal = other.compare_to()
        return (mine > theirs) - (mine < theirs)
    if isinstance(one, Moment):
        return compare_moments(one, other)
    if isinstance(one, Duration):
        return compare_durations(one, other)
    if one.make_key() == other.make_key():
        return 0
    if "NaN" in {one.make_key(), other.make_key()}:
        return INCOMPARABLE
    return 1 if one.value > other.value else -1


def make_key_of_value(value: Any) -> object:
    """Return what equal values, and no others, have in common."""
    if isinstance(value, Number):
        return value[:3]
    if isinstance(value, Name):
        return value[:2]
    if isinstance(value, Duration):
        return value.ends
    if isinstance(value, Moment):
        return value.fields, value.utc
    return value.make_key() if isinstance(value, Float) else value


def show_value(value: Any) -> str:
    """Return a value as Xerces' messages show it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
