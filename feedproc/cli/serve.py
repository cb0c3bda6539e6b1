"""`feedproc serve`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import click
from click.core import ParameterSource
from msgspec.structs import replace

from feedproc import settings
from feedproc.aws.account import AwsSettings
from feedproc.cli.options import place, schemas, take_options, write_examples
from feedproc.errors import Unusable
from feedproc.mws.throttle import QuotaMode
from feedproc.serve.apis import CONSOLE
from feedproc.serve.console import catch_signals, describe_seller, describe_server
from feedproc.serve.life import log_to_stderr
from feedproc.serve.options import Options
from feedproc.serve.proxy import read_proxy, read_public_address
from feedproc.services.loopback import is_loopback_address
from feedproc.settings import BackEnd, Place
from feedproc.wiring.local_seller import LOCAL_SELLER, is_well_known


class _ServeOptions(NamedTuple):
    place: Place
    host: str
    port: int
    moto: bool
    moto_port: int
    tls: bool
    workers: int | None
    quotas: str
    public_url: str | None
    proxy: str | None
    submit_once: bool | None
    local_seller: bool
    token_lifetime: int
    orders_delay: int
    v0_reads: bool
    gzip_documents: bool
    schemas: Path | None
    ephemeral: bool
    control: bool
    control_token: str
    scenario: Path | None


@click.command("serve", epilog=write_examples("feedproc serve", "feedproc serve --port 8443 --tls"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 for any that is free.")
@place
@click.option("--moto", is_flag=True, help="Start a server that speaks AWS, to try the AWS back end out.")
@click.option(
    "--moto-port", type=click.IntRange(0, 65535), default=0, help="Where that server listens; any that is free."
)
@click.option("--tls", is_flag=True, help="Speak https, with a certificate made for this machine.")
@click.option("--workers", type=click.IntRange(1, 256), show_default="one per core", help="Worker processes.")
@click.option(
    "--quotas", type=click.Choice(["off", "amazon"]), default="off", show_default=True, help="Refuse as Amazon did?"
)
@click.option(
    "--public-url", metavar="URL", help="Where clients reach a proxy before this, such as https://shop.example."
)
@click.option("--proxy", metavar="ADDRESS", show_default="this machine", help="From where that proxy connects.")
@click.option(
    "--submit-once/--no-submit-once",
    default=None,
    show_default="where other machines can reach it",
    help="Answer a signed feed that comes again with the first one's id?",
)
@click.option("--local-seller/--no-local-seller", default=True, help="Take the local seller's keys, or refuse them?")
@click.option(
    "--token-lifetime",
    type=click.IntRange(1, 86_400),
    default=3_600,
    show_default=True,
    metavar="SECONDS",
    help="How long an access token of SP-API is good.",
)
@click.option(
    "--orders-delay",
    type=click.IntRange(0, 3_600),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="How late SP-API's lists tell of orders, but for the local seller.",
)
@click.option(
    "--v0-reads/--no-v0-reads", default=True, help="Tell orders in Orders v0, which Amazon ends on 27 March 2027?"
)
@click.option("--gzip-documents", is_flag=True, help="Give SP-API's results and reports compressed, as Amazon may.")
@schemas
@click.option("--ephemeral", is_flag=True, help="Keep everything in memory; nothing is left at the end.")
@click.option("--control", is_flag=True, help="Let tests control it, under /_feedproc/; not on AWS.")
@click.option("--control-token", default="", help="Let whoever sends this token control it, from anywhere.")
@click.option(
    "--scenario",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What it begins with, as TOML; needs --ephemeral.",
)
@take_options(_ServeOptions)
def command(given: _ServeOptions) -> None:
    """Serve MWS and SP-API on this machine until Ctrl-C.

    What an earlier run left unfinished is finished. On first use a local seller with fixed keys is made; they are
    refused for web pages, and for everybody where other machines can reach the address. With --backend aws the store is
    on AWS, where the environment says (FEEDPROC_BUCKET, FEEDPROC_QUEUE_URL, FEEDPROC_KMS_KEY_ID,
    FEEDPROC_TABLE_PREFIX); the data directory then holds the certificate alone. With --moto it is on a server in this
    process, and gone when that ends.
    """
    place = given.place
    if given.control_token and not given.control:
        raise Unusable("--control-token needs --control")
    if given.ephemeral:
        _serve_from_memory(given)
        return
    if given.scenario:
        raise Unusable("--scenario needs --ephemeral, a server that keeps nothing")
    if given.control:
        _require_own_process(given)
    if given.moto and place.endpoint_url:
        raise Unusable("--moto starts a server of its own; leave --endpoint-url out")
    if given.proxy and not given.public_url:
        raise Unusable("--proxy needs --public-url, the address under which clients reach that proxy")
    log_to_stderr()
    options = Options(
        data_dir=place.data_dir,
        host=given.host,
        port=given.port,
        workers=given.workers or settings.count_cores(),
        quotas=QuotaMode(given.quotas),
        tls=given.tls,
        aws=_find_aws(place) if place.back_end is BackEnd.AWS and not given.moto else None,
        moto=given.moto,
        moto_port=given.moto_port,
        public=read_public_address(given.public_url) if given.public_url else None,
        proxy=read_proxy(given.proxy),
        local_seller=given.local_seller,
        token_life=timedelta(seconds=given.token_lifetime),
        has_v0_reads=given.v0_reads,
        orders_delay=timedelta(seconds=given.orders_delay),
        packs_documents=given.gzip_documents,
        schemas=given.schemas,
        has_control=given.control,
        control_token=given.control_token,
    )
    settings.allows_helpers()  # asked by each worker; a wrong word is told here
    once = given.submit_once
    if once is None:
        once = settings.submits_once(default=not options.is_local)
    options = replace(options, submits_once=once)
    _serve_until_stopped(options)


def _serve_until_stopped(options: Options) -> None:
    from feedproc.serve.server import Server  # noqa: PLC0415 - who serves from memory needs no store

    with catch_signals() as told_to_stop, _run_moto_beside(options) as options, Server(options) as server:  # noqa: PLR1704
        for line in describe_server(options, server.endpoint, server.authority):
            click.echo(line)
        told_to_stop()
        click.echo("Stopping …")


@contextmanager
def _run_moto_beside(options: Options) -> Iterator[Options]:
    """Start the server when the options ask for it; yield options that lead there. What is in it ends with it."""
    if not options.moto:
        yield options
        return
    from feedproc.wiring.aws import run_moto  # noqa: PLC0415 - boto3 takes long to load

    with run_moto(options.moto_port) as aws:
        yield replace(options, aws=aws)


def _is_typed(name: str) -> bool:
    """Say whether an option was typed; the environment may name what is meant for other commands."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _require_own_process(given: _ServeOptions) -> None:
    others = {
        "--backend aws": given.place.back_end is BackEnd.AWS,
        "--moto": given.moto,
        "--workers": given.workers is not None,
        "--public-url": given.public_url is not None,
    }
    if found := [name for name, is_given in others.items() if is_given]:
        raise Unusable(f"--control is for one process over a data directory; leave {', '.join(found)} out")


