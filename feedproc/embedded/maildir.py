"""E-mail into a Maildir, where any mail program can read it."""

import os
from collections.abc import Callable
from datetime import datetime
from mailbox import Maildir
from pathlib import Path

from feedproc.embedded.message import build_message
from feedproc.errors import DeliveryDelayed
from feedproc.ports import Mail

SENDER = "feedproc@localhost"
"""In the header From."""


class MaildirMailer:
    """The port `Mailer`: one file an e-mail, named for its id, so that a repetition changes nothing.

    Whether an e-mail is there, be it new or read, is looked up in the folder each time it is new to this object, so
    that one object should be kept for many e-mails.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime], sender: str = SENDER) -> None:
        """Use (and create) the Maildir `folder`."""
        Maildir(folder, create=True)
        self._folder = folder
        self._clock = clock
        self._sender = sender
        self._read = {name.partition(":")[0] for name in os.listdir(folder / "cur")}
        """Ids of e-mails that a mail program had taken from `new` when this object was made."""

    def send(self, mail: Mail) -> None:
        """Put an e-mail into the Maildir, durably; nothing when it is there.

        Raises `Undeliverable` for what no e-mail can say, and `DeliveryDelayed` while the folder cannot be written.
        """
        if mail.mail_id in self._read:
            return
        written = build_message(mail, self._sender, self._clock(), "8bit").as_bytes()
        try:
            self._put(mail.mail_id, written)
        except OSError as error:
            raise DeliveryDelayed(f"the Maildir cannot be written: {error.strerror}") from error

    def _put(self, name: str, written: bytes) -> None:
        arrived, incoming = self._folder / "new" / name, self._folder / "tmp" / name
        if arrived.exists():
            return
        with incoming.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        incoming.rename(arrived)
        _sync_folder(arrived.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
