"""What the environment says of AWS, the tables as data, and what commands say when AWS is not as it should be."""

import subprocess
import sys
from pathlib import Path

import pytest

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import TABLES, TTL
from feedproc.cli import main
from feedproc.errors import StoreUnusable, Unusable
from feedproc.settings import BackEnd, Place, as_environment, locate_aws, read_aws_environment
from feedproc.wiring.store import open_store
from tests.aws.cloud import SETTINGS

FULL = {
    "AWS_REGION": "eu-west-1",
    "FEEDPROC_BUCKET": "bucket",
    "FEEDPROC_QUEUE_URL": "https://sqs/q.fifo",
    "FEEDPROC_KMS_KEY_ID": "alias/k",
    "FEEDPROC_TABLE_PREFIX": "feedproc-dev-",
}


def test_the_environment_says_where_everything_is() -> None:
    told = read_aws_environment({**FULL, "FEEDPROC_MAIL_FROM": "shop@example.com"})
    assert told == AwsSettings(
        region="eu-west-1", bucket="bucket", queue_url="https://sqs/q.fifo", kms_key_id="alias/k",
        table_prefix="feedproc-dev-", mail_from="shop@example.com",
    )  # fmt: skip


@pytest.mark.parametrize("missing", FULL)
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_what_is_missing_is_named(missing: str, how: str) -> None:
    environ = {**FULL, missing: ""} if how == "empty" else {name: FULL[name] for name in FULL if name != missing}
    with pytest.raises(Unusable, match=missing):
        read_aws_environment(environ)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("AWS_REGION", "eu west 1"),
        ("AWS_REGION", "eu-west-1.evil.example/"),
        ("FEEDPROC_BUCKET", "My_Bucket"),
        ("FEEDPROC_BUCKET", "bucket/../other"),
        ("FEEDPROC_QUEUE_URL", "feeds.fifo"),
        ("FEEDPROC_QUEUE_URL", "https://sqs/q"),
        ("FEEDPROC_KMS_KEY_ID", "the key"),
        ("FEEDPROC_TABLE_PREFIX", "dev/"),
        ("FEEDPROC_MAIL_FROM", "shop"),
        ("FEEDPROC_MAIL_FROM", "shop@example.com\r\nBcc: all@example.com"),
        ("FEEDPROC_KEEP_DAYS", "a week"),
        ("FEEDPROC_KEEP_DAYS", "-1"),
        ("FEEDPROC_KEEP_DAYS", "٣"),
        ("AWS_ENDPOINT_URL", "localhost:5000"),
        ("AWS_ENDPOINT_URL", "http://localhost:99999"),
    ],
)
def test_what_makes_no_sense_is_named_with_what_it_must_be(name: str, wrong: str) -> None:
    with pytest.raises(Unusable, match=rf"^{name} is .*; it must be ") as refusal:
        read_aws_environment({**FULL, name: wrong})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("sender", ["shop@example.com", "Shop <shop@example.com>", "店 <shop@example.com>"])
def test_a_sender_is_an_address_with_a_name_or_without(sender: str) -> None:
    assert read_aws_environment({**FULL, "FEEDPROC_MAIL_FROM": sender}).mail_from == sender


def test_an_option_goes_before_the_environment() -> None:
    environ = {**FULL, "AWS_ENDPOINT_URL": "http://one"}
    assert read_aws_environment(environ).endpoint_url == "http://one"
    assert read_aws_environment(environ, "http://two").endpoint_url == "http://two"


@pytest.mark.parametrize(
    ("endpoint", "key", "expected"),
    [("http://127.0.0.1:5000", "", True), ("http://127.0.0.1:5000", "AKIA", False), ("https://aws.example", "", False)],
)
def test_known_credentials_are_used_for_this_machine_alone(endpoint: str, key: str, expected: bool) -> None:
    assert read_aws_environment({**FULL, "AWS_ACCESS_KEY_ID": key}, endpoint).local_credentials is expected


def test_what_is_printed_for_other_commands_leads_to_the_same_place() -> None:
    there = locate_aws("http://127.0.0.1:5000")
    again = read_aws_environment(as_environment(there))
    assert (again.queue_url, again.table_prefix, again.bucket) == (there.queue_url, there.table_prefix, there.bucket)


def test_there_are_few_tables_and_each_is_made_as_it_is_told(cloud: AwsSettings) -> None:
    assert len(TABLES) < 10
    client = get_clients(cloud).dynamodb
    for table in TABLES.values():
        made = client.describe_table(TableName=cloud.table_prefix + table.name)["Table"]
        told = table.define(cloud.table_prefix)
        assert made["KeySchema"] == told["KeySchema"]
        assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        kept = client.describe_time_to_live(TableName=made["TableName"])["TimeToLiveDescription"]
        assert (kept.get("AttributeName") == TTL) is table.expires


def test_making_everything_again_changes_nothing(cloud: AwsSettings) -> None:
    aws.create_all(cloud)
    assert len(get_clients(cloud).kms.list_keys()["Keys"]) == 1


def test_a_store_that_was_never_deployed_says_so(
    cloud: AwsSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {**as_environment(SETTINGS), "FEEDPROC_TABLE_PREFIX": "other-"}.items():
        monkeypatch.setenv(name, value)
    place = Place(back_end=BackEnd.AWS, data_dir=tmp_path)
    with pytest.raises(StoreUnusable, match="deploy first"), open_store(place) as backend:
        backend.sellers.get("A1")


@pytest.mark.parametrize(("setting", "of"), [("FEEDPROC_BUCKET", "bucket"), ("FEEDPROC_QUEUE_URL", "queue")])
def test_a_server_does_not_start_over_what_is_not_there(
    cloud: AwsSettings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    of: str,
) -> None:
    other = {"FEEDPROC_BUCKET": "another", "FEEDPROC_QUEUE_URL": cloud.queue_url.replace("feedproc", "another")}
    for name, value in {**as_environment(SETTINGS), setting: other[setting]}.items():
        monkeypatch.setenv(name, value)
    assert main(["serve", "--backend", "aws", "--port", "0", "--data-dir", str(tmp_path)]) == 1
    assert f"the {of} is not there: deploy first, or check {setting}" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in FULL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    place = Place(back_end=BackEnd.AWS, data_dir=tmp_path, endpoint_url="http://127.0.0.1:9")
    with pytest.raises(StoreUnusable, match=r"127\.0\.0\.1:9"), open_store(place) as backend:
        backend.sellers.get("A1")


def test_importing_the_adapters_loads_nothing_heavy() -> None:
    heavy = "'boto3', 'botocore.session', 'botocore.client', 'moto', 'lxml'"
    code = f"import sys, feedproc.aws.backend; print([one for one in ({heavy}) if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"
