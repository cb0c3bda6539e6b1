"""An e-mail as RFC 5322 has it."""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from feedproc.errors import Undeliverable
from feedproc.ports import Mail


def build_message(mail: Mail, sender: str, at: datetime, encoding: str | None = None) -> EmailMessage:
    """Return the e-mail with all its headers; its Message-ID is the same for the same `mail_id`.

    `encoding` is the Content-Transfer-Encoding, chosen by what the text needs unless told. Raises `Undeliverable` for
    what cannot stand in a header, such as a line end.
    """
    written = EmailMessage()
    written["From"] = sender
    try:
        written["To"] = Address(addr_spec=mail.recipient)
        written["Subject"] = mail.subject
    except (ValueError, IndexError, HeaderParseError):  # all of them Python's, about an address
        raise Undeliverable("its address or its subject cannot stand in an e-mail") from None
    written["Date"] = format_datetime(at)
    written["Message-ID"] = f"<{mail.mail_id}@{written['From'].addresses[0].domain}>"
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(mail.text, charset="utf-8", cte=encoding)
    return written
