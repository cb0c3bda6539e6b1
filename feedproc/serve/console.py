"""What `feedproc serve` says, and how it waits to be stopped."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from types import FrameType
from urllib.parse import urlsplit

from feedproc.ports import Seller
from feedproc.serve.apis import CONSOLE
from feedproc.serve.options import Options
from feedproc.settings import as_environment
from feedproc.wiring.local_seller import LOCAL_SELLER

_STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def catch_signals() -> Iterator[Callable[[], None]]:
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


def describe_server(options: Options, endpoint: str, authority: Path | None) -> list[str]:
    """Return what is said when it serves at `endpoint`; with TLS clients are to trust the `authority`."""
    lines = [f"feedproc serves {endpoint}", *_describe_store(options)]
    if options.public is not None:
        lines.append(f"  public address  {options.public}, through a proxy at {options.proxy or 'this machine'}")
    lines.append(f"  console         {endpoint}{CONSOLE}/")
    if options.has_control:
        from feedproc.control.app import PREFIX  # noqa: PLC0415 - rarely needed

        lines.append(f"  control         {endpoint}{PREFIX}/openapi.json")
    lines.append(f"  workers         {'one, in the same process' if options.has_control else options.workers}")
    lines.append(f"  quotas          {options.quotas}")
    if options.has_local_seller:
        lines += ["", *describe_seller(LOCAL_SELLER), "", *_describe_client(endpoint, LOCAL_SELLER)]
        lines += ["", *describe_sp_client(endpoint, LOCAL_SELLER)]
    elif options.aws is None:
        why = "as you asked" if options.is_local else "because other machines can reach this address"
        lines += ["", f"The local seller's keys are refused, {why}."]
        lines.append(f"Make a seller of your own with: feedproc sellers add --data-dir {options.data_dir}")
    if authority is not None:
        lines += ["", *_describe_trust(authority.resolve())]
    return [*lines, "", "Ctrl-C stops."]


def _describe_store(options: Options) -> list[str]:
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


def describe_seller(seller: Seller) -> list[str]:
    """Return the keys of a seller, to be copied into a program."""
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
