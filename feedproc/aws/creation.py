"""Everything that the back end needs, made at a server for developers. On AWS itself `serverless.yml` makes it."""

from contextlib import suppress

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import Clients, clients_of
from feedproc.aws.tables import TABLES, TTL, Table


def create_all(settings: AwsSettings) -> None:
    """Make the bucket, the queue, the key under its alias, and the tables; what is there stays as it is."""
    clients = clients_of(settings)
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
    name = clients.table(table)
    try:
        clients.dynamodb.create_table(**table.definition(clients.settings.table_prefix))
    except clients.dynamodb.exceptions.ResourceInUseException:
        return
    clients.dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    if table.expires:
        with suppress(ClientError):  # some servers for developers know no TTL
            clients.dynamodb.update_time_to_live(
                TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL}
            )
