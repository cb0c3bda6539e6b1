"""Why a signature does not fit: what a program did otherwise where that is certain, and else what is odd.

It is certain where the signature fits as soon as one thing is done otherwise. Whoever signs so knows the secret key,
so that nothing is told to anybody else; the key itself is never told.
"""

import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote

from feedproc.mws import spelling
from feedproc.mws.signature import METHODS, Pairs, Signed, canonicalise_query, write_string_to_sign

_ERRORS = "surrogateescape"
"""Bytes that are not UTF-8 stay what they were."""
_VERBS = ("GET", "POST", "PUT")
_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MOST_PARAMETERS = 40
"""Parameters each of which is left out once."""
_LONGEST = 4_000
"""Characters of a text that a log shows."""
_SKEW = timedelta(minutes=1)
_PRIVATE = re.compile(r"((?:MWSAuthToken|BuyerEmail)=)[^&\n]*")
"""A seller's secret, and what names a buyer."""
_HEX_DIGITS = re.compile("%[0-9A-F]{2}")
_KEYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("with a line end behind it", lambda key: f"{key}\n"),
    ("with a line end behind it (CRLF)", lambda key: f"{key}\r\n"),
    ("with a blank behind it", lambda key: f"{key} "),
    ("with a blank in front of it", lambda key: f" {key}"),
    ("in double quotes", lambda key: f'"{key}"'),
    ("in single quotes", lambda key: f"'{key}'"),
    ("in base64", lambda key: b64encode(key.encode(errors=_ERRORS)).decode()),
)
_ENCODERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("blanks are signed as `+`; write %20", lambda text: quote_plus(text, safe="~", errors=_ERRORS)),
    (
        "percent-encoding is signed in small letters; write %3A, not %3a",
        lambda text: _HEX_DIGITS.sub(lambda found: found[0].lower(), quote(text, safe="~", errors=_ERRORS)),
    ),
    ("colons are signed as they are; write %3A", lambda text: quote(text, safe="~:", errors=_ERRORS)),
    ("slashes are signed as they are; write %2F", lambda text: quote(text, safe="~/", errors=_ERRORS)),
    (
        "colons and slashes are signed as they are; write %3A and %2F",
        lambda text: quote(text, safe="~:/", errors=_ERRORS),
    ),
    ("parameters are signed without percent-encoding", lambda text: text),
)


class _Attempt(NamedTuple):
    """What a program may have done, and the text that it signed then."""

    cause: str
    key: str
    method: str
    text: str


def find_cause(secret: str, method: str, given: str, signed: Signed) -> str | None:
    """Return what a program did that signed a request with the secret key, but otherwise; None where nothing fits.

    `method` is one of `METHODS`, `given` the signature as it came. Some 300 digests are computed at the most.
    """
    for cause, meant in _list_readings(given):
        if any(_fits(secret, method, text, meant) for text in _list_texts(signed, signed.verb)):
            return cause
    for cause, key, with_method, text in _list_attempts(secret, method, signed):
        if _fits(key, with_method, text, given):
            return cause
    digits = given.lower().encode(errors=_ERRORS)
    for text in _list_texts(signed, signed.verb):
        if hmac.compare_digest(_compute(secret, method, text).hex().encode(), digits):
            return "the signature is in hexadecimal; write it in base64"
    return None


def _list_readings(given: str) -> Iterator[tuple[str, str]]:
    """Yield what a signature was before it was sent, where it came otherwise."""
    if "%" in given:
        yield "the signature is percent-encoded twice", unquote(given)
    if " " in given:
        yield "a `+` of the signature is sent as it is, and stands for a blank; write %2B", given.replace(" ", "+")


def _list_attempts(secret: str, method: str, signed: Signed) -> Iterator[_Attempt]:
    for how, change in _KEYS:
        for text in _list_texts(signed, signed.verb):
            yield _Attempt(f"it is signed with the secret key {how}", change(secret), method, text)
    for other in METHODS:
        for text in _list_texts(signed, signed.verb) if other != method else ():
            yield _Attempt(f"it is signed with {other}, and SignatureMethod says {method}", secret, other, text)
    for verb in _VERBS:
        for text in _list_texts(signed, verb) if verb != signed.verb else ():
            yield _Attempt(f"it is signed as {verb} and sent as {signed.verb}", secret, method, text)
    for cause, query in _list_queries(signed.pairs):
        for path, host in product(_list_paths(signed), _list_hosts(signed)):
            yield _Attempt(cause, secret, method, write_string_to_sign(signed.verb, host, path, query))
    query = canonicalise_query(signed.pairs)
    port = signed.host.rpartition(":")[2] if ":" in signed.host else ""
    for name, path in product(_NAMES, _list_paths(signed)):
        for host in (name, f"{name}:{port}"):
            text = write_string_to_sign(signed.verb, host, path, query)
            yield _Attempt(f"it is signed for the host {host}, and sent to {signed.host}", secret, method, text)
    for text in _list_texts(signed, signed.verb):
        yield _Attempt("a line end stands behind the text that is signed", secret, method, f"{text}\n")
        yield _Attempt("lines of the text that is signed end with CRLF", secret, method, text.replace("\n", "\r\n"))


