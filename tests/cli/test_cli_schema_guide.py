"""`feedproc schemas` and `feedproc convert`: schemas and feeds as people read them."""

import json
import shutil
from pathlib import Path

import pytest

from feedproc.feeds.report import Summary
from feedproc.resources import folder
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.builders import feed_types, hand_in
from tests.cli.builders import SAMPLES, Shell

GOOD = sorted(file for file in (SAMPLES / "feeds" / "good").glob("*.xml") if ".report." not in file.name)
OF_FEED_TYPES = {
    "OrderAcknowledgement": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "OrderAdjustment": "POST_PAYMENT_ADJUSTMENT_DATA",
    "OrderFulfillment": "POST_ORDER_FULFILLMENT_DATA",
    "Inventory": "POST_INVENTORY_AVAILABILITY_DATA",
}
TYPES = ("OrderAcknowledgement", "OrderAdjustment", "OrderFulfillment", "OrderReport", "Inventory", "ProcessingReport")


def broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    place = shutil.copytree(folder("schemas"), tmp_path / "broken")
    text = (place / file).read_text(encoding="utf-8")
    assert old in text
    (place / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return place


def test_sound_schemas_have_no_fault(feedproc: Shell) -> None:
    assert feedproc("schemas", "check", folder("schemas")).out == "9 schemas, no fault\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('type="BaseCurrencyCode"', 'type="BaseCurrencyCod"', "'BaseCurrencyCod' not found"),
        ('maxOccurs="unbounded"', 'maxOccurs="lots"', "lots"),
        ("</xsd:complexType>", "</xsd:complexTyp>", "tag"),
    ],
)
def test_a_fault_of_a_schema_is_told_with_its_line(
    feedproc: Shell, tmp_path: Path, old: str, new: str, told: str
) -> None:
    place = broken(tmp_path, "OrderAdjustment.xsd", old, new)
    line = (place / "OrderAdjustment.xsd").read_text(encoding="utf-8").split(new)[0].count("\n") + 1
    ran = feedproc("schemas", "check", place)
    assert ran.code == 1
    assert f"OrderAdjustment.xsd:{line}: " in ran.out
    faults = ran.out.count("\n") - 1
    assert ran.out.endswith(f"9 schemas, {faults} fault{'s' * (faults > 1)}\n")
    assert told in ran.out


def test_a_tree_tells_elements_occurrence_types_and_values(feedproc: Shell) -> None:
    rows = feedproc("schemas", "tree", "OrderAdjustment").rows
    assert ["  ActionType", "0..1", "string", "Refund | Cancel"] in rows
    assert ["  AdjustedItem", "1..n", "elements", ""] in rows
    assert ["  one of", "1", "", ""] in rows


@pytest.mark.parametrize("options", [(), ("--full",)], ids=["smallest", "full"])
@pytest.mark.parametrize("message_type", TYPES)
def test_a_sample_is_valid_by_the_schemas(feedproc: Shell, message_type: str, options: tuple[str, ...]) -> None:
    sample = feedproc("schemas", "sample", message_type, *options)
    assert sample.code == 0, sample.err
    checked = json.loads(feedproc("validate", "--format", "json", "-", stdin=sample.out.encode()).out)
    assert checked["findings"] == []


@pytest.mark.parametrize("options", [(), ("--full",)], ids=["smallest", "full"])
@pytest.mark.parametrize("message_type", OF_FEED_TYPES)
def test_a_sample_takes_effect_on_an_order_that_fits(
    feedproc: Shell, tmp_path: Path, message_type: str, options: tuple[str, ...]
) -> None:
    sample = tmp_path / "sample.xml"
    sample.write_text(feedproc("schemas", "sample", message_type, *options).out)
    assert "would be refused" not in feedproc("orders", "for", sample).err
    with open_store(Place(data_dir=feedproc.data_dir)) as backend, sample.open("rb") as feed:
        submission = hand_in(backend, feed, LOCAL_SELLER.seller_id, OF_FEED_TYPES[message_type], read_clock())
        assert process_next(Processing(backend, feed_types(), "worker", Policy(), read_clock))
        done = backend.submissions.get(LOCAL_SELLER.seller_id, submission.submission_id)
    assert done is not None
    assert done.summary == Summary(processed=1, successful=1)


def test_an_element_that_is_not_there_is_told_with_those_that_are(feedproc: Shell) -> None:
    ran = feedproc("schemas", "tree", "OrderAdjustmant")
    assert (ran.code, ran.err.startswith("feedproc: the schemas declare no element OrderAdjustmant; there are ")) == (
        1,
        True,
    )


@pytest.mark.parametrize("feed", GOOD, ids=lambda path: path.name)
def test_a_feed_becomes_json_and_the_same_feed_again(feedproc: Shell, feed: Path) -> None:
    told = feedproc("convert", feed, "--to", "json")
    assert told.code == 0, told.err
    again = feedproc("convert", "-", "--to", "xml", stdin=told.out.encode())
    assert again.code == 0, again.err
    assert feedproc("validate", "-", stdin=again.out.encode()).code == 0
    assert feedproc("convert", "-", "--to", "json", stdin=again.out.encode()).json == told.json


def test_people_write_json_with_plain_numbers(feedproc: Shell) -> None:
    told = feedproc("convert", SAMPLES / "feeds" / "good" / "adjustment-refund.xml", "--to", "json").json
    (item,) = told["Message"][0]["OrderAdjustment"]["AdjustedItem"]
    item["ItemPriceAdjustments"]["Component"][0]["Amount"]["$"] = 12.5
    written = feedproc("convert", "-", "--to", "xml", stdin=json.dumps(told).encode())
    assert ">12.5<" in written.out


def test_what_is_not_valid_is_not_converted(feedproc: Shell) -> None:
    bad = feedproc("convert", SAMPLES / "feeds" / "bad" / "adjustment-schema-faults.xml", "--to", "json")
    assert (bad.code, bad.out) == (1, "")
    assert "/AmazonEnvelope/Message" in bad.err
    for text in ("{", "[]", "7", '{"Header": {}}', '{"Message": [1, 2]}'):
        ran = feedproc("convert", "-", "--to", "xml", stdin=text.encode())
        assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1), ran


def test_a_bomb_is_not_expanded(feedproc: Shell) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><AmazonEnvelope>&c;</AmazonEnvelope>'
    ran = feedproc("convert", "-", "--to", "json", stdin=bomb)
    assert (ran.code, ran.out) == (1, "")
    assert "bbbb" not in ran.err
