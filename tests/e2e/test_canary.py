"""The canary on the whole stack: quiet when all is well, and told what is wrong when it is not."""

import hashlib
import json
import math
import time
from contextlib import contextmanager

import pytest
from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.metrics import CANARY, NAMESPACE, Metric
from credit_scoring.registry import golden
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.champion import promote, read_champion
from credit_scoring.registry.seal import Seal

from infra.local.permissions.exercises.files import nobody_hears
from tests.e2e.mailboxes import (
    of_a_minute,
    open_mailbox,
    wait_for_next_minute,
    wait_for_state,
)
from tests.infra.local.conftest import wait_for

pytestmark = pytest.mark.local_cloud("it changes alarms, and what the canary compares with")

PATIENCE = 60  # seconds for the file; 300 on schedule


@pytest.fixture
def run(target):
    """Call the canary as its schedule does."""

    def call(seconds=PATIENCE):
        answer = target.access.client("lambda").invoke(
            FunctionName=f"{target.outputs['CanaryFunction']}:live",
            Payload=json.dumps({"file_seconds": seconds}).encode(),
        )
        assert "FunctionError" not in answer
        return json.loads(answer["Payload"].read())

    return call


@pytest.fixture(scope="module")
def pages(target):
    """Reads what the page topic was written."""
    return open_mailbox(target, "PageTopicArn")


@pytest.fixture
def alarm(target):
    """What rings for the canary, by the minute, so that one test's failure ends before the next."""
    with of_a_minute(target, "CanaryFailures") as name:
        yield name


def total(target, service, metric):
    now = time.time()
    found = target.access.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE, MetricName=metric.value,
        Dimensions=[{"Name": "service", "Value": service}],
        StartTime=now - 86_400, EndTime=now + 60, Period=86_400, Statistics=["Sum"],
    )  # fmt: skip
    return sum(point["Sum"] for point in found["Datapoints"])


def test_all_is_well_and_nobody_sees_the_canary(target, run, token, batch):
    before = (
        total(target, "score-api", Metric.SCORES),
        total(target, "batch-scorer", Metric.SCORED_ROWS),
    )
    told = run()
    assert told["problems"] == []
    assert told["seconds"] < PATIENCE
    assert wait_for(lambda: total(target, CANARY, Metric.CANARY_RUNS))
    assert total(target, CANARY, Metric.CANARY_FAILURES) == 0
    after = (
        total(target, "score-api", Metric.SCORES),
        total(target, "batch-scorer", Metric.SCORED_ROWS),
    )
    assert after == before
    assert target.result_keys("lists/canary/") == []
    table = target.access.client("dynamodb")
    profile = table.get_item(
        TableName=target.outputs["ProfilesTable"], Key={"applicant_id": {"S": "golden-1"}}
    )
    assert "Item" not in profile
    target.create_user("everywhere", "Demo-advisor-2026", groups=("operator", "all-branches"))
    everything = target.log_in("everywhere", "Demo-advisor-2026")
    batches = target.call("GET", "/batches", token=everything).json()["items"]
    assert batches
    assert "canary" not in {each["branch"] for each in batches}


@contextmanager
def champion_with(target, models, file, data):
    """The champion's bundle with one other file, published under its own name, serves meanwhile."""
    s3, bucket = target.access.client("s3"), target.outputs["ModelsBucket"]
    champion = read_champion(models)
    manifest = json.loads(models.read(f"{champion.version}/manifest.json"))
    manifest["files"][file] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    body = json.dumps(manifest).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    files = {name: models.read(f"{champion.version}/{name}") for name in manifest["files"]}
    for name, content in (files | {file: data, "manifest.json": body}).items():
        s3.put_object(Bucket=bucket, Key=f"models/{sha256[:12]}/{name}", Body=content)
    seal = Seal(target.outputs["PointerKeyArn"], target.access.client("kms"))
    store = S3Store(bucket, "models/", s3)
    said = {"by": "e2e", "reason": "a test", "seal": seal}
    promote(store, version=sha256[:12], sha256=sha256, **said)
    try:
        yield
    finally:
        # The older pointer itself would count no more.
        back = {"version": champion.version, "sha256": champion.sha256}
        promote(store, **back, kind="rollback", **said)


