"""What the processes beside a server run. Each loads what it needs by itself, as the server needs none of that."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from feedproc.aws.account import AwsSettings
from feedproc.serve.options import Options


def choose_work(options: Options, console: str) -> Callable[[Path], None]:
    """Return the life of a worker; `console` is the address of pages."""
    if options.aws is None:
        return partial(_work_on_disk, options.schemas, console, options.log_level)
    return partial(_work_on_aws, options.aws, options.schemas, console, options.log_level)


def choose_sending(options: Options) -> Callable[[Path], None]:
    """Return the life of the one process that sends what waits, and asks for what is due."""
    return _send_from_disk if options.aws is None else partial(_attend_on_aws, options.aws, options.moto)


def _work_on_disk(schemas: Path | None, console: str, level: int, data_dir: Path) -> None:
    from feedproc.serve.on_disk import work  # noqa: PLC0415 - see above

    work(data_dir, schemas, console, level)


def _send_from_disk(data_dir: Path) -> None:
    from feedproc.serve.on_disk import send  # noqa: PLC0415 - see above

    send(data_dir)


def _work_on_aws(aws: AwsSettings, schemas: Path | None, console: str, level: int, data_dir: Path) -> None:
    from feedproc.serve.on_aws import work_on_aws  # noqa: PLC0415 - see above

    work_on_aws(aws, data_dir, schemas, console, level)


def _attend_on_aws(aws: AwsSettings, sends: bool, data_dir: Path) -> None:
    from feedproc.serve.on_aws import attend_on_aws  # noqa: PLC0415 - see above

    attend_on_aws(aws, sends, data_dir)
