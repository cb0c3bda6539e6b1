"""Signatures: the published vectors, and what holds for any parameters."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.marketplaces import MWS_HOSTS
from feedproc.mws.parameters import Parameters, parse_pairs
from feedproc.mws.signature import (
    ENCODINGS,
    MOST_CANDIDATES,
    Signed,
    canonicalise_query,
    is_signed,
    list_strings_to_sign,
    sign,
    write_string_to_sign,
)
from tests.mws.clients import mac

SECRET = "fakeSecret/abc+def0123456789ABCDEFGHIJKL"
KEY = "AWSAccessKeyId=AKIAFAKEFAKEFAKEFAKE"
SECTION = "/Feeds/2009-01-01"

VECTORS = {
    "form with filters": (
        ("POST", "mws.amazonservices.com", SECTION, "HmacSHA256"),
        f"{KEY}&Action=GetFeedSubmissionList&FeedProcessingStatusList.Status.1=_DONE_"
        "&FeedTypeList.Type.1=_POST_ORDER_FULFILLMENT_DATA_&MaxCount=10&SellerId=A1FAKESELLER01"
        "&SignatureMethod=HmacSHA256&SignatureVersion=2&SubmittedFromDate=2018-04-01T00%3A00%3A00Z"
        "&Timestamp=2018-04-27T14%3A47%3A14Z&Version=2009-01-01",
        "IhSklhZrH70jzlCVQjN4S3Ja16XXhgoqjInvvR7BSwQ=",
    ),
    "feed with its digest": (
        ("POST", "mws.amazonservices.jp", "/", "HmacSHA256"),
        f"{KEY}&Action=SubmitFeed&ContentMD5Value=I6DclRkX2E79GNhsCX74DQ%3D%3D"
        "&FeedType=_POST_FLAT_FILE_FULFILLMENT_DATA_&MWSAuthToken=amzn.mws.00000000-0000-0000-0000-000000000000"
        "&MarketplaceIdList.Id.1=A1VC38T7YXB528&Merchant=A1FAKESELLER01&PurgeAndReplace=false"
        "&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2018-04-27T14%3A47%3A21.123Z&Version=2009-01-01",
        "opTSQNtVLaRHZNkqPt9cisuPLAGccwe64FTDwepNb6c=",
    ),
    "SHA-1 with a token": (
        ("GET", "mws-eu.amazonservices.com", SECTION, "HmacSHA1"),
        f"{KEY}&Action=GetFeedSubmissionListByNextToken&NextToken=LXioRa8vyod%2BmFQ%2FFVAtP1Yg%3D%3D"
        "&SellerId=A1FAKESELLER01&SignatureMethod=HmacSHA1&SignatureVersion=2&Timestamp=2018-04-27T14%3A47%3A14Z"
        "&Version=2009-01-01",
        "q1tcxtn1bqFKMDQ+15Cm0uwTB1Y=",
    ),
    "other port, blank, tilde, star, accent, empty value": (
        ("POST", "localhost:8080", SECTION, "HmacSHA256"),
        f"{KEY}&Action=SubmitFeed&FeedOptions=metadata%3Aorderid%3D407-1234567-1234567%3Bmetadata%3Anote%3D"
        "a%20b~c%2Ad%2F%C3%A9&FeedType=_UPLOAD_VAT_INVOICE_&MWSAuthToken=&SellerId=A1FAKESELLER01"
        "&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2018-04-27T14%3A47%3A14%2B00%3A00&Version=2009-01-01",
        "B5xxfUsUADH6oXMDJTfbHu+YYYN6qDBLdIqknsOd/38=",
    ),
    "byte order of names": (
        ("POST", "mws.amazonservices.com", "/", "HmacSHA256"),
        f"{KEY}&Action=CancelFeedSubmissions&FeedSubmissionIdList.Id.1=355371017648"
        "&FeedSubmissionIdList.Id.10=355371017657&FeedSubmissionIdList.Id.2=355371017649&Merchant=A1FAKESELLER01"
        "&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2018-04-27T14%3A47%3A14Z&Version=2009-01-01",
        "jSsjsP0S4+/tuYcJJ348k7tHP4JWj1PlWxxdOVxzezs=",
    ),
}


def pairs_of(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_pairs(query.encode()))


@pytest.mark.parametrize("name", VECTORS)
def test_the_canonical_query_and_the_signature_are_those_of_the_vector(name: str) -> None:
    (verb, host, path, method), query, signature = VECTORS[name]
    assert canonicalise_query(pairs_of(query)) == query
    assert sign(SECRET, method, verb, host, path, pairs_of(query)[::-1]) == signature


@pytest.mark.parametrize("name", VECTORS)
def test_the_vector_is_recognized_and_a_changed_request_is_not(name: str) -> None:
    (verb, host, path, method), query, signature = VECTORS[name]
    request = Signed(verb=verb, host=host, path=path, pairs=pairs_of(query))
    other = Signed(verb=verb, host=host, path=path, pairs=pairs_of(query.replace("FAKE", "REAL", 1)))
    assert is_signed(SECRET, method, signature, request)
    assert not is_signed(SECRET, method, signature, other)
    assert not is_signed(f"{SECRET}x", method, signature, request)


def test_the_published_aws_sample_gives_its_published_signature() -> None:
    query = (
        "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Action=DescribeJobFlows&SignatureMethod=HmacSHA256&SignatureVersion=2"
        "&Timestamp=2011-10-03T15%3A19%3A30&Version=2009-03-31"
    )
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    signature = sign(secret, "HmacSHA256", "GET", "elasticmapreduce.amazonaws.com", "/", pairs_of(query))
    assert signature == "i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf/Mj6vPxyYIs="


def test_the_whatwg_signature_of_the_same_request_is_recognized_too() -> None:
    (verb, host, path, method), query, _ = VECTORS["other port, blank, tilde, star, accent, empty value"]
    request = Signed(verb=verb, host=host, path=path, pairs=pairs_of(query))
    assert is_signed(SECRET, method, "21b+iyPyzMeUQOBj2sYuTeNbTyg/FOZDXDmy3Dv9gdc=", request)


def test_the_feed_of_the_second_vector_has_the_digest_that_was_signed() -> None:
    from tests.mws.clients import md5

    feed = (
        b"order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\ttracking-number\tship-method\n"
        b"123-1234567-1234567\t12345678901234\t1\t2018-04-27\tUPS\t\t1Z999AA10123456784\tGround\n"
    )
    assert len(feed) == 175
    assert md5(feed) == "I6DclRkX2E79GNhsCX74DQ=="


NAMES = st.text(st.characters(min_codepoint=1, exclude_characters="<", codec="utf-8"), min_size=1, max_size=12)
PAIRS = st.dictionaries(NAMES.filter(lambda name: name != "Signature"), st.text(max_size=20), max_size=8)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_parameters_does_not_matter(params: dict[str, str], random: Random) -> None:
    shuffled = list(params.items())
    random.shuffle(shuffled)
    assert canonicalise_query(shuffled) == canonicalise_query(tuple(params.items()))


@given(PAIRS)
def test_names_are_sorted_by_their_bytes(params: dict[str, str]) -> None:
    query = canonicalise_query(tuple(params.items()))
    names = [name for name, _ in parse_pairs(query.encode())]
    assert names == sorted(names, key=str.encode)


@given(PAIRS)
def test_decoding_a_canonical_query_gives_the_parameters_again(params: dict[str, str]) -> None:
    for bare in ENCODINGS:
        query = canonicalise_query(tuple(params.items()), bare)
        assert dict(Parameters(parse_pairs(query.encode())).pairs) == params


@given(PAIRS, st.sampled_from(ENCODINGS), st.sampled_from(["/", SECTION, SECTION.lower(), f"{SECTION}/"]))
def test_every_form_that_is_tried_is_recognized(params: dict[str, str], bare: str, path: str) -> None:
    request = Signed(verb="POST", host="Shop.Example:8080", path=SECTION, pairs=tuple(params.items()))
    for host in ("Shop.Example:8080", "shop.example:8080", "shop.example", "http://shop.example:8080"):
        text = write_string_to_sign("POST", host, path, canonicalise_query(request.pairs, bare))
        assert is_signed(SECRET, "HmacSHA256", mac(SECRET, text), request)


@given(PAIRS, st.binary(max_size=40))
def test_a_random_signature_is_never_recognized(params: dict[str, str], noise: bytes) -> None:
    request = Signed(verb="GET", host="h", path="/", pairs=tuple(params.items()))
    assert not is_signed(SECRET, "HmacSHA256", noise.decode(errors="surrogateescape"), request)


@given(PAIRS, st.text(max_size=30), st.text(max_size=30))
def test_the_work_is_bounded_and_no_form_is_tried_twice(params: dict[str, str], host: str, path: str) -> None:
    request = Signed(verb="GET", host=host, path=path, pairs=tuple(params.items()), public_hosts=MWS_HOSTS)
    tried = list(list_strings_to_sign(request))
    assert len(tried) == len(set(tried)) <= MOST_CANDIDATES


def test_an_ordinary_request_has_one_query_and_few_forms() -> None:
    query = pairs_of(VECTORS["form with filters"][1])
    request = Signed(verb="POST", host="localhost:8080", path=SECTION, pairs=query, public_hosts=MWS_HOSTS)
    assert len(list(list_strings_to_sign(request))) < 300
