"""Feeds are judged by the schemas of a folder, in place of feedproc's own."""

import io
import re
import shutil
from pathlib import Path

import pytest

from feedproc.errors import Unusable
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.formats.xml.folder import load_folder
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.schemas import Schemas
from feedproc.resources import folder
from tests.builders import a_feed, acknowledges, ships
from tests.xerces.anyschema.shop import write_shop
from tests.xerces.compare import told_of_feed
from tests.xerces.mutants import mutants

STOCK = "<Stock><SKU>s</SKU><Quantity>{}</Quantity></Stock>"


def ours_but(place: Path, file: str, *changes: tuple[str, str]) -> Schemas:
    """feedproc's own schemas in a folder, changed."""
    shutil.copytree(folder("schemas"), place, dirs_exist_ok=True)
    text = (place / file).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (place / file).write_text(text, encoding="utf-8")
    return load_folder(place)


def shop_feed(*payloads: str) -> bytes:
    messages = (f"<Message><MessageID>{n}</MessageID>{one}</Message>" for n, one in enumerate(payloads, 1))
    header = "<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>M</MerchantIdentifier></Header>"
    return f"<AmazonEnvelope>{header}<MessageType>Stock</MessageType>{''.join(messages)}</AmazonEnvelope>".encode()


def read(feed: bytes, schemas: Schemas, message_type: str = "OrderAcknowledgement") -> list[Message | Result]:
    form = XmlFormat(message_type, lambda payload: payload.tag, schemas)
    survey = form.survey(io.BytesIO(feed), lambda _: None)
    assert not survey.withheld
    return [one for part in form.read(io.BytesIO(feed), survey, survey.start) for one in part.messages]


def test_a_copy_of_our_own_schemas_judges_as_they_do(tmp_path: Path) -> None:
    shutil.copytree(folder("schemas"), tmp_path, dirs_exist_ok=True)
    schemas = load_folder(tmp_path)
    assert not schemas.note
    for _, document in mutants(600, seed=8):
        assert told_of_feed(document, schemas) == told_of_feed(document)


def test_messages_that_feedproc_does_not_process_are_judged_as_well(tmp_path: Path) -> None:
    write_shop(tmp_path)
    schemas = load_folder(tmp_path)
    assert told_of_feed(shop_feed(STOCK.format(5)), schemas) == []
    told = told_of_feed(shop_feed(STOCK.format(5), STOCK.format("x")), schemas)
    assert [one.sentence.partition(":")[0] for one in told] == ["cvc-datatype-valid.1.2.1", "cvc-type.3.1.3"]


def test_a_message_of_another_type_than_the_feeds_is_refused_though_it_is_valid(tmp_path: Path) -> None:
    write_shop(tmp_path)
    (one,) = read(shop_feed(STOCK.format(5)), load_folder(tmp_path))
    assert isinstance(one, Result)
    assert (one.message_id, one.code) == ("1", 25)


def test_a_message_that_our_own_schemas_would_not_take_is_refused_when_it_cannot_be_read(tmp_path: Path) -> None:
    schemas = ours_but(
        tmp_path, "OrderFulfillment.xsd", ('name="FulfillmentDate"', 'name="FulfillmentDate" minOccurs="0"')
    )
    form = XmlFormat("OrderFulfillment", lambda payload: payload.find("FulfillmentDate").text, schemas)
    feed = a_feed(
        ships(1), re.sub("<FulfillmentDate>.*?</FulfillmentDate>", "", ships(2)), feed_type="OrderFulfillment"
    )
    survey = form.survey(io.BytesIO(feed), lambda _: None)
    first, second = [one for part in form.read(io.BytesIO(feed), survey, survey.start) for one in part.messages]
    assert isinstance(first, Message)
    assert isinstance(second, Result)
    assert (second.message_id, second.code) == ("2", 5002)
    (told,) = [one for part in form.inspect(io.BytesIO(feed), any_type=False) for one in part.findings]
    assert (told.message_id, told.path) == ("2", "/AmazonEnvelope/Message/OrderFulfillment")


def test_a_header_that_ours_does_not_have_is_asked_for(tmp_path: Path) -> None:
    more = '<xsd:element name="Branch" type="xsd:int"/></xsd:sequence>'
    schemas = ours_but(tmp_path, "amzn-header.xsd", ("</xsd:sequence>", more))
    feed = a_feed(acknowledges(1))
    (told,) = told_of_feed(feed, schemas)
    assert told.sentence.startswith("cvc-complex-type.2.4.b: The content of element 'Header' is not complete.")
    assert told_of_feed(feed.replace(b"</Header>", b"<Branch>7</Branch></Header>"), schemas) == []


def unique_ids(place: Path) -> Schemas:
    constraint = '<xsd:unique name="Once"><xsd:selector xpath="Message"/><xsd:field xpath="MessageID"/></xsd:unique>'
    end = "</xsd:complexType>\n  </xsd:element>\n</xsd:schema>"
    return ours_but(
        place, "amzn-envelope.xsd", (end, end.replace("</xsd:complexType>", f"</xsd:complexType>{constraint}"))
    )


