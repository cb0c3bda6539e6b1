"""E-mail to buyers through SES."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.errors import delay_delivery, get_code
from feedproc.errors import Undeliverable, Unusable
from feedproc.ports import Mail

_HOPELESS = frozenset({"MessageRejected", "BadRequestException"})
_UNVERIFIED = "not verified"
"""Stands in a MessageRejected about an identity: the sender's, or in the sandbox any recipient's. That is for the
account's owner to mend, and the e-mail can be sent then."""
_IN_SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""SES wants what is beyond ASCII encoded (SES API v2, RawMessage)."""


class SesMailer:
    """The port `Mailer`."""

    def __init__(self, settings: AwsSettings) -> None:
        """Send from the address that the settings name.

        Raises:
            Unusable: they name none.

        """
        if settings.mail_from is None:
            raise Unusable("FEEDPROC_MAIL_FROM is not set: it says from which address buyers get e-mail")
        self._clients = get_clients(settings)
        self._sender = settings.mail_from

    def send(self, mail: Mail) -> None:
        """Hand an e-mail over to SES.

        Raises:
            Undeliverable: SES will never take this e-mail.
            DeliveryDelayed: SES does not take it now; also while the sender is not verified.

        """
        written = self._compose(mail)
        with delay_delivery("SES"):
            try:
                self._clients.ses.send_email(
                    FromEmailAddress=parseaddr(self._sender)[1],  # in ASCII; the name stands in the e-mail alone
                    Destination={"ToAddresses": [str(mail.recipient)]},
                    Content={"Raw": {"Data": written}},
                )
            except ClientError as error:
                if get_code(error) in _HOPELESS and _UNVERIFIED not in str(error):
                    raise Undeliverable(f"SES does not take mail {mail.mail_id}: {get_code(error)}") from None
                raise

    def _compose(self, mail: Mail) -> bytes:
        """Return the e-mail as it goes over the wire. SES puts a Message-ID of its own in place of ours."""
        message = EmailMessage(policy=_IN_SEVEN_BITS)
        try:
            message["From"] = self._sender
            message["To"] = str(mail.recipient)
            message["Subject"] = mail.subject
            message["Message-ID"] = f"<{mail.mail_id}@{self._sender.rpartition('@')[2].rstrip('>')}>"
            message["X-Feedproc-Mail-Id"] = mail.mail_id
        except ValueError:
            raise Undeliverable(f"mail {mail.mail_id} has an address or a subject that cannot be written") from None
        message.set_content(mail.text)
        return message.as_bytes()
