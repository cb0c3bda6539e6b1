"""What one needs to know to find everything on AWS."""

from msgspec import Struct


class AwsSettings(Struct, frozen=True, kw_only=True):
    """Where on AWS everything is. Nothing in it is secret."""

    region: str
    endpoint_url: str | None = None
    """Of a server that speaks AWS; None for AWS itself."""
    bucket: str
    """Of feeds and reports."""
    queue_url: str
    """Of the FIFO queue that announces submissions."""
    kms_key_id: str
    """Encrypts sellers' secrets: a key's id, ARN or alias."""
    table_prefix: str = ""
    """Stands before the name of each table, such as `feedproc-dev-`."""
    mail_from: str | None = None
    """Sender of e-mails to buyers; None when none are sent."""
    keep_days: int = 90
    """After how many days an ended submission goes; 0 for never. Its documents go by the bucket's lifecycle."""
    opens_secrets: bool = True
    """Decrypt what sellers sign with. A process that checks no signature needs none, and no right to decrypt."""
    local_credentials: bool = False
    """Sign with credentials that everybody knows: for a server on this machine that checks none."""
