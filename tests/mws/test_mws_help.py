"""What the log and the answers say to somebody whose request is refused."""

from base64 import b64encode
from hashlib import md5

import pytest

from feedproc.errors import DigestMismatch
from feedproc.mws.feeds.errors import FEEDS_ERRORS
from feedproc.mws.feeds.filters import read_listed_ids
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.signature import Signed
from feedproc.mws.signature_help import explain_mismatch

SIGNED = Signed(
    verb="POST",
    host="127.0.0.1:8080",
    path="/Feeds/2009-01-01/",
    pairs=(("Action", "X"), ("MWSAuthToken", "amzn.mws.1"), ("BuyerEmail", "mari@marketplace.example")),
)


def test_the_text_to_sign_is_shown_without_what_is_secret() -> None:
    told = explain_mismatch(SIGNED, b"Action=X&&MWSAuthToken=a+b")

    assert "POST\\n127.0.0.1:8080\\n/Feeds/2009-01-01/\\nAction=X&BuyerEmail=…&MWSAuthToken=…" in told
    assert "amzn.mws.1" not in told
    assert "mari" not in told


def test_what_is_odd_is_named() -> None:
    told = explain_mismatch(SIGNED, b"Action=X&&MWSAuthToken=a+b")

    assert "'&&'" in told
    assert "'+'" in told
    assert "ends in a slash" in told
    assert "has a port" in told


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
