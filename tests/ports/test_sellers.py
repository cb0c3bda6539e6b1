"""The port `Sellers`: who may submit."""

import pytest
from msgspec.structs import replace

from feedproc.errors import SellerExists, SellerUnknown
from feedproc.feeds.manner import CarrierRule, Manner
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.ports import Backend, Secret, Seller
from tests.builders import OTHER_SELLER, SELLER, a_seller
from tests.ports.conftest import Store


def test_a_seller_is_found_as_it_was_added(backend: Backend) -> None:
    found = backend.sellers.get(SELLER)
    assert found == a_seller()
    assert found is not None
    assert isinstance(found.secret_key, Secret)


def test_a_seller_keeps_the_columns_of_its_reports(backend: Backend) -> None:
    changed = replace(a_seller(), report_extras=(ReportExtra.GIFTS, ReportExtra.PROMISES))
    backend.sellers.change(changed)
    assert backend.sellers.get(changed.seller_id) == changed


def test_a_seller_keeps_its_manner(backend: Backend) -> None:
    changed = replace(a_seller(), manner=Manner(carriers=CarrierRule.OPTIONAL))
    backend.sellers.change(changed)
    assert backend.sellers.get(SELLER) == changed


def test_an_unknown_seller_is_none(backend: Backend) -> None:
    assert backend.sellers.get("NOBODY") is None
    assert not backend.sellers.find_by_access_key("NO-KEY")


def test_a_developer_signs_for_several_sellers_with_one_key(backend: Backend) -> None:
    backend.sellers.add(a_seller("B1", access_key="SHARED"))
    backend.sellers.add(a_seller("B2", access_key="SHARED"))
    assert [one.seller_id for one in backend.sellers.find_by_access_key("SHARED")] == ["B1", "B2"]


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
    assert [one.seller_id for one in backend.sellers.list_sellers()] == ["A1FIRST", SELLER, OTHER_SELLER]


def test_sellers_outlive_the_process(store: Store) -> None:
    assert store.reopened().sellers.get(SELLER) == a_seller()


def test_secrets_are_not_shown(backend: Backend) -> None:
    seller = backend.sellers.get(SELLER)
    assert "hush" not in repr(seller)
    assert "token of" not in repr(seller)


def test_a_sellers_particulars_can_be_changed(store: Store) -> None:
    queues = ("https://sqs.eu-west-1.amazonaws.com/1/a", "https://sqs.eu-west-1.amazonaws.com/1/b")
    changed = replace(a_seller(), destinations=queues, password_hash=Secret("$argon2id$…"))
    store.backend.sellers.change(changed)
    found = store.reopened().sellers.get(SELLER)
    assert found == changed
    assert isinstance(found.password_hash, Secret)
    assert "argon2id" not in repr(found)


def test_a_changed_access_key_takes_the_place_of_the_old_one(backend: Backend) -> None:
    backend.sellers.change(replace(a_seller(), access_key="NEW", secret_key=Secret("new")))
    assert not backend.sellers.find_by_access_key(f"KEY-{SELLER}")
    assert [one.seller_id for one in backend.sellers.find_by_access_key("NEW")] == [SELLER]


def test_an_unknown_seller_cannot_be_changed(backend: Backend) -> None:
    with pytest.raises(SellerUnknown, match="NOBODY"):
        backend.sellers.change(a_seller("NOBODY"))
    assert backend.sellers.get("NOBODY") is None


def test_a_change_keeps_one_secret_an_access_key(backend: Backend) -> None:
    with pytest.raises(SellerExists, match="another secret"):
        backend.sellers.change(replace(a_seller(), access_key=f"KEY-{OTHER_SELLER}", secret_key=Secret("mine")))
    assert backend.sellers.get(SELLER) == a_seller()


def an_application(seller_id: str, client_id: str = "app", secret: str = "quiet") -> Seller:
    return replace(
        a_seller(seller_id),
        client_id=client_id,
        client_secret=Secret(secret),
        refresh_token=Secret(f"refresh {seller_id}"),
    )


def test_an_application_calls_for_several_sellers(store: Store) -> None:
    store.backend.sellers.add(an_application("B1"))
    store.backend.sellers.add(an_application("B2"))
    found = store.reopened().sellers.find_by_client("app")
    assert list(found) == [an_application("B1"), an_application("B2")]
    assert "quiet" not in repr(found)
    assert "refresh" not in repr(found[0].refresh_token)


def test_sellers_without_an_application_are_found_by_none(backend: Backend) -> None:
    assert not backend.sellers.find_by_client("")
    assert not backend.sellers.find_by_client("app")


def test_an_application_has_one_secret(backend: Backend) -> None:
    backend.sellers.add(an_application("B1"))
    with pytest.raises(SellerExists, match="Application app exists already"):
        backend.sellers.add(an_application("B2", secret="other"))
    assert backend.sellers.get("B2") is None


def test_a_seller_may_change_its_application(backend: Backend) -> None:
    backend.sellers.add(an_application("B1"))
    backend.sellers.change(an_application("B1", "another", "new"))
    assert not backend.sellers.find_by_client("app")
    assert [one.client_secret for one in backend.sellers.find_by_client("another")] == ["new"]


def test_an_application_and_an_access_key_of_one_name_are_two_things(backend: Backend) -> None:
    backend.sellers.add(an_application("B1", client_id=f"KEY-{SELLER}"))
    assert [one.seller_id for one in backend.sellers.find_by_access_key(f"KEY-{SELLER}")] == [SELLER]
    assert [one.seller_id for one in backend.sellers.find_by_client(f"KEY-{SELLER}")] == ["B1"]
