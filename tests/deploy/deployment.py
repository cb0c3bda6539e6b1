"""feedproc as `serverless.yml` deploys it, and what an administrator does with it."""

import json
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

from tests.clients.drivers import Account
from tests.clients.sp_drivers import Application
from tests.deploy.ministack import Ministack
from tests.deploy.project import Project
from tests.deploy.steps import ROOT, done

STAGE = "dev"
STACK = f"feedproc-{STAGE}"
HERE = {"architecture": "x86_64", "python": f"python3.{sys.version_info.minor}"}
"""ministack runs functions with this machine's processor, and with the Python that it was installed for."""


class Deployment:
    """One stage of it, on ministack."""

    def __init__(self, cloud: Ministack, project: Project) -> None:
        self.cloud = cloud
        self._project = project

    def deploy(self) -> None:
        """`osls deploy`, for this machine's processor and Python, with a topic that alarms go to."""
        self._project.run("deploy", self.cloud.environment, alarmTopic=self.cloud.topic, **HERE)

    def allow_plain_http(self) -> None:
        """Take away the policy by which the bucket refuses what is not encrypted on its way: ministack speaks http."""
        self.cloud.client("s3").delete_bucket_policy(Bucket=self.outputs["DocumentsBucket"])

    def remove(self) -> None:
        """Empty the bucket of documents, then `osls remove`."""
        bucket, s3 = self.outputs["DocumentsBucket"], self.cloud.client("s3")
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for one in page.get("Contents", ()):
                s3.delete_object(Bucket=bucket, Key=one["Key"])
        self._project.run("remove", self.cloud.environment, **HERE)

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        (stack,) = self.cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    @property
    def endpoint(self) -> str:
        """Where clients send their requests."""
        return self.cloud.address(self.outputs["HttpApiId"])

    def feedproc(self, *arguments: str) -> str:
        """Run a command of feedproc on the deployed store, as the README says."""
        outputs = self.outputs
        environment = {
            **self.cloud.environment,
            "FEEDPROC_BACKEND": "aws",
            "FEEDPROC_BUCKET": outputs["DocumentsBucket"],
            "FEEDPROC_QUEUE_URL": outputs["FeedsQueueUrl"],
            "FEEDPROC_KMS_KEY_ID": outputs["SecretsKey"],
            "FEEDPROC_TABLE_PREFIX": f"{STACK}-",
        }
        return done([sys.executable, "-m", "feedproc", *arguments], ROOT, environment)

    def add_seller(self, seller_id: str) -> Account:
        """Add a seller, to whom the samples belong, with the sample orders."""
        told = self._add(seller_id)
        return Account(told["seller_id"], told["access_key"], told["secret_key"])

    def add_application(self, seller_id: str) -> Application:
        """Add such a seller; return its application of SP-API."""
        told = self._add(seller_id)
        return Application(seller_id, told["client_id"], told["client_secret"], told["refresh_token"])

    def _add(self, seller_id: str) -> dict[str, str]:
        told: dict[str, str] = json.loads(
            self.feedproc(
                "sellers", "add", "--seller-id", seller_id, "--merchant-token", "M_LOCAL_1234567", "--format", "json"
            )
        )
        self.feedproc("orders", "load", str(ROOT / "samples" / "orders.jsonl"), "--seller", seller_id)
        return told

    def order(self, account: Account, order_id: str) -> Any:
        """An order as it is stored."""
        told = self.feedproc("orders", "show", order_id, "--seller", account.seller_id, "--format", "json")
        return json.loads(told)

    def invoke(self, function: str) -> Any:
        """Call a function and return what it returns."""
        answer = self.cloud.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=b"{}")
        return json.loads(answer["Payload"].read())

    def hold_worker(self, held: bool) -> None:
        """Let no delivery reach the worker, or let them again."""
        functions = self.cloud.client("lambda")
        (mapping,) = functions.list_event_source_mappings(FunctionName=f"{STACK}-worker")["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=not held)

    def alarms(self) -> list[dict[str, Any]]:
        """The alarms, with what they watch and how they stand."""
        found: list[dict[str, Any]] = self.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return [one for one in found if one["AlarmName"].startswith(STACK)]

    def measure(self, namespace: str, metric: str, dimensions: list[dict[str, str]], value: float) -> None:
        """Let CloudWatch learn of a metric."""
        data = {"MetricName": metric, "Dimensions": dimensions, "Value": value}
        self.cloud.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])

    def measure_what_was_logged(self) -> set[str]:
        """Let CloudWatch learn of the metrics that stand in the functions' logs, as AWS does; return their names.

        Not of those that must stay above something for long: ministack looks at all of a metric at once.
        """
        found = set()
        lasting = {one["MetricName"] for one in self.alarms() if one["Statistic"] == "Minimum"}
        for function in ("api", "worker", "deadLetter", "outbox"):
            for line in self.log(function):
                for told in line.get("_aws", {}).get("CloudWatchMetrics", ()):
                    dimensions = [{"Name": name, "Value": line[name]} for name in told["Dimensions"][0]]
                    for name in {metric["Name"] for metric in told["Metrics"]} - lasting:
                        for value in line[name]:
                            self.measure(told["Namespace"], name, dimensions, value)
                        found.add(name)
        return found

    def log(self, function: str) -> list[dict[str, Any]]:
        """What a function wrote, of that which is JSON."""
        logs = self.cloud.client("logs")
        found: list[dict[str, Any]] = []
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{STACK}-{function}"):
            lines = (line for event in page["events"] for line in event["message"].splitlines())
            found += [json.loads(line) for line in lines if line.startswith("{")]
        return found

    def leftovers(self) -> list[str]:
        """What is still there of the deployment."""
        cloud, found = self.cloud, []
        for service, operation, kind, name in _KINDS:
            listed = getattr(cloud.client(service), operation)().get(kind, ())
            found += [f"{service}: {one}" for one in map(name, listed) if "feedproc" in str(one).lower()]
        return found


_KINDS: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    ("s3", "list_buckets", "Buckets", lambda one: one["Name"]),
    ("dynamodb", "list_tables", "TableNames", lambda one: one),
    ("sqs", "list_queues", "QueueUrls", lambda one: one),
    ("lambda", "list_functions", "Functions", lambda one: one["FunctionName"]),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", lambda one: one["FunctionArn"]),
    ("iam", "list_roles", "Roles", lambda one: one["RoleName"]),
    ("apigatewayv2", "get_apis", "Items", lambda one: one["Name"]),
    ("events", "list_rules", "Rules", lambda one: one["Name"]),
    ("cloudwatch", "describe_alarms", "MetricAlarms", lambda one: one["AlarmName"]),
    ("logs", "describe_log_groups", "logGroups", lambda one: one["logGroupName"]),
    ("kms", "list_aliases", "Aliases", lambda one: one["AliasName"]),
]