def _list_queries(pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield queries as programs may have signed them."""
    whole = [(name, value) for name, value in pairs if name != "Signature"]
    yield (
        "parameters are signed in the order in which they are sent; sort them by the bytes of their names",
        _join(whole),
    )
    lowered = sorted(whole, key=lambda pair: pair[0].lower())
    yield "parameters are sorted without regard to capital letters; those come before small ones", _join(lowered)
    for cause, encode in _ENCODERS:
        yield cause, "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(whole))
    for name, _ in whole[:_MOST_PARAMETERS]:
        rest = [pair for pair in whole if pair[0] != name]
        yield f"{name[:_MOST_PARAMETERS]} is not signed, and sent", canonicalise_query(rest)


def _join(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(canonicalise_query([pair]) for pair in pairs)


def _list_texts(signed: Signed, verb: str) -> Iterator[str]:
    """Yield the likeliest texts to sign."""
    query = canonicalise_query(signed.pairs)
    for path, host in product(_list_paths(signed), _list_hosts(signed)):
        yield write_string_to_sign(verb, host, path, query)


def _list_paths(signed: Signed) -> Sequence[str]:
    return (signed.path,) if signed.path == "/" else (signed.path, "/")


def _list_hosts(signed: Signed) -> Sequence[str]:
    host = signed.host.lower()
    return tuple(dict.fromkeys((host, re.sub(r":[0-9]*$", "", host))))


def _compute(key: str, method: str, text: str) -> bytes:
    return hmac.digest(key.encode(errors=_ERRORS), text.encode(errors=_ERRORS), METHODS[method])


def _fits(key: str, method: str, text: str, given: str) -> bool:
    made = b64encode(_compute(key, method, text)).rstrip(b"=")
    return hmac.compare_digest(made, given.rstrip("=").encode(errors=_ERRORS))


def explain_mismatch(signed: Signed, query: bytes, now: datetime, cause: str | None = None) -> str:
    """Return why a signature does not fit, the text to sign, how it was tried otherwise, and what is odd.

    `query` is as it was sent; `now` is the server's time; `cause` is None where it is not known for certain.
    """
    text = write_string_to_sign(signed.verb, signed.host.lower(), signed.path or "/", canonicalise_query(signed.pairs))
    shown = _PRIVATE.sub(lambda found: f"{found[1]}…", text)[:_LONGEST]
    odd = "; ".join([*_list_oddities(signed, query.decode("ascii", "replace")), *_describe_clock(signed, now)])
    if cause is not None:
        return f"{cause}. The text to sign is {shown!r}" + (f"; {odd}" if odd else "")
    return (
        f"the text to sign is {shown!r}; tried as well: the host {signed.host!r} with and "
        "without port and scheme, the path with and without its last slash, as '/' and in small letters, the ways in "
        f"which known clients encode parameters; {odd or 'nothing is odd, so the secret key may be another'}"
    )


def _list_oddities(signed: Signed, query: str) -> Iterator[str]:
    if "&&" in query:
        yield "the query has '&&', which is no part of a text to sign"
    if "+" in query:
        yield "the query has a '+', which stands for a blank: write %20, and %2B for a plus"
    if signed.path != "/" and signed.path.endswith("/"):
        yield "the path ends in a slash"
    if re.search(r":[0-9]+$", signed.host):
        yield "the host has a port; the text to sign has it only if the Host header does"
    if any("\udc80" <= sign <= "\udcff" for pair in signed.pairs for part in pair for sign in part):
        yield "a parameter is not UTF-8"


def _describe_clock(signed: Signed, now: datetime) -> Iterator[str]:
    """Say how far the client's clock is off, within what is allowed."""
    at = spelling.parse_time(dict(signed.pairs).get("Timestamp", ""))
    if at is not None and abs(now - at) > _SKEW:
        side = "behind" if at < now else "ahead of"
        yield f"the Timestamp is {abs(now - at).total_seconds():.0f} s {side} the server's clock"
