"""What the log and the answers say to somebody whose request is refused."""

import hmac
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import md5
from urllib.parse import quote, unquote

import hypothesis
import pytest
from hypothesis import strategies as st

from feedproc.errors import DigestMismatch
from feedproc.mws.feeds.errors import FEEDS_ERRORS
from feedproc.mws.feeds.filters import read_listed_ids
from feedproc.mws.mismatch import explain_mismatch, find_cause
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.signature import Signed, canonicalise_query
from feedproc.ports import Seller
from tests.mws import clients
from tests.mws.builders import FLAT_FULFILLMENT, NOON, Reply, Server

SIGNED = Signed(
    verb="POST",
    host="127.0.0.1:8080",
    path="/Feeds/2009-01-01/",
    pairs=(
        ("Action", "X"),
        ("MWSAuthToken", "amzn.mws.1"),
        ("BuyerEmail", "mari@marketplace.example"),
        ("Timestamp", "2018-04-27T11:50:00Z"),
    ),
)
SECRET = "a-secret-with-a-plus"
PLAIN = Signed(
    verb="POST",
    host="127.0.0.1:8080",
    path="/",
    pairs=(("Timestamp", "2018-04-27T12:00:00Z"), ("aB", "1"), ("Note", "a b"), ("Action", "X")),
)
TEXT = "order-id\tcarrier-name\n1\tMüller\n"


def b64(digest: bytes) -> str:
    return b64encode(digest).decode()


def in_the_order_sent(text: str) -> str:
    head, _, _ = text.rpartition("\n")
    return f"{head}\n" + "&".join(canonicalise_query([pair]) for pair in PLAIN.pairs)


def without_regard_to_capitals(text: str) -> str:
    head, _, query = text.rpartition("\n")
    return f"{head}\n" + "&".join(sorted(query.split("&"), key=str.lower))


def test_the_text_to_sign_is_shown_without_what_is_secret() -> None:
    told = explain_mismatch(SIGNED, b"Action=X&&MWSAuthToken=a+b", NOON)

    assert "POST\\n127.0.0.1:8080\\n/Feeds/2009-01-01/\\nAction=X&BuyerEmail=…&MWSAuthToken=…&Timestamp=" in told
    assert "amzn.mws.1" not in told
    assert "mari" not in told


def test_what_is_odd_is_named() -> None:
    told = explain_mismatch(SIGNED, b"Action=X&&MWSAuthToken=a+b", NOON)

    assert "'&&'" in told
    assert "'+'" in told
    assert "ends in a slash" in told
    assert "has a port" in told
    assert "the Timestamp is 600 s behind the server's clock" in told


@pytest.mark.parametrize("name", ["FeedSubmissionIdList", "FeedSubmissionIdList.Id.one", "FeedSubmissionIdList.1"])
def test_ids_in_another_form_are_refused_and_mean_no_feed(name: str) -> None:
    with pytest.raises(ParameterInvalid, match="is not understood"):
        read_listed_ids(Parameters([(name, "50001020786")]))


def test_an_empty_id_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="is empty"):
        read_listed_ids(Parameters([("FeedSubmissionIdList.Id.1", "")]))


@pytest.mark.parametrize("upper", [False, True])
def test_a_digest_in_hexadecimal_is_recognised(upper: bool) -> None:
    digest = md5(b"feed", usedforsecurity=False)
    digits = digest.hexdigest().upper() if upper else digest.hexdigest()
    right = b64encode(digest.digest()).decode()
    for given, cause in ((digits, "in hexadecimal"), (b64encode(digits.encode()).decode(), "hexadecimal digits")):
        refusal = DigestMismatch(given, right)
        assert cause in FEEDS_ERRORS[DigestMismatch].message(refusal)
    assert FEEDS_ERRORS[DigestMismatch].message(DigestMismatch(right[::-1], right)).endswith(f"({right})")


def submit_with_digest_of(digested: bytes) -> Reply:
    digest = clients.md5(digested)
    return Server().call("SubmitFeed", feed=TEXT.encode(), FeedType=FLAT_FULFILLMENT, ContentMD5Value=digest)


