"""The command line as tests speak of it: run a command, and look at what it printed."""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedproc.cli import main

SAMPLES = Path(__file__).parents[2] / "samples"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"


@dataclass(frozen=True)
class Run:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def objects(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of a table, by their cells, without the heading."""
        return [line.split("\t") for line in self.out.splitlines()[1:]]


class Shell:
    """Runs commands in this process, with one data directory."""

    def __init__(self, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, data_dir: Path) -> None:
        self._capture = capture
        self._patch = patch
        self.data_dir = data_dir
        patch.setenv("FEEDPROC_DATA_DIR", str(data_dir))

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Run:
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capture.readouterr()
        code = main([str(one) for one in arguments])
        printed = self._capture.readouterr()
        return Run(code, printed.out, printed.err)


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text
