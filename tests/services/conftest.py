"""A shop whose outbox is emptied."""

import pytest

from tests.builders import Shop
from tests.services.post import Post, bought


@pytest.fixture
def post(shop: Shop) -> Post:
    return Post(shop.stocked(*[bought(number) for number in range(1, 31)]))
