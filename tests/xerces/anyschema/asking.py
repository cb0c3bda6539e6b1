"""The JDK's Xerces, asked about many schemas and their documents in one run."""

import os
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.xerces.oracle import Told, _plain, java

_SOURCE = Path(__file__).with_name("AnySchema.java")


class Job(NamedTuple):
    """A schema on disk, and documents to be judged by it."""

    schema: Path
    documents: Sequence[bytes]


class Answer(NamedTuple):
    """What Xerces said of one job."""

    refusal: str
    """Why the schema itself is wrong; empty for a schema that is right."""
    told: list[list[Told]]


def ask_all(jobs: Sequence[Job]) -> list[Answer]:
    """Return what Xerces finds, job by job."""
    with tempfile.TemporaryDirectory() as place:
        packed = Path(place, "jobs")
        packed.write_bytes(b"".join(map(_packed, jobs)))
        options = ["-Duser.language=en", "-Duser.country=US", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command = [java() or "java", *options, str(_SOURCE), str(packed)]
        ran = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    answers = [Answer("", [[] for _ in job.documents]) for job in jobs]
    for line in ran.stdout.decode().split("\n")[:-1]:
        job, number, kind, at_line, at_column, sentence = line.split("\t")
        if kind == "S":
            answers[int(job)] = answers[int(job)]._replace(refusal=f"line {at_line}: {sentence}")
        else:
            told = Told(kind == "F", int(at_line), int(at_column), _plain(sentence))
            answers[int(job)].told[int(number)].append(told)
    return answers


def _packed(job: Job) -> bytes:
    parts = [str(job.schema).encode(), *job.documents]
    lengths = [struct.pack(">i", len(part)) + part for part in parts]
    return lengths[0] + struct.pack(">i", len(job.documents)) + b"".join(lengths[1:])
