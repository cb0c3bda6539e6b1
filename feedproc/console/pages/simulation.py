"""Orders that come in by themselves at a button's press, on a server that tests control."""

from typing import Any

from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from feedproc.console.deps import SimulationSource
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.services.order_flow import FlowSetting

_MOST_DIGITS = 18


def begin(context: RequestContext) -> Response:
    """Let orders come in at the rate and by the seed that the form says."""
    rate, seed = context.request.form.get("rate", "").strip(), context.request.form.get("seed", "").strip()
    if not (seed.isascii() and seed.isdecimal() and len(seed) <= _MOST_DIGITS):
        raise BadRequest(context.translate("orders.bad_seed", given=seed[:_MOST_DIGITS]))
    try:
        _get_source(context).begin(context.seller, FlowSetting(rate=rate, seed=int(seed)))
    except ValueError as error:
        raise BadRequest(context.translate("orders.bad_rate", given=rate[:_MOST_DIGITS])) from error
    return context.redirect("orders")


def end(context: RequestContext) -> Response:
    """Let no more orders come in."""
    _get_source(context).end(context.seller.seller_id)
    return context.redirect("orders")


def tell_simulation(context: RequestContext) -> dict[str, Any] | None:
    """Return what is simulated for the seller, None where nothing is."""
    source = context.deps.simulations
    return None if source is None else source.tell(context.seller.seller_id)


def _get_source(context: RequestContext) -> SimulationSource:
    if context.deps.simulations is None:
        raise NotFound
    return context.deps.simulations


ROUTES = (
    Route("/orders/simulation", "begin_simulation", begin, methods=("POST",), is_for_tests=True),
    Route("/orders/simulation/end", "end_simulation", end, methods=("POST",), is_for_tests=True),
)
