"""What to look at when a signature does not fit: the text to sign as the server built it, and what is odd."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from feedproc.mws import spelling
from feedproc.mws.signature import Signed, canonicalise_query, write_string_to_sign

_LONGEST = 4_000
"""Characters of a text that a log shows."""
_SKEW = timedelta(minutes=1)
_PRIVATE = re.compile(r"((?:MWSAuthToken|BuyerEmail)=)[^&\n]*")
"""A seller's secret, and what names a buyer."""


def explain_mismatch(signed: Signed, query: bytes, now: datetime) -> str:
    """Return the text to sign, how it was tried otherwise, and what is odd about a request.

    `query` is as it was sent; `now` is the server's time.
    """
    text = write_string_to_sign(signed.verb, signed.host.lower(), signed.path or "/", canonicalise_query(signed.pairs))
    shown = _PRIVATE.sub(lambda found: f"{found[1]}…", text)[:_LONGEST]
    odd = "; ".join([*_list_oddities(signed, query.decode("ascii", "replace")), *_describe_clock(signed, now)])
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
