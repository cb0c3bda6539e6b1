"""What README.md says, taken apart."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
TEXT = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (feedproc .+)$", TEXT, re.MULTILINE)
"""The commands of the tour, in order."""
MENTIONED = re.findall(r"`(feedproc [^`]+)`", TEXT)
"""The commands that a sentence names."""
SNIPPETS: dict[str, str] = dict(
    re.findall(r"\*\*\[?([\w-]+)\]?(?:\([^)]*\))?\*\*[^\n]*\n\n```python\n(.*?)```", TEXT, re.S)
)
"""A program for each client, by the client's name."""
IN_NODE: dict[str, str] = dict(re.findall(r"\*\*([\w-]+)\*\*[^\n]*\n\n```js\n(.*?)```", TEXT, re.S))
"""The same, of clients for Node."""
WHOLE_LIFE = re.findall(
    r"```python\n(.*?)```", TEXT.partition("\n## An order's whole life")[2].partition("\n## ")[0], re.S
)
"""Programs that take orders, each with its client: of python-amazon-sp-api, mws, pymws and boto-mws."""
LINKS = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in link]
"""The links that lead to files."""


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without the table's own heading."""
    below = TEXT.partition(f"## {heading}\n")[2]
    rows = re.match(r"[^|]*((?:\|.*\n)+)", below)
    assert rows
    cells = [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[1].splitlines()]
    return cells[2:]
