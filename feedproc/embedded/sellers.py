"""Sellers and their credentials in SQLite."""

import sqlite3
from collections.abc import Sequence

import msgspec

from feedproc.embedded.database import Database
from feedproc.embedded.sealed_sellers import as_secret, with_open_secrets, with_sealed_secrets
from feedproc.errors import SellerExists, SellerUnknown
from feedproc.ports import Seller


class SqliteSellers:
    """The port `Sellers`."""

    def __init__(self, database: Database) -> None:
        """Use the table `sellers`."""
        self._database = database

    def add(self, seller: Seller) -> None:
        """Keep a seller. Raises `SellerExists`."""
        with self._database.transaction() as connection:
            if self.get(seller.seller_id):
                raise SellerExists(f"Seller {seller.seller_id} exists already")
            self._keep(connection, seller)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far. Raises `SellerUnknown`, or `SellerExists`."""
        with self._database.transaction() as connection:
            if not self.get(seller.seller_id):
                raise SellerUnknown(f"There is no seller {seller.seller_id}")
            self._keep(connection, seller)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id."""
        found = self._find_where("seller_id = ?", seller_id)
        return found[0] if found else None

    def find_by_access_key(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs."""
        return self._find_where("access_key = ?", access_key)

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls SP-API."""
        return self._find_where("client_id = ?", client_id) if client_id else []

    def list_sellers(self) -> Sequence[Seller]:
        """Return every seller, by id."""
        return self._find_where("?", 1)

    def _keep(self, connection: sqlite3.Connection, seller: Seller) -> None:
        others = [other for other in self.find_by_access_key(seller.access_key) if other.seller_id != seller.seller_id]
        if any(other.secret_key != seller.secret_key for other in others):
            raise SellerExists(f"Access key {seller.access_key} exists already, with another secret key")
        others = [other for other in self.find_by_client(seller.client_id) if other.seller_id != seller.seller_id]
        if any(other.client_secret != seller.client_secret for other in others):
            raise SellerExists(f"Application {seller.client_id} exists already, with another secret")
        data = msgspec.json.encode(with_sealed_secrets(seller, self._database.secrets), enc_hook=str)
        connection.execute(
            "INSERT OR REPLACE INTO sellers (seller_id, access_key, client_id, data) VALUES (?, ?, ?, ?)",
            (seller.seller_id, seller.access_key, seller.client_id, data),
        )

    def _find_where(self, condition: str, value: str | int) -> list[Seller]:
        rows = self._database.connection.execute(
            f"SELECT data FROM sellers WHERE {condition} ORDER BY seller_id",
            (value,),
        )
        sealed = [msgspec.json.decode(data, type=Seller, dec_hook=as_secret) for (data,) in rows]
        return [with_open_secrets(seller, self._database.secrets) for seller in sealed]
