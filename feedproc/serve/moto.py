"""A server that speaks AWS, in this process: for developers, who can look into it with the AWS CLI."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from feedproc import wiring
from feedproc.serve.server import Options


@contextmanager
def beside(options: Options) -> Iterator[Options]:
    """Start the server when the options ask for it; yield options that lead there. What is in it ends with it."""
    if not options.moto:
        yield options
        return
    with wiring.moto_server() as aws:
        yield replace(options, aws=aws)
