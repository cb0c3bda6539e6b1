"""How far feedproc agrees with Xerces by any schema: `python bench/schema_agreement.py [NUMBER] [SEED] [--feeds] [-v]`.

NUMBER random schemas, each with 25 random documents, valid and faulty. With --feeds they are schemas of AmazonEnvelope
in a folder, and the documents are read as feeds are: in pieces, with libxml2's verdict where that is enough. With -v
the disagreements are printed in full.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.xerces.anyschema.agreement import Pair, feeds, kinds, pairs, same

_DOCUMENTS = 25
_AT_ONCE = 400


def main(schemas: int = 2_000, seed: int = 1) -> None:
    """Print how many agree, and the kinds of disagreement."""
    rows: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    start = time.perf_counter()
    for first in range(seed, seed + schemas, _AT_ONCE):
        with tempfile.TemporaryDirectory() as place:
            judge = feeds if "--feeds" in sys.argv else pairs
            found = judge(Path(place), range(first, min(first + _AT_ONCE, seed + schemas)), _DOCUMENTS)
        ways += kinds(found)
        for pair in found:
            _count(rows, pair)
            if "-v" in sys.argv:
                _show(pair)
    print(f"{schemas} schemas from seed {seed}, {time.perf_counter() - start:.0f} s\n")
    print("| what | of | same |\n|---|---|---|")
    for row in ("schema taken or refused", "verdict", "place of the first finding", "its sentence", "whole list"):
        print(f"| {row} | {rows[row]} | {rows[f'{row}, same'] / max(1, rows[row]):.4%} |")
    print(f"\n{rows['valid']} documents were valid; {rows['refused by both']} schemas were none. Xerces / feedproc:\n")
    for words, times in ways.most_common(60):
        print(f"- {times} × {words}")


def _count(rows: Counter[str], pair: Pair) -> None:
    rows["schema taken or refused"] += 1
    rows["schema taken or refused, same"] += bool(pair.refusal) <= bool(pair.theirs.refusal)
    rows["refused by both"] += bool(pair.theirs.refusal)
    if pair.refusal and not pair.theirs.refusal:
        print(f"- seed {pair.seed} is refused by feedproc alone: {pair.refusal}")
    if pair.refusal or pair.theirs.refusal:
        return
    for theirs, ours in zip(pair.theirs.told, pair.ours, strict=True):
        rows["verdict"] += 1
        rows["verdict, same"] += bool(theirs) == bool(ours)
        rows["valid"] += not theirs
        if theirs:
            first = ours[0] if ours else None
            rows["place of the first finding"] += 1
            rows["place of the first finding, same"] += first is not None and first[1:3] == theirs[0][1:3]
            rows["its sentence"] += 1
            rows["its sentence, same"] += first is not None and first.sentence == theirs[0].sentence
            rows["whole list"] += 1
            rows["whole list, same"] += same(theirs, ours)


def _show(pair: Pair) -> None:
    for at in list(pair.differing)[:2]:
        print(f"\n== seed {pair.seed}, document {at}\n{pair.source}\n{pair.documents[at].decode()}\n-- Xerces")
        print(*pair.theirs.told[at], sep="\n")
        print("-- feedproc")
        print(*pair.ours[at], sep="\n")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] if argument.isdigit()))
