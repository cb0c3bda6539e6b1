"""What `feedproc serve` says, and how it waits to be stopped."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shlex import quote
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import Unusable
from feedproc.mws.throttle import QuotaMode
from feedproc.ports import Seller
from feedproc.serve.apis import CONSOLE
from feedproc.services.loopback import is_loopback_address
from feedproc.settings import as_environment
from feedproc.wiring.local_seller import LOCAL_SELLER, is_well_known

if TYPE_CHECKING:
    from feedproc.serve.server import Options, Server

_STOPPING = (signal.SIGINT, signal.SIGTERM)


def serve_until_stopped(options: "Options", say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        Unusable: the server cannot be started; the text says why.

    """
    from feedproc.serve.server import Server  # noqa: PLC0415 - who serves from memory needs no store

    with _catch_signals() as told_to_stop, _run_moto_beside(options) as options, Server(options) as server:  # noqa: PLR1704
        for line in _describe_server(options, server):
            say(line)
        told_to_stop()
        say("Stopping …")


class Ephemeral(Struct, frozen=True, kw_only=True):
    """How to serve from memory alone."""

    host: str
    port: int
    quotas: QuotaMode
    scenario: Path | None = None
    has_control: bool = False
    control_token: str = ""
    token_life: timedelta
    orders_delay: timedelta
    has_v0_reads: bool
    packs_documents: bool


