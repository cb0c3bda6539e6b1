"""A feed that an HTTP library sends twice by itself is taken once; a client that signs twice means two."""

from dataclasses import replace

import pytest

from feedproc.ports import Filter
from tests.mws.builders import FEED, FULFILLMENT, NOON, Server, a_seller
from tests.mws.clients import Wire, md5

RIVAL = a_seller("A2RIVAL", "AKIARIVAL")


def a_feed_of(server: Server, feed: bytes = FEED) -> Wire:
    return server.wire("SubmitFeed", feed=feed, FeedType=FULFILLMENT)


def kept(server: Server) -> int:
    return server.submissions.count(server.sellers[0].seller_id, Filter())


def test_the_same_request_again_gets_the_same_answer_and_leaves_nothing_behind() -> None:
    server = Server(submits_once=True)
    wire = a_feed_of(server)
    first = server.send(wire)
    documents = dict(server.documents)
    server.begin(first.find("FeedSubmissionId"))
    server.pass_time(minutes=14)
    again = server.send(wire)
    for name in ("FeedSubmissionId", "FeedProcessingStatus", "SubmittedDate"):
        assert again.find(name) == first.find(name)
    assert kept(server) == 1
    assert server.documents == documents


def test_a_client_that_signs_anew_means_another_feed() -> None:
    server = Server(submits_once=True)
    assert server.send(a_feed_of(server)).status == 200
    server.pass_time(seconds=1)
    assert server.send(a_feed_of(server)).status == 200
    assert kept(server) == 2


def test_another_feed_under_a_digest_in_the_header_alone_is_another_feed() -> None:
    server = Server(submits_once=True)
    for feed in (FEED, FEED + b"\n"):
        wire = server.wire("SubmitFeed", feed=None, FeedType=FULFILLMENT)
        headers = {**wire.headers, "Content-MD5": md5(feed)}
        assert server.send(replace(wire, body=feed, headers=headers)).status == 200
    assert kept(server) == 2


def test_padding_that_a_signature_may_lack_makes_no_other_request() -> None:
    server = Server(submits_once=True)
    wire = a_feed_of(server)
    assert "%3D&SignatureMethod" in wire.query
    for query in (wire.query, wire.query.replace("%3D&SignatureMethod", "&SignatureMethod")):
        assert server.send(replace(wire, query=query)).status == 200
    assert kept(server) == 1


@pytest.mark.parametrize("times", [3])
def test_each_request_is_a_feed_where_that_is_not_asked_for(times: int) -> None:
    server = Server()
    wire = a_feed_of(server)
    assert len({server.send(wire).find("FeedSubmissionId") for _ in range(times)}) == times
    assert server.now == NOON
