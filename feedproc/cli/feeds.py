"""`feedproc feeds`."""

from collections.abc import Sequence
from typing import Any

import click
import msgspec

from feedproc.cli.language import language_option, say_part, say_result
from feedproc.cli.notes import list_notes
from feedproc.cli.options import choose_status, limit, output_format, place, write_examples
from feedproc.cli.output import Listing, copy_to_output, print_json, print_json_array
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.cli.text import show_controls
from feedproc.errors import Unusable
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Filter
from feedproc.services import cancel
from feedproc.services.read.submissions import get_submission, list_submissions, open_report
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store


@click.group("feeds")
def command() -> None:
    """List, show and cancel the submissions of a data directory."""


@command.command(
    "list", epilog=write_examples("feedproc feeds list --limit 5", "feedproc feeds list --status DONE --format json")
)
@choose_status(ProcessingStatus)
@limit
@seller_option
@place
@output_format("text", "json")
def list_(place: Place, seller: str | None, form: str, status: str | None, limit: int) -> None:
    """List submissions, newest first."""
    statuses = (ProcessingStatus(status),) if status else ()
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = list_submissions(backend.submissions, who.seller_id, Filter(statuses=statuses), limit).submissions
    Listing(f"Feeds of {who.seller_id}", _COLUMNS, _make_row, _make_document).print(form, found)


@command.command("show", epilog=write_examples("feedproc feeds show 50001019786"))
@click.argument("submission_id", metavar="ID")
@seller_option
@place
@language_option
@output_format("text", "json")
def show(place: Place, seller: str | None, form: str, language: str, submission_id: str) -> None:
    """Tell all that is known of a submission; why it waits or was cancelled in plain words."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        submission = get_submission(backend.submissions, who.seller_id, submission_id)
    document = _make_document(submission)
    document["reason"] = say_part(language, submission.why) if submission.why else None
    if form == "json":
        print_json(document)
    else:
        for name, value in document.items():
            text = ", ".join(f"{part} {count}" for part, count in value.items()) if isinstance(value, dict) else value
            told = text if isinstance(text, str | int) else " ".join(text or ())
            click.echo(f"{name:16} {show_controls(str(told))}".rstrip())


@command.command(
    "report",
    epilog=write_examples(
        "feedproc feeds report 50001019786", "feedproc feeds report 50001019786 --format json --language ja"
    ),
)
@click.argument("submission_id", metavar="ID")
@seller_option
@place
@language_option
@output_format("xml", "json")
def report(place: Place, seller: str | None, form: str, language: str, submission_id: str) -> None:
    """Print the processing report; as JSON with the reason of each result, and notes, in plain words."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        submission, document = open_report(backend.submissions, backend.documents, who.seller_id, submission_id)
        with document:
            if form == "xml":
                copy_to_output(document)
                return
        results = backend.marks.list_results(who.seller_id, submission_id)
        told = {
            **_make_document(submission),
            "notes": [msgspec.to_builtins(one) for one in list_notes(backend, submission, who, language)],
        }
        print_json_array(told, "results", (msgspec.to_builtins(say_result(language, one)) for one in results))


@command.command("cancel")
@click.argument("submission_id", metavar="ID")
@seller_option
@place
def cancel_(place: Place, seller: str | None, submission_id: str) -> None:
    """Cancel a submission that no worker has begun."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        which = Filter(submission_ids=(submission_id,))
        (after,) = cancel.cancel(backend.submissions, who.seller_id, which, read_clock())
    if after.status is not ProcessingStatus.CANCELLED:
        raise Unusable(f"Submission {submission_id} is {after.status} and can no longer be cancelled")
    click.echo(f"Submission {submission_id} is cancelled")


_COLUMNS = ("id", "feed type", "status", "submitted", "processed", "successful", "errors", "warnings")


def _make_row(one: FeedSubmission) -> Sequence[object]:
    counts = one.summary
    numbers = (counts.processed, counts.successful, counts.with_error, counts.with_warning) if counts else ("",) * 4
    return (one.submission_id, one.feed_type, one.status, f"{one.submitted_at:%Y-%m-%d %H:%M:%S}", *numbers)


def _make_document(one: FeedSubmission) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    return {name: fields[name] for name in _SHOWN}


_SHOWN = (
    "submission_id", "seller_id", "feed_type", "status", "size", "content_type", "marketplace_ids", "submitted_at",
    "started_at", "completed_at", "attempts", "setbacks", "summary", "reason",
)  # fmt: skip
