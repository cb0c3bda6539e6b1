"""What a test asks of a running server, as JSON under `/_feedproc/`, for programs in any language.

GET  health               the server is ready
POST reset, hold, release, drain
GET  clock                PUT {"freeze": "2026-11-28T12:00:00Z"}, {"run_from": …}, {"move": seconds} or {}
GET  calls                ?action=…&status=…; DELETE forgets them; calls/har exports them; calls/NUMBER tells bodies
GET  calls/live           the same as they come, as server-sent events
GET  faults               POST adds one, DELETE removes all
GET  orders               POST adds those of a JSON array; ?seller=…
POST orders/place         {"count": 3, "is_released": true}: new ones, whose units leave the stock
GET  simulation           POST {"rate": "10/m", "seed": 7} lets orders come in, DELETE ends that; ?seller=…
GET  stock                PUT {"SKU": units}
GET  submissions, mail, scenario
GET  openapi.json         all this, for machines
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from feedproc.control.calls import RecordedCall
from feedproc.control.clock import SettableClock
from feedproc.control.controlled import BadControl, Controlled, load_orders, read_fault, set_levels, write_fault
from feedproc.control.openapi import describe_api
from feedproc.control.scenario import write_scenario
from feedproc.control.stream import follow_calls
from feedproc.errors import FeedprocError
from feedproc.imports.order_lines import write_line
from feedproc.orders.order import Order
from feedproc.ports import Filter, Mail, OrderFilter, Seller
from feedproc.services.loopback import explain_foreign_caller, is_loopback_address
from feedproc.services.order_flow import FlowSetting
from feedproc.services.simulate import place_new

PREFIX = "/_feedproc"
MOST_BODY = 64 * 1024 * 1024
"""Bytes of a request: some 50,000 orders."""
_MOST = 1_000_000
_ASKED = ("action", "protocol", "seller", "fault")
"""Fields by which calls are asked for, besides the status."""
_BODIES = ("request_body", "response_body")
_LAST_EVENT = "Last-Event-ID"
_STREAM = {"Cache-Control": "no-store"}


class ControlApp:
    """The control API as a WSGI application. Without a token it answers programs of this machine alone."""

    def __init__(self, server: Controlled, token: str = "") -> None:
        """Control a server; whoever knows the token, if there is one, may do so from anywhere."""
        self._server = server
        self._token = token
        answers: Mapping[tuple[str, str], Callable[[Request, Mapping[str, Any]], object]] = {
            ("GET", "health"): lambda _request, _path: {"status": "ok"},
            ("GET", "openapi.json"): lambda _request, _path: describe_api(),
            ("POST", "reset"): lambda _request, _path: server.reset(),
            ("POST", "hold"): lambda _request, _path: server.hold(),
            ("POST", "release"): lambda _request, _path: server.release(),
            ("POST", "drain"): lambda _request, _path: server.drain(),
            ("GET", "clock"): lambda _request, _path: self._tell_clock(),
            ("PUT", "clock"): self._set_clock,
            ("GET", "calls"): self._list_calls,
            ("GET", "calls/har"): lambda request, _path: msgspec.Raw(
                server.calls.export_har(request.host_url).encode()
            ),
            ("GET", "calls/live"): self._follow_calls,
            ("GET", "calls/<int:number>"): self._tell_call,
            ("DELETE", "calls"): lambda _request, _path: server.calls.clear(),
            ("GET", "faults"): lambda _request, _path: [write_fault(one) for one in server.faults.list()],
            ("POST", "faults"): lambda request, _path: write_fault(server.faults.add(read_fault(_read(request)))),
            ("DELETE", "faults"): lambda _request, _path: server.faults.clear(),
            ("GET", "orders"): self._list_orders,
            ("POST", "orders"): self._add_orders,
            ("POST", "orders/place"): self._place_orders,
            ("GET", "simulation"): lambda request, _path: self._tell_simulation(self._choose_seller(request)),
            ("POST", "simulation"): self._begin_simulation,
            ("DELETE", "simulation"): self._end_simulation,
            ("GET", "stock"): self._list_stock,
            ("PUT", "stock"): self._set_stock,
            ("GET", "submissions"): self._list_submissions,
            ("GET", "scenario"): lambda _request, _path: {"toml": write_scenario(server)},
            ("GET", "mail"): lambda _request, _path: [_tell_mail(one) for one in server.mails],
        }
        rules = [Rule(f"{PREFIX}/{path}", methods=[verb], endpoint=answer) for (verb, path), answer in answers.items()]
        self._routes = Map(rules, strict_slashes=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, body = self._answer(environ)
        if isinstance(body, Iterator):
            return Response(body, status, _STREAM, content_type="text/event-stream")(environ, start_response)
        content = msgspec.json.encode(body)
        return Response(content, status, content_type="application/json")(environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> tuple[int, object]:
        request = Request(environ)
        request.max_content_length = MOST_BODY
        if (why := self._refuse(request)) is not None:
            return 403, {"error": why}
        try:
            answer, path = self._routes.bind("").match(request.path, request.method)
            told = answer(request, path)
            return 200, {} if told is None else told
        except MethodNotAllowed:
            return 405, {"error": f"{request.method} is no method of {request.path[:200]}"}
        except HTTPException as error:
            return error.code or 404, {"error": f"{error.description} See {PREFIX}/openapi.json."}
        except (FeedprocError, msgspec.MsgspecError, ValueError) as error:
            return 400, {"error": str(error)}

    def _refuse(self, request: Request) -> str | None:
        """Return why a caller may not control the server."""
        if self._token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            known = hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())
            return None if known else "send the token as Authorization: Bearer …"
        if not is_loopback_address(request.remote_addr or ""):
            return "only programs of this machine may control the server without --control-token"
        return explain_foreign_caller(request.environ, ())

    def _tell_clock(self) -> dict[str, Any]:
        clock = self._server.clock
        return {"now": clock().isoformat(), "is_frozen": clock.is_frozen}

    def _set_clock(self, request: Request, _path: Mapping[str, Any]) -> object:
        given = msgspec.convert(_read(request), ClockSetting)
        set_clock(self._server.clock, given)
        return self._tell_clock()

    def _list_calls(self, request: Request, _path: Mapping[str, Any]) -> object:
        is_wanted = _read_wish(request)
        return [one.tell() for one in self._server.calls if is_wanted(one)]

    def _follow_calls(self, request: Request, _path: Mapping[str, Any]) -> object:
        last = request.headers.get(_LAST_EVENT) or request.args.get("after", "")
        after = int(last) if last.isascii() and last.isdecimal() else 0
        return follow_calls(self._server.calls, after, _read_wish(request))

    def _tell_call(self, _request: Request, path: Mapping[str, Any]) -> object:
        found = [one for one in self._server.calls if one.number == path["number"]]
        if not found:
            raise BadControl(f"no call {path['number']} is kept")
        bodies = {name: getattr(found[0], name).decode("utf-8", "replace") for name in _BODIES}
        return {**found[0].tell(), **bodies}

    def _list_orders(self, request: Request, _path: Mapping[str, Any]) -> object:
        seller_id = self._choose_seller(request)
        return [*map(write_line, self._server.backend.orders.list(seller_id, OrderFilter(oldest_first=True), _MOST))]

    def _add_orders(self, request: Request, _path: Mapping[str, Any]) -> object:
        orders = msgspec.convert(_read(request), list[Order])
        return {"loaded": load_orders(self._server, self._choose_seller(request), orders)}

    def _place_orders(self, request: Request, _path: Mapping[str, Any]) -> object:
        wanted = msgspec.convert(_read(request), PlacedOrders)
        server, seller = self._server, self._get_seller(request)
        placed = place_new(server.backend, seller, wanted.count, server.clock(), is_released=wanted.is_released)
        return {"placed": [one.amazon_order_id for one in placed]}

    def _tell_simulation(self, seller_id: str) -> object:
        told = self._server.simulations.tell(seller_id)
        return {"is_running": told is not None, **(told or {})}

    def _begin_simulation(self, request: Request, _path: Mapping[str, Any]) -> object:
        seller = self._get_seller(request)
        self._server.simulations.begin(seller, msgspec.convert(_read(request), FlowSetting))
        return self._tell_simulation(seller.seller_id)

    def _end_simulation(self, request: Request, _path: Mapping[str, Any]) -> object:
        seller_id = self._choose_seller(request)
        self._server.simulations.end(seller_id)
        return self._tell_simulation(seller_id)

    def _list_stock(self, request: Request, _path: Mapping[str, Any]) -> object:
        levels = self._server.backend.stock.list_levels(self._choose_seller(request))
        return {level.sku: level.quantity for level in levels}

    def _set_stock(self, request: Request, _path: Mapping[str, Any]) -> object:
        levels = msgspec.convert(_read(request), dict[str, int])
        return {"set": set_levels(self._server, self._choose_seller(request), levels)}

    def _list_submissions(self, request: Request, _path: Mapping[str, Any]) -> object:
        found = self._server.backend.submissions.find(self._choose_seller(request), Filter(), _MOST)
        names = ("submission_id", "feed_type", "status", "submitted_at", "started_at", "completed_at", "summary")
        return [{name: msgspec.to_builtins(getattr(one, name)) for name in names} for one in found]

    def _choose_seller(self, request: Request) -> str:
        known = [one.seller_id for one in self._server.backend.sellers.list_sellers()]
        wanted = request.args.get("seller", known[0] if known else "")
        if wanted not in known:
            raise BadControl(f"there is no seller {wanted!r}; known are {', '.join(known)}")
        return wanted

    def _get_seller(self, request: Request) -> Seller:
        seller = self._server.backend.sellers.get(self._choose_seller(request))
        if seller is None:
            raise BadControl("the seller is gone")
        return seller


class PlacedOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which new orders are placed, as buyers place them."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1
    is_released: bool = False
    """At once ready to be shipped; else they are pending."""


class ClockSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a clock is set; nothing lets it run with the computer's."""

    freeze: datetime | None = None
    run_from: datetime | None = None
    move: float | None = None
    """Seconds."""


def set_clock(clock: SettableClock, given: ClockSetting) -> None:
    """Set a clock.

    Raises:
        ValueError: the time has no zone.

    """
    if given.freeze is not None:
        clock.freeze(given.freeze)
    if given.run_from is not None:
        clock.run_from(given.run_from)
    if given.move is not None:
        clock.move(timedelta(seconds=given.move))
    if given == ClockSetting():
        clock.reset()


def _read(request: Request) -> object:
    return msgspec.json.decode(request.get_data() or b"{}")


def _read_wish(request: Request) -> Callable[[RecordedCall], bool]:
    """Return what tells the calls that a request asks for."""
    wanted = {name: request.args[name] for name in _ASKED if name in request.args}
    status = request.args.get("status", type=int)

    def is_wanted(call: RecordedCall) -> bool:
        return status in (None, call.status) and all(getattr(call, name) == one for name, one in wanted.items())

    return is_wanted


def _tell_mail(mail: Mail) -> dict[str, str]:
    return {"recipient": str(mail.recipient), "subject": mail.subject, "text": mail.text}
