"""Whether a feed that is sent again is taken again follows from who can reach the server, unless one says."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from feedproc.mws.signature import sign
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.mws.clients import md5
from tests.serve.builders import ACKNOWLEDGEMENT, Running

FEED = b"<AmazonEnvelope/>"


def sent_twice(server: Running) -> list[str]:
    """The ids that the same request, sent twice, is answered with."""
    host = server.endpoint.partition("//")[2]
    asked = {
        "AWSAccessKeyId": LOCAL_SELLER.access_key,
        "Action": "SubmitFeed",
        "ContentMD5Value": md5(FEED),
        "FeedType": f"_{ACKNOWLEDGEMENT}_",
        "SellerId": LOCAL_SELLER.seller_id,
        "SignatureMethod": "HmacSHA256",
        "SignatureVersion": "2",
        "Timestamp": f"{read_clock():%Y-%m-%dT%H:%M:%SZ}",
        "Version": "2009-01-01",
    }
    signature = sign(LOCAL_SELLER.secret_key, "HmacSHA256", "POST", host, "/", list(asked.items()))
    answers = []
    for _ in range(2):
        connection = server.connection()
        connection.request("POST", f"/?{urlencode({**asked, 'Signature': signature})}", FEED)
        answers.append(connection.getresponse().read().decode())
        connection.close()
    return [one.partition("<FeedSubmissionId>")[2].partition("<")[0] for one in answers]


@pytest.mark.parametrize(("options", "feeds"), [((), 2), (("--submit-once",), 1)])
def test_the_local_sellers_feeds_are_each_taken_unless_asked_otherwise(
    tmp_path: Path, options: tuple[str, ...], feeds: int
) -> None:
    with Running(tmp_path / "data", *options) as server:
        ids = sent_twice(server)
    assert all(ids)
    assert len(set(ids)) == feeds
