"""Which files know a message type besides the folder that is its own."""

import ast
import re
from pathlib import Path

from tests.house.sources import PACKAGE, ROOT


def list_message_types() -> list[str]:
    """Return the names of our schemas that describe what a feed may hold: one a message type. Reports are not sent."""
    names = (path.stem for path in (ROOT / "schemas").glob("*.xsd"))
    return sorted(name for name in names if name[0].isupper() and not name.endswith("Report"))


def find_tellers(message_type: str) -> list[str]:
    """Return the files of the package that name a message type as a text, outside of `feedtypes/`."""
    package = ROOT / PACKAGE
    return sorted(
        str(path.relative_to(ROOT))
        for path in package.rglob("*")
        if path.suffix in {".py", ".toml", ".html"}
        and not path.is_relative_to(package / "feedtypes")
        and re.search(rf"\b{message_type}\b", _read_texts(path))
    )


def count_tellers() -> dict[str, int]:
    """Return how many files outside of `feedtypes/` name each message type."""
    return {message_type: len(find_tellers(message_type)) for message_type in list_message_types()}


def _read_texts(path: Path) -> str:
    """Return the texts of a module that are no docstrings; of any other file, all of it."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    values = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documented)
    return "\n".join(str(node.value) for node in values)
