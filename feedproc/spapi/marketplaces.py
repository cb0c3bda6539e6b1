"""Which marketplaces a seller's account reaches."""

from feedproc.feeds.marketplaces import MARKETPLACES, marketplace_of
from feedproc.ports import Seller


def is_in_region(seller: Seller, marketplace_id: str) -> bool:
    """Say whether a seller's account reaches a marketplace: any in the region of one of its own."""
    own = {marketplace_of(one).region for one in seller.marketplace_ids}
    return marketplace_id in MARKETPLACES and (not own or MARKETPLACES[marketplace_id].region in own)
