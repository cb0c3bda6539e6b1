"""The JDK's Xerces, asked about many documents in one run."""

import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from feedproc.formats.xml.schemas import OURS

_ESCAPES = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}


class Told(NamedTuple):
    """One finding, from either side."""

    fatal: bool
    line: int
    column: int
    sentence: str


def java() -> str | None:
    """Return the JVM, if there is one."""
    return shutil.which("java")


def must_have_java() -> bool:
    """Whether a machine without Java is a fault."""
    return bool(os.environ.get("CI"))


def ask(documents: Sequence[bytes]) -> list[list[Told]]:
    """Return Xerces' findings for each of `documents`."""
    with tempfile.TemporaryDirectory() as place, OURS.assembly.open() as schema:
        packed = Path(place, "documents")
        packed.write_bytes(b"".join(struct.pack(">i", len(each)) + each for each in documents))
        source = Path(__file__).with_name("Findings.java")
        command = [java() or "java", "-Duser.language=en", "-Duser.country=US", str(source), str(schema), str(packed)]
        output = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    told: list[list[Told]] = [[] for _ in documents]
    for line in output.split("\n")[:-1]:
        number, kind, at_line, at_column, sentence = line.split("\t")
        told[int(number)].append(Told(kind == "F", int(at_line), int(at_column), _plain(sentence)))
    return told


def _plain(escaped: str) -> str:
    text = re.sub(r"\\[\\tnr]", lambda match: _ESCAPES[match[0]], escaped)
    # Amazon's engine is older than the JDK's and has no letter here.
    return text.replace("cvc-elt.1.a:", "cvc-elt.1:", 1) if text.startswith("cvc-elt.1.a:") else text
