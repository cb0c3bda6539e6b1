"""NextToken: only the seller who was given a token can use it, and only as it was given."""

from base64 import b64decode
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.submission import ProcessingStatus
from feedproc.mws.feeds.get_feed_submission_list import RestOfList
from feedproc.mws.next_token import LEAST_CHARACTERS, seal, unseal
from feedproc.mws.orders.list_order_items import RestOfItems
from feedproc.ports import Filter, Secret, Seller
from tests.mws.builders import NOON, a_seller

REST = RestOfList(
    Filter(
        feed_types=("POST_ORDER_FULFILLMENT_DATA",),
        statuses=(ProcessingStatus.DONE,),
        submitted_from=NOON,
        before_counter=50_123,
    ),
    25,
)


def test_a_token_gives_back_what_was_sealed() -> None:
    assert unseal(a_seller(), seal(a_seller(), REST), RestOfList) == REST


def test_a_token_survives_urls_and_forms() -> None:
    token = seal(a_seller(), REST)
    assert unseal(a_seller(), unquote(quote(token, safe="")), RestOfList) == REST
    assert unseal(a_seller(), token.replace("+", " "), RestOfList) == REST
    assert b64decode(token, validate=True)


def test_a_token_is_as_long_as_real_ones_were() -> None:
    tokens = [seal(a_seller(), RestOfList(Filter(before_counter=counter), 10)) for counter in range(100)]
    assert {len(token) for token in tokens} == {LEAST_CHARACTERS} == {396}
    assert all(token.endswith("=") for token in tokens)
    assert sum("+" in token and "/" in token for token in tokens) > 90


def test_a_token_of_many_conditions_is_longer_and_gives_them_back() -> None:
    types = tuple(f"POST_TYPE_{number}" for number in range(100))
    rest = RestOfList(Filter(feed_types=types, before_counter=50_123), 100)
    token = seal(a_seller(), rest)
    assert len(token) > LEAST_CHARACTERS
    assert unseal(a_seller(), token, RestOfList) == rest


def test_a_token_tells_nothing_of_the_secret() -> None:
    assert b"fakeSecret" not in b64decode(seal(a_seller(), REST))


@pytest.mark.parametrize(
    "other",
    [a_seller("A2OTHER"), a_seller("A2OTHER", secret_key=Secret("other")), a_seller(secret_key=Secret("new"))],
)
def test_a_token_of_another_seller_or_secret_is_corrupted(other: Seller) -> None:
    assert unseal(other, seal(a_seller(), REST), RestOfList) is None


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_token_with_any_character_changed_is_corrupted(place: int, character: str) -> None:
    token = seal(a_seller(), REST)
    place %= len(token)
    mangled = token[:place] + character + token[place + 1 :]
    if mangled.replace(" ", "+") != token:
        assert unseal(a_seller(), mangled, RestOfList) is None


@given(st.text(max_size=80))
def test_anything_else_is_corrupted(noise: str) -> None:
    assert unseal(a_seller(), noise, RestOfList) is None


@pytest.mark.parametrize("cut", [1, 4, 100])
def test_a_token_that_was_cut_is_corrupted(cut: int) -> None:
    assert unseal(a_seller(), seal(a_seller(), REST)[:-cut], RestOfList) is None


def test_a_token_of_another_list_is_corrupted() -> None:
    assert unseal(a_seller(), seal(a_seller(), REST), RestOfItems) is None
