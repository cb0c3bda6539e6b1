"""E-mail into a Maildir."""

import mailbox
from pathlib import Path

import pytest

from feedproc.embedded.maildir import MaildirMailer
from feedproc.errors import DeliveryDelayed, Undeliverable
from tests.builders import NOON
from tests.embedded.mails import a_mail, arrived


def a_mailer(folder: Path) -> MaildirMailer:
    return MaildirMailer(folder, lambda: NOON)


def test_an_email_arrives_whole(tmp_path: Path) -> None:
    a_mailer(tmp_path / "mail").send(a_mail())
    (mail,) = arrived(tmp_path / "mail")
    assert (mail["To"], mail["Subject"]) == ("mari@marketplace.example", "ご注文の商品が発送されました")
    assert (mail["Message-ID"], mail["Date"]) == ("<id-1@localhost>", "Mon, 04 Mar 2024 12:00:00 +0000")
    assert mail.get_content() == "佐藤 様\n\nKettle & Co × 2\n"


def test_a_mail_program_can_open_the_folder_and_people_can_read_the_files(tmp_path: Path) -> None:
    a_mailer(tmp_path / "mail").send(a_mail())
    (found,) = mailbox.Maildir(tmp_path / "mail", create=False)
    assert found["Message-ID"] == "<id-1@localhost>"
    (file,) = (tmp_path / "mail" / "new").iterdir()
    assert "佐藤 様" in file.read_text(encoding="utf-8")


def test_an_email_that_is_sent_again_is_there_once(tmp_path: Path) -> None:
    for mailer in (a_mailer(tmp_path / "mail"), a_mailer(tmp_path / "mail")):
        mailer.send(a_mail())
        mailer.send(a_mail())
    assert len(arrived(tmp_path / "mail")) == 1


def test_an_email_that_was_read_meanwhile_does_not_come_again(tmp_path: Path) -> None:
    a_mailer(tmp_path / "mail").send(a_mail())
    (tmp_path / "mail" / "new" / "id-1").rename(tmp_path / "mail" / "cur" / "id-1:2,S")
    a_mailer(tmp_path / "mail").send(a_mail())
    assert len(arrived(tmp_path / "mail")) == 1


def test_what_an_interrupted_sender_left_is_no_email(tmp_path: Path) -> None:
    mailer = a_mailer(tmp_path / "mail")
    (tmp_path / "mail" / "tmp" / "id-1").write_bytes(b"From: half of it")
    mailer.send(a_mail())
    assert len(arrived(tmp_path / "mail")) == 1
    assert not list((tmp_path / "mail" / "tmp").iterdir())


@pytest.mark.parametrize("hostile", ["x\r\nBcc: all@marketplace.example", "x\nX: y", "x\r\r\n\r\nbody"])
def test_no_header_can_be_smuggled_in(tmp_path: Path, hostile: str) -> None:
    mailer = a_mailer(tmp_path / "mail")
    for part in ("subject", "recipient"):
        with pytest.raises(Undeliverable) as refusal:
            mailer.send(a_mail(**{part: hostile}))
        assert hostile not in str(refusal.value)
    assert not arrived(tmp_path / "mail")


@pytest.mark.parametrize("address", ["a..b@c.example", ".a@c.example", "a@c..example", ""])
def test_an_address_that_no_header_takes_is_undeliverable(tmp_path: Path, address: str) -> None:
    with pytest.raises(Undeliverable):
        a_mailer(tmp_path / "mail").send(a_mail(recipient=address))


def test_an_email_waits_while_the_folder_cannot_be_written(tmp_path: Path) -> None:
    mailer = a_mailer(tmp_path / "mail")
    (tmp_path / "mail" / "tmp").rmdir()
    with pytest.raises(DeliveryDelayed, match="the Maildir cannot be written: No such file"):
        mailer.send(a_mail())
    (tmp_path / "mail" / "tmp").mkdir()
    mailer.send(a_mail())
    assert len(arrived(tmp_path / "mail")) == 1


def test_long_and_odd_lines_come_through(tmp_path: Path) -> None:
    text = "題" * 3000 + "\n.\n\nFrom here\n"
    a_mailer(tmp_path / "mail").send(a_mail(text=text, subject="s" * 900))
    (mail,) = arrived(tmp_path / "mail")
    assert mail.get_content() == text
    assert mail["Subject"] == "s" * 900


def test_an_email_does_not_show_what_is_in_it() -> None:
    assert repr(a_mail()) == "Mail('id-1')"
