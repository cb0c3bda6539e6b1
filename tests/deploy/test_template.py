"""What the deployment says of itself, read from its files: nothing is installed for it."""

import json
import re
from importlib import import_module
from typing import Any

import pytest

from feedproc.aws.dynamo.tables import TABLES, TTL, Table
from feedproc.lambdas.limits import LONGEST_PAUSE, MARGIN
from tests.deploy.steps import ROOT
from tests.deploy.template import parameters, read, resources, service, statements

ROLES = ("ApiRole", "WorkerRole", "DeadLetterRole", "OutboxRole")
FUNCTIONS = service()["functions"]


def properties(name: str) -> Any:
    return resources()[name]["Properties"]


def versions(path: str) -> dict[str, str]:
    lines = (ROOT / path).read_text().splitlines()
    return dict(line.lower().split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_each_table_is_deployed_as_the_code_describes_it(table: Table) -> None:
    deployed = without_warmth(properties(f"{table.name.capitalize()}Table"))
    described = table.define("${self:custom.prefix}-")
    assert {name: deployed[name] for name in described} == described
    assert deployed["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert deployed["SSESpecification"] == {"SSEEnabled": True}
    expected = {"AttributeName": TTL, "Enabled": True} if table.expires else None
    assert deployed.get("TimeToLiveSpecification") == expected


def without_warmth(told: Any) -> Any:
    """What is told of a table, but for how warm it and its indexes are."""
    if isinstance(told, list):
        return [without_warmth(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {name: without_warmth(one) for name, one in told.items() if name != "WarmThroughput"}


def test_what_feeds_write_most_can_be_warmed_and_nothing_else() -> None:
    warm = {"Fn::If": ["IsWarmed", {"WriteUnitsPerSecond": {"Ref": "WarmWrites"}}, {"Ref": "AWS::NoValue"}]}
    tables = {name: one["Properties"] for name, one in resources().items() if one["Type"] == "AWS::DynamoDB::Table"}
    told = list(tables.items())
    told += [(one["IndexName"], one) for table in tables.values() for one in table.get("GlobalSecondaryIndexes", ())]
    warmed = {name: one["WarmThroughput"] for name, one in told if "WarmThroughput" in one}
    assert warmed == dict.fromkeys(("OrdersTable", "StockTable", "by_purchase", "by_change"), warm)


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
    interrupted, uploads, old = told["LifecycleConfiguration"]["Rules"]
    assert "AbortIncompleteMultipartUpload" in interrupted
    assert (uploads["Prefix"], uploads["ExpirationInDays"]) == ("uploads/", 3)
    condition, rule, otherwise = old["Fn::If"]
    assert (condition, rule["ExpirationInDays"], otherwise) == (
        "IsExpiring", {"Ref": "KeepDays"}, {"Ref": "AWS::NoValue"}
    )  # fmt: skip
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
    assert {(one["Namespace"].partition("/$")[0], one["MetricName"]) for one in alarms.values()} == {
        ("feedproc", "FeedsCancelled"),
        ("feedproc", "DeliveriesFailed"),
        ("feedproc", "DeadLetters"),
        ("feedproc", "Unsent"),
        ("feedproc", "OutboxAge"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Throttles"),
        ("AWS/ApiGateway", "5xx"),
        ("AWS/DynamoDB", "WriteThrottleEvents"),
    }
    for one in alarms.values():
        assert "AlarmTopic" in json.dumps(one["AlarmActions"])
        assert one["OKActions"] == one["AlarmActions"]


def test_the_dashboard_shows_every_metric_that_is_written() -> None:
    written = set()
    for path in (ROOT / "feedproc" / "lambdas").glob("*.py"):
        written |= set(re.findall(r'count\(\s*"([A-Z]\w+)"', path.read_text()))
    body = json.loads(re.sub(r"\$\{[^}]*}", "x", properties("Dashboard")["DashboardBody"]["Fn::Sub"]))
    shown = {metric[1] for widget in body["widgets"] for metric in widget["properties"]["metrics"]}
    alarmed = {one["Properties"].get("MetricName") for one in resources().values()}
    assert len(written) > 9
    assert written - shown - alarmed == set()


EDGES = {
    "Workers": (["2", "1000"], ["0", "1", "1001"]),
    "KeepDays": (["0", "90"], ["-1", "36501"]),
    "QueueAge": (["60", "1209600"], ["59", "1209601"]),
    "OutboxAge": (["60"], ["0"]),
    "RequestRate": (["1", "10000"], ["0", "10001"]),
    "RequestBurst": (["1", "5000"], ["0", "5001"]),
    "WarmWrites": (["4000", "40000", "1000000"], ["0", "3999", "1000001"]),
    "Tracing": (["Active", "PassThrough"], ["active", ""]),
    "AlarmTopic": (["", "arn:aws:sns:eu-west-1:123456789012:alarms"], ["alarms", "arn:aws:sqs:eu-west-1:1:x"]),
    "MailFrom": (["", "shop@example.com"], ["Shop <shop@example.com>", "shop", "a@b, c@d"]),
    "MailName": (["", "Tokyo Shop", "\u6771\u4eac"], ["a\nb", "Shop <x>", 'say "x"']),
}


@pytest.mark.parametrize("name", parameters())
def test_a_value_that_aws_would_not_take_is_refused_before_anything_is_made(name: str) -> None:
    good, bad = EDGES[name]
    assert [one for one in good if not _is_taken(parameters()[name], one)] == []
    assert [one for one in bad if _is_taken(parameters()[name], one)] == []


def _is_taken(parameter: dict[str, Any], value: str) -> bool:
    """Say whether CloudFormation takes a value for a parameter (AWS CloudFormation, Parameters)."""
    if "AllowedValues" in parameter:
        return value in parameter["AllowedValues"]
    if parameter["Type"] == "Number":
        return parameter["MinValue"] <= int(value) <= parameter["MaxValue"]
    return re.fullmatch(parameter["AllowedPattern"], value) is not None


def test_every_parameter_can_be_given_and_has_the_same_default_everywhere() -> None:
    given = {one["ParameterKey"]: one["ParameterValue"] for one in service()["provider"]["stackParameters"]}
    assert set(given) == set(parameters())
    for name, value in given.items():
        option, default = re.fullmatch(r"\$\{param:(\w+), '(.*)'}", value).groups()  # type: ignore[union-attr]
        assert (option.lower(), default) == (name.lower(), str(parameters()[name]["Default"]))


def test_a_stage_called_prod_keeps_its_data_and_no_other_does() -> None:
    custom = service()["custom"]
    assert (custom["keeps"], custom["protects"]) == ({"prod": "Retain"}, {"prod": True})
    assert custom["keep"] == "${param:keep, self:custom.keeps.${sls:stage}, 'Delete'}"
    kept = [
        one
        for one in resources().values()
        if one["Type"] in {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"}
    ]
    assert {(one["DeletionPolicy"], one["UpdateReplacePolicy"]) for one in kept} == {
        ("${self:custom.deletion}", "${self:custom.keep}")
    }
    tables = [one["Properties"] for one in kept if one["Type"] == "AWS::DynamoDB::Table"]
    assert {one["DeletionProtectionEnabled"] for one in tables} == {"${self:custom.protect}"}


def test_the_api_has_bounds_and_a_log_that_tells_no_signature() -> None:
    stage = read("infrastructure/api.yml")["extensions"]["HttpApiStage"]["Properties"]
    assert stage["DefaultRouteSettings"] == {
        "DetailedMetricsEnabled": True,
        "ThrottlingRateLimit": {"Ref": "RequestRate"},
        "ThrottlingBurstLimit": {"Ref": "RequestBurst"},
    }
    line = service()["provider"]["logs"]["httpApi"]["format"]
    assert set(json.loads(line)) >= {"requestId", "ip", "status", "path"}
    assert not re.search("query|header|authorizer", line, re.IGNORECASE)


@pytest.mark.parametrize("role", ROLES)
def test_only_the_function_that_checks_signatures_opens_secret_keys(role: str) -> None:
    opening = [one for one in statements(role) if "kms:Decrypt" in one["Action"]]
    assert len(opening) == (role == "ApiRole")
    for one in opening:
        assert one["Condition"] == {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["seller"]}}


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
