"""The function behind API Gateway: MWS and SP-API over events of an HTTP API."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import msgspec
from apig_wsgi import make_lambda_handler

from feedproc.lambdas import watching
from feedproc.lambdas.container import get_links, get_machine
from feedproc.lambdas.gateway import Gateway
from feedproc.lambdas.watching import Event
from feedproc.mws.app import MwsOptions, create_app
from feedproc.ports import DocumentLinks
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_at_once
from feedproc.services.process.processing import Processing
from feedproc.settings import submits_once
from feedproc.spapi.app import SpApiOptions, create_sp_api
from feedproc.spapi.call import Services
from feedproc.wiring.local_seller import is_well_known
from feedproc.wiring.machine import Machine


class _Http(msgspec.Struct, frozen=True):
    method: str
    protocol: str
    source_ip: str = msgspec.field(name="sourceIp")


class _Context(msgspec.Struct, frozen=True):
    http: _Http
    stage: str = "$default"


class _HttpEvent(msgspec.Struct, frozen=True, rename="camel"):
    """What is relied on in an event (API Gateway, payload format version 2.0)."""

    raw_path: str
    raw_query_string: str
    headers: dict[str, str]
    request_context: _Context
    version: str = ""
    body: str | None = None
    is_base64_encoded: bool = False
    cookies: list[str] = []


def handler(event: Event, context: Any) -> Event:
    """Answer an HTTP request."""
    return watching.wrap_handler(_get_handler())(event, context)


@cache
def _get_handler() -> watching.Handler:
    return make_handler(get_machine(opens_secrets=True), get_links())


def make_handler(machine: Machine, links: DocumentLinks) -> watching.Handler:
    """Return a handler over a machine; documents go past it by `links`.

    Quotas are told and not enforced: containers know nothing of each other.
    """
    backend, feed_types, _, clock, new_id = machine
    app = create_app(backend, feed_types, clock, new_id, MwsOptions(submits_once=submits_once(default=True)))
    # Every answer travels in base64, so that it arrives to the byte whatever its encoding is.

    @contextmanager
    def begin_work() -> Iterator[Processing]:
        yield machine.get_processing(new_id())

    process_now = partial(process_at_once, begin_work)
    services = Services(backend, feed_types, load_report_types(), links, new_id, process_now, is_well_known)
    sp_api = create_sp_api(services, None, clock, SpApiOptions())
    answer = make_lambda_handler(Gateway(app, sp_api, new_id), non_binary_content_type_prefixes=())

    def handle(event: Event, context: Any) -> Event:
        fault = _find_fault(event)
        return _refuse(fault) if fault else answer(event, context)

    return handle


def _find_fault(event: Event) -> str | None:
    """Say what is wrong with an event that no API Gateway sends."""
    try:
        request = msgspec.convert(event, _HttpEvent)
    except msgspec.ValidationError as error:
        return f"The event is not one of an HTTP API: {error}"
    if request.version != "2.0":
        return "The event is not in payload format version 2.0, that of an HTTP API"
    try:
        if request.is_base64_encoded:
            b64decode(request.body or "", validate=True)
        else:
            (request.body or "").encode()
    except ValueError:  # also binascii's and that of a lone surrogate
        return "The event's body is neither text nor in base64"
    return None


def _refuse(fault: str) -> Event:
    watching.get_logger().error(fault)
    return {"statusCode": 400, "headers": {"content-type": "application/json"}, "body": json.dumps({"message": fault})}
