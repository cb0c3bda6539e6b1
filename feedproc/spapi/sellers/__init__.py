"""Sellers v1: where a seller sells (models, `sellers.json`)."""

from functools import partial

from feedproc.feeds.marketplaces import Marketplace, marketplace_of
from feedproc.spapi.call import Answer, Call, Operation


def _tell_participations(call: Call) -> Answer:
    return Answer(200, {"payload": _list_participations(call)})


def _tell_account(call: Call) -> Answer:
    """Tell what the model requires; of a person's business nothing is known here."""
    known = {"businessType": "INDIVIDUAL", "sellingPlan": "PROFESSIONAL"}
    return Answer(200, {"payload": {"marketplaceParticipationList": _list_participations(call), **known}})


def _list_participations(call: Call) -> list[dict[str, object]]:
    shops = [marketplace_of(one) for one in call.seller.marketplace_ids]
    return [_tell_participation(shop, call.seller.seller_id) for shop in shops]


def _tell_participation(shop: Marketplace, store_name: str) -> dict[str, object]:
    return {
        "marketplace": {
            "id": shop.marketplace_id,
            "name": shop.sales_channel,
            "countryCode": shop.country_code,
            "defaultCurrencyCode": shop.currency,
            "defaultLanguageCode": shop.locale,
            "domainName": f"www.{shop.sales_channel.lower()}",
        },
        "storeName": store_name,
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
    }


_make_read = partial(Operation, method="GET", rate=0.016, burst=15)
OPERATIONS = (
    _make_read(
        name="getMarketplaceParticipations",
        path="/sellers/v1/marketplaceParticipations",
        answer=_tell_participations,
    ),
    _make_read(name="getAccount", path="/sellers/v1/account", answer=_tell_account),
)
