"""The option that says whose orders and submissions a command is about."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from feedproc.errors import Unusable
from feedproc.ports import Seller, Sellers
from feedproc.wiring.local_seller import LOCAL_SELLER

_Command = TypeVar("_Command", bound=Callable[..., Any])


def seller_option(command: _Command) -> _Command:
    """Add the option `--seller`."""
    help_text = "Id of the seller; by default the local seller, or the only one there is."
    return click.option("--seller", metavar="ID", help=help_text)(command)


def choose_seller(sellers: Sellers, seller_id: str | None) -> Seller:
    """Return the seller with that id; without an id the local seller, or the only one.

    Raises:
        Unusable: there is no such seller, or several to choose from.

    """
    known = sellers.list_sellers()
    wanted = seller_id or LOCAL_SELLER.seller_id
    for seller in known:
        if seller.seller_id == wanted:
            return seller
    if seller_id is None and len(known) == 1:
        return known[0]
    names = ", ".join(seller.seller_id for seller in known)
    raise Unusable(f"No seller {seller_id}; there are {names}" if seller_id else f"Name one with --seller: {names}")
