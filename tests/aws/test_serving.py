"""`feedproc serve --moto`, and a second server beside it that finds the same store: as a user runs them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedproc.aws.local_aws import serve_moto
from feedproc.cli import main
from feedproc.errors import Unusable
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.clients.shops import sample
from tests.clients.sp_drivers import Application, PythonAmazonSpApi
from tests.serve.builders import SAMPLES, Running, submitted

_PATIENCE = 60
LOCAL = Application(
    LOCAL_SELLER.seller_id, LOCAL_SELLER.client_id, str(LOCAL_SELLER.client_secret), str(LOCAL_SELLER.refresh_token)
)


def test_a_port_for_aws_that_is_in_use_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Unusable, match="is not to be had for AWS"),
        serve_moto(taken.getsockname()[1]),
    ):
        pass


class Cloud(Running):
    """`feedproc serve --moto`, and what it says of the way to it."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir, "--moto", "--workers", "1")
        assert self.process.stdout is not None
        self.environ: dict[str, str] = {}
        for line in self.process.stdout:
            if line.strip().startswith("export "):
                name, _, value = line.strip().removeprefix("export ").partition("=")
                self.environ[name] = value
            if line.startswith("Ctrl-C"):
                break


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("moto") / "data") as running:
        yield running


@pytest.fixture
def feedproc(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Shell":
    for name, value in cloud.environ.items():
        monkeypatch.setenv(name, value)
    return Shell(capsys)


class Shell:
    """Runs commands in this process, over that server."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> str:
        self._capture.readouterr()
        assert main([str(one) for one in (*arguments, "--backend", "aws")]) == 0
        return self._capture.readouterr().out


def done(feedproc: Shell, submission_id: str) -> str:
    """Wait for a feed's end; return its line."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        (line,) = [one for one in feedproc("feeds", "list").splitlines() if one.startswith(submission_id)]
        if "DONE" in line:
            return line
        time.sleep(0.2)
    raise AssertionError(line)


def test_a_feed_goes_through_and_every_command_sees_it(cloud: Cloud, feedproc: Shell) -> None:
    feedproc("orders", "load", SAMPLES / "orders.jsonl")
    feed = submitted(cloud.client())
    assert done(feedproc, feed).split("\t")[4:] == ["5", "2", "3", "0"]
    assert "<MessagesSuccessful>2</MessagesSuccessful>" in feedproc("feeds", "report", feed)
    assert "Canceled" in feedproc("orders", "list")
    assert "A1LOCALSELLER1" in feedproc("sellers", "list")


def test_a_second_server_serves_the_same_store(
    cloud: Cloud, feedproc: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedproc("sellers", "add", "--seller-id", "A2SECONDSELLER", "--secret-key", "s3cret")
    with Running(tmp_path / "unused", "--backend", "aws", "--workers", "1") as second:
        feed = submitted(second.client())
        done(feedproc, feed)
        assert second.stop() == 0
    assert not (tmp_path / "unused").exists()


def test_the_aws_cli_looks_into_it(cloud: Cloud) -> None:
    command = [
        "aws",
        "--endpoint-url",
        cloud.environ["AWS_ENDPOINT_URL"],
        "dynamodb",
        "list-tables",
        "--output",
        "text",
    ]
    try:
        told = subprocess.run(command, env={**os.environ, **cloud.environ}, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        if os.environ.get("CI"):
            raise
        pytest.skip("the AWS CLI is not here")
    assert "feedproc-submissions" in told.stdout


def test_a_seller_is_told_that_its_feed_has_ended(cloud: Cloud, feedproc: Shell) -> None:
    import boto3

    sqs = boto3.client("sqs", region_name="us-east-1", endpoint_url=cloud.environ["AWS_ENDPOINT_URL"])
    url = sqs.create_queue(QueueName="finished")["QueueUrl"]
    feedproc("sellers", "notify", "A1LOCALSELLER1", "--queue-url", url)
    assert url in feedproc("sellers", "list")
    feed = submitted(cloud.client())
    done(feedproc, feed)
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    assert f"<FeedSubmissionId>{feed}</FeedSubmissionId>" in found["Messages"][0]["Body"]
    feedproc("sellers", "notify", "A1LOCALSELLER1", "--remove")


def test_a_program_of_sp_api_is_told_of_its_feed_and_of_its_order(cloud: Cloud, feedproc: Shell) -> None:
    import boto3

    sqs = boto3.client("sqs", region_name="us-east-1", endpoint_url=cloud.environ["AWS_ENDPOINT_URL"])
    url = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    feedproc("orders", "load", SAMPLES / "orders.jsonl")
    program = PythonAmazonSpApi(cloud.endpoint, LOCAL)
    program.subscribe(arn, "FEED_PROCESSING_FINISHED", "ORDER_CHANGE")
    feed_id = program.submit(sample("acknowledgement"), "POST_ORDER_ACKNOWLEDGEMENT_DATA")
    told: dict[str, str] = {}
    while len(told) < 2:
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        told[next(name for name in (feed_id, "ORDER_CHANGE") if name in message["Body"])] = message["Body"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert '"processingStatus":"DONE"' in told[feed_id]
    assert '"OrderStatus":"Canceled"' in told["ORDER_CHANGE"]


def test_without_moto_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['moto'] = None; from feedproc.cli import main;"
        f"sys.exit(main(['serve', '--moto', '--port', '0', '--data-dir', {str(tmp_path / 'data')!r}]))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "feedproc[moto]" in told.stderr
    assert "Traceback" not in told.stderr
