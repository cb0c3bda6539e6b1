from pathlib import Path

import pytest

from feedproc.errors import Unusable
from tests.serve.builders import Running, submitted


def test_a_client_that_trusts_the_authority_can_submit(tmp_path: Path) -> None:
    with Running(tmp_path / "data", "--tls") as server:
        assert server.endpoint.startswith("https://127.0.0.1:")
        assert submitted(server.client(authority=tmp_path / "data" / "tls" / "ca.pem"))


def test_the_lines_to_copy_hold_for_a_path_with_blanks(tmp_path: Path) -> None:
    (tmp_path / "my shop").mkdir()
    with Running(tmp_path / "my shop" / "data", "--tls") as server:
        server.stop()
        assert server.process.stdout is not None
        said = server.process.stdout.read()
    assert f"export REQUESTS_CA_BUNDLE='{tmp_path}/my shop/data/tls/ca.pem'" in said


def test_a_client_that_does_not_is_told_how(tmp_path: Path) -> None:
    with Running(tmp_path / "data", "--tls") as server, pytest.raises(Unusable, match="name its authority with --ca"):
        submitted(server.client())


def test_a_client_can_keep_trusting_after_a_restart(tmp_path: Path) -> None:
    authority = tmp_path / "data" / "tls" / "ca.pem"
    with Running(tmp_path / "data", "--tls"):
        before = authority.read_bytes()
    with Running(tmp_path / "data", "--tls") as server:
        assert authority.read_bytes() == before
        assert submitted(server.client(authority=authority))
