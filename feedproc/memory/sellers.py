"""Sellers and their credentials in memory."""

from collections.abc import Callable, Sequence

from feedproc.errors import SellerExists, SellerUnknown
from feedproc.memory.tables import Tables, require_text
from feedproc.ports import Seller


class MemorySellers:
    """The port `Sellers`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `sellers`."""
        self._tables = tables

    def add(self, seller: Seller) -> None:
        """Keep a seller.

        Raises:
            SellerExists: the id is taken; or the access key, or the application, with another secret.

        """
        with self._tables.lock:
            if seller.seller_id in self._tables.sellers:
                raise SellerExists(f"Seller {seller.seller_id} exists already")
            self._keep(seller)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far.

        Raises:
            SellerUnknown: there is no such seller.
            SellerExists: the access key, or the application, has another secret.

        """
        with self._tables.lock:
            if seller.seller_id not in self._tables.sellers:
                raise SellerUnknown(f"There is no seller {seller.seller_id}")
            self._keep(seller)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id."""
        require_text(seller_id)
        with self._tables.lock:
            return self._tables.sellers.get(seller_id)

    def find_by_access_key(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs."""
        require_text(access_key)
        return self._find(lambda one: one.access_key == access_key)

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls SP-API."""
        require_text(client_id)
        return self._find(lambda one: one.client_id == client_id) if client_id else []

    def list_sellers(self) -> Sequence[Seller]:
        """Return every seller, by id."""
        return self._find(lambda _: True)

    def _keep(self, seller: Seller) -> None:
        others = [one for one in self._tables.sellers.values() if one.seller_id != seller.seller_id]
        if any(one.access_key == seller.access_key and one.secret_key != seller.secret_key for one in others):
            raise SellerExists(f"Access key {seller.access_key} exists already, with another secret key")
        of_application = [one for one in others if seller.client_id and one.client_id == seller.client_id]
        if any(one.client_secret != seller.client_secret for one in of_application):
            raise SellerExists(f"Application {seller.client_id} exists already, with another secret")
        self._tables.sellers[seller.seller_id] = seller

    def _find(self, fits: Callable[[Seller], bool]) -> list[Seller]:
        with self._tables.lock:
            return sorted(filter(fits, self._tables.sellers.values()), key=lambda one: one.seller_id)
