"""Sellers v1: where a seller sells (models, `sellers.json`)."""

from feedproc.feeds.marketplaces import Marketplace, marketplace_of
from feedproc.spapi.call import Answer, Call, Operation


def _tell_participations(call: Call) -> Answer:
    shops = [marketplace_of(one) for one in call.seller.marketplace_ids]
    return Answer(200, {"payload": [_tell_participation(shop, call.seller.seller_id) for shop in shops]})


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


OPERATIONS = (
    Operation(
        name="getMarketplaceParticipations",
        method="GET",
        path="/sellers/v1/marketplaceParticipations",
        answer=_tell_participations,
        rate=0.016,
        burst=15,
    ),
)
