"""Every port's contract runs over every adapter that is listed here."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from feedproc.embedded import open_backend, workers_of
from feedproc.ports import Backend
from tests.builders import a_seller, new_keys


class Store(NamedTuple):
    """A back end, and what a test may do around it."""

    backend: Backend
    reopened: Callable[[], Backend]
    """Open the same store again, as another process would."""
    join: Callable[[str], None]
    """Let a worker of that name count as alive."""


def embedded(folder: Path) -> Store:
    def opened(first_key: int) -> Backend:
        return open_backend(folder / "data", new_keys(first_key))

    backend = opened(1)
    return Store(backend, lambda: opened(1_000_000), workers_of(folder / "data").join)


ADAPTERS = {"embedded": embedded}


@pytest.fixture(params=ADAPTERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store with two sellers."""
    made = ADAPTERS[request.param](tmp_path)
    made.backend.sellers.add(a_seller())
    made.backend.sellers.add(a_seller("A3RIVAL"))
    return made


@pytest.fixture
def backend(store: Store) -> Backend:
    return store.backend
