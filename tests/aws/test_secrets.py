"""Sellers' secrets: encrypted at rest for one seller each, decrypted once a process, shown nowhere."""

import io
import logging
from typing import Any

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from feedproc.aws import open_backend
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import Clients, get_clients
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.sellers.kms import KmsCipher
from feedproc.errors import Conflict, SellerExists, SellerUnknown, Unusable
from feedproc.ports import Secret
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, noted, operation
from tests.builders import OTHER_SELLER, SELLER, a_seller, new_keys

HIDDEN = ("hush-hush", "token of", "scrypt$")


def with_secrets(seller_id: str = SELLER, **changed: Any) -> Any:
    return replace(a_seller(seller_id, secret="hush-hush"), password_hash=Secret("scrypt$1$2"), **changed)


def items(cloud: AwsSettings) -> list[Any]:
    clients = get_clients(cloud)
    return list(clients.dynamodb.scan(TableName=clients.get_table_name(SELLERS))["Items"])


def test_no_secret_is_stored_in_the_clear(shop: CloudShop, cloud: AwsSettings) -> None:
    shop.backend.sellers.change(with_secrets())
    kept = repr(items(cloud))
    assert len(items(cloud)) == 3
    assert not [text for text in HIDDEN if text in kept]
    assert shop.reopened().backend.sellers.get(SELLER) == with_secrets()


def test_no_secret_reaches_a_log(shop: CloudShop, caplog: pytest.LogCaptureFixture) -> None:
    lines = io.StringIO()
    logging.getLogger().addHandler(handler := logging.StreamHandler(lines))
    try:
        with caplog.at_level(logging.INFO):
            shop.backend.sellers.change(with_secrets())
            shop.reopened().backend.sellers.find_by_access_key(f"KEY-{SELLER}")
    finally:
        logging.getLogger().removeHandler(handler)
    assert not [text for text in HIDDEN if text in lines.getvalue() + repr(shop.backend.sellers.list_sellers())]


def test_a_secret_is_decrypted_once_a_process(shop: CloudShop) -> None:
    sellers = shop.reopened().backend.sellers
    with noted() as asked:
        for _ in range(5):
            sellers.find_by_access_key(f"KEY-{SELLER}")
            sellers.get(SELLER)
    assert asked.count("kms Decrypt") == 1


def test_a_secret_that_was_changed_is_known_at_once(shop: CloudShop) -> None:
    sellers = shop.reopened().backend.sellers
    assert sellers.get(SELLER) == a_seller()
    shop.backend.sellers.change(with_secrets())
    assert sellers.get(SELLER) == with_secrets()
    assert list(sellers.find_by_access_key(f"KEY-{SELLER}")) == [with_secrets()]


def test_a_process_that_opens_no_secrets_checks_no_signature_and_changes_no_seller(
    shop: CloudShop, cloud: AwsSettings
) -> None:
    sellers = open_backend(replace(cloud, opens_secrets=False), new_keys(7_000)).sellers
    seller = sellers.get(SELLER)
    assert seller is not None
    assert (seller.secret_key, seller.merchant_token) == ("", a_seller().merchant_token)
    for refused in (lambda: sellers.find_by_access_key(seller.access_key), lambda: sellers.change(seller)):
        with pytest.raises(Unusable, match="opens no sellers' secrets"):
            refused()
    assert shop.backend.sellers.get(SELLER) == a_seller()


def test_what_is_sealed_for_one_seller_opens_for_no_other(cloud: AwsSettings) -> None:
    cipher = KmsCipher(Clients(cloud))
    encrypted = cipher.encrypt(SELLER, (Secret("hush"),))
    assert cipher.decrypt(SELLER, encrypted) == ("hush",)
    with pytest.raises(ClientError):
        cipher.decrypt(OTHER_SELLER, encrypted)


def test_an_item_that_was_copied_to_another_seller_is_of_no_use(shop: CloudShop, cloud: AwsSettings) -> None:
    shop.stocked(seller=a_seller(OTHER_SELLER))
    clients, found = get_clients(cloud), {one["listed_under"]["S"] + one["seller_id"]["S"]: one for one in items(cloud)}
    forged = {**found[f"sellers{OTHER_SELLER}"], "encrypted": found[f"sellers{SELLER}"]["encrypted"]}
    clients.dynamodb.put_item(TableName=clients.get_table_name(SELLERS), Item=forged)
    with pytest.raises(ClientError):
        shop.reopened().backend.sellers.get(OTHER_SELLER)


def test_a_change_replaces_what_was_kept(shop: CloudShop) -> None:
    shop.backend.sellers.change(with_secrets(access_key="NEW-KEY", destinations=("https://q/1",)))
    sellers = shop.reopened().backend.sellers
    assert [one.destinations for one in sellers.find_by_access_key("NEW-KEY")] == [("https://q/1",)]
    assert not sellers.find_by_access_key(f"KEY-{SELLER}")
    with pytest.raises(SellerUnknown):
        sellers.change(a_seller("NOBODY"))


def test_of_two_who_bring_one_key_with_different_secrets_one_is_refused(shop: CloudShop) -> None:
    rivals = [shop.reopened(), shop.reopened(2_000_000)]
    waiting = [lambda: rivals[1].backend.sellers.add(a_seller("B2", access_key="SHARED", secret="two"))]

    def meanwhile(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems" and waiting:
            waiting.pop()()
        return answer(request)

    with between(meanwhile), pytest.raises(SellerExists):
        rivals[0].backend.sellers.add(a_seller("B1", access_key="SHARED", secret="one"))
    assert [one.seller_id for one in shop.backend.sellers.find_by_access_key("SHARED")] == ["B2"]


@pytest.mark.parametrize("name", ["", "!", "sellers", "x" * 3_000, "key/KEY-A2SHOP", "A2SHOP\x00"])
def test_hostile_names_are_nobodys(shop: CloudShop, name: str) -> None:
    assert shop.backend.sellers.get(name) is None
    assert not shop.backend.sellers.find_by_access_key(name)


@pytest.mark.parametrize("other", ["KEY-THIRD", f"KEY-{SELLER}"])
def test_an_access_key_that_was_given_up_opens_nothing_whoever_changed_it_meanwhile(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """A rotation of keys wins over another change of the same seller that began before it was done."""
    monkeypatch.setattr(get_clients(cloud), "pause", lambda seconds: None)
    rotated, late = with_secrets(access_key="KEY-SECOND"), with_secrets(access_key=other)
    rotations = [lambda: shop.reopened().backend.sellers.change(rotated)]

    def meanwhile(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems" and rotations:
            rotations.pop()()
        return answer(request)

    with between(meanwhile), pytest.raises(Conflict):
        shop.backend.sellers.change(late)
    sellers = shop.reopened().backend.sellers
    names = ("KEY-SECOND", "KEY-THIRD", f"KEY-{SELLER}")
    assert [name for name in names if sellers.find_by_access_key(name)] == ["KEY-SECOND"]
    assert sellers.get(SELLER) == rotated
