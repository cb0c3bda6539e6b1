"""Passwords of the console: kept as scrypt hashes, checked in the same time whoever is named."""

from threading import Semaphore

from msgspec.structs import replace
from werkzeug.security import check_password_hash, generate_password_hash

from feedproc.errors import FeedprocError, SellerUnknown
from feedproc.ports import Secret, Seller, Sellers

SHORTEST = 10
"""Characters; what NIST SP 800-63B asks for without further proof is 8."""
LONGEST = 200
_AT_ONCE = Semaphore(2)
"""A check takes 32 MiB and a processor for its time, whoever asks for it."""
_NOBODYS = "scrypt:32768:8:1$feedproc.nobody$" + "0" * 128
"""A hash that no password has: checking it takes as long as checking a seller's."""


class PasswordUnfit(FeedprocError):
    """A password is too short, or too long, to be kept."""

    def __init__(self) -> None:
        """Say what is asked for."""
        super().__init__(f"A password must have {SHORTEST} to {LONGEST} characters")


def set_password(sellers: Sellers, seller_id: str, password: str) -> None:
    """Keep the hash of a seller's password.

    Raises:
        PasswordUnfit: it is too short or too long.
        SellerUnknown: there is no such seller.

    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfit
    seller = sellers.get(seller_id)
    if seller is None:
        raise SellerUnknown(f"No seller {seller_id} is kept")
    sellers.change(replace(seller, password_hash=Secret(generate_password_hash(password, "scrypt"))))


def is_password_of(sellers: Sellers, seller_id: str, password: str) -> Seller | None:
    """Return the seller if that is the password; None, after the same time, if there is none or it has another."""
    seller = sellers.get(seller_id)
    kept = seller.password_hash if seller else ""
    with _AT_ONCE:
        fits = check_password_hash(kept or _NOBODYS, password[: LONGEST + 1])
    return seller if fits and kept else None
