"""A server on this machine that speaks AWS, and everything that the back end needs made there.

On AWS itself `serverless.yml` makes it.
"""

import logging
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock, Thread
from typing import Any

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import Clients, get_clients
from feedproc.aws.dynamo.tables import TABLES, TTL, Table
from feedproc.errors import Unusable


def create_all(settings: AwsSettings) -> None:
    """Make the bucket, the queue, the key under its alias, and the tables; what is there stays as it is."""
    clients = get_clients(settings)
    _create_bucket(clients)
    _create_queue(clients)
    _create_key(clients)
    for table in TABLES.values():
        _create_table(clients, table)


def _create_bucket(clients: Clients) -> None:
    where = {"LocationConstraint": clients.settings.region}
    elsewhere = {} if clients.settings.region == "us-east-1" else {"CreateBucketConfiguration": where}
    with suppress(clients.s3.exceptions.BucketAlreadyOwnedByYou):
        clients.s3.create_bucket(Bucket=clients.settings.bucket, **elsewhere)


def _create_queue(clients: Clients) -> None:
    name = clients.settings.queue_url.rpartition("/")[2]
    clients.sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true", "VisibilityTimeout": "900"})


def _create_key(clients: Clients) -> None:
    """Make a key, if the settings name one by an alias."""
    alias = clients.settings.kms_key_id
    if not alias.startswith("alias/"):
        return
    try:
        clients.kms.describe_key(KeyId=alias)
    except clients.kms.exceptions.NotFoundException:
        key = clients.kms.create_key(Description="feedproc: sellers' secrets")["KeyMetadata"]["KeyId"]
        clients.kms.create_alias(AliasName=alias, TargetKeyId=key)


def _create_table(clients: Clients, table: Table) -> None:
    name = clients.get_table_name(table)
    try:
        clients.dynamodb.create_table(**table.define(clients.settings.table_prefix))
    except clients.dynamodb.exceptions.ResourceInUseException:
        return
    clients.dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    if table.expires:
        with suppress(ClientError):  # some servers for developers know no TTL
            clients.dynamodb.update_time_to_live(
                TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL}
            )


_HOST = "127.0.0.1"


def _take_port(port: int) -> socket.socket:
    """Return a socket at a port; the server would end the process where it is in use."""
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        raise Unusable(f"Port {port} on {_HOST} is not to be had for AWS: {error.strerror}") from error


@contextmanager
def serve_moto(port: int = 0) -> Iterator[str]:
    """Start the server at a port, 0 for any that is free; yield its address. Everything in it is gone at the end.

    Raises:
        Unusable: moto is not installed, or the port is not to be had.

    """
    try:
        from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - an extra, and slow to load
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
    except ImportError as error:
        raise Unusable('moto is not installed; install it with: pip install "feedproc[moto]"') from error
    from werkzeug.serving import make_server  # noqa: PLC0415 - as above

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = _InTurn(DomainDispatcherApplication(create_backend_app))
    with _take_port(port) as taken:
        port = taken.getsockname()[1]
        server = make_server(_HOST, port, app, threaded=True, request_handler=MotoRequestHandler, fd=taken.fileno())
    thread = Thread(target=server.serve_forever, name="moto", daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _InTurn:
    """Answers some requests one at a time.

    Those for tables, as moto takes a transaction back by putting whole tables back; and those that copy within S3, as
    all of its threads read an object by one file.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = RLock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_for_tables = environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB")
        if not is_for_tables and "HTTP_X_AMZ_COPY_SOURCE" not in environ:
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer
        with self._lock:
            return list(self._app(environ, start_response))
