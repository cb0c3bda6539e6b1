"""E-mail through a real SMTP server."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from feedproc.embedded.smtp import SmtpMailer, parse_smtp_url
from feedproc.errors import DeliveryDelayed, Undeliverable, Unusable
from tests.builders import NOON
from tests.embedded.mails import a_mail, parsed
from tests.embedded.post import Post, serving

Serve = Callable[..., int]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def serve(post: Post) -> Iterator[Serve]:
    """Start a server until the test ends; return its port."""
    with ExitStack() as running:
        yield lambda **options: running.enter_context(serving(post, **options))


def a_mailer(port: int, user: str = "", scheme: str = "smtp", context: ssl.SSLContext | None = None) -> SmtpMailer:
    server = parse_smtp_url(f"{scheme}://{user}127.0.0.1:{port}")
    return SmtpMailer(server, "Shop <shop@seller.example>", lambda: NOON, context)


def test_an_email_is_handed_over_whole(serve: Serve, post: Post) -> None:
    a_mailer(serve()).send(a_mail())
    (envelope,) = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@seller.example", ["mari@marketplace.example"])
    mail = parsed(envelope.content)
    assert (mail["From"], mail["Message-ID"]) == ("Shop <shop@seller.example>", "<id-1@seller.example>")
    assert mail["Subject"] == "ご注文の商品が発送されました"
    assert mail.get_content().replace("\r\n", "\n") == "佐藤 様\n\nKettle & Co × 2\n"


def test_several_emails_share_a_connection(serve: Serve, post: Post) -> None:
    mailer = a_mailer(serve())
    for number in range(3):
        mailer.send(a_mail(f"id-{number}"))
    assert len(post.envelopes) == 3
    assert len(post.sessions) == 1


def test_a_connection_that_the_server_closed_is_opened_anew(post: Post) -> None:
    with serving(post) as port:
        mailer = a_mailer(port)
        mailer.send(a_mail("id-1"))
    with pytest.raises(DeliveryDelayed, match="cannot be reached: Connection refused"):
        mailer.send(a_mail("id-2"))
    with serving(post, port):
        mailer.send(a_mail("id-2"))
    ids = [parsed(one.content)["Message-ID"] for one in post.envelopes]
    assert ids == ["<id-1@seller.example>", "<id-2@seller.example>"]


@pytest.mark.parametrize("reply", ["550 5.1.1 no mari@marketplace.example here", "553 no such mailbox"])
def test_a_recipient_that_is_refused_for_good_is_undeliverable(serve: Serve, post: Post, reply: str) -> None:
    post.to_recipient = reply
    with pytest.raises(Undeliverable) as refusal:
        a_mailer(serve()).send(a_mail())
    assert "mari" not in str(refusal.value)


@pytest.mark.parametrize("reply", ["450 greylisted mari@marketplace.example", "550 5.7.1 relaying denied", "421 busy"])
def test_a_recipient_that_is_refused_for_now_is_tried_again(serve: Serve, post: Post, reply: str) -> None:
    mailer = a_mailer(serve())
    post.to_recipient = reply
    with pytest.raises(DeliveryDelayed, match="SMTP") as refusal:
        mailer.send(a_mail())
    assert "mari" not in str(refusal.value)
    post.to_recipient = ""
    mailer.send(a_mail())
    assert len(post.envelopes) == 1


def test_an_email_that_is_refused_for_good_is_undeliverable(serve: Serve, post: Post) -> None:
    mailer = a_mailer(serve())
    post.to_data = "554 spam"
    with pytest.raises(Undeliverable):
        mailer.send(a_mail())
    post.to_data = "451 later"
    with pytest.raises(DeliveryDelayed, match="451"):
        mailer.send(a_mail())


def test_a_password_is_given_over_tls(serve: Serve, post: Post) -> None:
    authority = trustme.CA()
    seen: list[LoginPassword] = []

    def authenticated(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: LoginPassword) -> AuthResult:
        seen.append(told)
        return AuthResult(success=told.password == b"p@ss/word")

    port = serve(
        tls_context=server_side(authority), require_starttls=True, auth_required=True, authenticator=authenticated
    )
    a_mailer(port, "mari:p%40ss%2Fword@", context=client_side(authority)).send(a_mail())
    assert [one.login for one in seen] == [b"mari"]
    assert len(post.envelopes) == 1


def test_an_email_waits_for_a_password_that_is_right(serve: Serve, post: Post) -> None:
    authority = trustme.CA()
    refused = AuthResult(success=False, handled=False)
    port = serve(tls_context=server_side(authority), auth_required=True, authenticator=lambda *_: refused)
    with pytest.raises(DeliveryDelayed, match="does not take user and password: 535") as delay:
        a_mailer(port, "mari:hush@", context=client_side(authority)).send(a_mail())
    assert "hush" not in str(delay.value)


def test_an_email_waits_for_a_server_that_goes_away_in_the_middle(serve: Serve, post: Post) -> None:
    mailer = a_mailer(serve())
    post.to_data = "421 closing"
    with pytest.raises(DeliveryDelayed, match="421"):
        mailer.send(a_mail())
    post.to_data = ""
    mailer.send(a_mail())
    assert len(post.envelopes) == 1


def test_tls_from_the_first_byte(serve: Serve, post: Post) -> None:
    authority = trustme.CA()
    port = serve(ssl_context=server_side(authority))
    a_mailer(port, scheme="smtps", context=client_side(authority)).send(a_mail())
    assert len(post.envelopes) == 1


def test_a_server_with_a_certificate_that_nobody_signed_gets_nothing(serve: Serve, post: Post) -> None:
    port = serve(tls_context=server_side(trustme.CA()))
    with pytest.raises(DeliveryDelayed, match="certificate is not trusted"):
        a_mailer(port, context=client_side(trustme.CA())).send(a_mail())
    assert not post.envelopes


def test_no_password_goes_over_a_line_that_others_could_read(
    serve: Serve, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedproc.embedded.smtp._is_local", lambda _host: False)
    with pytest.raises(DeliveryDelayed, match="no TLS"):
        a_mailer(serve(), "mari:secret@").send(a_mail())
    assert not post.envelopes


@pytest.mark.parametrize(
    "url",
    ["", "host:25", "http://host", "smtp://", "smtp://u:hush@host:port", "smtp://u:hush@host/path", "smtp://[::1"],
)
def test_a_url_that_names_no_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Unusable, match="FEEDPROC_SMTP_URL") as refusal:
        parse_smtp_url(url)
    assert "hush" not in str(refusal.value)


def test_a_url_names_port_user_and_password() -> None:
    server = parse_smtp_url("smtps://me%40shop:a%3Ab@mail.example")
    assert (server.host, server.port, server.user, str(server.password)) == ("mail.example", 465, "me@shop", "a:b")
    assert "a:b" not in repr(server)
    assert parse_smtp_url("smtp://mail.example:2525").port == 2525


def server_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def client_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
