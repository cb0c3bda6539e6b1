"""Sellers as the store keeps them: with their secrets encrypted."""

from collections.abc import Callable

from msgspec.structs import replace

from feedproc.embedded.key_file import SecretBox
from feedproc.ports import Secret, Seller


def with_sealed_secrets(seller: Seller, box: SecretBox) -> Seller:
    """Return the seller with each secret encrypted."""
    return _convert_secrets(seller, box.seal)


def with_open_secrets(seller: Seller, box: SecretBox) -> Seller:
    """Return the seller with each secret in clear.

    Raises:
        StoreUnusable: a secret is damaged.

    """
    return _convert_secrets(seller, box.unseal)


def as_secret(kind: type, value: object) -> object:
    """Make decoded texts secrets where a type says so: a hook of msgspec."""
    return Secret(value) if kind is Secret else value


def _convert_secrets(seller: Seller, convert: Callable[[str, str], str]) -> Seller:
    def convert_field(name: str, secret: Secret) -> Secret:
        return Secret(convert(secret, f"{name} of seller {seller.seller_id}")) if secret else secret

    return replace(
        seller,
        secret_key=convert_field("secret_key", seller.secret_key),
        auth_token=convert_field("auth_token", seller.auth_token),
        client_secret=convert_field("client_secret", seller.client_secret),
        refresh_token=convert_field("refresh_token", seller.refresh_token),
        password_hash=convert_field("password_hash", seller.password_hash),
    )
