"""Addresses of documents in S3: what may be done with them, and with which label."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from msgspec.structs import replace

from feedproc.aws import open_links
from feedproc.aws.account import AwsSettings
from feedproc.ports import Link
from tests.aws.builders import CloudShop
from tests.aws.cloud import SETTINGS
from tests.builders import NOON

KEY = "0123456789abcdef" * 2
LINK = Link("A2SHOP", KEY, "amzn1.tortuga.4.fe.x", "text/xml; charset=UTF-8")


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_what_is_put_at_an_address_is_adopted_as_a_document(shop: CloudShop, cloud: AwsSettings) -> None:
    url = open_links(cloud).link_upload(LINK, NOON)
    assert requests.put(url, data=b"<feed/>", headers={"Content-Type": LINK.content_type}, timeout=9).status_code == 200
    with shop.backend.documents.open(shop.backend.documents.adopt(KEY)) as document:
        assert document.read() == b"<feed/>"


def test_a_document_is_had_with_its_label(shop: CloudShop, cloud: AwsSettings) -> None:
    writer = shop.backend.documents.create()
    writer.write(b"<report/>")
    url = open_links(cloud).link_download(replace(LINK, key=writer.commit()), NOON)
    answer = requests.get(url, timeout=9)
    assert (answer.content, answer.headers["Content-Type"]) == (b"<report/>", LINK.content_type)


def test_the_label_of_an_upload_is_signed_and_the_address_is_good_for_five_minutes(cloud: AwsSettings) -> None:
    query = query_of(open_links(cloud).link_upload(LINK, NOON))
    assert query["X-Amz-SignedHeaders"] == ["content-type;host"]
    assert (query["X-Amz-Expires"], query["X-Amz-Algorithm"]) == (["300"], ["AWS4-HMAC-SHA256"])


def test_an_address_leads_to_one_document_in_the_folder_of_uploads(cloud: AwsSettings) -> None:
    url = urlsplit(open_links(cloud).link_upload(LINK, NOON))
    assert (url.hostname, url.path) == (f"{cloud.bucket}.s3.eu-west-1.amazonaws.com", f"/uploads/{KEY}")


@pytest.mark.parametrize("key", ["../documents/x", "x", "0" * 31])
def test_a_key_that_is_none_gets_no_address(cloud: AwsSettings, key: str) -> None:
    with pytest.raises(FileNotFoundError):
        open_links(cloud).link_upload(replace(LINK, key=key), NOON)


def test_a_server_that_speaks_aws_is_asked_under_its_own_name() -> None:
    local = replace(SETTINGS, endpoint_url="http://127.0.0.1:5000")
    assert open_links(local).link_upload(LINK, NOON).startswith(f"http://127.0.0.1:5000/{SETTINGS.bucket}/uploads/")
