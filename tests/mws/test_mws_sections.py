"""Another section beside Feeds: its own path, version, namespace, quotas and errors; all else is shared."""

from datetime import timedelta

import pytest

from feedproc.mws import service_status
from feedproc.mws.app import MwsOptions, create_app
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.feeds import FEEDS
from feedproc.mws.refusals import MemberMissing
from feedproc.mws.responses import Dialect, WireError
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota, QuotaMode
from tests.mws.builders import FEED_TYPES, Reply, Server, signed

NAMESPACE = "https://mws.amazonservices.com/Shelves/2013-09-01"


def answer(call: MwsCall) -> MwsAnswer:
    """GetShelf: tell the name of a shelf."""
    return call.answer(("Shelf", call.parameters.require("ShelfName")))


SHELVES = Section(
    name="Shelves",
    version="2013-09-01",
    namespace=NAMESPACE,
    actions={
        "GetShelf": Action(answer, Quota(2, timedelta(minutes=1))),
        "GetServiceStatus": Action(service_status.answer, Quota(2, timedelta(minutes=5))),
    },
    errors={**GATEWAY_ERRORS, MemberMissing: WireError("InvalidShelf", 400, Dialect.SERVICE)},
)


@pytest.fixture
def server() -> Server:
    server = Server()
    clock = lambda: server.now  # noqa: E731 - the test's own clock
    server.app = create_app(
        server.backend,
        FEED_TYPES,
        clock,
        lambda: "id",
        MwsOptions(quotas=QuotaMode.AMAZON, sections=(FEEDS, SHELVES)),
    )
    return server


def call(server: Server, action: str, path: str = "/Shelves/2013-09-01", **given: str) -> Reply:
    params = {**server.common(server.sellers[0]), "Version": "2013-09-01", "Action": action, **given}
    return server.send(signed(params, server.sellers[0].secret_key, path=path))


@pytest.mark.parametrize("path", ["/Shelves/2013-09-01", "/shelves/2013-09-01/", "/"])
def test_its_actions_answer_at_its_path_and_by_its_version(server: Server, path: str) -> None:
    reply = call(server, "GetShelf", path, ShelfName="A 1")
    assert (reply.status, reply.root.findtext(f".//{{{NAMESPACE}}}Shelf")) == (200, "A 1")


def test_a_section_that_counts_no_hours_tells_no_quota_and_throttles_all_the_same(server: Server) -> None:
    replies = [call(server, "GetShelf", ShelfName="A 1") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 503]
    assert not any("x-mws-quota-max" in reply.headers for reply in replies)


def test_its_errors_have_its_namespace_and_its_codes(server: Server) -> None:
    reply = call(server, "GetShelf")
    assert (reply.status, reply.root.findtext(f".//{{{NAMESPACE}}}Code")) == (400, "InvalidShelf")


def test_an_action_of_another_section_is_not_available_in_it(server: Server) -> None:
    reply = call(server, "GetFeedSubmissionCount")
    assert (reply.status, "not available for section Shelves/2013-09-01" in reply.text) == (404, True)
    assert "Shelves/2009-01-01" in call(server, "GetShelf", Version="2009-01-01").text


def test_what_both_have_is_told_apart_by_version_and_counted_apart(server: Server) -> None:
    ours, feeds = call(server, "GetServiceStatus", "/"), server.call("GetServiceStatus")
    assert (NAMESPACE in ours.text, NAMESPACE in feeds.text) == (True, False)
    assert [call(server, "GetServiceStatus").status, server.call("GetServiceStatus").status] == [200, 200]
