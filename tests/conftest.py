"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Shop

# Commands speak the language of whoever runs the tests, unless told otherwise.
os.environ["LC_ALL"] = "C.UTF-8"
# Hundreds of processes are started; where Python keeps nothing that it compiled, each compiles all that it loads.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
settings.register_profile(
    "feedproc",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("feedproc")

_SLOW = frozenset(Path(__file__).with_name("slow.txt").read_text("utf-8").splitlines())


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run on all cores when no file is named; `-n 0` runs in this process, as do a debugger and `-p no:xdist`.

    This comes before xdist reads the same options, and not in the processes that xdist has started.
    """
    option = config.option
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not hasattr(config, "workerinput")
    if is_whole and getattr(option, "numprocesses", 0) is None and not option.usepdb and not option.collectonly:
        option.numprocesses = "auto"
        option.dist = "worksteal"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that `slow.txt` lists, and leave out the nightly ones unless `-m` names them."""
    if "nightly" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    # First what installs tools and takes longest: one process does it, the others meanwhile all the rest.
    items.sort(key=lambda item: item.get_closest_marker("deploy") is None)
    for item in items:
        function = getattr(item, "originalname", item.name)
        if {function, item.name} & _SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with one seller and no orders."""
    return Shop(tmp_path / "data").stocked()
