"""What goes wrong while something is handed over to AWS for delivery, said as the ports want it."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from feedproc.aws.clients import code_of
from feedproc.errors import DeliveryDelayed


@contextmanager
def handing_over(service: str) -> Iterator[None]:
    """Turn what boto3 raises into `DeliveryDelayed`, which tells codes and names alone: other texts may quote a buyer.

    A call with parameters that boto3 does not take is a fault of ours, and surfaces.
    """
    try:
        yield
    except ClientError as error:
        raise DeliveryDelayed(f"{service} answers {code_of(error)}") from error
    except ParamValidationError:
        raise
    except BotoCoreError as error:
        raise DeliveryDelayed(f"{service} cannot be reached or used: {type(error).__name__}") from error
