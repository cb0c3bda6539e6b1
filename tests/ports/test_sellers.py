"""The port `Sellers`: who may submit."""

import pytest

from feedproc.errors import SellerExists
from feedproc.ports import Backend, Secret
from tests.builders import OTHER_SELLER, SELLER, a_seller
from tests.ports.conftest import Store


def test_a_seller_is_found_as_it_was_added(backend: Backend) -> None:
    found = backend.sellers.get(SELLER)
    assert found == a_seller()
    assert found is not None
    assert isinstance(found.secret_key, Secret)


def test_an_unknown_seller_is_none(backend: Backend) -> None:
    assert backend.sellers.get("NOBODY") is None
    assert not backend.sellers.holding("NO-KEY")


def test_a_developer_signs_for_several_sellers_with_one_key(backend: Backend) -> None:
    backend.sellers.add(a_seller("B1", access_key="SHARED"))
    backend.sellers.add(a_seller("B2", access_key="SHARED"))
    assert [one.seller_id for one in backend.sellers.holding("SHARED")] == ["B1", "B2"]


def test_a_seller_id_is_taken_once(backend: Backend) -> None:
    with pytest.raises(SellerExists, match=SELLER):
        backend.sellers.add(a_seller(secret="other"))
    assert backend.sellers.get(SELLER) == a_seller()


def test_an_access_key_has_one_secret(backend: Backend) -> None:
    with pytest.raises(SellerExists, match="another secret"):
        backend.sellers.add(a_seller("B1", access_key=f"KEY-{SELLER}", secret="other"))
    assert backend.sellers.get("B1") is None


def test_all_sellers_come_by_id(backend: Backend) -> None:
    backend.sellers.add(a_seller("A1FIRST"))
    assert [one.seller_id for one in backend.sellers.all()] == ["A1FIRST", SELLER, OTHER_SELLER]


def test_sellers_outlive_the_process(store: Store) -> None:
    assert store.reopened().sellers.get(SELLER) == a_seller()


def test_secrets_are_not_shown(backend: Backend) -> None:
    seller = backend.sellers.get(SELLER)
    assert "hush" not in repr(seller)
    assert "token of" not in repr(seller)