def _serve_from_memory(given: _ServeOptions) -> None:
    others = {
        "--backend aws": given.place.back_end is BackEnd.AWS and _is_typed("backend"),
        "--moto": given.moto,
        "--tls": given.tls,
        "--workers": given.workers is not None,
        "--public-url": given.public_url is not None,
        "--schemas": given.schemas is not None and _is_typed("schemas"),
        "--submit-once": given.submit_once is not None,
        "--no-local-seller": not given.local_seller,
        "--gzip-documents": given.gzip_documents,
    }
    if found := [name for name, is_given in others.items() if is_given]:
        raise Unusable(f"--ephemeral serves plainly from memory; leave {', '.join(found)} out")
    log_to_stderr()
    # What serves from memory takes as long to load as what does from a store, and is rarely wanted beside it.
    from feedproc.control.app import PREFIX  # noqa: PLC0415
    from feedproc.control.scenario import Scenario, begin_scenario, read_scenario  # noqa: PLC0415
    from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer  # noqa: PLC0415

    scenario = Scenario() if given.scenario is None else read_scenario(given.scenario)
    folder = Path() if given.scenario is None else given.scenario.parent
    sellers = tuple(one.make() for one in scenario.sellers) or (LOCAL_SELLER,)
    is_here = given.host == "localhost" or is_loopback_address(given.host)
    if not is_here and LOCAL_SELLER in sellers:
        raise Unusable(f"{given.host} can be reached by other machines; name sellers of your own with --scenario")
    options = EphemeralOptions(
        sellers=sellers,
        host=given.host,
        port=given.port,
        quotas=QuotaMode(given.quotas),
        is_well_known=is_well_known,
        begin=lambda server: begin_scenario(server, scenario, folder),
        token_life=timedelta(seconds=given.token_lifetime),
        orders_delay=timedelta(seconds=given.orders_delay),
        has_v0_reads=given.v0_reads,
        packs_documents=given.gzip_documents,
        has_control=given.control,
        control_token=given.control_token,
    )
    with catch_signals() as told_to_stop, EphemeralServer(options) as server:
        click.echo(f"feedproc serves {server.url}")
        click.echo("  everything is in memory, and gone when this ends")
        if given.control:
            click.echo(f"  control         {server.url}{PREFIX}/openapi.json")
            click.echo(f"  console         {server.url}{CONSOLE}/")
        click.echo("")
        for line in describe_seller(sellers[0]):
            click.echo(line)
        told_to_stop()
        click.echo("Stopping …")


def _find_aws(place: Place) -> AwsSettings:
    return settings.read_aws_environment(endpoint_url=place.endpoint_url)
