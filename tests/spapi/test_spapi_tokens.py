"""Login with Amazon, and what its tokens open."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.ports import Secret
from feedproc.spapi.access import mint_code
from tests.spapi.builders import SpShop, a_shop, an_sp_seller, error_of

WHERE = "/sellers/v1/marketplaceParticipations"
ME = an_sp_seller()
REFRESH: dict[str, str] = {
    "grant_type": "refresh_token",
    "client_id": ME.client_id,
    "client_secret": str(ME.client_secret),
    "refresh_token": str(ME.refresh_token),
}
NOBODY_IN = "Access to requested resource is denied."


@pytest.mark.parametrize("as_json", [False, True])
def test_a_refresh_token_gives_access_for_an_hour(sp: SpShop, as_json: bool) -> None:
    answer = sp.ask_token(as_json, **REFRESH)
    assert answer.status_code == 200
    assert answer.content_type == "application/json;charset=UTF-8"
    assert answer.headers["Cache-Control"] == "no-cache, no-store, must-revalidate"
    given = answer.json
    assert given.pop("access_token").startswith("Atza|")
    assert given == {"refresh_token": str(ME.refresh_token), "token_type": "bearer", "expires_in": 3600}


def test_a_form_that_was_not_percent_encoded_is_understood(sp: SpShop) -> None:
    raw = "&".join(f"{name}={value}" for name, value in REFRESH.items())
    answer = sp.client.post("/auth/O2/token", data=raw, content_type="application/x-www-form-urlencoded;charset=UTF-8")
    assert answer.status_code == 200


def test_each_exchange_gives_another_token_and_older_ones_stay_good(sp: SpShop) -> None:
    first, second = sp.token(), sp.token()
    assert first != second
    assert sp.call("GET", WHERE, token=first).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error", "says"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", "Client authentication failed"),
        ({"client_id": "nobody"}, 401, "invalid_client", "Client authentication failed"),
        ({"refresh_token": "Atzr|other"}, 400, "invalid_grant", "invalid grant parameter : refresh_token"),
        ({"refresh_token": ""}, 400, "invalid_request", "missing a required parameter : refresh_token"),
        ({"client_secret": ""}, 400, "invalid_request", "missing a required parameter : client_secret"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "grant type is not supported"),
        ({"grant_type": ""}, 400, "unsupported_grant_type", "grant type is not supported"),
    ],
)
def test_who_may_not_have_a_token_is_told_as_by_amazon(
    sp: SpShop, changed: dict[str, str], status: int, error: str, says: str
) -> None:
    answer = sp.ask_token(**(REFRESH | changed))
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert says in answer.json["error_description"]
    assert "hush" not in answer.text


def test_the_recorded_answer_to_a_wrong_secret_is_given_to_the_byte(sp: SpShop) -> None:
    answer = sp.ask_token(**(REFRESH | {"client_secret": "wrong"}))
    assert answer.data == b'{"error_description":"Client authentication failed","error":"invalid_client"}'
    assert answer.headers["X-Amzn-Errortype"].startswith("OA2InvalidClientException:")


def test_a_json_body_that_is_declared_as_a_form_is_no_grant(sp: SpShop) -> None:
    answer = sp.client.post(
        "/auth/o2/token", data=b'{"grant_type":"refresh_token"}', content_type="application/x-www-form-urlencoded"
    )
    assert answer.json["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff\xfe", b"[" * 100_000, b"x" * 100_000])
def test_a_malformed_body_is_refused(sp: SpShop, body: bytes) -> None:
    answer = sp.client.post("/auth/o2/token", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_a_token_without_a_seller_opens_nothing_of_a_sellers(sp: SpShop) -> None:
    scope = "sellingpartnerapi::notifications sellingpartnerapi::migration"
    given = sp.ask_token(**(REFRESH | {"grant_type": "client_credentials", "scope": scope})).json
    assert "refresh_token" not in given
    assert given["scope"] == scope
    assert error_of(sp.call("GET", WHERE, token=given["access_token"]))[:2] == (403, "Unauthorized")


def test_an_unknown_scope_is_refused(sp: SpShop) -> None:
    asked = REFRESH | {"grant_type": "client_credentials", "scope": "profile"}
    assert sp.ask_token(**asked).json["error"] == "invalid_scope"


def test_an_authorization_code_is_good_once_and_for_five_minutes(sp: SpShop) -> None:
    code = mint_code(ME, sp.now)
    asked = REFRESH | {"grant_type": "authorization_code", "code": code}
    assert sp.ask_token(**asked).json["refresh_token"] == str(ME.refresh_token)
    assert sp.ask_token(**asked).json["error"] == "invalid_grant"
    late = mint_code(ME, sp.now)
    sp.later(minutes=5)
    assert sp.ask_token(**(asked | {"code": late})).json["error_description"].endswith("grant parameter : code")


@pytest.mark.parametrize("code", ["", "nonsense", "AAAA" * 20, "*"])
def test_a_code_that_was_never_given_is_refused(sp: SpShop, code: str) -> None:
    assert sp.ask_token(**(REFRESH | {"grant_type": "authorization_code", "code": code})).status_code == 400


def test_a_call_without_a_token_is_told_so(sp: SpShop) -> None:
    answer = sp.call("GET", WHERE, token="")
    details = "Access token is missing in the request header."
    assert error_of(answer) == (403, "Unauthorized", NOBODY_IN, details)
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    assert "x-amzn-RateLimit-Limit" not in answer.headers


@pytest.mark.parametrize("token", ["Atza|nonsense", "nonsense", "Atza|" + "A" * 400, "Atza|" + "A" * 100_000, "Atza|ü"])
def test_a_token_that_was_never_given_is_told_so(sp: SpShop, token: str) -> None:
    details = "The access token you provided is revoked, malformed or invalid."
    assert error_of(sp.call("GET", WHERE, token=token)) == (403, "Unauthorized", NOBODY_IN, details)


def test_an_old_token_has_expired(sp: SpShop) -> None:
    token = sp.token()
    sp.later(seconds=3599)
    assert sp.call("GET", WHERE, token=token).status_code == 200
    sp.later(seconds=1)
    details = "The access token you provided has expired."
    assert error_of(sp.call("GET", WHERE, token=token)) == (403, "Unauthorized", NOBODY_IN, details)


def test_no_bit_of_a_token_can_be_changed(sp: SpShop) -> None:
    token = sp.token()
    for place in range(5, len(token), 7):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert sp.call("GET", WHERE, token=forged).status_code == 403


def test_a_new_application_ends_the_tokens_of_the_one_before(sp: SpShop) -> None:
    token = sp.token()
    sp.shop.backend.sellers.change(replace(ME, client_secret=Secret("another")))
    assert sp.call("GET", WHERE, token=token).status_code == 403


def test_an_old_signature_is_ignored(sp: SpShop) -> None:
    answer = sp.call("GET", WHERE, Authorization="AWS4-HMAC-SHA256 Credential=x", **{"X-Amz-Security-Token": "y"})
    assert answer.status_code == 200


def test_a_seller_sees_where_it_sells(sp: SpShop) -> None:
    (one,) = sp.call("GET", WHERE).json["payload"]
    assert one["marketplace"] == {
        "id": "A1VC38T7YXB528",
        "name": "Amazon.co.jp",
        "countryCode": "JP",
        "defaultCurrencyCode": "JPY",
        "defaultLanguageCode": "ja_JP",
        "domainName": "www.amazon.co.jp",
    }
    assert one["participation"] == {"isParticipating": True, "hasSuspendedListings": False}


def test_an_account_tells_where_its_seller_sells_and_what_is_required(sp: SpShop) -> None:
    told = sp.call("GET", "/sellers/v1/account").json["payload"]
    assert told["marketplaceParticipationList"] == sp.call("GET", WHERE).json["payload"]
    assert (told["businessType"], told["sellingPlan"]) == ("INDIVIDUAL", "PROFESSIONAL")


@pytest.mark.parametrize("path", ["/catalog/2022-04-01/items", "/sellers/v1/nothing", "/feeds/2020-09-04/feeds"])
def test_what_is_not_served_is_denied_as_by_amazon(sp: SpShop, path: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert error_of(sp.call("GET", path)) == (403, "Unauthorized", NOBODY_IN, "")
    assert "is not served here; served are /feeds/2021-06-30" in caplog.text


def test_the_root_tells_the_time(sp: SpShop) -> None:
    assert sp.client.get("/", headers={"x-amz-access-token": "any"}).json == {"timestamp": "2026-11-28T12:00:00.000Z"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example:8080"},
        {"X-Forwarded-For": "203.0.113.9"},
    ],
)
def test_no_web_page_uses_the_local_sellers_application(tmp_path: Path, headers: dict[str, Any]) -> None:
    sp = a_shop(tmp_path, well_known=("A2SHOP",))
    token = sp.token()
    status, code, _, why = error_of(sp.call("GET", WHERE, token=token, **headers))
    assert (status, code) == (403, "Unauthorized")
    assert "good for programs of this machine alone" in str(why)
    refused = sp.client.post("/auth/o2/token", data=REFRESH, headers=headers)
    assert refused.json["error"] == "access_denied"


@pytest.mark.parametrize(
    "host", ["27.0.0.1:8080", "api.amazon.com", "sellingpartnerapi-fe.amazon.com", "localhost:8080"]
)
def test_the_hosts_that_clients_ask_for_are_taken_for_the_local_seller(tmp_path: Path, host: str) -> None:
    sp = a_shop(tmp_path, well_known=("A2SHOP",))
    assert sp.call("GET", WHERE, token=sp.token(), Host=host).status_code == 200


def test_a_restricted_token_opens_what_it_names_alone(sp: SpShop) -> None:
    body = {"restrictedResources": [{"method": "GET", "path": "/sellers/v1/marketplaceParticipations"}]}
    given = sp.call("POST", "/tokens/2021-03-01/restrictedDataToken", body).json
    assert given["expiresIn"] == 3600
    assert given["restrictedDataToken"].startswith("Atz.sprdt|")
    assert sp.call("GET", WHERE, token=given["restrictedDataToken"]).status_code == 200
    assert sp.call("GET", "/feeds/2021-06-30/feeds/1", token=given["restrictedDataToken"]).status_code == 403


@pytest.mark.parametrize(
    ("resources", "details"),
    [
        ([], "Resource not provided."),
        ([{"method": "GET", "path": "/x"}] * 51, "A token may name at most 50 resources."),
        ([{"method": "PATCH", "path": "/x"}], "Invalid method."),
        ([{"method": "GET", "path": "x y"}], "Invalid path."),
        ([{"method": "GET", "path": "/x", "dataElements": ["everything"]}], "Invalid dataElements."),
    ],
)
def test_a_restricted_token_is_asked_for_in_the_right_form(sp: SpShop, resources: list[Any], details: str) -> None:
    answer = sp.call("POST", "/tokens/2021-03-01/restrictedDataToken", {"restrictedResources": resources})
    assert error_of(answer) == (400, "InvalidRequest", "Request is missing or has invalid parameters", details)


def test_quotas_are_those_of_the_usage_plan(tmp_path: Path) -> None:
    sp = a_shop(tmp_path, has_quotas=True)
    token = sp.token()
    answers = [sp.call("GET", WHERE, token=token) for _ in range(16)]
    assert [one.status_code for one in answers] == [200] * 15 + [429]
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "0.016"
    assert error_of(answers[-1])[1:] == ("QuotaExceeded", "You exceeded your quota for the requested resource.", "")
    assert "x-amzn-RateLimit-Limit" not in answers[-1].headers
    sp.later(seconds=63)
    assert sp.call("GET", WHERE, token=token).status_code == 200


def test_without_quotas_no_rate_is_told_as_clients_wait_by_it(sp: SpShop) -> None:
    assert "x-amzn-RateLimit-Limit" not in sp.call("GET", WHERE).headers
