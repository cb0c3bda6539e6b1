"""The seller's stock: SKUs by name, and how each came to its level."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.route import Route
from feedproc.console.visit import Visit
from feedproc.services import stocktaking
from feedproc.services.read.stock import get_card, list_levels, list_levels_from

_PAGE = 50
_LEDGER = 200
_LONGEST_SKU = 200
"""Characters; Amazon takes 40."""
MOST_UNITS = 99_999_999


def stock(visit: Visit) -> Response:
    """Show a page of SKUs, from one whose name begins as asked."""
    asked = visit.request.args.get("q", "").strip()
    after = visit.request.args.get("after", "")
    if asked and not after:
        found = list_levels_from(visit.backend.stock, visit.seller.seller_id, asked, _PAGE)
    else:
        found = list_levels(visit.backend.stock, visit.seller.seller_id, _PAGE, after)
    return visit.render("stock.html", page=found, asked=asked, after=after)


def sku(visit: Visit, sku: str) -> Response:
    """Show one SKU with its ledger."""
    return _shown(visit, sku, {}, "")


def set_level(visit: Visit, sku: str) -> Response:
    """Set a level by hand. An SKU that was never seen may be set, too."""
    entry = Entry(visit)
    units = entry.units("units")
    if not visit.request.form.get("units", "").strip():
        entry.problem("units", "stock.no_level")
    elif units > MOST_UNITS:
        entry.problem("units", "stock.too_many", most=visit.shown.number(MOST_UNITS))
    if entry.problems:
        return _shown(visit, sku, entry.problems, entry.given("units"), 400)
    stocktaking.set_level(visit.backend.stock, visit.seller.seller_id, sku, units, visit.now)
    return visit.redirect("sku", sku=sku)


def new_sku(visit: Visit) -> Response:
    """Go to the page of an SKU, known or not."""
    name = visit.request.args.get("sku", "").strip()
    return visit.redirect("sku", sku=name) if _is_sku(name) else visit.redirect("stock")


def _shown(visit: Visit, sku: str, problems: dict[str, str], given: str, status: int = 200) -> Response:
    card = get_card(visit.backend.stock, visit.seller.seller_id, sku, _LEDGER)
    if not card.ledger and not _is_sku(sku):
        raise NotFound
    return visit.render(
        "sku.html", status, card=card, problems=problems, given=given, most=_LEDGER, most_units=MOST_UNITS
    )


def _is_sku(name: str) -> bool:
    return bool(name) and len(name) <= _LONGEST_SKU and name.isprintable()


ROUTES = (
    Route("/stock", "stock", stock),
    Route("/stock-of", "new_sku", new_sku),
    Route("/stock/<path:sku>", "sku", sku),
    Route("/stock/<path:sku>", "set_level", set_level, methods=("POST",)),
)
