"""Where Amazon's texts send a seller for help: the host follows the marketplace."""

from collections.abc import Mapping

_EUROPE = "sellercentral-europe.amazon.com"
_HOSTS: Mapping[str, str] = {
    "ATVPDKIKX0DER": "sellercentral.amazon.com",
    "A2EUQ1WTGCTBG2": "sellercentral.amazon.ca",
    "A1AM78C64UM0Y8": "sellercentral.amazon.mx",
    "A1VC38T7YXB528": "sellercentral.amazon.co.jp",
    "A1PA6795UKMFR9": "sellercentral.amazon.de",
    "A1RKKUPIHCS9HS": "sellercentral.amazon.es",
    "A13V1IB3VIYZZH": "sellercentral.amazon.fr",
    "A1F83G8C2ARO7P": "sellercentral.amazon.co.uk",
    "APJ6JRA9NG5V4": "sellercentral.amazon.it",
    "A1805IZSGTT6HS": _EUROPE,
    "AMEN7PMS3EDWL": _EUROPE,
    "A1C3SOZRARQ6R3": _EUROPE,
    "A2NODRKZP88ZB9": _EUROPE,
    "A33AVAJ2PDY3EV": _EUROPE,
    "ARBP9OOSHTCHU": _EUROPE,
    "A17E79C6D8DWNP": _EUROPE,
}


def seller_central(marketplace_id: str) -> str:
    """Return the host of Seller Central for a marketplace; that of the United States for one without its own."""
    return _HOSTS.get(marketplace_id, "sellercentral.amazon.com")
