"""The NextToken of the section Orders: where a list of orders, or of an order's lines, goes on."""

from typing import TypeVar

from msgspec import Struct

from feedproc.mws.call import MwsCall
from feedproc.mws.next_token import unseal
from feedproc.mws.refusals import NextTokenUnreadable, ParameterInvalid

_Rest = TypeVar("_Rest", bound=Struct)


def read_rest(call: MwsCall, kind: type[_Rest]) -> _Rest:
    """Return the rest of a list that the call's NextToken stands for.

    Raises:
        ParameterInvalid: there is no token.
        NextTokenUnreadable: this seller was not given such a token for such a list.

    """
    token = call.parameters.get("NextToken")
    if token is None:
        raise ParameterInvalid("Missing required parameter NextToken.")
    rest = unseal(call.seller, token, kind)
    if rest is None:
        raise NextTokenUnreadable
    return rest
