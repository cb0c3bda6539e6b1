"""What is true of the console's code: services change a store, pages only read; and each language says everything."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedproc.console import words
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS
from feedproc.feedtypes.order_adjustment.compose import COMPONENTS, REFUND_REASONS, UNIT_CANCEL_REASONS
from feedproc.feedtypes.order_fulfillment.compose import JAPANESE_CARRIERS
from feedproc.formats.carriers import list_carrier_codes
from feedproc.orders.order import OrderStatus
from feedproc.ports import Backend
from feedproc.resources import folder
from tests.builders import feed_types

CONSOLE = Path(words.__file__).parents[1]
MODULES = sorted(CONSOLE.rglob("*.py"))
TEXTS = {language: words.read_words(language, feed_types().places) for language in words.LANGUAGES}
PORTS = set(Backend._fields)
VALUES_OF_PORTS = {
    "Backend", "Filter", "Mail", "OrderFilter", "OutboxEntry", "OutboxKind", "Secret", "Seller", "SentEntry",
}  # fmt: skip
"""What the console may know of the ports: values, and the bundle that it hands on."""
READING = {("sellers", "get"), ("outbox", "list_recent")}
"""What a page may ask of a port itself, as it changes nothing and needs no rule."""
PREFIXES = (
    "status.", "reason.", "component.", "carrier.", "errors.", "happening.",
    "feed_type.", "processing.", "verdict.", "notice.", "report_status.", "report_type.", "protocol.", "trouble.",
    "door.",
)  # fmt: skip
"""Of words for codes, of which a template can name any."""


def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def _ports_used(tree: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in PORTS and _is_backend(node.value):
            yield node


def _ports_read(tree: ast.AST) -> set[ast.expr]:
    """Every port of which only something to read is asked."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        one.value
        for one in called
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Attribute)
        and (one.value.attr, one.attr) in READING
    }


def _is_backend(node: ast.expr) -> bool:
    named = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return named in {"backend", "_backend"}


def _arguments_of_services(tree: ast.Module) -> set[ast.expr]:
    """Everything that is handed to a function imported from the services."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("feedproc.services")
        for alias in node.names
    }
    handed: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            if isinstance(called, ast.Name) and called.id in imported:
                handed |= {*node.args, *(keyword.value for keyword in node.keywords)}
    return handed


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_port_is_only_read_or_handed_to_a_service(module: Path) -> None:
    tree = _tree(module)
    fine = _arguments_of_services(tree) | _ports_read(tree)
    stray = [f"line {node.lineno}: {ast.unparse(node)}" for node in _ports_used(tree) if node not in fine]
    assert stray == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_console_knows_values_of_the_ports_and_no_adapter(module: Path) -> None:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom):
            assert not re.match(r"feedproc\.(embedded|aws|wiring|settings|serve|mws)\b", node.module or "")
            if node.module == "feedproc.ports":
                assert {alias.name for alias in node.names} <= VALUES_OF_PORTS


def test_a_backend_is_nowhere_given_another_name() -> None:
    for module in MODULES:
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.Assign) and _is_backend(node.value):
                assert [ast.unparse(target) for target in node.targets] == ["backend"], module


def test_both_languages_say_the_same_things_with_the_same_fields() -> None:
    first, *others = TEXTS.values()
    for other in others:
        assert sorted(first) == sorted(other)
        assert [key for key in first if _fields(first[key]) != _fields(other[key])] == []


def _fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_no_text_is_empty_or_was_left_untranslated() -> None:
    for key, japanese in TEXTS["ja"].items():
        assert japanese.strip()
        assert TEXTS["en"][key].strip()
        assert japanese != TEXTS["en"][key] or not re.search("[a-z]{3}", japanese), key


def _keys_named() -> Iterator[tuple[str, str]]:
    for file in (*MODULES, *sorted((CONSOLE / "templates").glob("*.html"))):
        text = file.read_text(encoding="utf-8")
        for key in re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)+)["']""", text):
            if not key.endswith((".html", ".css", ".js", ".svg")):
                yield key, file.name


def test_every_text_that_is_asked_for_exists() -> None:
    topics = {key.partition(".")[0] for key in TEXTS["en"]}
    asked = [(key, file) for key, file in _keys_named() if key.partition(".")[0] in topics]
    assert [one for one in asked if one[0] not in TEXTS["en"] and not _begins(one[0])] == []


def _begins(prefix: str) -> bool:
    return any(key.startswith(f"{prefix}.") for key in TEXTS["en"])


def test_every_text_that_exists_is_asked_for() -> None:
    named = {key for key, _ in _keys_named()}
    sources = "".join(file.read_text(encoding="utf-8") for file in sorted((CONSOLE / "templates").glob("*.html")))
    composed = tuple(re.findall(r"""["']([a-z_]+\.(?:[a-z_]+\.)*)["'] ~""", sources))
    unused = [key for key in TEXTS["en"] if key not in named and not key.startswith((*PREFIXES, *composed))]
    assert unused == []


def test_every_choice_is_one_of_the_schemas_and_has_words() -> None:
    assert set(CANCEL_REASONS) <= _enumerated("OrderAcknowledgement.xsd", "BuyerCanceled")
    adjusting = {*REFUND_REASONS, *UNIT_CANCEL_REASONS}
    assert adjusting <= _enumerated("OrderAdjustment.xsd", "Abandoned")
    assert set(COMPONENTS) == _enumerated("OrderAdjustment.xsd", "Principal")
    assert set(JAPANESE_CARRIERS) <= set(list_carrier_codes())
    for language in TEXTS.values():
        assert {f"reason.{code}" for code in (*CANCEL_REASONS, *REFUND_REASONS)} <= set(language)
        assert {f"component.{code}" for code in COMPONENTS} <= set(language)
        assert {f"status.{status}" for status in OrderStatus} <= set(language)


def _enumerated(schema: str, member: str) -> set[str]:
    """The values of the enumeration in a schema that has a member."""
    text = (folder("schemas") / schema).read_text(encoding="utf-8")
    for part in re.findall(r"<xsd:restriction.*?</xsd:restriction>", text, re.DOTALL):
        values = set(re.findall(r'enumeration value="([^"]+)"', part))
        if member in values:
            return values
    return set()


def test_the_carriers_are_those_of_the_schema() -> None:
    codes = list_carrier_codes()
    assert len(codes) == len(set(codes)) == 377
    assert {"YamatoTransport", "Japan Post", "Other", "UPS"} <= set(codes)
