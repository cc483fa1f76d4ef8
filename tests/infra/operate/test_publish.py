"""Publishing the page and a model into a deployed stack's buckets."""

import json
from pathlib import Path

import boto3
import pytest
from credit_scoring.aws.storage import FolderStore, S3Store
from credit_scoring.registry.champion import Champion, promote, read_history
from credit_scoring.registry.contests import read_contest, write_contest
from credit_scoring.registry.seal import Seal

from infra.access import Access
from infra.operate.publish import (
    NothingToPublish,
    page_files,
    publish_model,
    publish_version,
    publish_website,
    read_outputs,
)

ACCESS = Access(region="us-east-1", access_key="testing", secret_key="testing")
VERSION = "0123456789ab"
CHAMPION = Champion(
    VERSION, VERSION + "0" * 52, "2026-01-31T08:00:00+00:00", "j.martin", "trained", forced=True
)
ORIGIN = {
    "Id": "o",
    "DomainName": "website.s3.amazonaws.com",
    "S3OriginConfig": {"OriginAccessIdentity": ""},
}
PAGE = {
    "index.html",
    "icon.svg",
    "style.css",
    "app.js",
    "parts/dossier-33N2DL3Q.js",
    "runbook/fr.json",
    "help/fr.json",
}
NOT_PAGE = {"app.js.map", "parts/dossier-33N2DL3Q.js.map"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in PAGE | NOT_PAGE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / VERSION).mkdir()
    (tmp_path / VERSION / "manifest.json").write_text("{}")
    (tmp_path / "champion.json").write_text(json.dumps(vars(CHAMPION)))
    return tmp_path


@pytest.fixture
def s3(aws_account):
    client = ACCESS.client("s3")
    client.create_bucket(Bucket="website")
    client.create_bucket(Bucket="models")
    return client


@pytest.fixture
def outputs(s3) -> dict[str, str]:
    distribution = boto3.client("cloudfront", region_name="us-east-1").create_distribution(
        DistributionConfig={
            "CallerReference": "test",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [ORIGIN]},
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        }
    )
    kms = ACCESS.client("kms")
    key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    return {
        "Region": "eu-west-3",
        "UserPoolId": "pool",
        "UserPoolClientId": "client",
        "CognitoEndpoint": "https://cognito-idp.eu-west-3.amazonaws.com",
        "WebsiteBucket": "website",
        "ModelsUrl": "s3://models/models",
        "DistributionId": distribution["Distribution"]["Id"],
        "PointerKeyArn": key["KeyMetadata"]["Arn"],
    }


def keys_in(s3, bucket: str) -> set[str]:
    return {item["Key"] for item in s3.list_objects_v2(Bucket=bucket).get("Contents", [])}


def test_the_page_is_published_without_what_only_its_makers_need(site, s3, outputs) -> None:
    assert publish_website(site, outputs=outputs, access=ACCESS) == len(PAGE) + 1
    assert keys_in(s3, "website") == PAGE | {"config.json"}


def test_a_file_that_left_the_page_leaves_the_bucket(site, s3, outputs) -> None:
    s3.put_object(Bucket="website", Key="parts/old-A3JFSSWV.js", Body=b"")
    publish_website(site, outputs=outputs, access=ACCESS)
    assert "parts/old-A3JFSSWV.js" not in keys_in(s3, "website")


def test_browsers_are_told_the_type_and_to_ask_again(site, s3, outputs) -> None:
    publish_website(site, outputs=outputs, access=ACCESS)
    module = s3.get_object(Bucket="website", Key="app.js")
    assert (module["ContentType"], module["CacheControl"]) == ("text/javascript", "no-cache")


def test_the_configuration_comes_from_the_stacks_outputs(site, s3, outputs) -> None:
    publish_website(site, outputs=outputs, access=ACCESS)
    assert json.loads(s3.get_object(Bucket="website", Key="config.json")["Body"].read()) == {
        "region": "eu-west-3",
        "userPoolId": "pool",
        "userPoolClientId": "client",
        "cognitoEndpoint": "https://cognito-idp.eu-west-3.amazonaws.com",
        "apiBase": "/api",
    }


def test_a_page_that_was_not_built_says_how_to_build_it(tmp_path) -> None:
    with pytest.raises(NothingToPublish, match="run `make page`"):
        list(page_files(tmp_path))


def test_a_model_goes_to_the_place_that_the_functions_read(models, s3, outputs) -> None:
    assert publish_model(models, outputs=outputs, access=ACCESS) == VERSION
    expected = {
        f"models/{VERSION}/manifest.json",
        "models/champion.json",
        "models/superseded/000000",
    }
    assert keys_in(s3, "models") == expected


def test_the_model_is_promoted_there_by_the_one_who_promoted_it_here(models, s3, outputs) -> None:
    publish_model(models, outputs=outputs, access=ACCESS)
    [champion] = read_history(S3Store("models", "models/", s3))
    assert (champion.sha256, champion.promoted_by) == (CHAMPION.sha256, "j.martin")
    assert (champion.reason, champion.forced, champion.number) == ("trained", True, 1)


def test_publishing_again_is_no_promotion(models, s3, outputs) -> None:
    for _ in range(2):
        publish_model(models, outputs=outputs, access=ACCESS)
    assert len(read_history(S3Store("models", "models/", s3))) == 1


def test_what_it_was_compared_with_goes_with_a_model(models, s3, outputs) -> None:
    store = FolderStore(models)
    write_contest(store, VERSION, None, {"refusals": []})
    write_contest(store, "f" * 12, VERSION, {"refusals": []})
    publish_model(models, outputs=outputs, access=ACCESS)
    uploaded = S3Store("models", "models/", s3)
    assert read_contest(uploaded, VERSION, None) == read_contest(store, VERSION, None)
    assert read_contest(uploaded, "f" * 12, VERSION) is None


def test_a_version_alone_is_uploaded_and_promoted_by_nobody(models, s3, outputs) -> None:
    other = "f" * 12
    (models / other).mkdir()
    (models / other / "manifest.json").write_text("{}")
    publish_model(models, outputs=outputs, access=ACCESS)
    publish_version(models, other, outputs=outputs, access=ACCESS)
    assert f"models/{other}/manifest.json" in keys_in(s3, "models")
    store = S3Store("models", "models/", s3)
    assert [entry.version for entry in read_history(store)] == [VERSION]
    with pytest.raises(NothingToPublish, match="is no version"):
        publish_version(models, "0" * 12, outputs=outputs, access=ACCESS)


def test_what_served_there_before_stays_in_the_history(models, s3, outputs) -> None:
    store, other = S3Store("models", "models/", s3), "f" * 64
    seal = Seal(outputs["PointerKeyArn"], ACCESS.client("kms"))
    promote(store, version=other[:12], sha256=other, by="a", reason="first", seal=seal)
    publish_model(models, outputs=outputs, access=ACCESS)
    assert [entry.version for entry in read_history(store)] == [other[:12], VERSION]


def test_a_folder_without_a_champion_says_what_to_do(tmp_path, s3, outputs) -> None:
    with pytest.raises(NothingToPublish, match="train a model first"):
        publish_model(tmp_path, outputs=outputs, access=ACCESS)


def test_outputs_are_read_as_the_cdk_writes_them(tmp_path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text('{"CreditScoring": {"Region": "eu-west-3"}}')
    assert read_outputs(file) == {"Region": "eu-west-3"}
