"""Flat files: tab-delimited tables in, a table of errors out (Seller Central help, pages 641, 661 and 200194300)."""

from feedproc.formats.flat.columns import Column, Template, Unfit
from feedproc.formats.flat.form import FlatFile

__all__ = ["Column", "FlatFile", "Template", "Unfit"]
