"""The outbox on the command line: what was told, what waits, and what never goes out."""

import pytest

from feedproc.ports import Undelivered
from tests.builders import ACKNOWLEDGEMENT, NOON, SELLER, Shop, a_feed, cancels, orders
from tests.cli.builders import Shell

UNDELIVERABLE, NOBODY = Undelivered("550"), Undelivered("no e-mail address", has_nobody=True)


@pytest.fixture
def outbox(feedproc: Shell) -> Shell:
    """Four orders were cancelled: one e-mail went out, one never can, one has no address, and the others wait."""
    shop = Shop(feedproc.data_dir)
    shop.stocked(*orders(4))
    shop.run(a_feed(*(cancels(number) for number in range(1, 5)), feed_type=ACKNOWLEDGEMENT), ACKNOWLEDGEMENT)
    letters = [one for one in shop.backend.outbox.list_waiting(10) if one.notice]
    for entry, why in zip(letters[:3], (None, UNDELIVERABLE, NOBODY), strict=True):
        shop.backend.outbox.note_sent([entry], NOON, why)
    return feedproc


def test_each_entry_says_what_became_of_it_and_why(outbox: Shell) -> None:
    states = sorted((row[2], row[5]) for row in outbox("outbox", "--seller", SELLER, "--language", "en").rows if row[3])
    assert states == [("nobody to tell", "no e-mail address"), ("sent", ""), ("undeliverable", "550"), ("waits", "")]


def test_states_are_said_in_japanese_too(outbox: Shell) -> None:
    told = outbox("outbox", "--seller", SELLER, "--language", "ja").out
    for word in ("送信済み", "送信待ち", "配信不能", "宛先なし"):
        assert word in told


def test_only_those_in_a_state_are_shown_when_asked(outbox: Shell) -> None:
    (one,) = outbox("outbox", "--seller", SELLER, "--state", "undeliverable", "--format", "json").objects
    assert (one["state"], one["why"], one["notice"]) == ("undeliverable", "550", "cancelled")
    assert set(one) & {"email", "address", "text"} == set()


def test_an_empty_outbox_is_no_fault(opened: Shell) -> None:
    assert opened("outbox").rows == []
