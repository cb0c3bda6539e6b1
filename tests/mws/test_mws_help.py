"""What the log and the answers say to somebody whose request is refused."""

from base64 import b64encode
from dataclasses import replace
from functools import partial
from hashlib import md5

import pytest

from feedproc.errors import DigestMismatch
from feedproc.mws.feeds.errors import FEEDS_ERRORS
from feedproc.mws.feeds.filters import read_listed_ids
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.signature import Signed, explain_mismatch
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
TEXT = "order-id\tcarrier-name\n1\tMüller\n"


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
