"""Orders taken from files that the seller has: uploaded, loaded, and what could not be taken told."""

from msgspec import Struct
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from feedproc.console.draft import open_draft, read_draft
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.imports.order_files import OrderFile, read_orders, take_orders
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import Remark
from feedproc.services.load_orders import load_orders

MOST_BYTES = 256 * 1024 * 1024
"""Of all files together: some hundred thousand orders. More are loaded on the command line."""
MOST_TOLD = 200
"""Rows that could not be taken, on the page; the others are counted."""


class Loading(Struct):
    """What came of an upload."""

    loaded: int = 0
    refused: int = 0
    bad: list[tuple[str, BadOrder]] = []
    """With the file's name; no more than are told."""
    remarks: list[tuple[str, str]] = []

    def note(self, name: str, one: BadOrder | Remark) -> None:
        """Keep what is said of a file."""
        if isinstance(one, Remark):
            self.remarks.append((name, one.text))
            return
        self.refused += 1
        if len(self.bad) < MOST_TOLD:
            self.bad.append((name, one))


def load(context: RequestContext) -> Response:
    """Load the files, which the web framework has put on the disk meanwhile, and tell what came of it."""
    files = [one for one in context.request.files.getlist("orders") if one.filename]
    if not files:
        raise BadRequest(context.translate("load_orders.no_file"))
    return _load(context, [OrderFile(str(one.filename), one.stream) for one in files])


def load_draft(context: RequestContext, sealed: str) -> Response:
    """Load a file that was uploaded as a feed and holds orders."""
    found = read_draft(context, sealed)
    with open_draft(context, found) as file:
        return _load(context, [OrderFile(found.name, file)])


def _load(context: RequestContext, taken: list[OrderFile]) -> Response:
    came = Loading(bad=[], remarks=[])
    found = take_orders(read_orders(taken, context.seller.marketplace.marketplace_id), came.note)
    came.loaded = load_orders(
        context.backend,
        context.seller.seller_id,
        found,
        lambda name, order, why: came.note(name, BadOrder(order.amazon_order_id, why)),
        context.now,
    )
    return context.render("load_orders.html", came=came, names=[one.name for one in taken])


ROUTES = (
    Route("/orders/load", "load_orders", load, methods=("POST",), most_bytes=MOST_BYTES),
    Route("/drafts/<sealed>/load", "load_draft", load_draft, methods=("POST",)),
)
