"""ministack: a server that speaks AWS, runs functions as processes, and lets each do what its role allows."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.deploy.steps import done

VERSION = "1.5.33"
REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}


class Ministack:
    """The server, in an environment of its own: what a function needs must be in its package, or be boto3."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._python = folder / "venv" / "bin" / "python"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self._port}"
        self.environment = {**KEYS, "AWS_ENDPOINT_URL": self.endpoint}

    def install(self) -> None:
        """Make the environment."""
        done([sys.executable, "-m", "venv", self._folder / "venv"], self._folder.parent)
        done([self._python, "-m", "pip", "install", "--quiet", f"ministack=={VERSION}", "boto3"], self._folder)

    def __enter__(self) -> Self:
        self._log = (self._folder / "ministack.log").open("w")
        environment = {
            **os.environ, **self.environment, "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self._port),
            "MINISTACK_HOST": "localhost", "LAMBDA_EXECUTOR": "local", "AUTH": "true", "MINISTACK_REGION": REGION,
            "TMPDIR": str(self._folder),
        }  # fmt: skip
        self._process = subprocess.Popen(
            [self._python, "-m", "ministack"], cwd=self._folder, env=environment, stdout=self._log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._tell_logs()
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()

    def client(self, service: str) -> Any:
        """A client of one of its services."""
        import boto3

        return boto3.client(
            service, region_name=REGION, endpoint_url=self.endpoint,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"], aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip

    @cached_property
    def topic(self) -> str:
        """A topic that alarms go to; the queue `rung` keeps what it is told."""
        sns, sqs = self.client("sns"), self.client("sqs")
        made = str(sns.create_topic(Name="alarms")["TopicArn"])
        arn = sqs.get_queue_attributes(QueueUrl=self.rung, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": made}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        sqs.set_queue_attributes(QueueUrl=self.rung, Attributes={"Policy": policy})
        sns.subscribe(TopicArn=made, Protocol="sqs", Endpoint=arn)
        return made

    @cached_property
    def rung(self) -> str:
        """The address of the queue that keeps what alarms say."""
        return str(self.client("sqs").create_queue(QueueName="rung")["QueueUrl"])

    def address(self, api_id: str) -> str:
        """Where an HTTP API is."""
        return f"http://{api_id}.execute-api.localhost:{self._port}"

    def _tell_logs(self) -> None:
        """Show what went wrong, as far as the functions and the server know."""
        logs = self.client("logs")
        for group in logs.describe_log_groups()["logGroups"]:
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                sys.stderr.write(f"{group['logGroupName']}: {event['message']}\n")
        sys.stderr.write((self._folder / "ministack.log").read_text()[-4000:])

    def _wait(self) -> None:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=1).close()
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self._folder / "ministack.log").read_text()[-4000:])
