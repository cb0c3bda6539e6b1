"""Documents as plain files."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedproc.embedded import forget_unused
from feedproc.embedded.files import FileDocuments
from feedproc.services.submit import store
from tests.builders import Shop, a_feed, cancels, new_keys, open_files


def documents(folder: Path) -> FileDocuments:
    return FileDocuments(folder / "documents", new_keys())


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "documents")) for path in folder.rglob("*") if path.is_file())


def test_a_document_is_a_file_in_the_folder_of_its_first_two_digits(tmp_path: Path) -> None:
    writer = FileDocuments(tmp_path / "documents", lambda: "ab" + "0" * 30).create()
    writer.write(b"feed")
    key = writer.commit()
    assert (tmp_path / "documents" / "ab" / key).read_bytes() == b"feed"
    assert files(tmp_path) == [f"ab/{key}"]


def test_nothing_stands_under_its_key_before_the_commit(tmp_path: Path) -> None:
    store = documents(tmp_path)
    writer = store.create()
    writer.write(b"half")
    with pytest.raises(FileNotFoundError):
        store.open("0" * 31 + "1")
    writer.discard()
    assert files(tmp_path) == []


tells_files = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not tell open files")


@tells_files
def test_a_commit_is_on_disk_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = documents(tmp_path)
    synced: list[str] = []
    sync = os.fsync

    def recorded(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    writer = store.create()
    writer.write(b"feed")
    key = writer.commit()
    assert synced == [key, "documents", "00"]


@tells_files
def test_a_folder_that_another_process_made_is_made_durable_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = documents(tmp_path)
    (tmp_path / "documents" / "00").mkdir()
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda one: synced.append(Path(os.readlink(f"/proc/self/fd/{one}")).name))
    store.create().commit()
    assert "documents" in synced


def test_what_interrupted_writers_left_is_swept(tmp_path: Path) -> None:
    store = documents(tmp_path)
    kept = store.create()
    kept.write(b"whole")
    key = kept.commit()
    store.create().write(b"half")
    documents(tmp_path).sweep()
    assert files(tmp_path) == [f"{key[:2]}/{key}"]


@pytest.mark.parametrize(
    "key",
    ["../incoming/x", "..", ".", "", "00/" + "0" * 29, "0" * 31, "0" * 33, "0" * 31 + "G", "0" * 31 + "\n", "\0" * 32],
)
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret").write_text("secret")
    store = documents(tmp_path)
    with pytest.raises(FileNotFoundError):
        store.open(key)
    with pytest.raises(FileNotFoundError):
        store.delete(key)


def test_no_file_stays_open(tmp_path: Path) -> None:
    store = documents(tmp_path)
    before = open_files(tmp_path)
    for number in range(50):
        writer = store.create()
        writer.write(b"feed")
        if number % 2:
            store.open(writer.commit()).close()
        else:
            writer.discard()
    assert open_files(tmp_path) == before


def test_feeds_that_nobody_submitted_are_forgotten_after_a_while_and_others_are_kept(shop: Shop) -> None:
    kept = [shop.submit(a_feed(cancels(1))), shop.submit(a_feed(cancels(2)))]
    shop.work()
    abandoned = store(shop.backend.documents, io.BytesIO(b"a draft")).key
    anew = new_keys(1_000)
    assert forget_unused(shop.data_dir, anew, datetime.now(UTC) - timedelta(hours=1)) == 0
    assert forget_unused(shop.data_dir, anew, datetime.now(UTC) + timedelta(hours=1)) == 1
    assert forget_unused(shop.data_dir, anew, datetime.now(UTC) + timedelta(hours=1)) == 0
    with pytest.raises(FileNotFoundError):
        shop.backend.documents.open(abandoned)
    for submission in kept:
        assert shop.report(submission).counts[0] == 1
        shop.backend.documents.open(submission.document).close()