def test_another_pd_in_the_last_bit_pages(target, run, plan, pages, alarm):
    """As if the functions computed otherwise than training: what is compared with is changed."""
    models = FolderStore(plan.models)
    content = json.loads(load_file(models, read_champion(models).version, golden.FILE))
    pds = content["default_probabilities"]
    pds[0] = math.nextafter(pds[0], 1)
    with champion_with(target, models, golden.FILE, json.dumps(content).encode()):
        told = run()
    wrong = [problem for problem in told["problems"] if problem.startswith("wrong probability: ")]
    assert wrong
    assert all("golden-1" in problem for problem in wrong)
    assert wait_for_state(pages, alarm, "ALARM")
    wait_for_next_minute()
    assert run()["problems"] == []
    assert wait_for_state(pages, alarm, "OK")


@contextmanager
def canary_client(target, **changes):
    """The canary's own client of the user pool is another one meanwhile."""
    cognito, pool = target.access.client("cognito-idp"), target.outputs["UserPoolId"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    [client] = [each["ClientId"] for each in clients if each["ClientName"] == "canary"]
    asked = {"UserPoolId": pool, "ClientId": client}
    known = cognito.describe_user_pool_client(**asked)["UserPoolClient"]
    names = ("ClientName", "AllowedOAuthFlows", "AllowedOAuthScopes",
             "AllowedOAuthFlowsUserPoolClient")  # fmt: skip
    before = {name: known[name] for name in names}
    cognito.update_user_pool_client(**asked, **before | changes)
    try:
        yield
    finally:
        cognito.update_user_pool_client(**asked, **before)


@contextmanager
def no_longer_admitted(target):
    """The API's authorizer takes tokens of every client but the canary's."""
    gateway, cognito = target.access.client("apigatewayv2"), target.access.client("cognito-idp")
    pool = target.outputs["UserPoolId"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    [client] = [each["ClientId"] for each in clients if each["ClientName"] == "canary"]
    [(api, authorizer)] = [
        (api["ApiId"], authorizer)
        for api in gateway.get_apis()["Items"]
        for authorizer in gateway.get_authorizers(ApiId=api["ApiId"])["Items"]
        if client in authorizer["JwtConfiguration"]["Audience"]
    ]
    place = {"ApiId": api, "AuthorizerId": authorizer["AuthorizerId"]}
    known = authorizer["JwtConfiguration"]
    others = [each for each in known["Audience"] if each != client]
    gateway.update_authorizer(**place, JwtConfiguration=known | {"Audience": others})
    try:
        yield
    finally:
        gateway.update_authorizer(**place, JwtConfiguration=known)


@pytest.mark.parametrize(
    ("fault", "seconds", "problem"),
    [
        (lambda target: canary_client(target, AllowedOAuthFlows=[]), PATIENCE, "no token: "),
        (no_longer_admitted, PATIENCE, "call refused: the API answered 401"),
        (nobody_hears, 3, "file late: no result of the file within 3 s"),
    ],
    ids=["revoked client", "refused token", "held files"],
)
def test_what_keeps_scores_away_pages_until_it_is_repaired(
    target, run, pages, alarm, fault, seconds, problem
):
    with fault(target):
        told = run(seconds)["problems"]
        assert told
        assert all(each.startswith(problem) for each in told), told
        assert wait_for_state(pages, alarm, "ALARM")
    wait_for_next_minute()
    assert run()["problems"] == []
    assert wait_for_state(pages, alarm, "OK")


def test_a_token_without_its_right_is_told(target, run):
    with canary_client(target, AllowedOAuthScopes=["branch/canary"]):
        told = run()
    assert told["problems"]
    assert all(problem.startswith(("call refused: ", "no token: ")) for problem in told["problems"])
    assert run()["problems"] == []
