"""Botocore's session, with descriptions of services read in C, and of those services alone that are used.

Botocore reads them in Python, and looks into the folders of some 400 services first to learn which there are. What it
asks of a loader is public (`botocore.loaders`, and `register_component` of its session).
"""

import gzip
from pathlib import Path
from typing import Any

import botocore.client  # noqa: F401 - what a session loads when it makes its first client
import msgspec
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session, get_session

_SERVICES = ["dynamodb", "kms", "s3", "sesv2", "sqs", "signin", "sso", "sso-oidc", "sts"]
"""The last four are asked for credentials, where a profile says so."""
_decode = msgspec.json.Decoder().decode


class _CFileLoader(JSONFileLoader):  # type: ignore[misc] # botocore has no types
    """Reads a description in C."""

    def load_file(self, file_path: str) -> Any:
        """Return what a file holds, whose path is told without its ending; None where there is none."""
        packed, plain = Path(f"{file_path}.json.gz"), Path(f"{file_path}.json")
        if plain.is_file():
            return _decode(plain.read_bytes())
        return _decode(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


class _FewServices(Loader):  # type: ignore[misc] # as above
    """Knows the services that are used without looking for all that there are."""

    def list_available_services(self, type_name: str) -> list[str]:
        """Return the names of services."""
        return _SERVICES


def open_session(region: str) -> Session:
    """Return a session of botocore; whatever else configures one, such as AWS_PROFILE, does here."""
    session = get_session()
    session.set_config_variable("region", region)
    session.register_component("data_loader", _FewServices(file_loader=_CFileLoader()))
    return session
