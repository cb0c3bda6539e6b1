"""`feedproc sellers`."""

import re
import secrets
import string
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import click
from msgspec.structs import replace

from feedproc.cli.options import output_format, place
from feedproc.cli.output import print_json, print_rows
from feedproc.cli.seller_option import choose_seller
from feedproc.errors import Unusable
from feedproc.feeds.manner import CarrierRule, ReportLanguage, SchemaFaults
from feedproc.feeds.marketplaces import JAPAN, MARKETPLACES
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.ports import Secret, Seller
from feedproc.services.passwords import set_password
from feedproc.settings import Place
from feedproc.wiring.store import is_queue_address, open_existing_store, open_store

_SERVERS = "server"
"""As the server has it."""
_CAPITALS = string.ascii_uppercase + string.digits
_SIGNS = string.ascii_letters + string.digits + "/+"
_Check = Callable[[click.Context, click.Parameter, str | None], str | None]
"""What click calls with the value of an option."""


def _require_form(form: str, meant: str) -> _Check:
    """Return a check for texts of a form, which is told in words, too, with an example."""

    def check(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(form, value):
            raise click.BadParameter(f"{value!r}; it must {meant}")
        return value

    return check


_check_seller_id = _require_form(
    "A[0-9A-Z]{11,14}", "have 12 to 15 capital letters and digits and begin with A, as A1LOCALSELLER1"
)
_check_merchant_token = _require_form(
    "M_[0-9A-Za-z_]{1,48}", "begin with M_ and have at most 50 letters, digits and _, as M_LOCAL_1234567"
)
"""The envelope's schema takes up to 50 characters as MerchantIdentifier."""
_check_access_key = _require_form(
    "AKIA[0-9A-Z]{16}", "be AKIA and 16 more capital letters or digits, as AKIAFEEDPROCLOCAL001"
)
"""MWS developer guide, required request parameters: AWSAccessKeyId."""


def _check_marketplaces(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Check that Amazon has these marketplaces, or had them."""
    for value in values:
        if value not in MARKETPLACES:
            known = ", ".join(f"{one.marketplace_id} ({one.country})" for one in MARKETPLACES.values())
            raise click.BadParameter(f"{value!r} is no marketplace; there are {known}")
    return values


@click.group("sellers")
def command() -> None:
    """Add and list those who may submit; set their passwords and queues. Each seller has an order book of its own."""


@command.command("add")
@click.option(
    "--seller-id", callback=_check_seller_id, metavar="ID", help="Such as A1LOCALSELLER1; generated unless given."
)
@click.option(
    "--merchant-token",
    callback=_check_merchant_token,
    metavar="NAME",
    help="The other name that MerchantIdentifier may give.",
)
@click.option("--access-key", callback=_check_access_key, metavar="KEY", help="AWSAccessKeyId; generated unless given.")
@click.option("--secret-key", help="Generated unless given, which is better: arguments can be seen by other users.")
@click.option("--auth-token", help="MWSAuthToken; generated unless given.")
@click.option(
    "--marketplace",
    "marketplaces",
    multiple=True,
    callback=_check_marketplaces,
    metavar="ID",
    help="May be repeated; Japan unless given.",
)
@place
@output_format("text", "json")
def add(place: Place, form: str, marketplaces: tuple[str, ...], **given: str | None) -> None:
    """Add a seller and print its credentials, which are not shown again."""
    seller = _make_seller(marketplaces or (JAPAN,), given)
    if len(seller.secret_key) < _SHORTEST_SECRET:
        click.echo(
            f"feedproc: a secret key of {len(seller.secret_key)} characters can be guessed, and then orders changed; "
            "without --secret-key one of 40 is generated",
            err=True,
        )
    with open_store(place) as backend:
        backend.sellers.add(seller)
    document = _make_document(seller, show_secrets=True)
    if form == "json":
        print_json(document)
    else:
        for name, value in document.items():
            click.echo(f"{name:16} {value if isinstance(value, str) else ', '.join(value)}")


@command.command("list")
@click.option("--show-secrets", is_flag=True, help="Print secret keys and tokens, too.")
@place
@output_format("text", "json")
def list_(place: Place, form: str, show_secrets: bool) -> None:
    """List all sellers, without their secrets."""
    with open_existing_store(place) as backend:
        documents = [
            {**_make_document(seller, show_secrets), "destinations": list(seller.destinations)}
            for seller in backend.sellers.list_sellers()
        ]
    if form == "json":
        for one in documents:
            print_json(one)
        return
    for one in documents:
        one.pop("client_id")  # of 60 characters; `--format json` tells it
    columns = list(documents[0]) if documents else []
    rows = [[value if isinstance(value, str) else " ".join(value) for value in one.values()] for one in documents]
    print_rows("Sellers", [name.replace("_", " ") for name in columns], rows)


_SHORTEST_SECRET = 20
"""Characters of a secret key that nobody guesses, as few as they may be; Amazon's have 40."""
_SECRETS = {"secret_key", "auth_token", "client_secret", "refresh_token"}


@command.command("notify")
@click.argument("seller_id")
@click.option("--queue-url", metavar="URL", help="Of an SQS queue, which the server's credentials may send to.")
@click.option("--remove", is_flag=True, help="Send no more to that queue; without a queue, to none.")
@place
def notify(place: Place, seller_id: str, queue_url: str | None, remove: bool) -> None:
    """Tell a seller's queue whenever one of its feeds has ended, as Amazon's FeedProcessingFinished did.

    A queue may be told more than once of the same feed. `feedproc sellers list` shows the queues.
    """
    if queue_url is None and not remove:
        raise Unusable("Name the queue with --queue-url, or say --remove")
    if queue_url is not None and not remove and not is_queue_address(queue_url, place):
        raise Unusable(
            f"{queue_url} is no address of a queue, such as https://sqs.eu-west-1.amazonaws.com/123456789012/q"
        )
    with open_existing_store(place) as backend:
        seller = choose_seller(backend.sellers, seller_id)
        kept = tuple(one for one in seller.destinations if queue_url is not None and one != queue_url)
        after = kept if remove or queue_url is None else (*kept, queue_url)
        backend.sellers.change(replace(seller, destinations=after))
    click.echo(f"{seller_id} is notified at {', '.join(after)}" if after else f"{seller_id} is notified nowhere")


@command.command("application")
@click.argument("seller_id")
@place
@output_format("text", "json")
def application(place: Place, seller_id: str, form: str) -> None:
    """Give a seller a new application for SP-API, and print its credentials, which are not shown again.

    Those of the application before, and the access tokens that it was given, are worth nothing from now on.
    """
    with open_existing_store(place) as backend:
        seller = replace(choose_seller(backend.sellers, seller_id), **_make_application())
        backend.sellers.change(seller)
    document = {
        name: str(getattr(seller, name)) for name in ("seller_id", "client_id", "client_secret", "refresh_token")
    }
    if form == "json":
        print_json(document)
    else:
        for name, value in document.items():
            click.echo(f"{name:16} {value}")


@command.command("manner")
@click.argument("seller_id")
@click.option(
    "--carriers",
    type=click.Choice([*(one.value for one in CarrierRule), _SERVERS]),
    help="Whether a shipment must tell the code of its carrier; optional as in feeds of before 2021.",
)
@click.option(
    "--schema-faults",
    type=click.Choice([*(one.value for one in SchemaFaults), _SERVERS]),
    help="What reports of order feeds say of schema faults; located for line, column and the parser's sentence.",
)
@click.option(
    "--report-language",
    type=click.Choice([one.value for one in ReportLanguage] + [_SERVERS]),
    help="In which language reports of flat files are; that of the marketplace unless it is English.",
)
@place
def choose_manner(
    place: Place, seller_id: str, carriers: str | None, schema_faults: str | None, report_language: str | None
) -> None:
    """Choose which of Amazon's manners a seller's feeds are judged by, or leave it to the server, and show it."""
    with open_existing_store(place) as backend:
        seller = choose_seller(backend.sellers, seller_id)
        chosen = seller.manner
        if carriers is not None:
            chosen = replace(chosen, carriers=None if carriers == _SERVERS else CarrierRule(carriers))
        if schema_faults is not None:
            kept = None if schema_faults == _SERVERS else SchemaFaults(schema_faults)
            chosen = replace(chosen, schema_faults=kept)
        if report_language is not None:
            asked = None if report_language == _SERVERS else ReportLanguage(report_language)
            chosen = replace(chosen, report_language=asked)
        if chosen != seller.manner:
            backend.sellers.change(replace(seller, manner=chosen))
    click.echo(f"carriers         {chosen.carriers or _SERVERS}")
    click.echo(f"schema faults    {chosen.schema_faults or _SERVERS}")
    click.echo(f"report language  {chosen.report_language or _SERVERS}")


@command.command("report-columns")
@click.argument("seller_id")
@click.option(
    "--show",
    "shown",
    multiple=True,
    type=click.Choice([one.value for one in ReportExtra]),
    help="May be repeated; these and no others.",
)
@click.option("--plain", is_flag=True, help="None of them.")
@place
def choose_report_columns(place: Place, seller_id: str, shown: tuple[str, ...], plain: bool) -> None:
    """Choose which columns a seller's flat reports of orders have besides the common ones, and show which.

    gifts, bills, promotions, promises (since 2018) and requests (since 2022) stand in order reports, deadlines in
    reports of what is to be shipped.
    """
    if shown and plain:
        raise click.UsageError("--plain and --show exclude each other")
    with open_existing_store(place) as backend:
        seller = choose_seller(backend.sellers, seller_id)
        chosen = seller.report_extras
        if shown or plain:
            chosen = tuple(one for one in ReportExtra if one in shown)
            backend.sellers.change(replace(seller, report_extras=chosen))
    click.echo(" ".join(chosen) or "none")


@command.command("password")
@click.argument("seller_id")
@place
def password(place: Place, seller_id: str) -> None:
    """Set the password with which a seller signs in to the console.

    It is asked for twice, unseen; or it is the first line of standard input. Whoever was signed in is signed out.
    """
    given = _ask() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_existing_store(place) as backend:
        choose_seller(backend.sellers, seller_id)
        set_password(backend.sellers, seller_id, given)
    click.echo(f"{seller_id} can sign in to the console with this password")


def _ask() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _make_document(seller: Seller, show_secrets: bool) -> dict[str, Any]:
    hidden = {"password_hash", "destinations", "manner", "report_extras", *(() if show_secrets else _SECRETS)}
    fields = {name: getattr(seller, name) for name in seller.__struct_fields__ if name not in hidden}
    return {name: str(value) if isinstance(value, Secret) else value for name, value in fields.items()}


def _make_seller(marketplaces: tuple[str, ...], given: dict[str, str | None]) -> Seller:
    return Seller(
        seller_id=given["seller_id"] or "A" + _draw(_CAPITALS, 13),
        merchant_token=given["merchant_token"] or f"M_SELLER_{_draw(string.digits, 9)}",
        access_key=given["access_key"] or "AKIA" + _draw(_CAPITALS, 16),
        secret_key=Secret(given["secret_key"] or _draw(_SIGNS, 40)),
        auth_token=Secret(given["auth_token"] or f"amzn.mws.{uuid4()}"),
        **_make_application(),
        marketplace_ids=marketplaces,
    )


def _make_application() -> dict[str, Any]:
    """Return what a new application calls SP-API with, in the form of Amazon's."""
    return {
        "client_id": f"amzn1.application-oa2-client.{secrets.token_hex(16)}",
        "client_secret": Secret(f"amzn1.oa2-cs.v1.{secrets.token_hex(32)}"),
        "refresh_token": Secret(f"Atzr|{secrets.token_urlsafe(96)}"),
    }


def _draw(signs: str, count: int) -> str:
    return "".join(secrets.choice(signs) for _ in range(count))
