"""The flat file Recount: its template, and how a row of it is read."""

from collections.abc import Sequence
from typing import Any

from feedproc.formats.flat.columns import Column, Template, name_by_sku
from feedproc.formats.flat.values import limit_text, read_units

from .message import Recount

TEMPLATE = Template(
    "Recount",
    (Column("sku", limit_text(40), is_required=True), Column("counted", read_units, is_required=True)),
    name_by_sku(),
    feed_type="POST_FLAT_FILE_RECOUNT_DATA",
)


def decode_row(values: Sequence[Any]) -> Recount:
    """Read a row."""
    sku, counted = values
    return Recount(sku, counted)
