"""A refund, submitted by a real client, in one line."""

from typing import Any

import requests

from feedproc.orders.order import Order
from feedproc.testing import Feedproc
from tests.clients.drivers import installed

ADJUSTMENT = "_POST_PAYMENT_ADJUSTMENT_DATA_"


def submit(feedproc: Feedproc, *orders: Order) -> str:
    """Refund orders, or a new one, by MWS; return the id of the feed."""
    installed("mws", "mws")
    feed = feedproc.write_refund(*orders or (feedproc.orders.add(shipped=True),))
    told: Any = feedproc.mws.client().submit_feed(feed, ADJUSTMENT).parsed
    return str(told.FeedSubmissionInfo.FeedSubmissionId)


def list_statuses(feedproc: Feedproc) -> list[str]:
    """The statuses of all feeds as a program is told them, newest first."""
    told: Any = feedproc.mws.client().get_feed_submission_list().parsed.get("FeedSubmissionInfo", [])
    return [str(one.FeedProcessingStatus) for one in (told if isinstance(told, list) else [told])]


def submit_by_sp_api(feedproc: Feedproc, feed: bytes, feed_type: str) -> str:
    """Submit a feed by SP-API, as a program without a client does; return its id. A refusal is an `HTTPError`."""
    access, feeds = feedproc.spapi, f"{feedproc.url}/feeds/2021-06-30"
    keys = {"client_id": access.client_id, "client_secret": access.client_secret, "refresh_token": access.refresh_token}
    token = _post(access.token_url, {}, data={"grant_type": "refresh_token", **keys})["access_token"]
    headers = {"x-amz-access-token": token}
    document = _post(f"{feeds}/documents", headers, json={"contentType": "text/xml"})
    requests.put(document["url"], feed, headers={"Content-Type": "text/xml"}, timeout=10).raise_for_status()
    asked = {"feedType": feed_type, "marketplaceIds": [access.marketplace_id]}
    made = _post(f"{feeds}/feeds", headers, json={**asked, "inputFeedDocumentId": document["feedDocumentId"]})
    return str(made["feedId"])


def _post(url: str, headers: dict[str, str], **body: Any) -> Any:
    answer = requests.post(url, headers=headers, timeout=10, **body)
    answer.raise_for_status()
    return answer.json()
