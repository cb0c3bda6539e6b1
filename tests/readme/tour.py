"""A reader who does what README.md says, in a folder with the samples, while the server runs."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.readme.readme import COMMANDS, PROJECT

PORT = 8080
_PATIENCE = 60


class Reader:
    """Types commands as they are written; another port stands for 8080 when that is taken."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.submission_id = ""
        shutil.copytree(PROJECT / "samples", folder / "samples")
        command = folder / "bin" / "feedproc"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedproc "$@"\n')
        command.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return os.environ | {"PATH": path, "PYTHONPATH": str(PROJECT), "HOME": str(self.folder)}

    def typed(self, command: str) -> str:
        """What the reader types for a command: with the id that was printed last, and the port there is."""
        words = command.replace(" ID ", f" {self.submission_id} ").replace(str(PORT), str(self.port))
        if self.port != PORT and command.startswith("feedproc submit"):
            words += f" --endpoint http://127.0.0.1:{self.port}"
        return words

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        typed = ["bash", "-c", self.typed(command)]
        ran = self._run(typed)
        if command.startswith("feedproc submit"):
            self.submission_id = ran.stderr.partition("\n")[0].strip()
        return ran

    def run_program(self, code: str) -> "subprocess.CompletedProcess[str]":
        return self._run(
            [
                sys.executable,
                "-c",
                code.replace(f":{PORT}", f":{self.port}").replace(f"port={PORT}", f"port={self.port}"),
            ]
        )

    def run_in_node(self, code: str, modules: Path) -> "subprocess.CompletedProcess[str]":
        """Run a program beside the packages that the reader has installed."""
        place = self.folder / "node_modules"
        if not place.exists():
            place.symlink_to(modules)
        program = self.folder / "program.mjs"
        program.write_text(code.replace(str(PORT), str(self.port)), encoding="utf-8")
        return self._run(["node", str(program)])

    def _run(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Reader, str]]:
    """Type the command that serves; yield the reader, and all that the server says."""
    reader = Reader(folder, _port())
    (command,) = [one for one in COMMANDS if one.startswith("feedproc serve")]
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(
            reader.typed(command).split(),
            cwd=folder,
            env=reader.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as server,
    ):
        try:
            assert server.stdout is not None
            said = ""
            for line in server.stdout:
                said += line
                if line == "Ctrl-C stops.\n":
                    break
            assert said.endswith("Ctrl-C stops.\n"), (folder / "server.log").read_text()
            yield reader, said
        finally:
            server.terminate()


def _port() -> int:
    for port in (PORT, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as found:
                return int(found.getsockname()[1])
        except OSError:
            continue
    raise AssertionError("no port is free")
