"""The real clients, unmodified, each behind the same few words, so that one test can be told about all of them.

A driver only translates names; what the client returns or raises is looked at as the client shows it.
"""

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest
from lxml import etree


class Account(NamedTuple):
    """What a user types into a client."""

    seller_id: str
    access_key: str
    secret_key: str


class Told(NamedTuple):
    """A submission as an answer tells of it."""

    submission_id: str
    feed_type: str
    status: str


class Page(NamedTuple):
    """A part of a list, and the token for the next one."""

    submissions: list[Told]
    next_token: str | None


class Driver(Protocol):
    """What every client can do."""

    package: ClassVar[str]

    def __init__(self, endpoint: str, account: Account) -> None: ...

    def submit(self, feed: bytes, feed_type: str) -> Told: ...

    def page(
        self,
        ids: Sequence[str] = (),
        types: Sequence[str] = (),
        statuses: Sequence[str] = (),
        size: int | None = None,
    ) -> Page: ...

    def next_page(self, token: str) -> Page: ...

    def count(self, types: Sequence[str] = (), statuses: Sequence[str] = ()) -> int: ...

    def cancel(self, ids: Sequence[str]) -> tuple[int, list[Told]]: ...

    def report(self, submission_id: str) -> object: ...

    @staticmethod
    def as_shown(report: bytes) -> object:
        """What `report` returns for these bytes."""

    @staticmethod
    def exception(code: str) -> str:
        """The name of the exception that the client raises for an error code."""


def installed(package: str, module: str) -> Any:
    """Import a client. Without it the test is skipped, except in continuous integration."""
    if package == "boto-mws" and sys.version_info >= (3, 12):
        pytest.skip("boto does not run on Python 3.12 or newer")
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{package} is not installed: {error}")
        pytest.skip(f"{package} is not installed")


