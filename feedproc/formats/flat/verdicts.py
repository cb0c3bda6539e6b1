"""Amazon's texts for what is wrong with a flat file or a row of it.

Amazon's own numbers for a single bad value are known for few of them; those without stand under 18028, as they do in
the reports of XML feeds.
"""

from typing import NamedTuple

from feedproc.feeds.marketplaces import marketplace_of

MISSING_COLUMN = 90012
UNKNOWN_COLUMN = 90061
FATAL = frozenset({MISSING_COLUMN})
"""Codes whose error type is Fatal rather than Error."""


class Verdict(NamedTuple):
    """A code and its text."""

    code: int
    text: str


INCOMPLETE = Verdict(
    18028,
    "The data you submitted with this item is incomplete or invalid. "
    "Please resubmit the item with all required fields completed with valid data.",
)
"""For a value that is missing, or that its column does not take."""
NO_ORDER_ID = Verdict(18028, "Invalid OrderID or AmazonOrderID.")
UNPROCESSABLE = Verdict(
    5002,
    "We are sorry, but we were unable to process this message. "
    "Please review the message and verify that it is accurate. Then, please resubmit the message.",
)
"""For a date that is none; help pages for sellers name a bad ship date as the usual cause."""

_UNKNOWN = (
    "The {} field heading is invalid, so values in this field were ignored. To correct this error, download the "
    "template again and use the new copy, or fix the field heading in your existing file."
)
_UNKNOWN_IN_JAPANESE = (
    "{} 列が無効です。この列の値は無視されます。このエラーを修正するには、再度テンプレートをダウンロードして新しく"
    "ファイルを作成する、または既存ファイルにある無効な列の見出しを修正してください。."
)
_LONGEST_HEADING = 1000


def missing_column(name: str) -> str:
    """Return the text of 90012; Japanese reports have it in English, as far as is known."""
    return (
        f"The required {name} field is missing from the file. To correct this error, download the template again and "
        "use the new copy, or insert the required field into your existing file."
    )


def unknown_column(heading: str, marketplace_id: str) -> str:
    """Return the text of 90061. The heading is told as it is, a whole line of XML too."""
    text = _UNKNOWN_IN_JAPANESE if marketplace_of(marketplace_id).is_japanese else _UNKNOWN
    return text.format(heading[:_LONGEST_HEADING])
