"""Where a page is found, and who may see it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from msgspec import Struct
from werkzeug.routing import Map, PathConverter, Rule, ValidationError
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


class NameConverter(PathConverter):
    """A name of the seller's, such as an SKU, as a part of a path.

    One that browsers, proxies or WSGI would take for another path, with `//` or `..` in it say, stands there encoded.
    """

    _MARK = "~"
    _plain = re.compile(r"(?!~)(?:[^/\\]+(?:/|$))+(?<!/)")
    _steps = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")

    def to_url(self, value: str) -> str:
        """Return how a name stands in an address."""
        if self._plain.fullmatch(value) and not self._steps.search(value):
            return super().to_url(value)
        return self._MARK + urlsafe_b64encode(value.encode()).decode().rstrip("=")

    def to_python(self, value: str) -> str:
        """Return the name that a part of an address stands for."""
        if not value.startswith(self._MARK):
            return value
        encoded = value.removeprefix(self._MARK)
        try:
            return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except ValueError:
            raise ValidationError from None


def build_map(routes: Iterable[Route]) -> Map:
    """Return werkzeug's map of the routes. An address with a slash too many, or too few, is not found."""
    rules = [Rule(one.rule, endpoint=one.endpoint, methods=list(one.methods)) for one in routes]
    return Map(
        rules, strict_slashes=True, redirect_defaults=False, merge_slashes=False, converters={"name": NameConverter}
    )