@pytest.mark.parametrize(
    ("digested", "cause"),
    [
        (TEXT.encode("latin-1"), "in windows-1252 (iso-8859-1), while what came is in UTF-8"),
        (TEXT.encode("utf-16"), "in UTF-16, while what came is in UTF-8"),
        (TEXT.encode("utf-16-le"), "in UTF-16 without a byte order mark, while what came is in UTF-8"),
        (TEXT.encode("utf-8-sig"), "with a byte order mark"),
        (TEXT.replace("\n", "\r\n").encode(), "with CRLF for LF"),
        (TEXT.rstrip().encode(), "without its last line end"),
        (TEXT.replace("\n", "\r\n").encode("latin-1"), "while what came is in UTF-8 and with CRLF for LF"),
        (b"", "the digest of no bytes at all"),
    ],
)
def test_a_digest_of_another_form_of_the_text_is_told_for_what_it_is(digested: bytes, cause: str) -> None:
    reply = submit_with_digest_of(digested)
    assert reply.error == (400, "ContentMD5DoesNotMatch")
    assert cause in reply.find("Message")


def test_a_digest_of_another_text_has_no_cause() -> None:
    assert submit_with_digest_of(b"another").find("Message").endswith(")")


def _is_known(known: bool, _: Seller) -> bool:
    return known


def test_only_the_local_seller_is_shown_the_text_to_sign() -> None:
    for is_local in (True, False):
        server = Server(is_well_known=partial(_is_known, is_local))
        wire = server.wire("GetFeedSubmissionCount")
        reply = server.send(replace(wire, query=wire.query.replace("Signature=", "Signature=x")))
        assert reply.error == (403, "SignatureDoesNotMatch")
        assert (b"<Detail>the text to sign is" in reply.body) == is_local


def sign_otherwise(
    key: str = SECRET, digest: str = "sha256", change: Callable[[str], str] = str, encode: Callable[[bytes], str] = b64
) -> str:
    """The signature of `PLAIN` by a program that does one thing otherwise."""
    text = f"POST\n127.0.0.1:8080\n/\n{canonicalise_query(PLAIN.pairs)}"
    return encode(hmac.digest(key.encode(), change(text).encode(), digest))


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (sign_otherwise(key=f"{SECRET}\n"), "with the secret key with a line end behind it"),
        (sign_otherwise(key=f'"{SECRET}"'), "with the secret key in double quotes"),
        (sign_otherwise(digest="sha1"), "signed with HmacSHA1, and SignatureMethod says HmacSHA256"),
        (sign_otherwise(change=lambda text: text.replace("POST", "GET")), "signed as GET and sent as POST"),
        (
            sign_otherwise(change=lambda text: text.replace("127.0.0.1", "localhost")),
            "the host localhost:8080, and sent",
        ),
        (sign_otherwise(change=lambda text: f"{text}\n"), "a line end stands behind the text"),
        (sign_otherwise(change=unquote), "without percent-encoding"),
        (sign_otherwise(change=lambda text: text.replace("%3A", ":")), "colons are signed as they are; write %3A"),
        (sign_otherwise(change=lambda text: text.replace("%3A", "%3a")), "in small letters; write %3A, not %3a"),
        (sign_otherwise(change=lambda text: text.replace("%20", "+")), "blanks are signed as `+`; write %20"),
        (sign_otherwise(change=lambda text: text.replace("&Note=a%20b", "")), "Note is not signed, and sent"),
        (sign_otherwise(change=in_the_order_sent), "signed in the order in which they are sent"),
        (sign_otherwise(change=without_regard_to_capitals), "sorted without regard to capital letters"),
        (sign_otherwise(encode=bytes.hex), "is in hexadecimal; write it in base64"),
        (quote(sign_otherwise()), "percent-encoded twice"),
        (sign_otherwise().replace("+", " "), "a `+` of the signature is sent as it is"),
    ],
)
def test_why_a_signature_does_not_fit_is_told_where_it_is_certain(given: str, cause: str) -> None:
    told = find_cause(SECRET, "HmacSHA256", given, PLAIN)
    assert told is not None
    assert cause in told
    assert SECRET not in explain_mismatch(PLAIN, b"", NOON, told)


def test_of_a_signature_by_another_key_no_cause_is_told() -> None:
    assert find_cause(SECRET, "HmacSHA256", sign_otherwise(key="another"), PLAIN) is None


SENT = st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
"""Text as it comes out of a query, whatever its bytes are."""


@hypothesis.given(SENT, st.lists(st.tuples(SENT, SENT), max_size=9), SENT, SENT)
def test_a_cause_is_looked_for_whatever_is_sent(
    signature: str, pairs: list[tuple[str, str]], host: str, path: str
) -> None:
    signed = Signed(verb="GET", host=host, path=path, pairs=pairs)
    assert find_cause(SECRET, "HmacSHA1", signature, signed) is None