@contextmanager
def refused(driver: Driver, code: str, text: str = "") -> Iterator[None]:
    """Expect the client to raise its exception for this error, and to show code and text to its user."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the clients have no exception in common
        yield
    assert type(caught.value).__name__ == driver.exception(code)
    assert code in str(caught.value)
    assert text in str(caught.value)


class PythonMws:
    """mws 0.8."""

    package = "mws"

    def __init__(self, endpoint: str, account: Account) -> None:
        mws = installed("mws", "mws")
        self.client = mws.Feeds(account.access_key, account.secret_key, account.seller_id, domain=endpoint)

    def submit(self, feed: bytes, feed_type: str) -> Told:
        return self._told(self.client.submit_feed(feed, feed_type).parsed.FeedSubmissionInfo)

    def page(
        self,
        ids: Sequence[str] = (),
        types: Sequence[str] = (),
        statuses: Sequence[str] = (),
        size: int | None = None,
    ) -> Page:
        return self._page(self.client.get_feed_submission_list(ids, size, types, statuses))

    def next_page(self, token: str) -> Page:
        return self._page(self.client.get_feed_submission_list(next_token=token))

    def count(self, types: Sequence[str] = (), statuses: Sequence[str] = ()) -> int:
        return int(self.client.get_feed_submission_count(types, statuses).parsed.Count)

    def cancel(self, ids: Sequence[str]) -> tuple[int, list[Told]]:
        parsed = self.client.cancel_feed_submissions(ids).parsed
        return int(parsed.Count), [self._told(one) for one in parsed.FeedSubmissionInfo]

    def report(self, submission_id: str) -> bytes:
        original: bytes = self.client.get_feed_submission_result(submission_id).original
        return original

    @staticmethod
    def as_shown(report: bytes) -> bytes:
        """Return the very bytes."""
        return report

    @staticmethod
    def exception(_code: str) -> str:
        return "MWSError"

    def _page(self, answer: Any) -> Page:
        infos = answer.parsed.get("FeedSubmissionInfo", [])
        return Page([self._told(one) for one in infos], answer.parsed.get("NextToken"))

    @staticmethod
    def _told(info: Any) -> Told:
        return Told(info.FeedSubmissionId, info.FeedType, info.FeedProcessingStatus)


class Pymws:
    """pymws, which knows the lists of some calls and passes on whatever else it is given."""

    package = "pymws"

    def __init__(self, endpoint: str, account: Account) -> None:
        pymws = installed("pymws", "pymws")
        self.client = pymws.MWS("JP", account.seller_id, account.access_key, account.secret_key, "")
        self.client.marketplace = self.client.marketplace._replace(endpoint=endpoint)

    def submit(self, feed: bytes, feed_type: str) -> Told:
        return self._told(self.client.feeds.submit_feed(feed, feed_type).FeedSubmissionInfo)

    def page(
        self,
        ids: Sequence[str] = (),
        types: Sequence[str] = (),
        statuses: Sequence[str] = (),
        size: int | None = None,
    ) -> Page:
        given = _numbered("FeedProcessingStatusList.Status", statuses) | ({"MaxCount": str(size)} if size else {})
        answer = self.client.feeds.get_feed_submission_list(FeedSubmissionIdList=ids, FeedTypeList=types, **given)
        return self._page(answer)

    def next_page(self, token: str) -> Page:
        return self._page(self.client.feeds.get_feed_submission_list_by_next_token(token))

    def count(self, types: Sequence[str] = (), statuses: Sequence[str] = ()) -> int:
        given = _numbered("FeedTypeList.Type", types) | _numbered("FeedProcessingStatusList.Status", statuses)
        return int(self.client.feeds.get_feed_submission_count(**given).Count)

    def cancel(self, ids: Sequence[str]) -> tuple[int, list[Told]]:
        answer = self.client.feeds.cancel_feed_submissions(**_numbered("FeedSubmissionIdList.Id", ids))
        return int(answer.Count), [self._told(one) for one in answer.FeedSubmissionInfo]

    def report(self, submission_id: str) -> bytes:
        return etree.tostring(self.client.feeds.get_feed_submission_result(submission_id), method="c14n")

    @staticmethod
    def as_shown(report: bytes) -> bytes:
        """Return the tree, without the blanks that pymws leaves out."""
        return etree.tostring(etree.fromstring(report, etree.XMLParser(remove_blank_text=True)), method="c14n")

    @staticmethod
    def exception(code: str) -> str:
        return code if code in ("AccessDenied", "RequestThrottled", "QuotaExceeded") else "MWSError"

    def _page(self, answer: Any) -> Page:
        token = str(answer.NextToken) if hasattr(answer, "NextToken") else None
        assert bool(answer.HasNext) == bool(token)
        return Page([self._told(one) for one in getattr(answer, "FeedSubmissionInfo", ())], token)

    @staticmethod
    def _told(info: Any) -> Told:
        return Told(str(info.FeedSubmissionId), str(info.FeedType), str(info.FeedProcessingStatus))


class BotoMws:
    """boto-mws, which compares each answer's MD5 where there is one."""

    package = "boto-mws"

    def __init__(self, endpoint: str, account: Account) -> None:
        connection = installed("boto-mws", "boto.mws.connection")
        url = urlsplit(endpoint)
        self.client = connection.MWSConnection(
            account.access_key,
            account.secret_key,
            host="localhost" if url.scheme == "https" else url.hostname,
            port=url.port,
            is_secure=url.scheme == "https",
            Merchant=account.seller_id,
        )
        assert self.client.https_validate_certificates

    def submit(self, feed: bytes, feed_type: str) -> Told:
        answer = self.client.submit_feed(FeedContent=feed, FeedType=feed_type, content_type="text/xml")
        return self._told(answer.SubmitFeedResult.FeedSubmissionInfo)

    def page(
        self,
        ids: Sequence[str] = (),
        types: Sequence[str] = (),
        statuses: Sequence[str] = (),
        size: int | None = None,
    ) -> Page:
        given: dict[str, Any] = {"MaxCount": str(size)} if size else {}
        for name, values in (("SubmissionIdList", ids), ("TypeList", types), ("ProcessingStatusList", statuses)):
            given |= {f"Feed{name}": list(values)} if values else {}
        return self._page(self.client.get_feed_submission_list(**given).GetFeedSubmissionListResult)

    def next_page(self, token: str) -> Page:
        answer = self.client.get_feed_submission_list_by_next_token(NextToken=token)
        return self._page(answer.GetFeedSubmissionListByNextTokenResult)

    def count(self, types: Sequence[str] = (), statuses: Sequence[str] = ()) -> int:
        answer = self.client.get_feed_submission_count(FeedTypeList=types, FeedProcessingStatusList=statuses)
        return int(answer.GetFeedSubmissionCountResult.Count)

    def cancel(self, ids: Sequence[str]) -> tuple[int, list[Told]]:
        answer = self.client.cancel_feed_submissions(FeedSubmissionIdList=list(ids)).CancelFeedSubmissionsResult
        return int(answer.Count), [self._told(one) for one in answer.FeedSubmissionInfo]

    def report(self, submission_id: str) -> dict[str, str]:
        answer = self.client.get_feed_submission_result(FeedSubmissionId=submission_id)
        return {name: value for name, value in vars(answer).items() if isinstance(value, str) and value.strip()}

    @staticmethod
    def as_shown(report: bytes) -> dict[str, str]:
        """Return the texts by their elements' names: boto flattens the report, so that the last of a name stays."""
        shown = {one.tag: one.text for one in etree.fromstring(report).iter() if one.text and one.text.strip()}
        return {"_name": "GetFeedSubmissionResultResponse", **shown}

    @staticmethod
    def exception(code: str) -> str:
        return code

    def _page(self, result: Any) -> Page:
        more = result.HasNext == "true"
        return Page([self._told(one) for one in result.FeedSubmissionInfo], result.NextToken if more else None)

    @staticmethod
    def _told(info: Any) -> Told:
        return Told(info.FeedSubmissionId, info.FeedType, info.FeedProcessingStatus)


DRIVERS: tuple[type[Driver], ...] = (PythonMws, Pymws, BotoMws)


def _numbered(name: str, values: Sequence[str]) -> dict[str, str]:
    return {f"{name}.{number}": value for number, value in enumerate(values, 1)}
