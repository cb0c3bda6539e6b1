"""The adapters of the AWS back end, put together."""

from collections.abc import Callable

from feedproc.aws.account import AwsSettings
from feedproc.aws.batches.batches import DynamoBatches
from feedproc.aws.batches.marks import DynamoMarks
from feedproc.aws.clients import get_clients
from feedproc.aws.documents import S3Documents
from feedproc.aws.errors import describe_environment_fault
from feedproc.aws.orders.orders import DynamoOrders
from feedproc.aws.orders.tallies import DynamoTallies
from feedproc.aws.outbox.outbox import DynamoOutbox
from feedproc.aws.queue.held_messages import HeldMessages
from feedproc.aws.queue.queue import SqsQueue
from feedproc.aws.sellers.kms import KmsCipher
from feedproc.aws.sellers.sellers import DynamoSellers
from feedproc.aws.stock.journals import Journals
from feedproc.aws.stock.stock import DynamoStock
from feedproc.aws.submissions.submissions import DynamoSchedules, DynamoSubmissions
from feedproc.aws.subscriptions import DynamoSubscriptions
from feedproc.ports import Backend


def assemble_backend(settings: AwsSettings, new_key: Callable[[], str], wait: int) -> Backend:
    """Return the ports on AWS; nothing is connected before it is used."""
    clients = get_clients(settings)
    deliveries = HeldMessages(clients, new_key)
    orders = DynamoOrders(clients)
    journals = Journals(clients)
    submissions = DynamoSubmissions(clients, new_key, deliveries, journals)
    return Backend(
        sellers=DynamoSellers(clients, KmsCipher(clients), settings.opens_secrets),
        documents=S3Documents(clients, new_key),
        submissions=submissions,
        queue=SqsQueue(clients, submissions, deliveries, wait),
        orders=orders,
        batches=DynamoBatches(clients, orders, deliveries, journals),
        marks=DynamoMarks(clients),
        tallies=DynamoTallies(clients),
        stock=DynamoStock(clients),
        outbox=DynamoOutbox(clients),
        schedules=DynamoSchedules(clients),
        subscriptions=DynamoSubscriptions(clients),
        describe_fault=describe_environment_fault,
    )
