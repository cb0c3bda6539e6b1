"""Sellers in DynamoDB: each is kept twice, among all sellers and among those of its access key."""

from collections.abc import Sequence

import msgspec

from feedproc.aws.clients import Clients, pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item
from feedproc.aws.dynamo.read import one, queried
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.dynamo.transaction import Refused, Write, token_of, transact
from feedproc.aws.sellers.kms import Vault
from feedproc.errors import Conflict, SellerExists, SellerUnknown
from feedproc.ports import Seller

_ALL = "sellers"
_GUARD = "!"
"""In the place of a seller's id: counts how often the sellers of an access key changed. No id has only this sign."""
_OPEN = ("seller_id", "merchant_token", "access_key", "marketplace_ids", "destinations")
_decode = msgspec.json.Decoder(dict[str, str | list[str]]).decode


class DynamoSellers:
    """The port `Sellers`."""

    def __init__(self, clients: Clients, vault: Vault) -> None:
        """Use the table `sellers`."""
        self._clients = clients
        self._vault = vault

    def add(self, seller: Seller) -> None:
        """Keep a seller. Raises `SellerExists`."""
        if self.get(seller.seller_id) is not None:
            raise SellerExists(f"Seller {seller.seller_id} exists already")
        self._keep(seller, None)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far. Raises `SellerUnknown`, or `SellerExists`."""
        before = self.get(seller.seller_id)
        if before is None:
            raise SellerUnknown(f"There is no seller {seller.seller_id}")
        self._keep(seller, before)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id."""
        if not 0 < len(seller_id.encode(errors="replace")) <= MOST_KEY_BYTES:
            return None
        found = one(self._clients, SELLERS, _key(_ALL, seller_id))
        return self._seller(found) if found else None

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs."""
        return self._holding(access_key)[1]

    def all(self) -> Sequence[Seller]:
        """Return every seller, by id."""
        return [self._seller(found) for found in self._shelf(_ALL)]

    def _holding(self, access_key: str) -> tuple[int, list[Seller]]:
        """Return how often the sellers of an access key changed, and who they are."""
        if len(access_key.encode(errors="replace")) > MOST_KEY_BYTES:
            return 0, []
        changes, sellers = 0, []
        for found in self._shelf(_of_key(access_key)):
            if found["seller_id"]["S"] == _GUARD:
                changes = items.integer(found["changes"])
            else:
                sellers.append(self._seller(found))
        return changes, sellers

    def _shelf(self, shelf: str) -> list[Item]:
        statement = items.query(self._clients.table(SELLERS), "#shelf = :shelf", {"shelf": items.text(shelf)})
        return list(queried(self._clients, statement, ConsistentRead=True))

    def _keep(self, seller: Seller, before: Seller | None) -> None:
        """Write a seller under the condition that nobody else with its access key came or changed meanwhile."""
        sealed = self._vault.seal(seller.seller_id, (seller.secret_key, seller.auth_token, seller.password_hash))
        for seconds in (*pauses(), 0.0):
            changes, others = self._holding(seller.access_key)
            if any(one.secret_key != seller.secret_key for one in others if one.seller_id != seller.seller_id):
                raise SellerExists(f"Access key {seller.access_key} exists already, with another secret key")
            writes = self._writes(seller, sealed, before, changes)
            try:
                transact(self._clients, writes, token_of(writes))
            except Refused:
                found = one(self._clients, SELLERS, _key(_ALL, seller.seller_id))
                if found is not None and found["sealed"]["B"] == sealed:
                    return  # an earlier try took effect, and only its answer was lost
                if before is None and found is not None:
                    raise SellerExists(f"Seller {seller.seller_id} exists already") from None
                self._clients.pause(seconds)
            else:
                return
        raise Conflict(f"others kept changing sellers of access key {seller.access_key}; try again")

    def _writes(self, seller: Seller, sealed: bytes, before: Seller | None, changes: int) -> list[Write]:
        table, shelf = self._clients.table(SELLERS), _of_key(seller.access_key)
        kept = {"told": items.json({name: getattr(seller, name) for name in _OPEN}), "sealed": items.blob(sealed)}
        guard = items.put(
            table,
            {**_key(shelf, _GUARD), "changes": items.number(changes + 1)},
            "#changes = :changes" if changes else "attribute_not_exists(#shelf)",
            {"changes": items.number(changes)} if changes else {},
        )
        condition = f"attribute_{'not_' if before is None else ''}exists(#shelf)"
        stays = before is not None and before.access_key == seller.access_key
        writes = [
            Write("Put", guard),
            Write("Put", items.put(table, {**_key(_ALL, seller.seller_id), **kept}, condition)),
            Write("Put", items.put(table, {**_key(shelf, seller.seller_id), **kept}, condition if stays else "")),
        ]
        if before is not None and before.access_key != seller.access_key:
            left = _key(_of_key(before.access_key), seller.seller_id)
            writes.append(Write("Delete", items.delete(table, left, "attribute_exists(#shelf)")))
        return writes

    def _seller(self, found: Item) -> Seller:
        told = items.from_json(found["told"], _decode)
        secret_key, auth_token, password_hash = self._vault.open(str(told["seller_id"]), bytes(found["sealed"]["B"]))
        return Seller(
            seller_id=str(told["seller_id"]),
            merchant_token=str(told["merchant_token"]),
            access_key=str(told["access_key"]),
            secret_key=secret_key,
            auth_token=auth_token,
            marketplace_ids=tuple(told["marketplace_ids"]),
            destinations=tuple(told["destinations"]),
            password_hash=password_hash,
        )


def _key(shelf: str, seller_id: str) -> Item:
    return {"shelf": items.text(shelf), "seller_id": items.text(seller_id)}


def _of_key(access_key: str) -> str:
    return f"key/{access_key}"