def test_messages_that_must_differ_from_each_other_are_compared_across_the_whole_feed(tmp_path: Path) -> None:
    schemas = unique_ids(tmp_path)
    assert "every feed is read from its first byte" in schemas.note
    feed = a_feed(*(acknowledges(number) for number in range(1, 1201)))
    assert told_of_feed(feed, schemas) == []
    twice = feed.replace(b"<MessageID>1200<", b"<MessageID>7<")
    (told,) = told_of_feed(twice, schemas)
    assert told.sentence.startswith("cvc-identity-constraint.4.1: Duplicate unique value [7]")


def test_a_feed_that_is_taken_up_again_knows_the_messages_before(tmp_path: Path) -> None:
    schemas = unique_ids(tmp_path)
    payloads = [acknowledges(number) for number in range(1, 1201)]
    feed = a_feed(*payloads).replace(b"<MessageID>1200<", b"<MessageID>7<")
    form = XmlFormat("OrderAcknowledgement", lambda payload: payload.tag, schemas)
    survey = form.survey(io.BytesIO(feed), lambda _: None)
    first = next(iter(form.read(io.BytesIO(feed), survey, survey.start)))
    rest = [one for part in form.read(io.BytesIO(feed), survey, first.end) for one in part.messages]
    assert len(first.messages) + len(rest) == 1200
    assert [one.code for one in rest if isinstance(one, Result)] == [5002]


def test_a_reference_to_nothing_keeps_the_whole_feed_from_being_applied(tmp_path: Path) -> None:
    schemas = ours_but(tmp_path, "amzn-header.xsd", ('type="String"', 'type="xsd:IDREF"'))
    feed = a_feed(acknowledges(1), merchant="M1")
    survey = XmlFormat("OrderAcknowledgement", str, schemas).survey(io.BytesIO(feed), lambda _: None)
    assert survey.withheld
    assert "cvc-id.1: There is no ID/IDREF binding for IDREF 'M1'." in survey.findings[0].description


def test_schemas_that_libxml2_cannot_compile_are_judged_by_alone(tmp_path: Path) -> None:
    pattern = '<xsd:pattern value="\\p{IsHiragana}+|\\p{IsGreek}+"/>'
    schemas = ours_but(
        tmp_path,
        "amzn-header.xsd",
        ('name="MerchantIdentifier"', 'name="Kana" minOccurs="0"><xsd:simpleType><xsd:restriction base="xsd:string">'
         f'{pattern}</xsd:restriction></xsd:simpleType></xsd:element><xsd:element name="MerchantIdentifier"'),
    )  # fmt: skip
    feed = a_feed(acknowledges(1), acknowledges(2))
    assert told_of_feed(feed, schemas) == []
    assert len(told_of_feed(feed.replace(b"Success", b"success"), schemas)) == 4


def test_a_schema_that_is_none_is_refused_with_file_and_line(tmp_path: Path) -> None:
    wrong = 'type="xsd:boolean" minOccurs="2" maxOccurs="1"'
    with pytest.raises(Unusable, match=r"amzn-envelope\.xsd:\d+: minOccurs 2 is more than maxOccurs 1"):
        ours_but(tmp_path, "amzn-envelope.xsd", ('type="xsd:boolean" minOccurs="0"', wrong))


def test_what_only_libxml2_finds_wrong_is_told_with_file_and_line(tmp_path: Path) -> None:
    facet = '<xsd:restriction base="xsd:date"><xsd:maxLength value="9"/></xsd:restriction>'
    wrong = f'<xsd:simpleType name="Wrong">{facet}</xsd:simpleType>\n</xsd:schema>'
    with pytest.raises(Unusable, match=r"amzn-header\.xsd:\d+: .*The facet 'maxLength' is not allowed"):
        ours_but(tmp_path, "amzn-header.xsd", ("</xsd:schema>", wrong))


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({}, "has no amzn-envelope.xsd"),
        ({"amzn-envelope.xsd": ""}, "declares no element AmazonEnvelope"),
        ({"amzn-envelope.xsd": '<xsd:element name="AmazonEnvelope" type="xsd:string"/>'}, "has no Message in it"),
    ],
)
def test_a_folder_without_an_envelope_is_refused(tmp_path: Path, files: dict[str, str], what: str) -> None:
    for name, body in files.items():
        text = f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">{body}</xsd:schema>'
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match=what):
        load_folder(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="none: there is no such folder of schemas"):
        load_folder(tmp_path / "none")


def test_a_valid_message_that_is_nested_too_deep_is_refused_alone_in_plain_words(tmp_path: Path) -> None:
    old = '<xsd:element name="MessageID" type="IDNumber"/>'
    any_part = '<xsd:any processContents="skip" minOccurs="0"/>'
    schemas = ours_but(tmp_path, "amzn-envelope.xsd", (old, f'{old}<xsd:element name="Deep" minOccurs="0">'
        f"<xsd:complexType><xsd:sequence>{any_part}</xsd:sequence></xsd:complexType></xsd:element>"))  # fmt: skip
    deep = f"</MessageID><Deep>{'<a>' * 300}{'</a>' * 300}</Deep>"
    feed = a_feed(acknowledges(1), acknowledges(2), acknowledges(3))
    found = read(feed.replace(b"</MessageID>", deep.encode(), 2).replace(deep.encode(), b"</MessageID>", 1), schemas)
    assert [type(one) for one in found] == [Message, Result, Message]
    assert isinstance(found[1], Result)
    assert (found[1].message_id, found[1].code) == ("2", 5002)
    assert "nested more than 256 deep" in str(found[1].reason)
