"""A wrong setting is told when the server starts, by its name and with what it must be; nothing runs then."""

from pathlib import Path

import pytest

from tests.cli.builders import Shell, one_line

RIGHT = {"FEEDPROC_SMTP_URL": "smtp://127.0.0.1:2525", "FEEDPROC_MAIL_FROM": "shop@seller.example"}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (
            {"FEEDPROC_MAIL_FROM": ""},
            ("FEEDPROC_SMTP_URL is set, but not FEEDPROC_MAIL_FROM", "set FEEDPROC_MAIL_FROM"),
        ),
        ({"FEEDPROC_MAIL_FROM": "shop"}, ("FEEDPROC_MAIL_FROM is 'shop'", "such as shop@example.com")),
        ({"FEEDPROC_MAIL_FROM": "a@b.c, d@e.f"}, ("FEEDPROC_MAIL_FROM", "one address")),
        ({"FEEDPROC_MAIL_FROM": "a@b.c\nBcc: d@e.f"}, ("FEEDPROC_MAIL_FROM", "one address")),
        ({"FEEDPROC_MAIL_FROM": "shop", "FEEDPROC_SMTP_URL": ""}, ("FEEDPROC_MAIL_FROM", "one address")),
        ({"FEEDPROC_SMTP_URL": "mail.example"}, ("FEEDPROC_SMTP_URL", "smtp://user:password@host:port")),
        ({"FEEDPROC_SMTP_URL": "smtp://u:hush@host:99999"}, ("FEEDPROC_SMTP_URL", "between 1 and 65535")),
        ({"FEEDPROC_SMTP_URL": "smtp://u:hush@host:0"}, ("FEEDPROC_SMTP_URL", "between 1 and 65535")),
        ({"FEEDPROC_SMTP_URL": "smtp://u:hush/x@host"}, ("FEEDPROC_SMTP_URL", "write / as %2F")),
        ({"FEEDPROC_SMTP_URL": "smtp://u:hush#x@host"}, ("FEEDPROC_SMTP_URL", "# as %23")),
        ({"FEEDPROC_SMTP_URL": "smtp://mail..example"}, ("FEEDPROC_SMTP_URL", "smtp://user:password@host:port")),
        ({"FEEDPROC_SMTP_URL": f"smtp://{'a' * 64}.example"}, ("FEEDPROC_SMTP_URL", "smtp://user:password@host:port")),
        ({"FEEDPROC_SMTP_URL": "smtp://u:h%C3%BCsh@host"}, ("FEEDPROC_SMTP_URL", "ASCII")),
        ({"FEEDPROC_KEEP_DAYS": "soon"}, ("FEEDPROC_KEEP_DAYS is 'soon'", "0 to keep for ever")),
        ({"FEEDPROC_SUBMIT_ONCE": "yes"}, ("FEEDPROC_SUBMIT_ONCE is 'yes'", "on or off")),
        ({"FEEDPROC_HELPERS": "2"}, ("FEEDPROC_HELPERS is '2'", "on or off")),
        ({"FEEDPROC_BACKEND": "cloud"}, ("FEEDPROC_BACKEND is 'cloud'", "embedded, aws")),
    ],
)
def test_a_server_with_a_wrong_setting_does_not_start(
    feedproc: Shell, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], named: tuple[str, str]
) -> None:
    for name, value in {**RIGHT, **wrong}.items():
        monkeypatch.setenv(name, value)
    ran = feedproc("serve", "--port", 0)
    assert (ran.code, ran.out, one_line(ran.err)) == (1, "", True)
    assert all(part in ran.err for part in named)
    assert "hush" not in ran.err
    assert not feedproc.data_dir.exists()


def test_a_data_directory_that_is_a_file_is_named(
    feedproc: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FEEDPROC_DATA_DIR", str(tmp_path / "file"))
    ran = feedproc("serve", "--port", 0)
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert "FEEDPROC_DATA_DIR" in ran.err


def test_commands_that_send_no_email_do_without_its_settings(opened: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDPROC_SMTP_URL", "nonsense")
    assert opened("orders", "list").code == 0
