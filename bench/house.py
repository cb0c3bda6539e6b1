"""The shape of the house as a table: how far growth, reading and finding are from what they should be.

Everything is computed from the sources. `--names` lists what the rows count, for whoever mends it.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.house import names
from tests.house.growth import count_tellers
from tests.house.sources import Sources
from tests.house.steps import STEPS
from tests.house.survey import trace_survey


def main() -> None:
    """Print the table, and behind it the steps of a feed's life."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="list modules, functions and classes behind the rows")
    options = parser.parse_args()
    sources = Sources()
    print_table(sources)
    print()
    print_steps()
    if options.names:
        print_names(sources)


def print_table(sources: Sources) -> None:
    """Print a row for each measure: now, and what it should be."""
    cycles = sources.find_cycles()
    functions, nameless = names.list_functions(sources), names.list_nameless(sources)
    fragments = [function for function in nameless if function.is_fragment]
    files, returns = trace_survey()
    found = sum(step.is_found for step in STEPS)
    modules = sum(not module.is_package for module in sources.modules.values())
    lines = sources.count_lines()
    rows = [
        ("files outside its folder that name a message type (the most of all types)", max(count_tellers().values()), 0),
        ("cycles of imports, deferred ones counted", f"{len(cycles)} of {sum(map(len, cycles))} modules", 0),
        ("`formats/` of all lines", f"{sources.count_lines('formats') / lines:.1%}", "≤ 20 %"),
        ("files entered / returns of an XML feed's survey", f"{files} / {returns}", "≤ 10 / ≤ 8"),
        ("modules that another one keeps for itself", f"{len(sources.list_single_doors())} of {modules}", "≤ 60"),
        ("modules that their folder's `__init__` alone imports", f"{len(sources.list_parts())} of {modules}", "–"),
        ("lines under `feedproc/`", f"{lines:,}", "< 30,000"),
        ("depth of imports, deferred ones counted", sources.measure_depth(), "≤ 12"),
        ("functions whose name does not begin with a verb", f"{len(nameless) / len(functions):.1%}", "≤ 2 %"),
        (
            "of these, beginning with a participle, gerund or preposition",
            f"{len(fragments) / len(functions):.1%}",
            "0 %",
        ),
        ("class names used twice", len(names.list_repeated_classes(sources)), 0),
        ("steps of a feed's life found in two guesses", f"{found} of {len(STEPS)}", len(STEPS)),
    ]
    print("| what | now | target |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")


def print_steps() -> None:
    """Print where each step of a feed's life is, beside the two places where a stranger would look."""
    print("| step | first guess | second guess | where it is |\n|---|---|---|---|")
    for step in STEPS:
        guesses = [f"`{guess}`{'' if guess == step.file else ' ✗'}" for guess in step.guesses]
        print(f"| {step.what} | {guesses[0]} | {guesses[1]} | `{step.where}` |")


def print_names(sources: Sources) -> None:
    """Print the modules, functions and classes that the rows count."""
    nameless = names.list_nameless(sources)
    print("\nCycles:", *(" ".join(cycle) for cycle in sources.find_cycles()), sep="\n  ")
    print("\nModules that another one keeps for itself:", *sources.list_single_doors(), sep="\n  ")
    print("\nThe longest chain of imports:", *sources.find_longest_chain(), sep="\n  ")
    print("\nClass names used twice:", *names.list_repeated_classes(sources).items(), sep="\n  ")
    print("\nFiles that name a message type outside its folder:", *count_tellers().items(), sep="\n  ")
    print("\nFunctions by room:", *Counter(function.room for function in nameless).most_common(), sep="\n  ")
    print("\nFunctions:", *(f"{one.module}:{one.line} {one.name}" for one in nameless), sep="\n  ")


if __name__ == "__main__":
    main()
