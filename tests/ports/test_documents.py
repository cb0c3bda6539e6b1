"""The port `Documents`: stored bytes under keys that the store chooses."""

import pytest

from feedproc.ports import Backend
from tests.ports.conftest import Store


def stored(backend: Backend, *parts: bytes) -> str:
    writer = backend.documents.create()
    for part in parts:
        writer.write(part)
    return writer.commit()


def content(backend: Backend, key: str) -> bytes:
    with backend.documents.open(key) as document:
        return document.read()


def test_a_document_reads_as_it_was_written(backend: Backend) -> None:
    key = stored(backend, b"one ", b"", b"two")
    assert content(backend, key) == b"one two"


def test_a_document_may_be_empty(backend: Backend) -> None:
    assert content(backend, stored(backend)) == b""


def test_a_document_can_be_sought(backend: Backend) -> None:
    with backend.documents.open(stored(backend, b"0123456789")) as document:
        document.seek(7)
        assert document.read(2) == b"78"
        document.seek(0)
        assert document.read(2) == b"01"


def test_every_document_has_a_key_of_its_own(backend: Backend) -> None:
    keys = [stored(backend, b"same") for _ in range(20)]
    assert len(set(keys)) == 20


def test_a_committed_document_outlives_the_process(store: Store) -> None:
    key = stored(store.backend, b"kept")
    assert content(store.reopened(), key) == b"kept"


def test_a_discarded_document_is_nowhere(backend: Backend) -> None:
    writer = backend.documents.create()
    writer.write(b"half")
    writer.discard()
    writer.discard()
    with pytest.raises(FileNotFoundError):
        backend.documents.open("0" * 31 + "1")


def test_discarding_after_the_commit_changes_nothing(backend: Backend) -> None:
    writer = backend.documents.create()
    writer.write(b"whole")
    key = writer.commit()
    writer.discard()
    assert content(backend, key) == b"whole"


def test_two_documents_are_written_side_by_side(backend: Backend) -> None:
    first, second = backend.documents.create(), backend.documents.create()
    first.write(b"a")
    second.write(b"b")
    keys = second.commit(), first.commit()
    assert [content(backend, key) for key in keys] == [b"b", b"a"]


def test_a_deleted_document_is_gone_and_may_be_deleted_again(backend: Backend) -> None:
    key = stored(backend, b"old")
    backend.documents.delete(key)
    backend.documents.delete(key)
    with pytest.raises(FileNotFoundError):
        backend.documents.open(key)


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "/etc/passwd", "a/b", "A" * 32, "0" * 32, "é" * 32])
def test_a_key_that_the_store_never_chose_names_nothing(backend: Backend, key: str) -> None:
    with pytest.raises(FileNotFoundError):
        backend.documents.open(key)


UPLOAD = "a" * 32


def uploaded(backend: Backend, content: bytes) -> None:
    writer = backend.documents.create(UPLOAD)
    writer.write(content)
    writer.commit()


def test_an_upload_is_adopted_under_another_key(backend: Backend) -> None:
    uploaded(backend, b"a feed")
    adopted = backend.documents.adopt(UPLOAD)
    assert adopted != UPLOAD
    assert content(backend, adopted) == b"a feed"


def test_an_upload_may_be_repeated_until_it_is_adopted_and_changes_nothing_afterwards(backend: Backend) -> None:
    uploaded(backend, b"first")
    uploaded(backend, b"second")
    adopted = backend.documents.adopt(UPLOAD)
    uploaded(backend, b"third")
    assert backend.documents.adopt(UPLOAD) == adopted
    assert content(backend, adopted) == b"second"


def test_an_upload_is_adopted_as_often_as_it_is_asked_for(backend: Backend) -> None:
    uploaded(backend, b"a feed")
    assert backend.documents.adopt(UPLOAD) == backend.documents.adopt(UPLOAD)


def test_what_was_never_uploaded_cannot_be_adopted(backend: Backend) -> None:
    with pytest.raises(FileNotFoundError):
        backend.documents.adopt(UPLOAD)
    with pytest.raises(FileNotFoundError):
        backend.documents.adopt("../../etc/passwd")


def test_half_an_upload_is_none(backend: Backend) -> None:
    writer = backend.documents.create(UPLOAD)
    writer.write(b"half")
    writer.discard()
    with pytest.raises(FileNotFoundError):
        backend.documents.adopt(UPLOAD)
