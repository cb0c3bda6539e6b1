"""The section Sellers: where a seller sells, and by which token others may act for him."""

from datetime import timedelta

from feedproc.feeds.marketplaces import NON_RETAIL, Marketplace, marketplace_of
from feedproc.mws import service_status
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.refusals import NextTokenUnreadable
from feedproc.mws.responses import Element
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota


def answer_participations(call: MwsCall) -> MwsAnswer:
    """ListMarketplaceParticipations: tell the seller's marketplaces, and the one that is no shop, as real accounts do.

    So there are two at the least: a program that takes one element for no list meets none alone.
    """
    shops = [*map(marketplace_of, call.seller.marketplace_ids), NON_RETAIL]
    participations = [_describe_participation(shop, call.seller.seller_id) for shop in shops]
    return call.answer(
        ("ListParticipations", participations), ("ListMarketplaces", [_describe_marketplace(shop) for shop in shops])
    )


def answer_next(call: MwsCall) -> MwsAnswer:
    """ListMarketplaceParticipationsByNextToken: refuse whatever token there is, as a list never has a second page.

    Raises:
        MemberMissing: there is no token.
        NextTokenUnreadable: nobody was given a token.

    """
    call.parameters.require("NextToken")
    raise NextTokenUnreadable


def answer_token(call: MwsCall) -> MwsAnswer:
    """GetAuthToken: tell the token by which a developer acts for the seller."""
    return call.answer(("SellerId", call.seller.seller_id), ("MWSAuthToken", str(call.seller.auth_token)))


def _describe_participation(shop: Marketplace, seller_id: str) -> Element:
    return (
        "Participation",
        (("MarketplaceId", shop.marketplace_id), ("SellerId", seller_id), ("HasSellerSuspendedListings", "No")),
    )


def _describe_marketplace(shop: Marketplace) -> Element:
    host = shop.sales_channel.lower()
    return (
        "Marketplace",
        (
            ("MarketplaceId", shop.marketplace_id),
            ("DefaultCountryCode", shop.country_code),
            ("DomainName", host if shop is NON_RETAIL else f"www.{host}"),
            ("Name", shop.country if shop is NON_RETAIL else shop.sales_channel),
            ("DefaultCurrencyCode", shop.currency),
            ("DefaultLanguageCode", shop.locale),
        ),
    )


_LIST = Quota(15, timedelta(minutes=1))
SELLERS = Section(
    name="Sellers",
    version="2011-07-01",
    namespace="https://mws.amazonservices.com/Sellers/2011-07-01",
    errors=GATEWAY_ERRORS,
    request_id_name="RequestId",
    actions={
        "ListMarketplaceParticipations": Action(answer_participations, _LIST),
        "ListMarketplaceParticipationsByNextToken": Action(
            answer_next, _LIST, counts_as="ListMarketplaceParticipations"
        ),
        "GetAuthToken": Action(answer_token, _LIST),
        "GetServiceStatus": Action(service_status.answer, Quota(2, timedelta(minutes=5))),
    },
)
"""Quotas as the Sellers reference states them; that of GetAuthToken is not known."""
