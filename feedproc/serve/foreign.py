"""The sellers as a server that other machines can reach knows them: all but the local one."""

from collections.abc import Sequence

from feedproc.ports import Seller, Sellers
from feedproc.wiring import LOCAL_SELLER


class Foreign:
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

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs, without those that are refused."""
        return [seller for seller in self._sellers.holding(access_key) if not is_well_known(seller)]

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls, without those that are refused."""
        return [seller for seller in self._sellers.find_by_client(client_id) if not is_well_known(seller)]

    def all(self) -> Sequence[Seller]:
        """Return every seller that is not refused."""
        return [seller for seller in self._sellers.all() if not is_well_known(seller)]


def is_well_known(seller: Seller) -> bool:
    """Say whether a seller signs with the local seller's secret, or its application has the local one's."""
    return seller.secret_key == LOCAL_SELLER.secret_key or seller.client_secret == LOCAL_SELLER.client_secret
