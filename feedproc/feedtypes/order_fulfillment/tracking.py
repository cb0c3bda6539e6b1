"""What the tracking numbers of carriers look like, as far as they tell everybody.

Amazon warns of a number that its carrier cannot have given, and confirms the shipment all the same. Only the form is
looked at: check digits are counted otherwise by each service of a carrier. Blanks and hyphens between the digits are
how people write a number, and mean nothing.
"""

import re
from typing import NamedTuple


class NumberFormat(NamedTuple):
    """The form of a carrier's numbers, without blanks and hyphens."""

    form: re.Pattern[str]
    source: str
    """Where the carrier, or the body that it belongs to, says so."""


_S10 = r"[A-Z]{2}[0-9]{9}[A-Z]{2}"
"""Universal Postal Union, standard S10: 2 letters, 9 digits and the country."""

_YAMATO = NumberFormat(re.compile("[0-9]{12}"), "Yamato Transport, parcel inquiry: 12 digits")
_SAGAWA = NumberFormat(re.compile("[0-9]{10}|[0-9]{12}"), "Sagawa Express, parcel inquiry: 10 or 12 digits")
_JAPAN_POST = NumberFormat(
    re.compile(rf"[0-9]{{11,13}}|{_S10}"), "Japan Post, search by number: 11 to 13 digits, or UPU S10"
)
_SEINO = NumberFormat(re.compile("[0-9]{10}"), "Seino Transportation, parcel inquiry: 10 digits")
_FEDEX = NumberFormat(
    re.compile("[0-9]{12}|[0-9]{15}|[0-9]{20}|[0-9]{22}|[0-9]{34}"), "FedEx, tracking help: 12, 15, 20 or 22 digits"
)

FORMATS: dict[str, NumberFormat] = {
    "YAMATO": _YAMATO,
    "YamatoTransport": _YAMATO,
    "SAGAWA": _SAGAWA,
    "SagawaExpress": _SAGAWA,
    "JP_EXPRESS": _JAPAN_POST,
    "Japan Post": _JAPAN_POST,
    "Seino": _SEINO,
    "SEINO TRANSPORTATION": _SEINO,
    "FedEx": _FEDEX,
    "FEDEX_JP": _FEDEX,
    "UPS": NumberFormat(
        re.compile("1Z[0-9A-Z]{16}|T[0-9]{10}|[0-9]{9}|[0-9]{12}|[0-9]{26}"),
        "UPS, tracking support: 1Z and 16 characters, T and 10 digits, or 9, 12 or 26 digits",
    ),
    "USPS": NumberFormat(
        re.compile(rf"(?:420[0-9]{{5}}(?:[0-9]{{4}})?)?[0-9]{{20,22}}|[0-9]{{26}}|82[0-9]{{8}}|{_S10}"),
        "USPS, FAQ on tracking numbers: 20 to 22 digits, 82 and 8 digits, or UPU S10",
    ),
    "Royal Mail": NumberFormat(re.compile(rf"{_S10}|[0-9A-F]{{16,25}}"), "Royal Mail, reference numbers: UPU S10"),
    "Canada Post": NumberFormat(re.compile(rf"[0-9]{{16}}|{_S10}"), "Canada Post: 16 digits, or UPU S10"),
}
"""By the code of Amazon's list. A carrier that is not among them is not looked at."""


_BETWEEN = re.compile(r"[\s,;/|\u3001\uff0c]+")
_SHORTEST = 8
"""Signs of a tracking number."""


def fits_carrier(carrier_code: str, tracking_number: str) -> bool:
    """Return whether the carrier may have given the number; also when nothing is known of its numbers."""
    known = FORMATS.get(carrier_code)
    if known is None:
        return True
    return known.form.fullmatch(tracking_number.replace(" ", "").replace("-", "").upper()) is not None


def are_several(carrier_code: str, text: str) -> bool:
    """Return whether a text holds several numbers that the carrier may have given, with signs between them."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return len(parts) > 1 and all(len(part) >= _SHORTEST and fits_carrier(carrier_code, part) for part in parts)
