"""Xerces and feedproc side by side, over many random schemas."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from feedproc.errors import Unusable
from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml.assembly import ENVELOPE
from feedproc.formats.xml.folder import load_folder
from feedproc.formats.xml.schemas import Schemas
from feedproc.xerces import Schema, UnknownSchema, read_schema, validate
from tests.xerces.anyschema.asking import Answer, Job, ask_all
from tests.xerces.anyschema.documents import DocumentMaker
from tests.xerces.anyschema.schemas import EnvelopeMaker, SchemaMaker
from tests.xerces.compare import told_of_feed
from tests.xerces.oracle import Told


class Pair(NamedTuple):
    """A schema and its documents, judged by both."""

    seed: int
    source: str
    documents: list[bytes]
    theirs: Answer
    ours: list[list[Told]]
    refusal: str
    """Why feedproc does not take the schema; empty when it does."""

    @property
    def differing(self) -> Iterator[int]:
        """Yield the numbers of the documents on which they disagree."""
        if not self.theirs.refusal and not self.refusal:
            yield from (at for at, theirs in enumerate(self.theirs.told) if not same(theirs, self.ours[at]))


_FAILED = "Can't find resource for bundle"


def same(theirs: list[Told], ours: list[Told]) -> bool:
    """Say whether two lists are the same, as far as Xerces goes: it fails for want of the words for one rule."""
    if theirs and theirs[-1].sentence.startswith(_FAILED):
        theirs = theirs[:-1]
        ours = ours[: len(theirs)] if len(ours) > len(theirs) else []
    theirs = theirs[:MAX_PIECE_FINDINGS]
    # The JDK gives an address in memory for a name.
    return [_nameless(one) for one in theirs] == [_nameless(one) for one in ours]


def _nameless(told: Told) -> Told:
    return told._replace(sentence=re.sub('"KeyRef(?:@[0-9a-f]+)?"', '"KeyRef"', told.sentence))


def told_of(schema: Schema, document: bytes) -> list[Told]:
    """Return what feedproc finds in a document by a schema."""
    faults = validate(document, schema, most=MAX_PIECE_FINDINGS)
    return [Told(fault.fatal, fault.line, fault.column, fault.sentence) for fault in faults]


def pairs(place: Path, seeds: range, documents: int) -> list[Pair]:
    """Return random schemas, each with so many documents, judged."""
    jobs, made = [], []
    for seed in seeds:
        source = SchemaMaker(seed).text()
        path = place / f"schema{seed}.xsd"
        path.write_text(source, encoding="utf-8")
        try:
            schema, refusal = read_schema(path), ""
        except UnknownSchema as unknown:
            schema, refusal = None, str(unknown)
        maker = DocumentMaker(schema, source, seed) if schema else None
        texts = [maker.document() for _ in range(documents)] if maker else []
        made.append((seed, source, texts, schema, refusal))
        jobs.append(Job(path, texts))
    answers = ask_all(jobs)
    found = []
    for (seed, source, texts, schema, refusal), answer in zip(made, answers, strict=True):
        ours = [told_of(schema, text) for text in texts] if schema and not answer.refusal else []
        found.append(Pair(seed, source, texts, answer, ours, refusal))
    return found


def feeds(place: Path, seeds: range, documents: int) -> list[Pair]:
    """Return random folders of schemas, each with so many feeds, which are read as feeds are."""
    jobs, made = [], []
    for seed in seeds:
        folder = place / f"folder{seed}"
        folder.mkdir()
        files = EnvelopeMaker(seed).files()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        source = "".join(files.values())
        try:
            schemas, refusal = load_folder(folder), ""
        except Unusable as unusable:
            schemas, refusal = None, str(unusable)
        maker = DocumentMaker(schemas.compiled, source, seed, faults=0.4) if schemas else None
        texts = [maker.document() for _ in range(documents)] if maker else []
        made.append((seed, source, texts, schemas, refusal))
        jobs.append(Job(folder / ENVELOPE, texts))
    answers = ask_all(jobs)
    return [
        Pair(seed, source, texts, answer, _read(schemas, texts) if not answer.refusal else [], refusal)
        for (seed, source, texts, schemas, refusal), answer in zip(made, answers, strict=True)
    ]


def _read(schemas: Schemas | None, texts: list[bytes]) -> list[list[Told]]:
    return [told_of_feed(text, schemas) for text in texts] if schemas is not None else []


def kinds(found: list[Pair]) -> Counter[str]:
    """Return in what ways they disagree, by the first finding that differs."""
    counts: Counter[str] = Counter()
    for pair in found:
        for at in pair.differing:
            counts[_kind(pair.theirs.told[at], pair.ours[at])] += 1
    return counts


def _kind(theirs: list[Told], ours: list[Told]) -> str:
    for index in range(max(len(theirs), len(ours))):
        one = theirs[index] if index < len(theirs) else None
        other = ours[index] if index < len(ours) else None
        if one != other:
            return f"{_rule(one)} / {_rule(other)}"
    return "the same"


def _rule(told: Told | None) -> str:
    return "nothing" if told is None else told.sentence.split(":")[0]
