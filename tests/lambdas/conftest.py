"""Where metrics go, as `serverless.yml` says it to the functions; and what the functions write."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from aws_lambda_powertools.logging.filters import SuppressFilter

from feedproc.lambdas import watching


@pytest.fixture(autouse=True)
def _container(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Let logger and metrics be made anew, and leave Python's own loggers as they were."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "feedproc/test")
    yield
    watching.get_logger.cache_clear()
    watching.get_metrics.cache_clear()
    own = logging.getLogger(watching.SERVICE)
    own.handlers.clear()
    own.setLevel(logging.NOTSET)
    for name in ("init", "powertools_handler"):
        vars(own).pop(name, None)
    for handler in logging.root.handlers:
        handler.filters = [one for one in handler.filters if not isinstance(one, SuppressFilter)]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, object]]]:
    """The lines that the functions wrote: log entries, and metrics."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
