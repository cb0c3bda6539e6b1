"""What each kind of grant gives (Login with Amazon, access token requests; recorded answers)."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from msgspec import Struct

from feedproc.errors import Refusal
from feedproc.ports import Seller, Sellers
from feedproc.spapi.access import CODE_LIFE, Grant, TokenKind, mint_token, read_code

NOTIFICATIONS_SCOPE = "sellingpartnerapi::notifications"
SCOPES = frozenset(
    {NOTIFICATIONS_SCOPE, "sellingpartnerapi::migration", "sellingpartnerapi::client_credential:rotation"}
)
"""Of tokens without a seller."""


class GrantRefused(Refusal):
    """No token is given: an error of OAuth 2 (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        """Name the error, and describe it in Amazon's words."""
        self.error = error
        self.description = description
        super().__init__(f"{error}: {description}")


class UsedCodes:
    """The authorization codes that this process has exchanged; each is good once. Stale ones are forgotten."""

    def __init__(self) -> None:
        """Begin with none."""
        self._used: dict[str, datetime] = {}
        self._lock = Lock()

    def use(self, code: str, now: datetime) -> bool:
        """Note that a code is used; say whether it was not before."""
        with self._lock:
            self._used = {one: at for one, at in self._used.items() if now - at < CODE_LIFE}
            is_new = code not in self._used
            self._used[code] = now
        return is_new


class Issue(Struct, frozen=True):
    """How tokens are given out."""

    now: datetime
    life: timedelta
    new_id: Callable[[], str]
    codes: UsedCodes


class TokenRequest(Struct, frozen=True):
    """Who asks for a token, and with what."""

    members: Mapping[str, str]
    holders: Sequence[Seller]
    """The sellers for whom the application may call."""
    issue: Issue

    def require(self, name: str) -> str:
        """Return a member.

        Raises:
            GrantRefused: it is not there.

        """
        value = self.members.get(name)
        if not value:
            raise GrantRefused("invalid_request", f"The request is missing a required parameter : {name}")
        return value


def find_holders(members: Mapping[str, str], sellers: Sellers) -> Sequence[Seller]:
    """Return the sellers for whom the application calls that a request names; empty when nobody knows it."""
    return sellers.find_by_client(members.get("client_id", ""))


def give_token(request: TokenRequest) -> dict[str, Any]:
    """Return the answer to a request for a token.

    Raises:
        GrantRefused: the application is not who it says it is, or may not have what it asks for.

    """
    kind = request.members.get("grant_type", "")
    if kind not in _GRANTS:
        raise GrantRefused(
            "unsupported_grant_type", "The authorization grant type is not supported by the authorization server"
        )
    request.require("client_id")
    secret = request.require("client_secret")
    if not request.holders or not hmac.compare_digest(request.holders[0].client_secret.encode(), secret.encode()):
        raise GrantRefused("invalid_client", "Client authentication failed")
    return _GRANTS[kind](request)


def _refresh(request: TokenRequest) -> dict[str, Any]:
    token = request.require("refresh_token")
    seller = next((one for one in request.holders if _is_equal(one.refresh_token, token)), None)
    if seller is None:
        text = (
            "The request has an invalid grant parameter : refresh_token."
            " User may have revoked or didn't grant the permission."
        )
        raise GrantRefused("invalid_grant", text)
    return _give_seller_token(request, seller)


def _redeem_code(request: TokenRequest) -> dict[str, Any]:
    code, issue = request.require("code"), request.issue
    seller_id = read_code(code, request.holders[0].client_secret, issue.now)
    seller = next((one for one in request.holders if one.seller_id == seller_id), None)
    if seller is None or not issue.codes.use(code, issue.now):
        raise GrantRefused("invalid_grant", "The request has an invalid grant parameter : code")
    return _give_seller_token(request, seller)


def _give_seller_token(request: TokenRequest, seller: Seller) -> dict[str, Any]:
    token = _mint(request.issue, seller, seller_id=seller.seller_id)
    return {**token, "refresh_token": str(seller.refresh_token)}


def _grant_scope(request: TokenRequest) -> dict[str, Any]:
    scope = request.require("scope")
    if not set(scope.split()) <= SCOPES:
        raise GrantRefused("invalid_scope", f"The requested scope is invalid, unknown, or malformed : {scope[:200]}")
    return {**_mint(request.issue, request.holders[0], scope=scope), "scope": scope}


def _mint(issue: Issue, holder: Seller, seller_id: str = "", scope: str = "") -> dict[str, Any]:
    expires_at = (issue.now + issue.life).timestamp()
    grant = Grant(holder.client_id, expires_at, seller_id, scope, nonce=issue.new_id())
    return {
        "access_token": mint_token(TokenKind.SELLER, grant, holder.client_secret),
        "token_type": "bearer",
        "expires_in": int(issue.life.total_seconds()),
    }


def _is_equal(kept: str, given: str) -> bool:
    # A plus sign that its client did not encode comes as a blank.
    return bool(kept) and hmac.compare_digest(kept.encode(), given.replace(" ", "+").encode())


_GRANTS = {"refresh_token": _refresh, "client_credentials": _grant_scope, "authorization_code": _redeem_code}
