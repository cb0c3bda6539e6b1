"""Servers that real clients talk to. They run as long as the tests; each test brings a seller of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.drivers import DRIVERS, Account, Driver, installed
from tests.clients.shops import KitShop, Shop, TlsShop, open_kit_shop, open_strict_shop, open_tls_shop


@pytest.fixture(scope="session")
def plain_shop() -> Iterator[KitShop]:
    with open_kit_shop() as shop:
        yield shop


@pytest.fixture(scope="session")
def tls_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsShop]:
    with open_tls_shop(tmp_path_factory.mktemp("tls")) as shop:
        yield shop


@pytest.fixture(scope="session")
def strict_shop() -> Iterator[KitShop]:
    """Quotas are enforced."""
    with open_strict_shop() as shop:
        yield shop


@pytest.fixture(scope="session")
def halted_shop() -> Iterator[KitShop]:
    """No feed is ever begun."""
    with open_kit_shop(is_held=True) as shop:
        yield shop


@pytest.fixture(params=DRIVERS, ids=lambda driver: driver.package)
def client_type(request: pytest.FixtureRequest) -> type[Driver]:
    kind: type[Driver] = request.param
    return kind


@pytest.fixture(params=["http", "https"])
def shop(
    request: pytest.FixtureRequest,
    client_type: type[Driver],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shop:
    """A shop that the client reaches and trusts, plainly or over TLS."""
    if request.param == "http":
        plain: Shop = request.getfixturevalue("plain_shop")
        return plain
    tls: TlsShop = request.getfixturevalue("tls_shop")
    if client_type.package == "boto-mws":
        path = tmp_path_factory.getbasetemp() / "boto.cfg"
        configure_boto(path, f"ca_certificates_file = {tls.authority}")
    else:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls.authority))
    return tls


@pytest.fixture
def account(shop: Shop) -> Account:
    return shop.new_account()


@pytest.fixture
def client(client_type: type[Driver], shop: Shop, account: Account) -> Driver:
    return client_type(shop.endpoint, account)


@pytest.fixture
def account_here(plain_shop: Shop) -> Account:
    return plain_shop.new_account()


@pytest.fixture
def client_here(client_type: type[Driver], plain_shop: Shop, account_here: Account) -> Driver:
    """A client over plain HTTP: what it says and shows is the same over TLS."""
    return client_type(plain_shop.endpoint, account_here)


def configure_boto(path: Path, line: str) -> None:
    """Let boto read a configuration file, as it does when it starts."""
    path.write_text(f"[Boto]\n{line}\n")
    installed("boto-mws", "boto").config.read(str(path))
