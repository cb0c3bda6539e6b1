from datetime import timedelta
from pathlib import Path

import pytest

from feedproc.feeds import endings
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.builders import hand_in
from tests.cli.builders import SAMPLES, Shell, one_line

MIXED = SAMPLES / "feeds" / "mixed" / "acknowledgement.xml"


def submitted(shop: Shell, feed: Path = MIXED, feed_type: str = "POST_ORDER_ACKNOWLEDGEMENT_DATA") -> str:
    with open_store(Place(data_dir=shop.data_dir)) as backend, feed.open("rb") as file:
        return hand_in(backend, file, LOCAL_SELLER.seller_id, feed_type, read_clock()).submission_id


@pytest.fixture
def done(shop: Shell) -> str:
    identifier = submitted(shop)
    with open_store(Place(data_dir=shop.data_dir)) as backend:
        process_next(Processing(backend, load_feed_types(), "a-worker", Policy(), read_clock))
    return identifier


def test_submissions_are_listed_newest_first_with_their_counts(shop: Shell, done: str) -> None:
    newer = submitted(shop)
    first, second = shop("feeds", "list").rows
    assert first[:3] == [newer, "POST_ORDER_ACKNOWLEDGEMENT_DATA", "SUBMITTED"]
    assert second[0] == done
    assert second[2] == "DONE"
    assert second[4:] == ["5", "2", "3", "0"]
    assert [one["submission_id"] for one in shop("feeds", "list", "--status", "DONE", "--format", "json").objects] == [
        done
    ]


def test_a_submission_is_shown(shop: Shell, done: str) -> None:
    told = shop("feeds", "show", done, "--format", "json").json
    assert told["summary"] == {"processed": 5, "successful": 2, "with_error": 3, "with_warning": 0}
    assert "with_error 3" in shop("feeds", "show", done).out


def test_a_report_is_printed_to_the_byte(shop: Shell, done: str) -> None:
    expected = MIXED.with_suffix(".report.xml").read_text().replace("50001019793", done)
    assert shop("feeds", "report", done).out == expected


def test_a_report_as_json_has_a_note_on_text_that_is_read_wrongly_and_the_report_has_none(
    shop: Shell, tmp_path: Path
) -> None:
    text = MIXED.read_text("utf-8").replace("</Header>", "</Header><!-- MÃ¼ller -->")
    (tmp_path / "feed.xml").write_text(text, "utf-8")
    identifier = submitted(shop, tmp_path / "feed.xml")
    with open_store(Place(data_dir=shop.data_dir)) as backend:
        process_next(Processing(backend, load_feed_types(), "a-worker", Policy(), read_clock))
    (note,) = shop("feeds", "report", identifier, "--format", "json").json["notes"]
    assert "MÃ¼ller --` was probably meant to be `!-- Müller --`" in note["reason"]
    assert "Müller" not in shop("feeds", "report", identifier).out


def test_a_report_as_json_gives_the_reasons_in_plain_words(shop: Shell, done: str) -> None:
    told = shop("feeds", "report", done, "--format", "json").json
    pending, unknown, faulty = told["results"]
    assert (pending["message_id"], pending["code"]) == ("3", 18028)
    assert pending["reason"] == "Order 250-1000004-0000004 is Pending: it is not yet the seller's"
    assert unknown["reason"].startswith("The order book has no order '250-9999999-9999999'; ")
    assert "`feedproc orders load FILE`" in unknown["reason"]
    assert "`feedproc orders for FEED`" in unknown["reason"]
    assert (faulty["code"], faulty["located"]["line"] > 1) == (5000, True)


def test_the_reasons_of_a_report_are_told_in_japanese_to_whoever_asks(shop: Shell, done: str) -> None:
    pending, unknown, faulty = shop("feeds", "report", done, "--format", "json", "--language", "ja").json["results"]
    assert pending["reason"].startswith("注文 250-1000004-0000004 のステータスは Pending です。")
    assert unknown["reason"].startswith("注文 '250-9999999-9999999' は見つかりません。")
    assert "指定できません。" in faulty["reason"]


def test_a_report_that_is_not_ready_is_one_line(shop: Shell) -> None:
    ran = shop("feeds", "report", submitted(shop))
    assert (ran.code, one_line(ran.err)) == (1, True)


def test_what_has_not_begun_can_be_cancelled(shop: Shell) -> None:
    identifier = submitted(shop)
    assert shop("feeds", "cancel", identifier).out == f"Submission {identifier} is cancelled\n"
    assert shop("feeds", "show", identifier, "--format", "json").json["status"] == "CANCELLED"


def test_what_is_done_cannot_be_cancelled(shop: Shell, done: str) -> None:
    ran = shop("feeds", "cancel", done)
    assert (ran.code, ran.err) == (1, f"feedproc: Submission {done} is DONE and can no longer be cancelled\n")


def test_an_unknown_submission_is_one_line(shop: Shell) -> None:
    for command in ("show", "report", "cancel"):
        ran = shop("feeds", command, "1234")
        assert (ran.code, ran.err) == (1, "feedproc: No such submission: 1234\n")


def test_a_feed_that_the_world_holds_up_says_so_in_both_languages(shop: Shell) -> None:
    identifier = submitted(shop)
    reason = endings.HELD_UP.format("/srv/shop: No space left on device")
    with open_store(Place(data_dir=shop.data_dir)) as backend:
        now = read_clock()
        claim = backend.submissions.claim(LOCAL_SELLER.seller_id, identifier, "w", now, timedelta(0))
        assert claim is not None
        backend.submissions.put_off(claim, reason, now)
    told = shop("feeds", "show", identifier, "--format", "json").json
    assert (told["status"], told["setbacks"], told["reason"]) == ("IN_PROGRESS", 1, reason)
    japanese = shop("feeds", "show", identifier, "--language", "ja").out
    assert "環境の障害により待機中です（/srv/shop: No space left on device）。" in japanese
