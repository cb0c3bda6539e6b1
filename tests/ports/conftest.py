"""Every port's contract runs over every adapter that is listed here."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from feedproc import aws
from feedproc.aws.batches import batches
from feedproc.embedded import open_backend, workers_of
from feedproc.memory import MemoryStore
from feedproc.ports import Backend
from tests.aws.cloud import a_cloud
from tests.builders import a_seller, new_keys
from tests.ports.dynamodb_local import DynamoDbLocal, fetch_simulator


class Store(NamedTuple):
    """A back end, and what a test may do around it."""

    backend: Backend
    reopened: Callable[[], Backend]
    """Open the same store again, as another process would."""
    join: Callable[[str], None]
    """Let a worker of that name count as alive."""
    scale: int = 1
    """What large numbers are divided by, where a server for tests is slow."""
    as_announced: bool = False
    """Feeds of different sellers come in the order in which they were announced, rather than handed in."""
    writes_once: bool = False
    """A batch that was committed cannot be written again, so that its outbox entries need no second look."""


@contextmanager
def embedded(folder: Path) -> Iterator[Store]:
    def opened(first_key: int) -> Backend:
        return open_backend(folder / "data", new_keys(first_key))

    yield Store(opened(1), lambda: opened(1_000_000), workers_of(folder / "data").join)


@contextmanager
def on_aws(folder: Path) -> Iterator[Store]:
    with a_cloud() as settings:

        def opened(first_key: int) -> Backend:
            return aws.open_backend(settings, new_keys(first_key))

        yield Store(opened(1), lambda: opened(1_000_000), lambda worker: None, 10, True, True)


@contextmanager
def on_aws_with_journals(folder: Path) -> Iterator[Store]:
    """On AWS, where no line of a ledger has a place in the transaction of its batch."""
    with pytest.MonkeyPatch.context() as patch, on_aws(folder) as store:
        patch.setattr(batches, "MOST_ITEMS", 0)
        yield store


@contextmanager
def in_memory(folder: Path) -> Iterator[Store]:
    backend = MemoryStore(new_keys()).backend
    yield Store(backend, lambda: backend, lambda worker: None)


ADAPTERS: dict[str, Callable[[Path], AbstractContextManager[Store]]] = {
    "embedded": embedded,
    "aws": on_aws,
    "memory": in_memory,
}
VARIANTS = ADAPTERS | {"aws-journals": on_aws_with_journals}


@pytest.fixture(scope="session")
def dynamodb_local(pytestconfig: pytest.Config) -> Iterator[DynamoDbLocal]:
    """The server, with its jar kept in pytest's cache."""
    with DynamoDbLocal(fetch_simulator(pytestconfig.cache.mkdir("dynamodb-local"))) as server:
        yield server


@contextmanager
def on_dynamodb_local(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """On AWS as moto plays it, but for DynamoDB."""
    with request.getfixturevalue("dynamodb_local").serve_dynamodb(), on_aws(folder) as store:
        yield store


@pytest.fixture(
    params=[*ADAPTERS, *(pytest.param(name, marks=pytest.mark.nightly) for name in ("aws-journals", "dynamodb-local"))]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store with two sellers."""
    open_store = VARIANTS.get(request.param, partial(on_dynamodb_local, request))
    with open_store(tmp_path) as made:
        made.backend.sellers.add(a_seller())
        made.backend.sellers.add(a_seller("A3RIVAL"))
        yield made


@pytest.fixture
def backend(store: Store) -> Backend:
    return store.backend
