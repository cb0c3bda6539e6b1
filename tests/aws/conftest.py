"""What the tests of the AWS back end share."""

from collections.abc import Iterator

import pytest

from feedproc.aws.account import AwsSettings
from tests.aws.builders import CloudShop
from tests.aws.cloud import a_cloud


@pytest.fixture
def cloud() -> Iterator[AwsSettings]:
    """An account with all that feedproc needs."""
    with a_cloud() as settings:
        yield settings


@pytest.fixture
def shop(cloud: AwsSettings) -> CloudShop:
    """A shop on AWS with one seller and no orders."""
    shop = CloudShop(cloud)
    shop.stocked()
    return shop
