"""Feeds 2021-06-30 (models, `feeds_2021-06-30.json`)."""

from feedproc.spapi.call import Operation
from feedproc.spapi.feeds import documents, feeds

_BASE = "/feeds/2021-06-30"
OPERATIONS = (
    Operation(
        name="createFeedDocument",
        method="POST",
        path=f"{_BASE}/documents",
        answer=documents.create_document,
        rate=0.5,
        burst=15,
    ),
    Operation(
        name="getFeedDocument",
        method="GET",
        path=f"{_BASE}/documents/<feedDocumentId>",
        answer=documents.get_document,
        rate=0.0222,
        burst=10,
    ),
    Operation(name="createFeed", method="POST", path=f"{_BASE}/feeds", answer=feeds.create_feed, rate=0.0083, burst=15),
    Operation(name="getFeeds", method="GET", path=f"{_BASE}/feeds", answer=feeds.list_feeds, rate=0.0222, burst=10),
    Operation(name="getFeed", method="GET", path=f"{_BASE}/feeds/<feedId>", answer=feeds.get_feed, rate=2, burst=15),
    Operation(
        name="cancelFeed", method="DELETE", path=f"{_BASE}/feeds/<feedId>", answer=feeds.cancel_feed, rate=2, burst=15
    ),
)
