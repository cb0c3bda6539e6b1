"""Addresses of documents in S3, by which they go past the API and its limits."""

from datetime import datetime
from typing import Any

from feedproc.aws.clients import Clients
from feedproc.aws.documents import FOLDER, UPLOADS, locate
from feedproc.ports import LINK_LIFE, Link


class S3Links:
    """The port `DocumentLinks`: S3's presigned URLs. They are good from now on, whatever time is given."""

    def __init__(self, clients: Clients) -> None:
        """Sign with the credentials of this process, whose rights the addresses have."""
        self._clients = clients

    def link_upload(self, link: Link, now: datetime) -> str:
        """Return where the document is to be put, with exactly its content type. Raises `FileNotFoundError`."""
        return self._sign("put_object", link.key, UPLOADS, ContentType=link.content_type)

    def link_download(self, link: Link, now: datetime) -> str:
        """Return where the document is to be had. Raises `FileNotFoundError` for what is no key."""
        how = {"ResponseContentType": link.content_type}
        if link.encoding != "identity":
            how["ResponseContentEncoding"] = link.encoding
        return self._sign("get_object", link.key, FOLDER, **how)

    def _sign(self, operation: str, key: str, folder: str, **how: Any) -> str:
        place = locate(self._clients.settings.bucket, key, folder)
        seconds = int(LINK_LIFE.total_seconds())
        url: str = self._clients.signing.generate_presigned_url(operation, Params={**place, **how}, ExpiresIn=seconds)
        return url
