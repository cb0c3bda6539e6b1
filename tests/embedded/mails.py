"""E-mails, and the Maildirs that hold them."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from feedproc.ports import Mail, Secret


def a_mail(mail_id: str = "id-1", **changed: str) -> Mail:
    known = {
        "subject": "ご注文の商品が発送されました",
        "text": "佐藤 様\n\nKettle & Co × 2\n",
        "recipient": "mari@marketplace.example",
    }
    known |= changed
    recipient = Secret(known.pop("recipient"))
    return Mail(mail_id=mail_id, recipient=recipient, **known)


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def arrived(folder: Path) -> list[EmailMessage]:
    """The e-mails of a Maildir, as a mail program reads them."""
    files = sorted([*(folder / "new").iterdir(), *(folder / "cur").iterdir()])
    return [parsed(path.read_bytes()) for path in files]
