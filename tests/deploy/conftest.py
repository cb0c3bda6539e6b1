"""The tools, installed and run once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deploy.project import Project
from tests.deploy.steps import needed


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "deploy: installs tools with npm and really deploys; some minutes")


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """What `osls package` and `serverless package` make of it, offline and without an account, for arm64."""
    needed("node", "npm")
    folder = tmp_path_factory.mktemp("packaged")
    projects = {tool: Project(folder / tool, tool) for tool in ("osls", "serverless")}

    def package(project: Project) -> None:
        project.install()
        project.run("package")

    with ThreadPoolExecutor() as together:
        for packaging in [together.submit(package, one) for one in projects.values()]:
            packaging.result()
    return projects


@pytest.fixture(scope="session")
def installed(packaged: dict[str, Project]) -> Path:
    """Where osls is installed."""
    return packaged["osls"].folder / "node_modules"
