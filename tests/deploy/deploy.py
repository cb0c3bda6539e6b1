"""A real deployment from nothing, with one command: `python -m tests.deploy.deploy`.

Installs osls and ministack, deploys `serverless.yml`, drives the HTTP API with real MWS clients, removes everything and
looks that nothing is left. Then lets DynamoDB Local judge the adapters. Prints each step with the time it took.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.deploy.deployment import Deployment
from tests.deploy.flow import drive
from tests.deploy.ministack import Ministack
from tests.deploy.project import Project
from tests.deploy.steps import ROOT, done, step


def run(folder: Path, installed: Path | None = None) -> None:
    """Deploy, drive and remove. `installed` is where npm put osls, if it did already."""
    began = time.monotonic()
    (folder / "ministack").mkdir(parents=True)
    project, cloud = Project(folder / "project"), Ministack(folder / "ministack")
    with step("osls and ministack installed from nothing"), ThreadPoolExecutor() as together:
        for installing in [together.submit(project.install, installed), together.submit(cloud.install)]:
            installing.result()
    with cloud:
        deployed = Deployment(cloud, project)
        with step("`osls deploy`"):
            deployed.deploy()
        print(f"          {project.package.stat().st_size / 1e6:.1f} MB of code, API at {deployed.endpoint}")
        deployed.allow_plain_http()
        drive(deployed)
        with step("`osls remove`, nothing left"):
            deployed.remove()
            assert deployed.leftovers() == []
    print(f"{time.monotonic() - began:6.1f} s  in all")


def main() -> None:
    """Do it in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder))
    with step("the contracts of all ports over DynamoDB Local"):
        print(done([sys.executable, "-m", "pytest", "-n", "0", "-m", "nightly", "tests/ports"], ROOT, seconds=1_800))


if __name__ == "__main__":
    main()
