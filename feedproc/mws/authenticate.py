"""Who sends a request, and whether it is true."""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from feedproc.mws import signature, spelling
from feedproc.mws.mismatch import find_cause
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import (
    AccessKeyUnknown,
    ParameterInvalid,
    ParameterMissing,
    RequestExpired,
    SellerInvalid,
    SignatureMismatch,
    TimestampMalformed,
    TokenInvalid,
    TokenMissing,
)
from feedproc.mws.signature import Signed
from feedproc.ports import Seller, Sellers

MOST_SKEW = timedelta(minutes=15)
"""How far a request's time may be from the server's, to either side (developer guide, timestamps)."""
_ACCESS_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def authenticate(parameters: Parameters, request: Signed, sellers: Sellers, now: datetime) -> Seller:
    """Return the seller for whom a request speaks.

    Raises, in Amazon's order, `AccessKeyUnknown`; `TimestampMalformed` or `RequestExpired`; `SignatureMismatch`;
    `SellerInvalid`, `TokenInvalid` or `TokenMissing`; and `ParameterMissing` or `ParameterInvalid` on the way.
    """
    holders = _find_holders(parameters, sellers)
    _check_time(parameters, now)
    _check_signature(parameters, request, holders[0])
    seller = _find_seller(parameters, holders)
    _check_token(parameters, seller, shared=len(holders) > 1)
    return seller


def _find_holders(parameters: Parameters, sellers: Sellers) -> Sequence[Seller]:
    access_key = parameters.get("AWSAccessKeyId") or ""
    holders = sellers.find_by_access_key(access_key) if _ACCESS_KEY.fullmatch(access_key) else ()
    if not holders:
        raise AccessKeyUnknown
    return holders


def _check_time(parameters: Parameters, now: datetime) -> None:
    value = _require(parameters, "Timestamp")
    at = spelling.parse_time(value)
    if at is None or "T" not in value.upper():
        raise TimestampMalformed(value)
    if abs(now - at) > MOST_SKEW:
        raise RequestExpired(at, now)


def _check_signature(parameters: Parameters, request: Signed, holder: Seller) -> None:
    given = _require(parameters, "Signature")
    if _require(parameters, "SignatureVersion") != "2":
        raise ParameterInvalid("SignatureVersion must be 2")
    method = _require(parameters, "SignatureMethod")
    if method not in signature.METHODS:
        raise ParameterInvalid(f"SignatureMethod must be one of {', '.join(signature.METHODS)}")
    if not signature.is_signed(holder.secret_key, method, given, request):
        raise SignatureMismatch(request, holder, find_cause(holder.secret_key, method, given, request))


def _find_seller(parameters: Parameters, holders: Sequence[Seller]) -> Seller:
    names = {value for name in ("SellerId", "Merchant") if (value := parameters.get(name))}
    if not names:
        raise ParameterMissing("SellerId")
    for seller in holders:
        if names == {seller.seller_id}:
            return seller
    raise SellerInvalid


def _check_token(parameters: Parameters, seller: Seller, *, shared: bool) -> None:
    token = parameters.get("MWSAuthToken")
    if token is None:
        if shared:
            raise TokenMissing
    elif not seller.auth_token or not hmac.compare_digest(_encode(token), _encode(seller.auth_token)):
        raise TokenInvalid


def _require(parameters: Parameters, name: str) -> str:
    value = parameters.get(name)
    if value is None:
        raise ParameterMissing(name)
    return value


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
