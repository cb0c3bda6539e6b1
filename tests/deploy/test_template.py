"""What the deployment says of itself, read from its files: nothing is installed for it."""

import json
import re
from importlib import import_module
from typing import Any

import pytest

from feedproc.aws.dynamo.tables import TABLES, TTL, Table
from feedproc.lambdas.limits import LONGEST_PAUSE, MARGIN
from tests.deploy.steps import ROOT
from tests.deploy.template import resources, service, statements

ROLES = ("ApiRole", "WorkerRole", "DeadLetterRole", "OutboxRole")
FUNCTIONS = service()["functions"]


def properties(name: str) -> Any:
    return resources()[name]["Properties"]


def versions(path: str) -> dict[str, str]:
    lines = (ROOT / path).read_text().splitlines()
    return dict(line.lower().split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_each_table_is_deployed_as_the_code_describes_it(table: Table) -> None:
    deployed = properties(f"{table.name.capitalize()}Table")
    described = table.define("${self:custom.prefix}-")
    assert {name: deployed[name] for name in described} == described
    assert deployed["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert deployed["SSESpecification"] == {"SSEEnabled": True}
    expected = {"AttributeName": TTL, "Enabled": True} if table.expires else None
    assert deployed.get("TimeToLiveSpecification") == expected


def test_no_other_table_is_deployed() -> None:
    deployed = [one for one in resources().values() if one["Type"] == "AWS::DynamoDB::Table"]
    assert len(deployed) == len(TABLES) < 10


@pytest.mark.parametrize("role", ROLES)
def test_no_role_allows_anything_on_everything(role: str) -> None:
    for statement in statements(role):
        named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert all(isinstance(one, dict) for one in named), "each resource is named by a reference, none by `*`"
        assert not [action for action in statement["Action"] if "*" in action]


def test_every_function_has_a_role_of_its_own_and_a_handler() -> None:
    assert sorted(one["role"] for one in FUNCTIONS.values()) == sorted(ROLES)
    for function in FUNCTIONS.values():
        module, _, name = function["handler"].replace("/", ".").rpartition(".")
        assert callable(getattr(import_module(module), name))


def test_documents_are_encrypted_private_and_expire() -> None:
    told = properties("Documents")
    assert told["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert set(told["PublicAccessBlockConfiguration"].values()) == {True}
    rules = told["LifecycleConfiguration"]["Rules"]
    assert [set(rule) & {"AbortIncompleteMultipartUpload", "ExpirationInDays"} for rule in rules] == [
        {"AbortIncompleteMultipartUpload"}, {"ExpirationInDays"}
    ]  # fmt: skip
    (statement,) = properties("DocumentsPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_message_stays_hidden_for_as_long_as_the_worker_may_run() -> None:
    assert properties("Feeds")["VisibilityTimeout"] > FUNCTIONS["worker"]["timeout"]
    assert properties("DeadLetters")["VisibilityTimeout"] > FUNCTIONS["deadLetter"]["timeout"]


def test_a_feed_of_many_hours_finishes_before_its_message_is_given_up() -> None:
    queue = properties("Feeds")
    a_delivery = FUNCTIONS["worker"]["timeout"] - MARGIN.total_seconds()
    assert queue["RedrivePolicy"]["maxReceiveCount"] * a_delivery > 40 * 3600
    assert queue["RedrivePolicy"]["maxReceiveCount"] * LONGEST_PAUSE.total_seconds() < queue["MessageRetentionPeriod"]


def test_both_queues_keep_order_and_the_worker_reports_what_failed() -> None:
    assert properties("Feeds")["FifoQueue"] is properties("DeadLetters")["FifoQueue"] is True
    for name in ("worker", "deadLetter"):
        (event,) = FUNCTIONS[name]["events"]
        assert event["sqs"]["functionResponseType"] == "ReportBatchItemFailures"


def test_there_is_an_alarm_for_each_thing_that_needs_a_person() -> None:
    alarms = {name: one["Properties"] for name, one in resources().items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    assert {(one["Namespace"], one["MetricName"]) for one in alarms.values()} == {
        ("feedproc/${sls:stage}", "DeadLetters"),
        ("feedproc/${sls:stage}", "Unsent"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
        ("AWS/Lambda", "Errors"),
    }
    assert all("AlarmTopic" in json.dumps(one["AlarmActions"]) for one in alarms.values())


def test_no_second_sender_runs_beside_one_that_failed() -> None:
    assert FUNCTIONS["outbox"]["maximumRetryAttempts"] == 0


def test_no_secret_stands_in_the_environment_or_the_template() -> None:
    names = set(service()["provider"]["environment"])
    for function in FUNCTIONS.values():
        names |= set(function.get("environment", ()))
    assert not [one for one in names if re.search("SECRET|PASSWORD|TOKEN|ACCESS_KEY", one)]


def test_functions_get_the_versions_that_are_tested() -> None:
    tested, deployed = versions("constraints.txt"), versions("requirements-lambda.txt")
    assert {name: tested.get(name, version) for name, version in deployed.items()} == deployed


def test_the_tools_are_pinned_without_a_lock_file() -> None:
    told = json.loads((ROOT / "package.json").read_text())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in told["devDependencies"].values())
    assert not (ROOT / "package-lock.json").exists()
