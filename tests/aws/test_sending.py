"""E-mail through SES and notifications through SQS: what goes out, and what never can."""

import json
from contextlib import AbstractContextManager
from email import message_from_string
from email.policy import SMTP
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ParamValidationError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from msgspec.structs import replace

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.mail import SesMailer
from feedproc.aws.notifier import SqsNotifier
from feedproc.errors import DeliveryDelayed, Undeliverable, Unusable
from feedproc.ports import Mail, Secret
from tests.aws.cloud import Answering, between

MAIL = Mail(mail_id="7f3", recipient=Secret("buyer@example.jp"), subject="ご注文の発送", text="発送しました。\n")


@pytest.fixture
def mailer(cloud: AwsSettings) -> SesMailer:
    get_clients(cloud).ses.create_email_identity(EmailIdentity="shop@example.com")
    return SesMailer(cloud)


def test_an_e_mail_is_handed_to_ses(mailer: SesMailer, cloud: AwsSettings) -> None:
    mailer.send(MAIL)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][cloud.region].sent_messages
    assert set(sent.destinations) == {"buyer@example.jp"}
    assert "From: shop@example.com" in sent.raw_data
    assert "X-Feedproc-Mail-Id: 7f3" in sent.raw_data
    assert "Message-ID: <7f3@example.com>" in sent.raw_data


@pytest.mark.parametrize("changed", [{"recipient": Secret("a@b.c\r\nBcc: all@b.c")}, {"subject": "x\nBcc: all@b.c"}])
def test_an_e_mail_cannot_be_given_further_headers(mailer: SesMailer, changed: dict[str, str]) -> None:
    with pytest.raises(Undeliverable, match="7f3") as error:
        mailer.send(replace(MAIL, **changed))
    assert "b.c" not in str(error.value)


def refusing(code: str, text: str) -> AbstractContextManager[None]:
    return between(lambda request, answer: (400, {"x-amzn-ErrorType": code}, json.dumps({"message": text})))


def test_an_e_mail_waits_until_ses_has_verified_who_sends_it(mailer: SesMailer) -> None:
    text = "Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b.c"
    with refusing("MessageRejected", text), pytest.raises(DeliveryDelayed, match="answers MessageRejected") as delay:
        mailer.send(MAIL)
    assert "a@b.c" not in str(delay.value)


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_an_e_mail_that_ses_will_never_take_is_told(mailer: SesMailer, code: str) -> None:
    with refusing(code, "buyer@example.jp is illegal"), pytest.raises(Undeliverable, match="7f3") as error:
        mailer.send(MAIL)
    assert "buyer" not in str(error.value)


def test_an_e_mail_is_written_in_seven_bits(mailer: SesMailer, cloud: AwsSettings) -> None:
    mailer.send(MAIL)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][cloud.region].sent_messages
    assert sent.raw_data.isascii()
    assert message_from_string(sent.raw_data, policy=SMTP).get_content().split() == MAIL.text.split()


def test_without_a_sender_there_is_no_mailer(cloud: AwsSettings) -> None:
    with pytest.raises(Unusable, match="FEEDPROC_MAIL_FROM"):
        SesMailer(replace(cloud, mail_from=None))


@pytest.mark.parametrize("name", ["finished", "finished.fifo"])
@pytest.mark.parametrize("region", ["eu-west-1", "ap-northeast-1"])
def test_a_notification_lies_in_the_sellers_queue(cloud: AwsSettings, name: str, region: str) -> None:
    sqs = get_clients(cloud).get_sqs_in(region)
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    sqs.create_queue(QueueName=name, Attributes=fifo)
    url = f"https://sqs.{region}.amazonaws.com/123456789012/{name}"
    SqsNotifier(cloud).notify(url, "<Notification/>")
    assert [one["Body"] for one in sqs.receive_message(QueueUrl=url)["Messages"]] == ["<Notification/>"]


@pytest.mark.parametrize("region", ["eu-west-1", "ap-northeast-1"])
def test_a_queue_is_found_by_its_arn(cloud: AwsSettings, region: str) -> None:
    url = get_clients(cloud).get_sqs_in(region).create_queue(QueueName="changes")["QueueUrl"]
    SqsNotifier(cloud).notify(f"arn:aws:sqs:{region}:{DEFAULT_ACCOUNT_ID}:changes", "{}")
    found = get_clients(cloud).get_sqs_in(region).receive_message(QueueUrl=url)
    assert [one["Body"] for one in found["Messages"]] == ["{}"]


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-west-1.amazonaws.com/123456789012/gone",
        "https://sqs.eu-west-1.amazonaws.com.evil.example/123456789012/q",
        "http://169.254.169.254/latest/meta-data",
        "https://sqs.eu-west-1.amazonaws.com@evil.example/123456789012/q",
        "file:///etc/passwd",
        "arn:aws:sqs:eu-west-1:123456789012:gone",
        "arn:aws:sqs:evil.example/:123456789012:q",
        "",
    ],
)
def test_what_is_no_queue_can_never_be_told(cloud: AwsSettings, url: str) -> None:
    with pytest.raises(Undeliverable):
        SqsNotifier(cloud).notify(url, "<Notification/>")


def test_a_notification_waits_for_a_queue_whose_policy_keeps_us_out(cloud: AwsSettings) -> None:
    url = get_clients(cloud).sqs.create_queue(QueueName="closed")["QueueUrl"]
    denied = between(lambda request, answer: (403, {}, json.dumps({"__type": "AccessDeniedException"})))
    with denied, pytest.raises(DeliveryDelayed, match="SQS answers AccessDenied"):
        SqsNotifier(cloud).notify(url, "<Notification/>")


def unreachable(request: Any, _answer: Answering) -> Any:
    raise EndpointConnectionError(endpoint_url=request.url)


def test_what_cannot_be_reached_is_tried_later(mailer: SesMailer, cloud: AwsSettings) -> None:
    url = get_clients(cloud).sqs.create_queue(QueueName="far")["QueueUrl"]
    with between(unreachable):
        with pytest.raises(DeliveryDelayed, match="SES cannot be reached or used: EndpointConnectionError"):
            mailer.send(MAIL)
        with pytest.raises(DeliveryDelayed, match="SQS cannot be reached or used: EndpointConnectionError"):
            SqsNotifier(cloud).notify(url, "<Notification/>")


def test_a_fault_of_ours_is_no_delay(cloud: AwsSettings) -> None:
    with pytest.raises(ParamValidationError):
        SqsNotifier(cloud).notify("https://sqs.eu-west-1.amazonaws.com/123456789012/q", 5)  # type: ignore[arg-type]
