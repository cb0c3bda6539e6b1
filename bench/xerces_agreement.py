"""How far feedproc's explanations agree with Xerces: `python bench/xerces_agreement.py [NUMBER] [SEED]`."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.formats.diagnostics.compare import ROWS, TARGETS, compare, told
from tests.formats.diagnostics.mutants import mutants
from tests.formats.diagnostics.oracle import ask


def main(number: int = 50_000, seed: int = 1) -> None:
    """Print the table of agreement and the kinds of disagreement."""
    documents = [document for _, document in mutants(number, seed)]
    theirs = ask(documents)
    start = time.perf_counter()
    ours = [told(document) for document in documents]
    seconds = time.perf_counter() - start
    scores, kinds = compare(theirs, ours)
    print(f"| what, over {number} mutants of seed {seed} | of | same | target |\n|---|---|---|---|")
    for row, title in ROWS.items():
        score = scores[row]
        target = f"{TARGETS[row]:.1%}" if row in TARGETS else ""
        print(f"| {title} | {score.all} | {score.share:.3%} | {target} |")
    print(f"\n{seconds / number * 1e3:.2f} ms a document. Disagreements, as Xerces / feedproc:\n")
    for kind, times in kinds.most_common(60):
        print(f"- {times} × {kind}")
    if "-v" in sys.argv:
        _show(documents, theirs, ours, {row: score.examples for row, score in scores.items()})


def _show(documents: list[bytes], theirs: list, ours: list, examples: dict[str, list[int]]) -> None:
    for row, numbers in examples.items():
        for number in numbers[:15]:
            print(f"\n== {row} {number}\n{documents[number]!r}\n-- Xerces")
            print(*theirs[number], sep="\n")
            print("-- feedproc")
            print(*ours[number], sep="\n")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] if argument.isdigit()))
