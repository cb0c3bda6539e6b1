"""The ids of sellers and marketplaces on the command line: a wrong one is refused, with the form that it must have."""

import re
from collections.abc import Callable

import click

from feedproc.feeds.marketplaces import MARKETPLACES

Check = Callable[[click.Context, click.Parameter, str | None], str | None]
"""What click calls with the value of an option."""


def _require_form(form: str, meant: str) -> Check:
    """Return a check for texts of a form, which is told in words, too, with an example."""

    def check(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(form, value):
            raise click.BadParameter(f"{value!r}; it must {meant}")
        return value

    return check


seller_id = _require_form(
    "A[0-9A-Z]{11,14}", "have 12 to 15 capital letters and digits and begin with A, as A1LOCALSELLER1"
)
merchant_token = _require_form(
    "M_[0-9A-Za-z_]{1,48}", "begin with M_ and have at most 50 letters, digits and _, as M_LOCAL_1234567"
)
"""The envelope's schema takes up to 50 characters as MerchantIdentifier."""
access_key = _require_form("AKIA[0-9A-Z]{16}", "be AKIA and 16 more capital letters or digits, as AKIAFEEDPROCLOCAL001")
"""MWS developer guide, required request parameters: AWSAccessKeyId."""


def marketplaces(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Check that Amazon has these marketplaces, or had them."""
    for value in values:
        if value not in MARKETPLACES:
            known = ", ".join(f"{one.marketplace_id} ({one.country})" for one in MARKETPLACES.values())
            raise click.BadParameter(f"{value!r} is no marketplace; there are {known}")
    return values
