"""Sellers in DynamoDB: each is kept twice, among all sellers and among those of its access key."""

from collections.abc import Mapping, Sequence

import msgspec

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import MOST_KEY_BYTES, Item
from feedproc.aws.dynamo.read import get_item, query_items
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.dynamo.transaction import ConditionsFailed, Write, make_token, transact
from feedproc.aws.sellers.kms import KmsCipher
from feedproc.errors import Conflict, SellerExists, SellerUnknown, Unusable
from feedproc.feeds.manner import Manner
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.ports import Secret, Seller

_ALL = "sellers"
_GUARD = "!"
"""In the place of a seller's id: counts how often the sellers of an access key changed. No id has only this sign."""
_OPEN = (
    "seller_id",
    "merchant_token",
    "access_key",
    "client_id",
    "marketplace_ids",
    "destinations",
    "manner",
    "report_extras",
)
_SECRETS = ("secret_key", "auth_token", "password_hash", "client_secret", "refresh_token")
"""In the order in which they are encrypted together."""
_decode = msgspec.json.Decoder(dict[str, str | list[str] | dict[str, str]]).decode


class DynamoSellers:
    """The port `Sellers`."""

    def __init__(self, clients: Clients, cipher: KmsCipher, opens_secrets: bool = True) -> None:
        """Use the table `sellers`. Unless `opens_secrets`, secrets are left blank, and no seller is found by a key."""
        self._clients = clients
        self._cipher = cipher
        self._opens_secrets = opens_secrets

    def add(self, seller: Seller) -> None:
        """Keep a seller.

        Raises:
            SellerExists: the id is taken, or the access key with another secret.

        """
        if self.get(seller.seller_id) is not None:
            raise SellerExists(f"Seller {seller.seller_id} exists already")
        self._keep(seller, None)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far.

        Raises:
            SellerUnknown: nobody has this id.
            SellerExists: another seller has the access key, with another secret key.
            Unusable: this process opens no secrets, and would keep blank ones.

        """
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

    def find_by_access_key(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs.

        Raises:
            Unusable: this process opens no secrets, and a signature checked with a blank one proves nothing.

        """
        return self._find_group(_make_key_group(access_key))[1]

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls SP-API.

        Raises:
            Unusable: as `holding`.

        """
        return self._find_group(_make_client_group(client_id))[1] if client_id else []

    def list_sellers(self) -> Sequence[Seller]:
        """Return every seller, by id."""
        return [self._read_seller(found) for found in self._list_under(_ALL)]

    def _find_group(self, list_name: str) -> tuple[int, list[Seller]]:
        """Return how often the sellers of a list changed, and who they are."""
        if not self._opens_secrets:
            raise Unusable("this process opens no sellers' secrets; let one do it that may use the KMS key")
        if len(list_name.encode(errors="replace")) > MOST_KEY_BYTES:
            return 0, []
        changes, sellers = 0, []
        for found in self._list_under(list_name):
            if found["seller_id"]["S"] == _GUARD:
                changes = items.as_int(found["changes"])
            else:
                sellers.append(self._read_seller(found))
        return changes, sellers

    def _list_under(self, list_name: str) -> list[Item]:
        statement = items.query(
            self._clients.get_table_name(SELLERS), "#listed_under = :list", {"list": items.as_text(list_name)}
        )
        return list(query_items(self._clients, statement, ConsistentRead=True))

    def _keep(self, seller: Seller, before: Seller | None) -> None:
        """Write a seller if nobody else with its access key or application came or changed meanwhile."""
        encrypted = self._cipher.encrypt(seller.seller_id, tuple(getattr(seller, name) for name in _SECRETS))
        for seconds in (*draw_pauses(), 0.0):
            changes = {name: self._check_group(name, seller) for name in _list_groups(seller)}
            writes = self._build_writes(seller, encrypted, before, changes)
            try:
                transact(self._clients, writes, make_token(writes))
            except ConditionsFailed:
                found = get_item(self._clients, SELLERS, _make_key(_ALL, seller.seller_id))
                if found is not None and found["encrypted"]["B"] == encrypted:
                    return  # an earlier try took effect, and only its answer was lost
                if before is None and found is not None:
                    raise SellerExists(f"Seller {seller.seller_id} exists already") from None
                self._clients.pause(seconds)
            else:
                return
        raise Conflict(f"others kept changing sellers of access key {seller.access_key}; try again")

    def _check_group(self, list_name: str, seller: Seller) -> int:
        """Return how often the sellers of a list changed.

        Raises:
            SellerExists: one of them has another secret.

        """
        changes, members = self._find_group(list_name)
        others = [one for one in members if one.seller_id != seller.seller_id]
        is_client = list_name == _make_client_group(seller.client_id)
        if is_client and any(one.client_secret != seller.client_secret for one in others):
            raise SellerExists(f"Application {seller.client_id} exists already, with another secret")
        if not is_client and any(one.secret_key != seller.secret_key for one in others):
            raise SellerExists(f"Access key {seller.access_key} exists already, with another secret key")
        return changes

    def _build_writes(
        self, seller: Seller, encrypted: bytes, before: Seller | None, changes: Mapping[str, int]
    ) -> list[Write]:
        table = self._clients.get_table_name(SELLERS)
        kept = {
            "document": items.as_json({name: getattr(seller, name) for name in _OPEN}),
            "encrypted": items.as_blob(encrypted),
        }
        condition = f"attribute_{'not_' if before is None else ''}exists(#listed_under)"
        writes = [Write("Put", items.put(table, {**_make_key(_ALL, seller.seller_id), **kept}, condition))]
        groups_before = _list_groups(before) if before is not None else ()
        for list_name, count in changes.items():
            guard = items.put(
                table,
                {**_make_key(list_name, _GUARD), "changes": items.as_number(count + 1)},
                "#changes = :changes" if count else "attribute_not_exists(#listed_under)",
                {"changes": items.as_number(count)} if count else {},
            )
            member = {**_make_key(list_name, seller.seller_id), **kept}
            stays = list_name in groups_before
            writes.append(Write("Put", guard))
            writes.append(Write("Put", items.put(table, member, condition if stays else "")))
        for list_name in groups_before:
            if list_name not in changes:
                left = _make_key(list_name, seller.seller_id)
                writes.append(Write("Delete", items.delete(table, left, "attribute_exists(#listed_under)")))
        return writes

    def _read_seller(self, found: Item) -> Seller:
        document = items.from_json(found["document"], _decode)
        seller_id = str(document["seller_id"])
        secrets: Sequence[Secret] = [Secret("")] * len(_SECRETS)
        if self._opens_secrets:
            secrets = self._cipher.decrypt(seller_id, bytes(found["encrypted"]["B"]))
        return Seller(
            seller_id=seller_id,
            merchant_token=str(document["merchant_token"]),
            access_key=str(document["access_key"]),
            client_id=str(document.get("client_id", "")),
            marketplace_ids=tuple(document["marketplace_ids"]),
            destinations=tuple(document["destinations"]),
            manner=msgspec.convert(document.get("manner", {}), Manner),
            report_extras=msgspec.convert(document.get("report_extras", ()), tuple[ReportExtra, ...]),
            # A seller who was kept before there were applications has fewer secrets.
            **dict(zip(_SECRETS, secrets, strict=False)),
        )


def _make_key(list_name: str, seller_id: str) -> Item:
    return {"listed_under": items.as_text(list_name), "seller_id": items.as_text(seller_id)}


def _make_key_group(access_key: str) -> str:
    return f"key/{access_key}"


def _make_client_group(client_id: str) -> str:
    return f"client/{client_id}"


def _list_groups(seller: Seller) -> tuple[str, ...]:
    """Return the lists that a seller stands in besides that of all: its access key's, and its application's."""
    key = _make_key_group(seller.access_key)
    return (key, _make_client_group(seller.client_id)) if seller.client_id else (key,)
