"""Sellers' secrets, encrypted with a key that never leaves KMS."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from feedproc.aws.clients import Clients
from feedproc.aws.errors import describe_environment_fault
from feedproc.errors import StoreBusy
from feedproc.ports import Secret

_MOST_REMEMBERED = 1_000
"""Decrypted secrets that a process keeps in memory."""


class KmsCipher:
    """Encrypts and decrypts. What was decrypted once in this process is not asked of KMS again."""

    def __init__(self, clients: Clients) -> None:
        """Use the key that the settings name."""
        self._clients = clients
        self._opened = lru_cache(_MOST_REMEMBERED)(self._open)

    def encrypt(self, seller_id: str, secrets: tuple[Secret, ...]) -> bytes:
        """Return the secrets encrypted, good for this seller alone.

        Raises:
            StoreBusy: KMS cannot be used now.

        """
        with _explain_faults():
            answer = self._clients.kms.encrypt(
                KeyId=self._clients.settings.kms_key_id,
                Plaintext=msgspec.json.encode([str(one) for one in secrets]),
                EncryptionContext=_make_context(seller_id),
            )
        return bytes(answer["CiphertextBlob"])

    def decrypt(self, seller_id: str, encrypted: bytes) -> tuple[Secret, ...]:
        """Return what was encrypted for this seller.

        Raises:
            StoreBusy: as `encrypt`.

        """
        return self._opened(seller_id, encrypted)

    def _open(self, seller_id: str, encrypted: bytes) -> tuple[Secret, ...]:
        with _explain_faults():
            answer = self._clients.kms.decrypt(
                KeyId=self._clients.settings.kms_key_id,
                CiphertextBlob=encrypted,
                EncryptionContext=_make_context(seller_id),
            )
        return tuple(map(Secret, msgspec.json.decode(answer["Plaintext"], type=list[str])))


@contextmanager
def _explain_faults() -> Iterator[None]:
    """Ask whoever calls to come again when KMS is what fails; a secret that is not this seller's surfaces."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        fault = describe_environment_fault(error)
        if fault is None:
            raise
        raise StoreBusy(f"sellers' secrets can be neither opened nor sealed now: KMS, {fault}") from error


def _make_context(seller_id: str) -> dict[str, str]:
    return {"seller": seller_id}
