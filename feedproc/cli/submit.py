"""`feedproc submit`."""

import re
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

import click

from feedproc import settings
from feedproc.cli.client import Client, Keys
from feedproc.cli.feedtypes import charset_option, feed_type_option, make_flat_content_type
from feedproc.cli.files import open_seekable
from feedproc.cli.options import output_format, take_options, write_examples
from feedproc.cli.output import copy_to_output, print_json
from feedproc.ports import Secret
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.machine import load_feed_types

_HEAD = 4096
_IN_MEMORY = 1024 * 1024
_COUNT = re.compile(rb"<Messages(Processed|Successful|WithError|WithWarning)>(\d+)<")

_ERRORS = frozenset({b"Error", b"Fatal", "エラー".encode("cp932")})
_WARNINGS = frozenset({b"Warning", "警告".encode("cp932")})


class _SubmitOptions(NamedTuple):
    file: str
    feed_type: str
    charset: str | None
    endpoint: str
    wait: bool
    seller_id: str
    access_key: str
    secret_key: str
    ca: Path | None
    form: str


@click.command(
    "submit", epilog=write_examples("feedproc submit feed.xml --feed-type POST_ORDER_ACKNOWLEDGEMENT_DATA --wait")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@feed_type_option(required=True)
@charset_option
@click.option("--endpoint", default="http://127.0.0.1:8080", show_default=True, help="Where the server is.")
@click.option("--wait", is_flag=True, help="Wait until it is processed, and print the report.")
@click.option("--seller-id", default=LOCAL_SELLER.seller_id, show_default=True, help="For whom.")
@click.option("--access-key", default=LOCAL_SELLER.access_key, show_default=True, help="Who signs.")
@click.option(
    "--secret-key",
    default=lambda: settings.read_environment().secret_key or str(LOCAL_SELLER.secret_key),
    show_default=f"${settings.SECRET_KEY}, or the local seller's",
    help="Better given in the environment, where other users do not see it.",
)
@click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Authority to trust.")
@output_format("text", "json")
@take_options(_SubmitOptions)
def command(given: _SubmitOptions) -> int:
    """Sign a feed and send it.

    FILE may be - for standard input. Prints the submission id; with --wait the report, once there is one, and then the
    exit code is 1 if the report has errors.
    """
    feed_type, form = given.feed_type, given.form
    client = Client(given.endpoint, Keys(given.seller_id, given.access_key, Secret(given.secret_key)), given.ca)
    with open_seekable(given.file) as feed:
        submission_id = client.submit(feed, feed_type, _choose_content_type(feed_type, given.charset))
    document: dict[str, object] = {"submission_id": submission_id, "feed_type": feed_type}
    if not given.wait:
        _print_status(document | {"status": "SUBMITTED"}, form)
        return 0
    if form == "text":
        click.echo(submission_id, err=True)
    status = client.wait(submission_id)
    if status != "DONE":
        _print_status(document | {"status": status}, form)
        return 1
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as report:
        client.report(submission_id, report)
        counts = read_counts(report)
        if form == "json":
            print_json(document | {"status": status, "summary": counts})
        else:
            copy_to_output(report)
    return 1 if counts["with_error"] else 0


def _choose_content_type(feed_type: str, charset: str | None) -> str:
    form = load_feed_types().named(feed_type).format
    return "text/xml" if form.declares_encoding else make_flat_content_type(charset)


def read_counts(report: IO[bytes]) -> dict[str, int]:
    """Return the four counts of a report, and go back to its beginning."""
    report.seek(0)
    if not report.read(1).startswith(b"<"):
        counts = _count_flat_results(report)
        report.seek(0)
        return counts
    report.seek(0)
    counts = {name.decode(): int(number) for name, number in _COUNT.findall(report.read(_HEAD))}
    report.seek(0)
    return {
        "processed": counts.get("Processed", 0),
        "successful": counts.get("Successful", 0),
        "with_error": counts.get("WithError", 0),
        "with_warning": counts.get("WithWarning", 0),
    }


def _count_flat_results(report: IO[bytes]) -> dict[str, int]:
    """Return the counts of a report: as many errors and warnings as it has rows of them."""
    report.seek(0)
    counts = {"processed": 0, "successful": 0, "with_error": 0, "with_warning": 0}
    names = iter(("processed", "successful"))
    for line in report:
        cells = line.rstrip(b"\n").split(b"\t")
        if len(cells) == 4 and not cells[0] and cells[3].isdigit():
            counts[next(names)] = int(cells[3])
        elif len(cells) == 6:
            counts["with_error"] += cells[4] in _ERRORS
            counts["with_warning"] += cells[4] in _WARNINGS
    return counts


def _print_status(document: dict[str, object], form: str) -> None:
    if form == "json":
        print_json(document)
    else:
        click.echo(document["submission_id"] if document["status"] == "SUBMITTED" else f"{document['status']}")
