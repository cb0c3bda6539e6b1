"""Sellers in DynamoDB: each is kept twice, among all sellers and among those of its access key."""

from collections.abc import Sequence

import msgspec

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item
from feedproc.aws.dynamo.read import get_item, query_items
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.dynamo.transaction import Refused, Write, make_token, transact
from feedproc.aws.sellers.kms import KmsCipher
from feedproc.errors import Conflict, SellerExists, SellerUnknown
from feedproc.ports import Seller

_ALL = "sellers"
_GUARD = "!"
"""In the place of a seller's id: counts how often the sellers of an access key changed. No id has only this sign."""
_OPEN = ("seller_id", "merchant_token", "access_key", "marketplace_ids", "destinations")
_decode = msgspec.json.Decoder(dict[str, str | list[str]]).decode


class DynamoSellers:
    """The port `Sellers`."""

    def __init__(self, clients: Clients, cipher: KmsCipher) -> None:
        """Use the table `sellers`."""
        self._clients = clients
        self._cipher = cipher

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
        found = get_item(self._clients, SELLERS, _make_key(_ALL, seller_id))
        return self._read_seller(found) if found else None

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs."""
        return self._find_holding(access_key)[1]

    def all(self) -> Sequence[Seller]:
        """Return every seller, by id."""
        return [self._read_seller(found) for found in self._list_under(_ALL)]

    def _find_holding(self, access_key: str) -> tuple[int, list[Seller]]:
        """Return how often the sellers of an access key changed, and who they are."""
        if len(access_key.encode(errors="replace")) > MOST_KEY_BYTES:
            return 0, []
        changes, sellers = 0, []
        for found in self._list_under(_name_key(access_key)):
            if found["seller_id"]["S"] == _GUARD:
                changes = items.integer(found["changes"])
            else:
                sellers.append(self._read_seller(found))
        return changes, sellers

    def _list_under(self, list_name: str) -> list[Item]:
        statement = items.query(
            self._clients.name_table(SELLERS), "#listed_under = :list", {"list": items.text(list_name)}
        )
        return list(query_items(self._clients, statement, ConsistentRead=True))

    def _keep(self, seller: Seller, before: Seller | None) -> None:
        """Write a seller under the condition that nobody else with its access key came or changed meanwhile."""
        encrypted = self._cipher.encrypt(seller.seller_id, (seller.secret_key, seller.auth_token, seller.password_hash))
        for seconds in (*draw_pauses(), 0.0):
            changes, others = self._find_holding(seller.access_key)
            if any(one.secret_key != seller.secret_key for one in others if one.seller_id != seller.seller_id):
                raise SellerExists(f"Access key {seller.access_key} exists already, with another secret key")
            writes = self._build_writes(seller, encrypted, before, changes)
            try:
                transact(self._clients, writes, make_token(writes))
            except Refused:
                found = get_item(self._clients, SELLERS, _make_key(_ALL, seller.seller_id))
                if found is not None and found["encrypted"]["B"] == encrypted:
                    return  # an earlier try took effect, and only its answer was lost
                if before is None and found is not None:
                    raise SellerExists(f"Seller {seller.seller_id} exists already") from None
                self._clients.pause(seconds)
            else:
                return
        raise Conflict(f"others kept changing sellers of access key {seller.access_key}; try again")

    def _build_writes(self, seller: Seller, encrypted: bytes, before: Seller | None, changes: int) -> list[Write]:
        table, list_name = self._clients.name_table(SELLERS), _name_key(seller.access_key)
        kept = {
            "document": items.json({name: getattr(seller, name) for name in _OPEN}),
            "encrypted": items.blob(encrypted),
        }
        guard = items.put(
            table,
            {**_make_key(list_name, _GUARD), "changes": items.number(changes + 1)},
            "#changes = :changes" if changes else "attribute_not_exists(#listed_under)",
            {"changes": items.number(changes)} if changes else {},
        )
        condition = f"attribute_{'not_' if before is None else ''}exists(#listed_under)"
        stays = before is not None and before.access_key == seller.access_key
        writes = [
            Write("Put", guard),
            Write("Put", items.put(table, {**_make_key(_ALL, seller.seller_id), **kept}, condition)),
            Write(
                "Put", items.put(table, {**_make_key(list_name, seller.seller_id), **kept}, condition if stays else "")
            ),
        ]
        if before is not None and before.access_key != seller.access_key:
            left = _make_key(_name_key(before.access_key), seller.seller_id)
            writes.append(Write("Delete", items.delete(table, left, "attribute_exists(#listed_under)")))
        return writes

    def _read_seller(self, found: Item) -> Seller:
        document = items.from_json(found["document"], _decode)
        secret_key, auth_token, password_hash = self._cipher.decrypt(
            str(document["seller_id"]), bytes(found["encrypted"]["B"])
        )
        return Seller(
            seller_id=str(document["seller_id"]),
            merchant_token=str(document["merchant_token"]),
            access_key=str(document["access_key"]),
            secret_key=secret_key,
            auth_token=auth_token,
            marketplace_ids=tuple(document["marketplace_ids"]),
            destinations=tuple(document["destinations"]),
            password_hash=password_hash,
        )


def _make_key(list_name: str, seller_id: str) -> Item:
    return {"listed_under": items.text(list_name), "seller_id": items.text(seller_id)}


def _name_key(access_key: str) -> str:
    return f"key/{access_key}"
