"""Tokens 2021-03-01: restricted data tokens, which open what tells of buyers (models, `tokens_2021-03-01.json`)."""

import re
from collections.abc import Mapping
from typing import Any

from feedproc.spapi.access import LIFE, Grant, Resource, TokenKind, mint_token
from feedproc.spapi.call import Answer, Call, Operation
from feedproc.spapi.refusals import RequestInvalid
from feedproc.spapi.restricted import ALL_ELEMENTS

MOST_RESOURCES = 50
_METHODS = frozenset({"GET", "PUT", "POST", "DELETE"})
_PATH = re.compile(r"/[A-Za-z0-9_.{}/%-]{1,400}")


def _give_token(call: Call) -> Answer:
    listed = call.members.objects("restrictedResources")
    if not listed:
        raise RequestInvalid("Resource not provided.")
    if len(listed) > MOST_RESOURCES:
        raise RequestInvalid(f"A token may name at most {MOST_RESOURCES} resources.")
    grant = Grant(
        client_id=call.grant.client_id,
        expires_at=(call.now + LIFE).timestamp(),
        seller_id=call.seller.seller_id,
        resources=tuple(_read_resource(one) for one in listed),
        nonce=call.services.new_id(),
    )
    token = mint_token(TokenKind.RESTRICTED, grant, call.seller.client_secret)
    return Answer(200, {"restrictedDataToken": token, "expiresIn": int(LIFE.total_seconds())})


def _read_resource(members: Mapping[str, Any]) -> Resource:
    method, path, elements = members.get("method"), members.get("path"), members.get("dataElements") or []
    if method not in _METHODS:
        raise RequestInvalid("Invalid method.")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise RequestInvalid("Invalid path.")
    if not isinstance(elements, list) or not all(isinstance(one, str) for one in elements):
        raise RequestInvalid("Invalid dataElements.")
    if not ALL_ELEMENTS.issuperset(elements):
        raise RequestInvalid("Invalid dataElements.")
    return Resource(method, path, tuple(elements))


OPERATIONS = (
    Operation(
        name="createRestrictedDataToken",
        method="POST",
        path="/tokens/2021-03-01/restrictedDataToken",
        answer=_give_token,
        rate=1,
        burst=10,
    ),
)
