"""The seller's stock: SKUs by name, and how each came to its level."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.form import Form
from feedproc.console.outcome import list_asked_outcomes
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.inventory.compose import compose_level
from feedproc.services.read.stock import get_card, list_levels, list_levels_from

_PAGE = 50
_LEDGER = 200
_LONGEST_SKU = 40
"""Characters (`SKUType` of amzn-base.xsd)."""
MOST_UNITS = 99_999_999


def show_stock(context: RequestContext) -> Response:
    """Show a page of SKUs, from one whose name begins as asked."""
    asked = context.request.args.get("q", "").strip()
    after = context.request.args.get("after", "")
    if asked and not after:
        found = list_levels_from(context.backend.stock, context.seller.seller_id, asked, _PAGE)
    else:
        found = list_levels(context.backend.stock, context.seller.seller_id, _PAGE, after)
    return context.render("stock.html", page=found, asked=asked, after=after)


def show_sku(context: RequestContext, sku: str) -> Response:
    """Show one SKU with its ledger."""
    return _show(context, sku, {}, "")


def set_level(context: RequestContext, sku: str) -> Response:
    """Submit a feed that sets the level, and show what becomes of it. An SKU that was never seen may be set, too."""
    form = Form(context)
    units = form.read_units("units")
    if not context.request.form.get("units", "").strip():
        form.add_problem("units", "stock.no_level")
    elif units > MOST_UNITS:
        form.add_problem("units", "stock.too_many", most=context.formatting.format_number(MOST_UNITS))
    if len(sku) > _LONGEST_SKU:
        form.add_problem("sku", "stock.too_long", longest=_LONGEST_SKU)
    if form.problems:
        return _show(context, sku, form.problems, form.get_typed("units"), 400)
    submission_id = send(context, compose_level(context.seller.merchant_token, sku, units))
    return context.redirect("sku", sku=sku, submission=submission_id)


def go_to_sku(context: RequestContext) -> Response:
    """Go to the page of an SKU, known or not."""
    name = context.request.args.get("sku", "").strip()
    return context.redirect("sku", sku=name) if _is_sku(name) else context.redirect("stock")


def _show(context: RequestContext, sku: str, problems: dict[str, str], given: str, status: int = 200) -> Response:
    card = get_card(context.backend.stock, context.seller.seller_id, sku, _LEDGER)
    if not card.ledger and not _is_sku(sku):
        raise NotFound
    return context.render(
        "sku.html",
        status,
        card=card,
        problems=problems,
        given=given,
        most=_LEDGER,
        form_id=context.deps.new_id(),
        outcomes=list_asked_outcomes(context),
    )


def _is_sku(name: str) -> bool:
    return bool(name) and len(name) <= _LONGEST_SKU and name.isprintable()


ROUTES = (
    Route("/stock", "stock", show_stock),
    Route("/stock-of", "new_sku", go_to_sku),
    Route("/stock/<name:sku>", "sku", show_sku),
    Route("/stock/<name:sku>", "set_level", set_level, methods=("POST",)),
)
