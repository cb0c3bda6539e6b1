"""Where a page is found, and who may see it."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from msgspec import Struct
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

FORM_BYTES = 256 * 1024
"""What a form may hold: several thousand order ids."""
MOST_TEXT = 1024 * 1024
"""Of a form's fields that are not files, whatever the route takes: they are held in memory. Files go to the disk."""


class Route(Struct, frozen=True):
    """One address of the console."""

    rule: str
    """As werkzeug spells it, such as `/orders/<order_id>`."""
    endpoint: str
    """The name by which pages link to it; a word for the navigation may have the same name."""
    answer: Callable[..., Response]
    """Called with the `RequestContext` and the rule's variables by name."""
    methods: tuple[str, ...] = ("GET",)
    is_open: bool = False
    """It can be seen without signing in."""
    most_bytes: int = FORM_BYTES
    """Of a request's body; a larger one is answered with 413."""
    is_for_tests: bool = False
    """It is there only on a server that tests control."""


def collect_routes(package: ModuleType) -> Iterator[Route]:
    """Yield the routes of every module in `package` that ends in `ROUTES`."""
    for found in iter_modules(package.__path__):
        yield from getattr(import_module(f"{package.__name__}.{found.name}"), "ROUTES", ())


def build_map(routes: Iterable[Route]) -> Map:
    """Return werkzeug's map of the routes. An address with a slash too many, or too few, is not found."""
    rules = [Rule(one.rule, endpoint=one.endpoint, methods=list(one.methods)) for one in routes]
    return Map(rules, strict_slashes=True, redirect_defaults=False, merge_slashes=False)
