import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from feedproc.feeds.marketplaces import JAPAN, MARKETPLACES, MWS_HOSTS, Marketplace, decimals_of, marketplace_of
from tests.builders import GERMANY, a_seller

AMAZONS_ENDPOINTS = {
    "mws.amazonservices.com", "mws.amazonservices.jp", "mws-eu.amazonservices.com", "mws-fe.amazonservices.com",
    "mws.amazonservices.ca", "mws.amazonservices.com.mx", "mws.amazonservices.ae", "mws.amazonservices.in",
    "mws.amazonservices.com.au", "mws.amazonservices.com.cn", "mws.amazonservices.co.uk", "mws.amazonservices.de",
    "mws.amazonservices.fr", "mws.amazonservices.it", "mws.amazonservices.es", "mws.amazonservices.com.br",
}  # fmt: skip


def test_every_endpoint_of_mws_is_some_marketplaces() -> None:
    assert set(MWS_HOSTS) == AMAZONS_ENDPOINTS
    assert len(MWS_HOSTS) == len(AMAZONS_ENDPOINTS)


@pytest.mark.parametrize("one", MARKETPLACES.values(), ids=lambda one: one.country)
def test_each_row_of_the_table_is_whole(one: Marketplace) -> None:
    row = MARKETPLACES[one.marketplace_id]
    assert row is one
    assert re.fullmatch("A[0-9A-Z]{12,13}", row.marketplace_id)
    assert re.fullmatch("[A-Z]{3}", row.currency)
    assert row.mws_hosts
    assert row.hours[0] >= row.hours[1]


def test_japan_has_its_own_language_clock_and_encoding() -> None:
    japan = marketplace_of(JAPAN)
    noon = datetime(2024, 3, 4, 12, tzinfo=UTC)
    assert (japan.language, japan.codec, japan.report_charset) == ("ja", "cp932", "windows-31j")
    assert f"{noon.astimezone(japan.zone):%H:%M %Z}" == "21:00 JST"


def test_a_western_marketplace_writes_windows_1252_and_shows_utc() -> None:
    germany = marketplace_of(GERMANY)
    assert (germany.language, germany.codec, germany.report_charset) == ("en", "cp1252", "windows-1252")
    assert germany.zone is UTC


def test_an_unknown_marketplace_is_served_as_the_united_states_are_but_anywhere() -> None:
    unknown = marketplace_of("A0UNKNOWN00000")
    assert (unknown.marketplace_id, unknown.seller_central) == ("A0UNKNOWN00000", "sellercentral.amazon.com")
    assert unknown.hours == (14, -12)


def test_a_sellers_marketplace_is_the_first_of_its_own() -> None:
    seller = replace(a_seller(), marketplace_ids=(GERMANY, JAPAN))
    assert seller.marketplace.country == "Germany"
    assert replace(seller, marketplace_ids=()).marketplace.marketplace_id == ""


@pytest.mark.parametrize(("currency", "decimals"), [("JPY", 0), ("KRW", 0), ("EUR", 2), ("USD", 2)])
def test_yen_and_won_have_no_cents(currency: str, decimals: int) -> None:
    assert decimals_of(currency) == decimals
