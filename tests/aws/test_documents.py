"""Documents in S3: large ones in parts, little memory, and connections that break."""

import io
from typing import Any

import pytest
from botocore.exceptions import ResponseStreamingError

from feedproc.aws import documents
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import MOST_TRIES, get_clients
from feedproc.aws.documents import PART_BYTES, RANGE_BYTES
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, noted, operation, timed_out

MIB = 1024 * 1024
UPLOADED = "0123456789abcdef" * 2
LARGE = bytes(range(256)) * (20 * MIB // 256) + b"end"


def stored(shop: CloudShop, content: bytes, piece: int = MIB) -> str:
    writer = shop.backend.documents.create()
    for start in range(0, len(content), piece):
        writer.write(content[start : start + piece])
    return writer.commit()


def head(cloud: AwsSettings, key: str) -> dict[str, Any]:
    found: dict[str, Any] = get_clients(cloud).s3.head_object(Bucket=cloud.bucket, Key=f"documents/{key}")
    return found


def uploads(cloud: AwsSettings) -> list[Any]:
    answer = get_clients(cloud).s3.list_multipart_uploads(Bucket=cloud.bucket)
    return list(answer.get("Uploads", []))


def test_a_small_document_is_put_at_once_and_encrypted(shop: CloudShop, cloud: AwsSettings) -> None:
    with noted() as asked:
        key = stored(shop, b"small")
    assert asked == ["s3 PUT"]
    assert head(cloud, key)["ServerSideEncryption"] == "AES256"


def test_a_large_document_goes_up_in_parts_and_comes_back_whole(shop: CloudShop, cloud: AwsSettings) -> None:
    with noted() as asked:
        key = stored(shop, LARGE)
    assert asked == ["s3 POST", *["s3 PUT"] * (len(LARGE) // PART_BYTES + 1), "s3 POST"]
    assert head(cloud, key)["ServerSideEncryption"] == "AES256"
    with shop.backend.documents.open(key) as document:
        assert document.read() == LARGE


def test_a_writer_holds_no_more_than_a_part(shop: CloudShop) -> None:
    writer = shop.backend.documents.create()
    for _ in range(3):
        writer.write(bytes(PART_BYTES - 1))
        assert len(writer._buffer) < PART_BYTES  # type: ignore[attr-defined]
    writer.discard()


def test_a_discarded_upload_leaves_nothing(shop: CloudShop, cloud: AwsSettings) -> None:
    writer = shop.backend.documents.create()
    writer.write(bytes(PART_BYTES + 1))
    assert len(uploads(cloud)) == 1
    writer.discard()
    assert not uploads(cloud)


def test_reading_asks_for_large_ranges_and_seeking_for_nothing(shop: CloudShop) -> None:
    key = stored(shop, LARGE)
    with noted() as asked, shop.backend.documents.open(key) as document:
        while document.read(1_000):
            pass
        assert len(asked) == len(LARGE) // RANGE_BYTES + 1
        document.seek(-3, io.SEEK_END)
        assert document.read() == b"end"
        assert len(asked) == len(LARGE) // RANGE_BYTES + 1


def test_what_stands_behind_the_end_is_nothing(shop: CloudShop) -> None:
    with shop.backend.documents.open(stored(shop, b"0123456789")) as document:
        assert (document.seek(100), document.read()) == (100, b"")
        document.seek(5)
        assert document.read() == b"56789"
        with pytest.raises(ValueError, match=r"before the beginning|negative"):
            document.seek(-1)


class Breaking:
    """S3 whose connections break, some times, after so many bytes of a body."""

    def __init__(self, s3: Any, times: int, after: int = 3 * MIB) -> None:
        self._s3 = s3
        self.left = times
        self._after = after
        self.ranges: list[str] = []

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.ranges.append(asked["Range"])
        answer = self._s3.get_object(**asked)
        if self.left:
            self.left -= 1
            answer["Body"] = BreakingBody(answer["Body"].read(self._after) if self._after else b"")
        return dict(answer)


class BreakingBody(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise ResponseStreamingError(error="gone")
        return data


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = stored(shop, LARGE)
    clients = get_clients(cloud)
    breaking = Breaking(clients.s3, times=2)
    monkeypatch.setattr(clients, "s3", breaking)
    monkeypatch.setattr(clients, "pause", lambda seconds: None)
    with shop.backend.documents.open(key) as document:
        assert document.read() == LARGE
    assert breaking.ranges[:3] == [f"bytes={start * MIB}-{8 * MIB - 1}" for start in (0, 3, 6)]


def test_a_connection_that_always_breaks_is_given_up(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = stored(shop, b"x" * 100)
    clients = get_clients(cloud)
    breaking = Breaking(clients.s3, times=10**6, after=0)
    monkeypatch.setattr(clients, "s3", breaking)
    monkeypatch.setattr(clients, "pause", lambda seconds: None)
    with pytest.raises(ResponseStreamingError):
        shop.backend.documents.open(key)
    assert len(breaking.ranges) == MOST_TRIES


def upload(cloud: AwsSettings, content: bytes) -> dict[str, str]:
    place = {"Bucket": cloud.bucket, "Key": f"uploads/{UPLOADED}"}
    get_clients(cloud).s3.put_object(**place, Body=content)
    return place


def test_a_large_upload_is_adopted_in_parts_that_s3_copies_by_itself(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "COPY_BYTES", 8 * MIB)
    upload(cloud, LARGE)
    with noted() as asked:
        key = shop.backend.documents.adopt(UPLOADED)
    parts = ["s3 PUT"] * (len(LARGE) // (8 * MIB) + 1)
    assert asked == ["s3 HEAD", "s3 HEAD", "s3 POST", *parts, "s3 POST", "s3 DELETE"]
    assert head(cloud, key)["ServerSideEncryption"] == "AES256"
    with shop.backend.documents.open(key) as document:
        assert document.read() == LARGE


def test_all_parts_are_of_one_and_the_same_upload(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has its address may put another document there meanwhile."""
    monkeypatch.setattr(documents, "COPY_BYTES", 8 * MIB)
    place, wanted = upload(cloud, LARGE), []

    def note(request: Any, answer: Answering) -> Any:
        if "partNumber=" in request.url:
            wanted.append(request.headers.get("x-amz-copy-source-if-match"))
        return answer(request)

    etag = get_clients(cloud).s3.head_object(**place)["ETag"]
    with between(note):
        shop.backend.documents.adopt(UPLOADED)
    assert [str(one.decode() if isinstance(one, bytes) else one) for one in wanted] == [etag] * 3


@pytest.mark.parametrize(("size", "is_in_parts"), [(8 * MIB, False), (8 * MIB + 1, True)])
def test_an_upload_is_copied_in_parts_beyond_the_bound_alone(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch, size: int, is_in_parts: bool
) -> None:
    monkeypatch.setattr(documents, "COPY_BYTES", 8 * MIB)
    upload(cloud, bytes(size))
    with noted() as asked:
        shop.backend.documents.adopt(UPLOADED)
    assert ("s3 POST" in asked) == is_in_parts


@pytest.mark.parametrize("bound", [8 * MIB, 128 * MIB])
@pytest.mark.parametrize("step", range(4))
def test_a_call_that_is_repeated_while_the_first_one_adopts_finds_what_that_made(
    shop: CloudShop, cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch, step: int, bound: int
) -> None:
    monkeypatch.setattr(documents, "COPY_BYTES", bound)
    upload(cloud, LARGE)
    asked, keys = [], []

    def adopt_meanwhile(request: Any, answer: Answering) -> Any:
        asked.append(operation(request))
        if len(asked) == step + 1:
            keys.append(shop.backend.documents.adopt(UPLOADED))
        return answer(request)

    with between(adopt_meanwhile):
        keys.append(shop.backend.documents.adopt(UPLOADED))
    with shop.backend.documents.open(keys[0]) as document:
        assert (keys[0], document.read()) == (keys[1], LARGE)


def test_what_was_adopted_is_not_replaced_by_what_is_put_there_later(shop: CloudShop, cloud: AwsSettings) -> None:
    upload(cloud, b"first")
    key = shop.backend.documents.adopt(UPLOADED)
    upload(cloud, b"second")
    assert shop.backend.documents.adopt(UPLOADED) == key
    with shop.backend.documents.open(key) as document:
        assert document.read() == b"first"


def test_only_keys_that_the_store_chose_are_asked_for(shop: CloudShop, cloud: AwsSettings) -> None:
    get_clients(cloud).s3.put_object(Bucket=cloud.bucket, Key="secret", Body=b"other")
    with noted() as asked:
        for key in ("secret", "../secret", "documents/secret", "A" * 32, "0" * 31 + "\n"):
            with pytest.raises(FileNotFoundError):
                shop.backend.documents.open(key)
    assert not asked


def test_an_upload_whose_last_answer_was_lost_is_whole(shop: CloudShop) -> None:
    lost: list[object] = []

    def once(request: Any, answer: Answering) -> Any:
        if operation(request) == "s3 POST" and "uploadId=" in request.url and not lost:
            lost.append(request)
            return timed_out(request, answer)
        return answer(request)

    with between(once):
        key = stored(shop, LARGE)
    assert lost
    with shop.backend.documents.open(key) as document:
        assert document.read() == LARGE