def serve_from_memory(given: Ephemeral, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; then everything is forgotten.

    Raises:
        Unusable: the address is not to be had, or the scenario cannot be used.

    """
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
        quotas=given.quotas,
        is_well_known=is_well_known,
        begin=lambda server: begin_scenario(server, scenario, folder),
        has_control=given.has_control,
        control_token=given.control_token,
        token_life=given.token_life,
        orders_delay=given.orders_delay,
        has_v0_reads=given.has_v0_reads,
        packs_documents=given.packs_documents,
    )
    with _catch_signals() as told_to_stop, EphemeralServer(options) as server:
        say(f"feedproc serves {server.url}")
        say("  everything is in memory, and gone when this ends")
        if given.has_control:
            say(f"  control         {server.url}{PREFIX}/openapi.json")
            say(f"  console         {server.url}{CONSOLE}/")
        say("")
        for line in _describe_seller(sellers[0]):
            say(line)
        told_to_stop()
        say("Stopping …")


@contextmanager
def _run_moto_beside(options: "Options") -> Iterator["Options"]:
    """Start the server when the options ask for it; yield options that lead there. What is in it ends with it."""
    if not options.moto:
        yield options
        return
    from feedproc.wiring.aws import run_moto  # noqa: PLC0415 - boto3 takes long to load

    with run_moto(options.moto_port) as aws:
        yield replace(options, aws=aws)


@contextmanager
def _catch_signals() -> Iterator[Callable[[], None]]:
    """Take over Ctrl-C and SIGTERM; yield what waits for one of them.

    The system writes each signal into a pipe. A handler in Python could come too late, and would deadlock if it took
    the lock of what waits for it.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = {number: signal.signal(number, _ignore) for number in _STOPPING}
    descriptor = signal.set_wakeup_fd(writer)
    try:
        yield lambda: _wait(reader)
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the pipe tells of the signal."""


def _wait(reader: int) -> None:
    while os.read(reader, 1)[0] not in _STOPPING:
        pass


def _describe_server(options: "Options", server: "Server") -> list[str]:
    lines = [f"feedproc serves {server.endpoint}", *_describe_store(options)]
    if options.public is not None:
        lines.append(f"  public address  {options.public}, through a proxy at {options.proxy or 'this machine'}")
    lines.append(f"  console         {server.endpoint}{CONSOLE}/")
    if options.has_control:
        from feedproc.control.app import PREFIX  # noqa: PLC0415 - rarely needed

        lines.append(f"  control         {server.endpoint}{PREFIX}/openapi.json")
    lines.append(f"  workers         {'one, in the same process' if options.has_control else options.workers}")
    lines.append(f"  quotas          {options.quotas}")
    if options.has_local_seller:
        lines += ["", *_describe_seller(LOCAL_SELLER), "", *_describe_client(server.endpoint, LOCAL_SELLER)]
        lines += ["", *describe_sp_client(server.endpoint, LOCAL_SELLER)]
    elif options.aws is None:
        why = "as you asked" if options.is_local else "because other machines can reach this address"
        lines += ["", f"The local seller's keys are refused, {why}."]
        lines.append(f"Make a seller of your own with: feedproc sellers add --data-dir {options.data_dir}")
    if server.authority is not None:
        lines += ["", *_describe_trust(server.authority.resolve())]
    return [*lines, "", "Ctrl-C stops."]


def _describe_store(options: "Options") -> list[str]:
    if options.aws is None:
        return [f"  data directory  {options.data_dir}"]
    aws = options.aws
    lines = [f"  bucket          {aws.bucket}", f"  queue           {aws.queue_url}"]
    lines.append(f"  tables          {aws.table_prefix}…")
    if options.moto:
        lines += ["", "AWS is a server in this process; what is in it is gone when it stops. To look into it:"]
        lines += [f"  export {name}={value}" for name, value in as_environment(aws).items()]
        lines += [
            f"  aws --endpoint-url $AWS_ENDPOINT_URL dynamodb scan --table-name {aws.table_prefix}submissions",
            "  feedproc orders list --backend aws",
        ]
    return lines


def _describe_seller(seller: Seller) -> list[str]:
    return [
        "Credentials of the local seller, which are the same everywhere and good on this machine alone:"
        if seller == LOCAL_SELLER
        else "Credentials of the first seller:",
        f"  SellerId            {seller.seller_id}",
        f"  MerchantIdentifier  {seller.merchant_token}",
        f"  AWSAccessKeyId      {seller.access_key}",
        f"  secret key          {seller.secret_key}",
        f"  MWSAuthToken        {seller.auth_token}",
        f"  MarketplaceId       {seller.marketplace.marketplace_id}",
    ]


def _describe_client(endpoint: str, seller: Seller) -> list[str]:
    return [
        "A client, with the Python package mws:",
        "  import mws",
        f'  feeds = mws.Feeds("{seller.access_key}", "{seller.secret_key}", "{seller.seller_id}",',
        f'                    domain="{endpoint}")',
        '  feed = open("feed.xml", "rb").read()',
        '  feeds.submit_feed(feed, "_POST_ORDER_ACKNOWLEDGEMENT_DATA_", content_type="text/xml")',
    ]


def describe_sp_client(endpoint: str, seller: Seller) -> list[str]:
    """Return a program of SP-API that runs as it stands, two blanks before each of its lines."""
    url = urlsplit(endpoint)
    return [
        "A client of SP-API, with the Python package python-amazon-sp-api:",
        "  from types import SimpleNamespace",
        "  from sp_api.api.orders.orders_v0 import OrdersV0",
        "  from sp_api.base import AccessTokenClient",
        "  class Tokens(AccessTokenClient):",
        f'      scheme, host = "{url.scheme}://", "{url.netloc}"',
        f'  here = SimpleNamespace(endpoint="{endpoint}", marketplace_id="{seller.marketplace.marketplace_id}",',
        '                         region="us-west-2")',
        f'  keys = {{"lwa_app_id": "{seller.client_id}",',
        f'          "lwa_client_secret": "{seller.client_secret}",',
        f'          "refresh_token": "{seller.refresh_token}"}}',
        '  orders = OrdersV0(here, credentials=keys, refresh_token=keys["refresh_token"],',
        "                    auth_token_client_class=Tokens)",
        '  print(orders.get_orders(CreatedAfter="2020-01-01").payload["Orders"])',
    ]


def _describe_trust(authority: Path) -> list[str]:
    return [
        f"The certificate is signed by {authority}. To trust it, without turning verification off:",
        f"  Python (requests)   export REQUESTS_CA_BUNDLE={quote(str(authority))}",
        f"  Node                export NODE_EXTRA_CA_CERTS={quote(str(authority))}",
        f"  boto 2              [Boto] ca_certificates_file = {authority}   (and host localhost)",
        f"  curl                --cacert {quote(str(authority))}",
        f"  feedproc submit     --ca {quote(str(authority))}",
    ]
