"""How far feedproc agrees with Xerces: `python bench/xerces_agreement.py [NUMBER] [SEED] [--splices | --newer] [-v]`.

Twice: for the explanation of faults alone, and for feeds as they are read: cut into pieces, with libxml2's verdict on
each. With --splices the feeds are samples that were cut up and recoded, instead of mutants, and with --newer they are
all in XML 1.1; with -v the disagreements are printed in full.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.xerces.compare import ROWS, TARGETS, compare, told, told_of_feed
from tests.xerces.mutants import mutants, xml_1_1
from tests.xerces.oracle import Told, ask
from tests.xerces.splices import splices


def main(number: int = 50_000, seed: int = 1) -> None:
    """Print the table of agreement and the kinds of disagreement."""
    kind, documents = made(number, seed)
    theirs = ask(documents)
    explained = [told(document) for document in documents]
    start = time.perf_counter()
    read = [told_of_feed(document) for document in documents]
    seconds = time.perf_counter() - start
    alone, _ = compare(theirs, explained)
    scores, kinds = compare(theirs, read)
    print(f"| what, over {number} {kind} of seed {seed} | of | explained alone | read as feeds | target |")
    print("|---|---|---|---|---|")
    for row, title in ROWS.items():
        target = f"{TARGETS[row]:.1%}" if row in TARGETS else ""
        print(f"| {title} | {scores[row].all} | {alone[row].share:.3%} | {scores[row].share:.3%} | {target} |")
    print(f"\n{seconds / number * 1e3:.2f} ms a feed. Disagreements of feeds, as Xerces / feedproc:\n")
    for words, times in kinds.most_common(60):
        print(f"- {times} × {words}")
    if "-v" in sys.argv:
        _show(documents, theirs, read, {row: score.examples for row, score in scores.items()})


def made(number: int, seed: int) -> tuple[str, list[bytes]]:
    """Return what the feeds are called, and the feeds."""
    if "--splices" in sys.argv:
        return "splices", list(splices(number, seed))
    if "--newer" in sys.argv:
        return "feeds in XML 1.1", list(xml_1_1(number, seed))
    return "mutants", [each for _, each in mutants(number, seed)]


def _show(
    documents: list[bytes], theirs: list[list[Told]], ours: list[list[Told]], examples: dict[str, list[int]]
) -> None:
    for row, numbers in examples.items():
        for number in numbers[:15]:
            print(f"\n== {row} {number}\n{documents[number]!r}\n-- Xerces")
            print(*theirs[number], sep="\n")
            print("-- feedproc")
            print(*ours[number], sep="\n")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] if argument.isdigit()))
