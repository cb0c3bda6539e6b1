"""Write down which tests are slow, from a measured run of all of them: `pytest --junit-xml=times.xml`."""

import argparse
import re
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

SLOW = Path(__file__).parents[1] / "tests" / "slow.txt"
HEAD = """\
# Tests that take long, as measured, by name; `pytest -m "not slow"` leaves them out. To measure again:
#     pytest --junit-xml=times.xml && python bench/slow.py times.xml
"""


def main() -> None:
    """Read the times and write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=Path, help="what `pytest --junit-xml` wrote")
    parser.add_argument("--seconds", type=float, default=0.5, help="from how many seconds on a test is slow")
    options = parser.parse_args()
    names = find_slow(ElementTree.parse(options.times), options.seconds)
    SLOW.write_text(HEAD + "".join(f"{name}\n" for name in names), "utf-8")
    print(f"{len(names)} of {SLOW.name}")


def find_slow(times: ElementTree.ElementTree, seconds: float) -> list[str]:
    """Return names of functions that are slow with most of their parameters; else `function[parameters]`."""
    tests: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for case in times.iter("testcase"):
        name = case.attrib["name"]
        tests[re.sub(r"\[.*", "", name, flags=re.DOTALL)].append((name, float(case.attrib["time"])))
    slow = []
    for function, cases in tests.items():
        long = [name for name, time in cases if time > seconds]
        slow += [function] if 2 * len(long) > len(cases) else long
    return sorted(slow)


if __name__ == "__main__":
    main()
