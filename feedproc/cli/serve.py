"""`feedproc serve`."""

from pathlib import Path

import click

from feedproc import settings
from feedproc.cli.options import data_dir
from feedproc.mws.throttle import QuotaMode
from feedproc.serve.console import serve_until_stopped
from feedproc.serve.logs import log_to_stderr
from feedproc.serve.server import Options


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 for any that is free.")
@data_dir
@click.option("--tls", is_flag=True, help="Speak https, with a certificate made for this machine.")
@click.option("--workers", type=click.IntRange(1, 256), show_default="one per core", help="Worker processes.")
@click.option(
    "--quotas", type=click.Choice(["off", "amazon"]), default="off", show_default=True, help="Refuse as Amazon did?"
)
def command(host: str, port: int, data_dir: Path, tls: bool, workers: int | None, quotas: str) -> None:
    """Serve MWS on this machine until Ctrl-C.

    What an earlier run left unfinished is finished. On first use a local seller with fixed keys is made; they are
    refused when other machines can reach the address.
    """
    log_to_stderr()
    options = Options(
        data_dir=data_dir,
        host=host,
        port=port,
        workers=workers or settings.cores(),
        quotas=QuotaMode(quotas),
        tls=tls,
    )
    serve_until_stopped(options, click.echo)
