"""Signature Version 2: canonical strings, and the comparison with what a request carries.

Real clients do not all sign what the developer guide describes ("Sign the query request"): they differ in the host, in
the path and in how they encode parameters. `is_signed` therefore tries every form that a known client produces.
"""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from urllib.parse import quote

from msgspec import Struct

METHODS = {"HmacSHA256": "sha256", "HmacSHA1": "sha1"}
"""The values of SignatureMethod, and the digest of each."""
STRICT = "~"
"""What the guide leaves bare besides letters, digits, `-`, `_` and `.`: RFC 3986."""
ENCODINGS = (
    STRICT,
    "*",  # WHATWG forms, as ScaleLeap's SDK signs
    "",  # PHP before 5.3
    "~!)",  # encodeURIComponent with three characters replaced, as the amazon-mws package signs
    "~!",  # the same with four
    "~!'()*",  # encodeURIComponent alone
)
"""The characters that each way of encoding leaves bare, the likeliest first."""
MOST_CANDIDATES = 2000
"""Strings that are compared at the most, about 3 µs each; an ordinary request has one query form and so below 300."""

Pairs = Sequence[tuple[str, str]]
"""Parameters, decoded; undecodable bytes as surrogates. `Signature` may be among them and is left out."""


class Signed(Struct, frozen=True, kw_only=True):
    """The parts of a request that its signature covers."""

    verb: str
    host: str
    """The Host header as it was sent."""
    path: str
    pairs: Pairs
    section: str = ""
    """The path of the section that is asked, without a slash in front: some clients sign it whatever they call."""
    public_hosts: tuple[str, ...] = ()
    """Other names of this server, for clients that sign one whatever host they call."""


def is_signed(secret: str, method: str, signature: str, request: Signed) -> bool:
    """Say whether a client that knows the secret may have sent this request.

    `method` is one of `METHODS`. Every comparison takes the same time wherever the texts differ.
    """
    given = signature.rstrip("=").encode(errors="surrogateescape")
    candidates = islice(list_strings_to_sign(request), MOST_CANDIDATES)
    return any(
        hmac.compare_digest(_compute_digest(secret, method, one).rstrip("=").encode(), given) for one in candidates
    )


def sign(secret: str, method: str, verb: str, host: str, path: str, pairs: Pairs) -> str:
    """Return the signature, in base64, of a request as the guide describes it: what our own client sends."""
    return _compute_digest(
        secret, method, write_string_to_sign(verb, host.lower(), path or "/", canonicalise_query(pairs))
    )


def write_string_to_sign(verb: str, host: str, path: str, query: str) -> str:
    """Return the text that is signed. There is no line end after the query."""
    return f"{verb}\n{host}\n{path}\n{query}"


def canonicalise_query(pairs: Pairs, bare: str = STRICT) -> str:
    """Return all parameters but the signature, sorted by the bytes of their names, percent-encoded."""
    ordered = sorted((name, value) for name, value in pairs if name != "Signature")
    return "&".join(f"{_encode(name, bare)}={_encode(value, bare)}" for name, value in ordered)


def list_strings_to_sign(request: Signed) -> Iterator[str]:
    """Yield every text that a known client may have signed for this request, the likeliest first, none twice."""
    places = list(
        product(
            _skip_repeated(_list_paths(request.path, request.section)),
            _skip_repeated(_list_hosts(request.host, request.public_hosts)),
        )
    )
    for query in _skip_repeated(canonicalise_query(request.pairs, bare) for bare in ENCODINGS):
        for path, host in places:
            yield write_string_to_sign(request.verb, host, path, query)


def _list_hosts(host: str, public_hosts: Iterable[str]) -> Iterator[str]:
    name = re.sub(r":[0-9]*$", "", host)
    yield host.lower()
    yield name.lower()
    yield from (host, name)
    for scheme in ("http://", "https://"):
        yield f"{scheme}{host.lower()}"
        yield f"{scheme}{name.lower()}"
    yield from public_hosts
    for port in (80, 443):  # a URL that names the standard port: the Host header lacks it, the signature has it
        yield from (f"{name}:{port}", f"{name.lower()}:{port}")
        yield f"{'http' if port == 80 else 'https'}://{name.lower()}:{port}"


def _list_paths(path: str, section: str) -> Iterator[str]:
    other = path.rstrip("/") or "/" if path.endswith("/") else f"{path}/"
    yield path
    yield "/"
    yield from (other, path.lower(), other.lower())
    yield from (f"/{section}", f"/{section}".lower())


def _compute_digest(secret: str, method: str, text: str) -> str:
    message = text.encode(errors="surrogateescape")
    return b64encode(hmac.digest(secret.encode(errors="surrogateescape"), message, METHODS[method])).decode()


def _encode(text: str, bare: str) -> str:
    encoded = quote(text, safe=bare, errors="surrogateescape")
    return encoded if "~" in bare else encoded.replace("~", "%7E")


def _skip_repeated(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text
