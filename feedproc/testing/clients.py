"""Credentials of the test's seller, and real clients that are set up with them."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from itertools import count
from typing import Any
from urllib.parse import urlencode

import msgspec

from feedproc.errors import FeedprocError
from feedproc.feeds.marketplaces import JAPAN
from feedproc.ports import Secret, Seller

TEST_SELLER = Seller(
    seller_id="A1TESTSELLER01",
    merchant_token="M_TEST_12345678",
    access_key="AKIAFEEDPROCTEST0001",
    secret_key=Secret("inATestOnlyInATestOnlyInATestOnlyInATest"),
    auth_token=Secret("amzn.mws.00000000-0000-0000-0000-000000000002"),
    marketplace_ids=(JAPAN,),
    destinations=("https://sqs.test.example/feed-processing-finished",),
    client_id="amzn1.application-oa2-client.feedproctest00000000000000000000001",
    client_secret=Secret("amzn1.oa2-cs.v1.in-a-test-only-in-a-test-only-in-a-test-only-0001"),
    refresh_token=Secret("Atzr|feedproc-test-refresh-token"),
)
"""The seller that every test begins with."""
_caches = count(1)


class ClientMissing(FeedprocError):
    """A client of a package that is not installed was asked for."""

    def __init__(self, package: str) -> None:
        """Name the package."""
        super().__init__(f"{package} is not installed; run `pip install {package}`")


class MwsAccess:
    """What a program types into its MWS client."""

    def __init__(self, url: str, clock: Callable[[], datetime], seller: Seller = TEST_SELLER) -> None:
        """Speak of a server at an address, for one of its sellers."""
        self.url = url
        self._clock = clock
        self.seller_id = seller.seller_id
        self.access_key = seller.access_key
        self.secret_key = str(seller.secret_key)
        self.auth_token = str(seller.auth_token)
        self.marketplace_id = seller.marketplace.marketplace_id
        self.merchant_token = seller.merchant_token

    def client(self, section: str = "Feeds") -> Any:
        """Return a client of the package `mws`, of its class of that name. It signs with the server's time.

        Raises:
            ClientMissing: the package is not installed.

        """
        kind: type[Any] = getattr(_load("mws", "mws"), section)

        def get_params(client: Any) -> dict[str, Any]:
            """Return the parameters of every request."""
            params: dict[str, Any] = kind.get_params(client)
            return {**params, "Timestamp": f"{self._clock():%Y-%m-%dT%H:%M:%SZ}"}

        punctual = type(section, (kind,), {"get_params": get_params})
        return punctual(self.access_key, self.secret_key, self.seller_id, domain=self.url, auth_token=self.auth_token)


class SpApiAccess:
    """What a program types into its SP-API client."""

    def __init__(self, url: str, seller: Seller = TEST_SELLER) -> None:
        """Speak of a server at an address, for one of its sellers."""
        self.url = url
        self.token_url = f"{url}/auth/o2/token"
        self.seller_id = seller.seller_id
        self.client_id = seller.client_id
        self.client_secret = str(seller.client_secret)
        self.refresh_token = str(seller.refresh_token)
        self.marketplace_id = seller.marketplace.marketplace_id

    @property
    def credentials(self) -> dict[str, str]:
        """The same, as python-amazon-sp-api names it."""
        return {
            "refresh_token": self.refresh_token,
            "lwa_app_id": self.client_id,
            "lwa_client_secret": self.client_secret,
        }

    def client(self, api: str = "Feeds", **options: Any) -> Any:
        """Return a client of python-amazon-sp-api, of its class of that name in `sp_api.api`.

        Raises:
            ClientMissing: the package is not installed.

        """
        kind = getattr(_load("python-amazon-sp-api", "sp_api.api"), api)
        base, tokens = import_module("sp_api.base"), import_module("sp_api.auth")
        options = {"marketplace": base.Marketplaces.JP, "credentials": self.credentials, **options}
        made = kind(auth_token_client_class=_point_tokens(tokens.AccessTokenClient, self.url), **options)
        made.endpoint = self.url
        return _name_host(made, self.url)

    def fetch_token(self) -> str:
        """Return an access token of the seller, as a program without a client fetches it."""
        from urllib.request import urlopen  # noqa: PLC0415 - long to load

        form = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }
        with urlopen(self.token_url, urlencode(form).encode()) as answer:  # noqa: S310 - of our own server
            token: str = msgspec.json.decode(answer.read())["access_token"]
        return token


def _load(package: str, module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise ClientMissing(package) from error


def _point_tokens(kind: Any, url: str) -> Any:
    """Return a class of token clients that asks the server, and shares no token with other clients.

    A token that was kept from another test would be good there alone, when clocks are set.
    """
    scheme, separator, host = url.partition("://")
    own = f"feedproc-{next(_caches)}"

    def get_cache_key(_client: Any, token_flavor: str = "") -> str:
        return f"{own} {token_flavor}"

    return type("TokensHere", (kind,), {"scheme": scheme + separator, "host": host, "_get_cache_key": get_cache_key})


def _name_host(client: Any, url: str) -> Any:
    """Let a client name the host as it stands in the address; it takes every address to begin with https."""
    kind, host = type(client), url.partition("://")[2]

    def get_headers(self: Any) -> dict[str, str]:
        return {**kind.headers.fget(self), "host": host}

    client.__class__ = type(kind.__name__, (kind,), {"headers": property(get_headers)})
    return client
