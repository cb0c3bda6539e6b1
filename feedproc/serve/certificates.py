"""A certificate for this machine, signed by an authority of its own whose key nobody keeps."""

import os
from pathlib import Path

import msgspec
import trustme

from feedproc.feeds.marketplaces import MWS_HOSTS

NAMES = ("localhost", "127.0.0.1", "::1", *MWS_HOSTS)
"""Whom the certificate always speaks for."""


class Certificate(msgspec.Struct, frozen=True):
    """The files that TLS needs."""

    authority: Path
    """What clients are to trust. Its key was forgotten, so it can sign nothing else."""
    server: Path
    """Certificate and private key of the server."""
    names: Path
    """Whom the certificate speaks for."""


def prepare_certificate(host: str, data_dir: Path) -> Certificate:
    """Return the data directory's certificate; make it when there is none, or none that speaks for `host`."""
    folder = data_dir / "tls"
    found = Certificate(folder / "ca.pem", folder / "server.pem", folder / "names.json")
    if host not in _read_names(found):
        folder.mkdir(mode=0o700, exist_ok=True)
        _make(found, tuple(dict.fromkeys((*NAMES, host))))
    return found


def _read_names(certificate: Certificate) -> list[str]:
    if not all(path.exists() for path in (certificate.authority, certificate.server, certificate.names)):
        return []
    return msgspec.json.decode(certificate.names.read_bytes(), type=list[str])


def _make(certificate: Certificate, names: tuple[str, ...]) -> None:
    authority = trustme.CA(organization_name="feedproc on this machine")
    issued = authority.issue_cert(*names, common_name="feedproc")
    certificate.names.unlink(missing_ok=True)
    _write(certificate.authority, authority.cert_pem.bytes(), 0o644)
    _write(certificate.server, issued.private_key_and_cert_chain_pem.bytes(), 0o600)
    _write(certificate.names, msgspec.json.encode(names), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        file.write(content)
