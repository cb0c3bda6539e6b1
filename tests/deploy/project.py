"""A copy of what is deployed, with the tools that deploy it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from subprocess import STDOUT
from typing import Any

from tests.deploy.steps import ROOT, done

DEPLOYED = ("serverless.yml", "package.json", "requirements-lambda.txt", "infrastructure", "feedproc", "schemas")
TEMPLATE = "cloudformation-template-update-stack.json"
NOBODY = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
SERVERLESS_3 = (
    '{"private": true, "devDependencies": {"serverless": "3.39.0", "serverless-python-requirements": "6.1.2"}}'
)


class Project:
    """A folder in which `osls`, or version 3 of `serverless`, works on our `serverless.yml`."""

    def __init__(self, folder: Path, tool: str = "osls") -> None:
        self.folder = folder
        self._tool = tool
        folder.mkdir(parents=True)
        for name in DEPLOYED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        if tool == "serverless":
            (folder / "package.json").write_text(SERVERLESS_3)

    def install(self, installed: Path | None = None) -> None:
        """Install the tool and its plug-in, or use those that are installed there."""
        if installed is not None:
            (self.folder / "node_modules").symlink_to(installed)
            return
        done(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], self.folder)

    def run(self, command: str, environment: Mapping[str, str] = NOBODY, **params: str) -> str:
        """Run one of the tool's commands; return all that it told."""
        given = [f"--param={name}={value}" for name, value in params.items()]
        tool = self.folder / "node_modules" / ".bin" / self._tool
        return done([tool, command, *given], self.folder, {"SLS_TELEMETRY_DISABLED": "1", **environment}, errors=STDOUT)

    @property
    def template(self) -> dict[str, Any]:
        """The CloudFormation template that was packaged."""
        return json.loads((self.folder / ".serverless" / TEMPLATE).read_text())

    @property
    def package(self) -> Path:
        """The code that was packaged."""
        return self.folder / ".serverless" / "feedproc.zip"
