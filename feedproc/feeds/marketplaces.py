"""Amazon's marketplaces (MWS developer guide, endpoints and marketplace ids)."""

from collections.abc import Mapping

MARKETPLACES: Mapping[str, str] = {
    "ATVPDKIKX0DER": "United States",
    "A2Q3Y263D00KWC": "Brazil",
    "A2EUQ1WTGCTBG2": "Canada",
    "A1AM78C64UM0Y8": "Mexico",
    "A1PA6795UKMFR9": "Germany",
    "A1RKKUPIHCS9HS": "Spain",
    "A13V1IB3VIYZZH": "France",
    "A1F83G8C2ARO7P": "United Kingdom",
    "APJ6JRA9NG5V4": "Italy",
    "A1805IZSGTT6HS": "Netherlands",
    "AMEN7PMS3EDWL": "Belgium",
    "A1C3SOZRARQ6R3": "Poland",
    "A2NODRKZP88ZB9": "Sweden",
    "A33AVAJ2PDY3EV": "Turkey",
    "ARBP9OOSHTCHU": "Egypt",
    "A17E79C6D8DWNP": "Saudi Arabia",
    "A2VIGQ35RCS4UG": "United Arab Emirates",
    "A21TJRUUN4KGV": "India",
    "A1VC38T7YXB528": "Japan",
    "A39IBJ37TRP1C6": "Australia",
    "A19VAU5U5O7RUS": "Singapore",
    "AAHKV2X7AFYLW": "China",
}
"""Each marketplace's country, by its id."""
JAPAN = "A1VC38T7YXB528"
