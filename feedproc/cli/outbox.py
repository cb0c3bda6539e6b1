"""`feedproc outbox`."""

from collections.abc import Sequence
from typing import Any

import click

from feedproc.cli.language import language_option
from feedproc.cli.options import output_format, place, write_examples
from feedproc.cli.output import print_json, print_rows
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.ports import SentEntry
from feedproc.settings import Place
from feedproc.wiring.store import open_existing_store

_SENT, _WAITS, _UNDELIVERABLE, _NOBODY = STATES = ("sent", "waits", "undeliverable", "nobody")
_WORDS = {
    "en": {_SENT: "sent", _WAITS: "waits", _UNDELIVERABLE: "undeliverable", _NOBODY: "nobody to tell"},
    "ja": {_SENT: "送信済み", _WAITS: "送信待ち", _UNDELIVERABLE: "配信不能", _NOBODY: "宛先なし"},
}
_COLUMNS = ("feed", "what", "state", "order", "since", "why")


@click.command(
    "outbox",
    epilog=write_examples("feedproc outbox --state undeliverable", "feedproc outbox --limit 1000 --format json"),
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES, case_sensitive=False),
    help="Only those of the last entries; may be repeated.",
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Of the last entries, so many.")
@seller_option
@place
@language_option
@output_format("text", "json")
def command(place: Place, seller: str | None, form: str, language: str, limit: int, states: tuple[str, ...]) -> None:
    """List what buyers and the seller were told by e-mail and notification, and what became of it.

    The newest entries come first. One that can never go out says why. Addresses and texts are not shown.
    """
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = backend.outbox.list_recent(who.seller_id, limit)
    chosen = [one for one in found if not states or tell_state(one) in states]
    if form == "json":
        for one in chosen:
            print_json(_make_document(one))
    else:
        print_rows(f"Outbox of {who.seller_id}", _COLUMNS, (_make_row(one, language) for one in chosen))


def tell_state(told: SentEntry) -> str:
    """Return what became of an entry: one of `STATES`."""
    if told.undelivered is not None:
        return _NOBODY if told.undelivered.has_nobody else _UNDELIVERABLE
    return _WAITS if told.sent_at is None else _SENT


def _make_row(told: SentEntry, language: str) -> Sequence[object]:
    entry, notice = told.entry, told.entry.notice
    return (
        entry.submission_id,
        notice.kind if notice else entry.kind,
        _WORDS[language][tell_state(told)],
        entry.amazon_order_id or "",
        f"{entry.at:%Y-%m-%d %H:%M}" if entry.at else "",
        told.undelivered.why if told.undelivered else "",
    )


def _make_document(told: SentEntry) -> dict[str, Any]:
    entry, notice = told.entry, told.entry.notice
    return {
        "entry_id": entry.entry_id,
        "kind": entry.kind,
        "notice": notice.kind if notice else None,
        "submission_id": entry.submission_id,
        "message_id": entry.message_id,
        "amazon_order_id": entry.amazon_order_id,
        "at": entry.at,
        "state": tell_state(told),
        "sent_at": told.sent_at,
        "why": told.undelivered.why if told.undelivered else None,
    }
