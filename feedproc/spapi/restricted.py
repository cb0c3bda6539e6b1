"""What a restricted data token opens."""

from collections.abc import Collection

from feedproc.spapi.access import Resource
from feedproc.spapi.call import Call

ALL_ELEMENTS = frozenset({"buyerInfo", "shippingAddress", "buyerTaxInformation"})
"""The data elements that a resource can name (Tokens API use case guide)."""


def find_data_elements(call: Call) -> Collection[str]:
    """Return the data elements that the call's token opens for what is called; none of an access token."""
    named = (one for one in call.grant.resources if opens(one, call.method, call.url_path))
    return {element for one in named for element in one.data_elements}


def opens(resource: Resource, method: str, path: str) -> bool:
    """Say whether a resource of a token is this operation: a name in braces stands for any one part of a path."""
    if resource.method != method:
        return False
    parts, named = path.strip("/").split("/"), resource.path.strip("/").split("/")
    return len(parts) == len(named) and all(_matches(one, part) for one, part in zip(named, parts, strict=True))


def _matches(named: str, part: str) -> bool:
    return named == part or (named.startswith("{") and named.endswith("}"))
