"""The control API described for machines (OpenAPI 3.1)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from feedproc.control.faults import FeedFault, MessageFault, RequestFault
from feedproc.services.order_flow import FlowSetting

_OPERATIONS = (
    ("get", "/health", "Tell that the server is ready"),
    ("post", "/reset", "Forget all that happened"),
    ("post", "/hold", "Let feeds wait"),
    ("post", "/release", "Process feeds as they come in again"),
    ("post", "/drain", "Process all feeds that wait, and send what is to be sent"),
    ("get", "/clock", "Tell the time"),
    ("put", "/clock", "Set the clock; an empty object lets it run with the computer's"),
    ("get", "/calls", "List the calls, without bodies"),
    ("delete", "/calls", "Forget the calls"),
    ("get", "/calls/har", "Export the calls as an HTTP Archive"),
    ("get", "/calls/live", "Follow the calls as they come, as server-sent events; a stream ends after half a minute"),
    ("get", "/calls/{number}", "Tell one call, with its bodies"),
    ("get", "/faults", "List the faults"),
    ("post", "/faults", "Add a fault"),
    ("delete", "/faults", "Remove all faults"),
    ("get", "/orders", "List a seller's orders"),
    ("post", "/orders", "Add orders, or put them in the place of those with the same id"),
    ("post", "/orders/place", "Place new orders, whose units leave the stock"),
    ("get", "/simulation", "Tell whether orders come in by themselves, and how many have"),
    ("post", "/simulation", "Let orders come in by themselves; what happens follows from the seed and the clock"),
    ("delete", "/simulation", "Let no more orders come in"),
    ("get", "/stock", "List a seller's stock by SKU"),
    ("put", "/stock", "Set the units of SKUs"),
    ("get", "/submissions", "List a seller's feeds"),
    ("get", "/scenario", "Tell the state as a scenario, in TOML"),
    ("get", "/mail", "List the e-mails that went out"),
)
_ASKED = ("action", "protocol", "seller", "status", "fault")
_QUERIES = {"calls": _ASKED, "calls/live": (*_ASKED, "after")}
_OF_A_SELLER = ("/orders", "/orders/place", "/simulation", "/stock", "/submissions")


def describe_api() -> dict[str, Any]:
    """Return the OpenAPI document."""
    (flow, *faults), components = msgspec.json.schema_components(
        [FlowSetting, RequestFault, FeedFault, MessageFault], ref_template="#/components/schemas/{name}"
    )
    bodies = {"/faults": {"oneOf": faults}, "/simulation": flow}
    paths: dict[str, Any] = {}
    for verb, path, summary in _OPERATIONS:
        paths.setdefault(path, {})[verb] = _describe_operation(verb, path, summary, bodies)
    return {
        "openapi": "3.1.0",
        "info": {"title": "feedproc control", "version": "1"},
        "servers": [{"url": "/_feedproc"}],
        "paths": paths,
        "components": {"schemas": components},
    }


def _describe_operation(verb: str, path: str, summary: str, bodies: Mapping[str, Any]) -> dict[str, Any]:
    queries = ("seller",) if path in _OF_A_SELLER else _QUERIES.get(path.strip("/"), ()) if verb == "get" else ()
    parameters: list[dict[str, Any]] = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in queries]
    if "{number}" in path:
        parameters.append({"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}})
    told: dict[str, Any] = {
        "summary": summary,
        "operationId": f"{verb}{path.title().replace('/', '').replace('{', '').replace('}', '')}",
        "parameters": parameters,
        "responses": {"200": {"description": "Done"}, "400": {"description": "Says what is wrong, as `error`"}},
    }
    if verb == "put" or (verb == "post" and (path in bodies or path.startswith("/orders"))):
        told["requestBody"] = {"content": {"application/json": {"schema": bodies.get(path, {})}}}
    return told
