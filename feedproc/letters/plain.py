"""How data of orders is printed in a text: on one line, and amounts as people write them."""

import re
from datetime import datetime
from decimal import Decimal
from unicodedata import category

from feedproc.feeds.marketplaces import JAPAN, decimals_of, marketplace_of

LONGEST = 500
"""Characters of one value; Amazon's longest title."""
_MOST_DIGITS = 15
_BLANKS = re.compile(" {2,}")


def write_line(value: object) -> str:
    """Return a value as text on one line: blanks for control, format and line characters, and not too long."""
    kept = (" " if category(sign) in _UNSEEN else sign for sign in str(value)[: 2 * LONGEST])
    line = _BLANKS.sub(" ", "".join(kept)).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def write_english_amount(amount: Decimal, currency: str) -> str:
    """Return `JPY 1,430` or `EUR 12.50`."""
    return f"{currency} {_write_digits(amount, currency)}"


def write_japanese_amount(amount: Decimal, currency: str) -> str:
    """Return `1,430円`, or `EUR 12.50`."""
    return f"{_write_digits(amount, currency)}円" if currency == "JPY" else write_english_amount(amount, currency)


def write_english_day(moment: datetime) -> str:
    """Return `4 March 2024`, in UTC."""
    return f"{moment.day} {moment:%B %Y}"


def write_japanese_day(moment: datetime) -> str:
    """Return `2024年3月4日`, in Japan."""
    local = moment.astimezone(marketplace_of(JAPAN).zone)
    return f"{local.year}年{local.month}月{local.day}日"


def _write_digits(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency's decimals; with more where it would otherwise be rounded."""
    if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS:
        return f"{amount.normalize():g}"
    decimals = decimals_of(currency)
    exponent = amount.normalize().as_tuple().exponent
    return f"{amount:,.{max(decimals, min(-int(exponent), _MOST_DIGITS))}f}"
