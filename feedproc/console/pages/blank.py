"""The empty files of the feed types that are tables, to be downloaded and filled in."""

from collections.abc import Sequence

from msgspec import Struct
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.words import LANGUAGES
from feedproc.formats.flat.columns import Template, write_blank
from feedproc.formats.flat.form import FlatFile

_JAPANESE = "ja"
_SHIFT_JIS = ("cp932", "Shift_JIS")
"""Amazon Japan's files are in it, and spreadsheets in Japan save text in it."""
_UTF_8 = ("utf-8-sig", "UTF-8")
"""With the mark by which spreadsheets and feedproc know it."""


class BlankFile(Struct, frozen=True):
    """A template that can be downloaded."""

    feed_type: str
    template: Template

    @property
    def name(self) -> str:
        """The file's name without its ending, such as `order-cancellation`."""
        return "-".join(self.template.title.lower().split())


def list_blank_files(context: RequestContext) -> Sequence[BlankFile]:
    """Return the templates of all feed types that a seller may upload."""
    types = map(context.feed_types.look_up, context.feed_types.offered)
    return [BlankFile(one.name, one.format.template) for one in types if isinstance(one.format, FlatFile)]


def send_blank(context: RequestContext, language: str, name: str) -> Response:
    """Answer with the empty file in a language."""
    found = next((one for one in list_blank_files(context) if one.name == name), None)
    if found is None or language not in LANGUAGES:
        raise NotFound
    is_japanese = language == _JAPANESE
    codec, charset = _SHIFT_JIS if context.seller.marketplace.is_japanese else _UTF_8
    response = Response(write_blank(found.template, is_japanese).encode(codec))
    response.headers["Content-Type"] = f"text/tab-separated-values; charset={charset}"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}-{language}.txt"'
    return response


ROUTES = (Route("/templates/<language>/<name>.txt", "blank", send_blank),)
