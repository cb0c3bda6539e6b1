"""The connections to AWS: made when first needed, once a process."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from itertools import count
from threading import RLock
from typing import Any, Protocol

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.dynamo.quick import quicken
from feedproc.aws.errors import is_busy

_TRIES = 6
"""Of each request, made by botocore itself after a throttle, a fault of the server or a broken connection."""
_SENDERS_TRIES = 3
"""Of what a sender hands over: it comes back to it later, and must not let all others wait for one."""
_CONNECT_SECONDS, _READ_SECONDS = 5, 30
_ANNOUNCERS_TRIES, _ANNOUNCERS_SECONDS = 2, 4
"""Of what announces a feed: its seller waits for an answer then, within API Gateway's 30 s."""
_LOCAL = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
MOST_TRIES = 8
"""After so many the error surfaces, and the work is tried again as a whole."""
_FIRST, _LONGEST = 0.05, 2.0
_making = RLock()


class Named(Protocol):
    """A table, as far as its name is needed."""

    @property
    def name(self) -> str:
        """What it is called without the prefix."""


class Clients:
    """One client a service. They may be used by several threads."""

    def __init__(self, settings: AwsSettings, pause: Callable[[float], None] = time.sleep) -> None:
        """Remember where everything is; nothing is connected before it is used."""
        self.settings = settings
        self.pause = pause
        self._numbers = count()

    @cached_property
    def s3(self) -> Any:
        """Of the bucket."""
        return self._make("s3")

    @cached_property
    def signing(self) -> Any:
        """Of the bucket, for addresses alone: signed with what an upload's label is, too, and for the region's host."""
        style = "virtual" if self.settings.endpoint_url is None else "path"
        return self._make("s3", more={"signature_version": "s3v4", "s3": {"addressing_style": style}})

    @cached_property
    def sqs(self) -> Any:
        """Of the queue."""
        return self._make("sqs")

    @cached_property
    def announcing(self) -> Any:
        """Of the queue, for short tries: what it does not take now is announced later."""
        return self._make("sqs", tries=_ANNOUNCERS_TRIES, seconds=_ANNOUNCERS_SECONDS)

    @cached_property
    def dynamodb(self) -> Any:
        """Of the tables. AWS checks its parameters; botocore would take long for it, too."""
        client = self._make("dynamodb", more={"parameter_validation": False})
        quicken(client)
        return client

    @cached_property
    def kms(self) -> Any:
        """Of the key that encrypts secrets."""
        return self._make("kms")

    @cached_property
    def ses(self) -> Any:
        """Of the sender of e-mails."""
        return self._make("sesv2", tries=_SENDERS_TRIES)

    def get_sqs_in(self, region: str) -> Any:
        """Return a client of queues in a region, which may be another."""
        if region == self.settings.region:
            return self.sqs
        return self._elsewhere(region)

    def take_number(self) -> int:
        """Return a number that this process has not been given before, each greater than the last."""
        return next(self._numbers)

    def get_table_name(self, table: Named) -> str:
        """Return what a table is called."""
        return self.settings.table_prefix + table.name

    def write(self, operation: str, **statement: Any) -> Any:
        """Do one write of DynamoDB, again while a transaction is busy with the item.

        Raises:
            ClientError: its condition did not hold, or DynamoDB was busy for too long.

        """
        call = getattr(self.dynamodb, operation)
        for seconds in draw_pauses():
            try:
                return call(**statement)
            except ClientError as error:
                if not is_busy(error):
                    raise
                self.pause(seconds)
        return call(**statement)

    @cached_property
    def _elsewhere(self) -> Callable[[str], Any]:
        return cache(lambda region: self._make("sqs", region, _SENDERS_TRIES))

    @cached_property
    def _session(self) -> Any:
        from feedproc.aws.models import open_session  # noqa: PLC0415 - slow to load, and rarely needed by a command

        return open_session(self.settings.region)

    def _make(
        self,
        service: str,
        region: str | None = None,
        tries: int = _TRIES,
        seconds: int = _READ_SECONDS,
        more: Mapping[str, Any] | None = None,
    ) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - as above

        with _making:  # a session is not made for several threads
            return self._session.create_client(
                service,
                region_name=region or self.settings.region,
                endpoint_url=self.settings.endpoint_url,
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": tries},
                    connect_timeout=min(_CONNECT_SECONDS, seconds),
                    read_timeout=seconds,
                    max_pool_connections=32,
                    **(more or {}),
                ),
                **(_LOCAL if self.settings.local_credentials else {}),
            )


@cache
def get_clients(settings: AwsSettings) -> Clients:
    """Return the clients of this process."""
    return Clients(settings)


def draw_pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further try: random, up to a bound that doubles; 6 s in all on average."""
    for number in range(MOST_TRIES - 1):
        yield random.uniform(0, min(_LONGEST, _FIRST * 2**number))  # noqa: S311 - spreads load, hides nothing
