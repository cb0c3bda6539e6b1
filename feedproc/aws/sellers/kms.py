"""Sellers' secrets, encrypted with a key that never leaves KMS."""

from functools import lru_cache

import msgspec

from feedproc.aws.clients import Clients
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
        """Return the secrets encrypted, good for this seller alone."""
        answer = self._clients.kms.encrypt(
            KeyId=self._clients.settings.kms_key_id,
            Plaintext=msgspec.json.encode([str(one) for one in secrets]),
            EncryptionContext=_make_context(seller_id),
        )
        return bytes(answer["CiphertextBlob"])

    def decrypt(self, seller_id: str, encrypted: bytes) -> tuple[Secret, ...]:
        """Return what was encrypted for this seller."""
        return self._opened(seller_id, encrypted)

    def _open(self, seller_id: str, encrypted: bytes) -> tuple[Secret, ...]:
        answer = self._clients.kms.decrypt(
            KeyId=self._clients.settings.kms_key_id,
            CiphertextBlob=encrypted,
            EncryptionContext=_make_context(seller_id),
        )
        return tuple(map(Secret, msgspec.json.decode(answer["Plaintext"], type=list[str])))


def _make_context(seller_id: str) -> dict[str, str]:
    return {"seller": seller_id}
