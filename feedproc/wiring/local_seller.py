"""The seller that comes with every new store, and how it is kept from other machines."""

from collections.abc import Sequence

from feedproc.feeds.marketplaces import JAPAN
from feedproc.ports import Secret, Seller, Sellers

LOCAL_SELLER = Seller(
    seller_id="A1LOCALSELLER1",
    merchant_token="M_LOCAL_1234567",
    access_key="AKIAFEEDPROCLOCAL001",
    secret_key=Secret("localOnlyLocalOnlyLocalOnlyLocalOnly0001"),
    auth_token=Secret("amzn.mws.00000000-0000-0000-0000-000000000001"),
    client_id="amzn1.application-oa2-client.feedproclocal0000000000000000000001",
    client_secret=Secret("amzn1.oa2-cs.v1.local-only-local-only-local-only-local-only-0001"),
    refresh_token=Secret("Atzr|feedproc-local-refresh-token"),
    marketplace_ids=(JAPAN,),
)
"""Comes with every new store. Everybody knows its keys, so they are good on this machine alone."""


class ForeignSellers:
    """The port `Sellers` as other machines see it: whoever signs with the local seller's secret is unknown."""

    def __init__(self, sellers: Sellers) -> None:
        """Look at these sellers."""
        self._sellers = sellers

    def add(self, seller: Seller) -> None:
        """Keep a seller."""
        self._sellers.add(seller)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far."""
        self._sellers.change(seller)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id, unless it is refused."""
        found = self._sellers.get(seller_id)
        return found if found and not is_well_known(found) else None

    def find_by_access_key(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs, without those that are refused."""
        return [seller for seller in self._sellers.find_by_access_key(access_key) if not is_well_known(seller)]

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls, without those that are refused."""
        return [seller for seller in self._sellers.find_by_client(client_id) if not is_well_known(seller)]

    def list_sellers(self) -> Sequence[Seller]:
        """Return every seller that is not refused."""
        return [seller for seller in self._sellers.list_sellers() if not is_well_known(seller)]


def is_well_known(seller: Seller) -> bool:
    """Say whether a seller signs with the local seller's secret, or its application has the local one's."""
    return seller.secret_key == LOCAL_SELLER.secret_key or seller.client_secret == LOCAL_SELLER.client_secret
