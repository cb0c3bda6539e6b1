"""What stands before the first message of a feed."""

import pytest

from feedproc.formats.limits import MAX_PROLOG_BYTES
from feedproc.formats.xml.envelope import IllFormed, NotAnEnvelope
from tests.builders import FULFILLMENT, SELLER, TAIL, a_feed, acknowledges, head, message
from tests.formats.feeds import codes, enveloped, read_through, surveyed


def test_an_envelope_tells_the_merchant_and_the_message_type() -> None:
    envelope = enveloped(a_feed(acknowledges()))
    assert (envelope.merchant_identifier, envelope.message_type) == (SELLER, "OrderAcknowledgement")
    assert not envelope.complete


def test_the_prolog_ends_where_the_first_message_begins() -> None:
    feed = head().replace("</Header>", "</Header><!-- <Message> -->").encode() + b"\r\n<Message >" + TAIL.encode()
    assert feed[len(enveloped(feed).prolog) :].startswith(b"<Message >")


def test_a_merchant_identifier_is_put_together_from_all_its_parts() -> None:
    parts = f"\n\t{SELLER[:2]}<!-- x -->{SELLER[2:4]}<![CDATA[{SELLER[4:]}]]>&#32;"
    assert enveloped(a_feed(acknowledges(), merchant=parts)).merchant_identifier == SELLER


def test_only_the_headers_own_merchant_identifier_counts() -> None:
    text = head(merchant="").replace("</Header>", "<X><MerchantIdentifier>ELSE</MerchantIdentifier></X></Header>")
    assert enveloped((text + message(acknowledges()) + TAIL).encode()).merchant_identifier == ""


def test_a_document_without_messages_is_complete() -> None:
    assert enveloped((head() + TAIL).encode()).complete


def test_messages_may_use_the_prefixes_that_the_root_declares() -> None:
    text = head().replace("<AmazonEnvelope", "<AmazonEnvelope xmlns:k='urn:k?a=1&amp;b=2'")
    text = text.replace("amzn-envelope.xsd", "urn:x y") + message(acknowledges()).replace(
        "<OrderAcknowledgement", "<OrderAcknowledgement k:note='1'"
    )
    survey, messages = read_through((text + TAIL).encode())
    assert not survey.unreadable
    assert len(messages) == 1


@pytest.mark.parametrize(
    ("feed", "line", "column"),
    [
        (b"<Orders/>", 1, 10),
        (b'<?xml version="1.0"?>\n<Orders a=">"\n b=\'>\'>', 3, 8),
        (b"<AmazonEnvelope xmlns='urn:a'>", 1, 31),
        (b"<a:AmazonEnvelope xmlns:a='urn:a'>", 1, 35),
        ("\n<注文>".encode(), 2, 5),
    ],
)
def test_another_root_is_told_at_the_end_of_its_tag(feed: bytes, line: int, column: int) -> None:
    with pytest.raises(NotAnEnvelope) as found:
        enveloped(feed)
    assert (found.value.line, found.value.column) == (line, column)


@pytest.mark.parametrize(
    "feed", [b"order-id\tquantity\n1\t2\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00\x00", b"{}", b"\x00" * 50, b"&"]
)
def test_what_is_no_xml_is_no_envelope(feed: bytes) -> None:
    with pytest.raises(NotAnEnvelope):
        enveloped(feed)


@pytest.mark.parametrize("tail", [b"", b"</AmazonEnvelop>", b"<a", b"<Header></Haeder>", b"&lol;", b"\x00"])
def test_what_breaks_inside_the_envelope_is_ill_formed(tail: bytes) -> None:
    with pytest.raises(IllFormed):
        enveloped(b"<AmazonEnvelope>" + tail)


@pytest.mark.parametrize(
    "doctype",
    ["<!DOCTYPE AmazonEnvelope>", "<!DOCTYPE AmazonEnvelope SYSTEM 'file:///etc/passwd'>",
     "<!DOCTYPE AmazonEnvelope [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
     "<!DOCTYPE AmazonEnvelope [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;]>"],
)  # fmt: skip
def test_a_document_type_is_never_taken(doctype: str) -> None:
    feed = a_feed(acknowledges()).replace(b"<AmazonEnvelope", doctype.encode() + b"<AmazonEnvelope")
    with pytest.raises(IllFormed):
        enveloped(feed)
    survey = surveyed(feed)
    assert survey.unreadable
    assert "root:" not in survey.findings[0].description


@pytest.mark.parametrize("junk", ["<!-- {} -->", "<X>{}</X>", "{}", "<X a='{}'/>"])
def test_a_prolog_beyond_its_ceiling_is_refused(junk: str) -> None:
    feed = head() + junk.format("x" * (MAX_PROLOG_BYTES + 100_000)) + message(acknowledges()) + TAIL
    assert surveyed(feed.encode()).unreadable


def test_of_elements_nested_deep_before_the_first_message_is_told_what_amazons_parser_tells() -> None:
    feed = head().replace("<Header>", "<Header>" + "<a>" * 10_000 + "</a>" * 10_000) + message(acknowledges()) + TAIL
    assert codes(feed.encode()) == [5000]
    (finding,) = surveyed(feed.encode()).findings
    assert "cvc-complex-type.2.4.a: Invalid content was found starting with element 'a'." in finding.description


def test_a_prolog_beyond_its_ceiling_is_told_in_plain_words() -> None:
    feed = head() + f"<!-- {'x' * (MAX_PROLOG_BYTES + 100_000)} -->" + message(acknowledges()) + TAIL
    (finding,) = surveyed(feed.encode()).findings
    assert str(finding.reason) == "More than 1 MiB stands before the first message."
    assert str(finding.hint) == "Write the messages right behind `MessageType`."


@pytest.mark.parametrize(
    ("before", "after"),
    [("1.01", "one"), ("<MessageType>", "<MessageTypo/><MessageType>"), ("OrderAcknowledgement", "OrderNothing"),
     ("<Header>", "<Header a='1'>"), ("<AmazonEnvelope", "<AmazonEnvelope version='2'")],
)  # fmt: skip
def test_what_is_invalid_before_the_first_message_concerns_the_whole_feed(before: str, after: str) -> None:
    feed = head().replace(before, after) + message(acknowledges()) + TAIL
    survey = surveyed(feed.encode())
    assert survey.withheld
    assert {one.code for one in survey.findings} == {5000}
    assert not survey.unreadable


def test_the_schemas_name_is_a_hint_and_may_be_missing_or_wrong() -> None:
    for text in (head().replace("amzn-envelope.xsd", "http://127.0.0.1:9/x.xsd"), head().partition("\n")[2]):
        assert codes((text + message(acknowledges()) + TAIL).encode()) == []
    plain = head(FULFILLMENT).partition(" xmlns:xsi")[0] + ">" + head(FULFILLMENT).partition('xsd">')[2]
    assert not surveyed((plain + TAIL).encode()).unreadable
