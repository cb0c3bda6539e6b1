"""The key file of a data directory, and how sellers' secrets are encrypted with it.

Whoever gets hold of a copy of the database alone, say out of a backup, cannot sign as anybody.
"""

import hmac
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from feedproc.embedded.private import open_private
from feedproc.errors import StoreUnusable

KEY_FILE = "store.key"
"""In the data directory: 64 hexadecimal digits. A backup without it holds no secret that can be read."""
_BYTES = 32
_NONCE = 12
"""Bytes; what NIST SP 800-38D, 5.2.1.1, asks for."""


class SecretBox:
    """Encrypts secrets with AES-GCM, each bound to whose and what it is, so that none can stand in for another."""

    def __init__(self, key: bytes) -> None:
        """Use a key of 32 bytes."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

        self._cipher = AESGCM(key)
        self.fingerprint = hmac.digest(key, b"feedproc store key", "sha256").hex()[:16]
        """Tells keys apart, and nothing about the key; kept in the store."""

    def seal(self, secret: str, owner: str) -> str:
        """Return a secret as it is kept, which is another text each time. `owner` says whose and what it is."""
        nonce = secrets.token_bytes(_NONCE)
        return b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), owner.encode())).decode()

    def unseal(self, kept: str, owner: str) -> str:
        """Return the secret that is kept as this text.

        Raises:
            StoreUnusable: the text is damaged, or was kept for another owner.

        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

        try:
            content = b64decode(kept, validate=True)
            return self._cipher.decrypt(content[:_NONCE], content[_NONCE:], owner.encode()).decode()
        except (ValueError, InvalidTag) as error:
            raise StoreUnusable(f"the secret {owner} is damaged in the store; restore it from a backup") from error


def read_key(path: Path) -> SecretBox:
    """Return what encrypts with the key in a file.

    Raises:
        StoreUnusable: the file is missing, cannot be read, or holds no key.

    """
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError as error:
        raise StoreUnusable(
            f"{path}: the key file of this store is missing, and sellers' keys cannot be read without it; "
            "put it back from a backup"
        ) from error
    except OSError as error:
        raise StoreUnusable(f"{path}: the key file cannot be read ({error.strerror})") from error
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise StoreUnusable(f"{path}: holds no key of {2 * _BYTES} hexadecimal digits; put it back from a backup")
    return SecretBox(key)


def make_key(path: Path) -> SecretBox:
    """Return what encrypts with the key in a file; make the file, durably, when there is none."""
    if not path.exists():
        aside = path.with_name(f"{path.name}.new")
        with open_private(aside) as file:
            file.write(secrets.token_bytes(_BYTES).hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    return read_key(path)
