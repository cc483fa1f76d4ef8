"""Publishing the page into the website bucket."""

import json
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra.publish import PageIncomplete, list_files, publish_page

OUTPUTS = {
    "Region": "eu-west-3",
    "UserPoolId": "pool",
    "UserPoolClientId": "client",
    "CognitoEndpoint": "https://cognito-idp.eu-west-3.amazonaws.com",
    "WebsiteBucket": "website",
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    for name in ("index.html", "icon.svg", "style.css", "styles/a.css", "js/app.js",
                 "vendor/echarts.js", "node_modules/x.js", "test/app.test.mjs",
                 "package.json"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def s3(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="website")
        yield client


def test_the_page_is_published_without_what_only_its_makers_need(page, s3) -> None:
    assert publish_page(page, outputs=OUTPUTS, s3=s3) == 7
    keys = {item["Key"] for item in s3.list_objects_v2(Bucket="website")["Contents"]}
    assert keys == {"index.html", "icon.svg", "style.css", "styles/a.css", "js/app.js",
                    "vendor/echarts.js", "config.json"}  # fmt: skip


def test_browsers_are_told_the_type_and_to_ask_again(page, s3) -> None:
    publish_page(page, outputs=OUTPUTS, s3=s3)
    module = s3.get_object(Bucket="website", Key="js/app.js")
    assert module["ContentType"] == "text/javascript; charset=utf-8"
    assert module["CacheControl"] == "no-cache"


def test_the_configuration_comes_from_the_stacks_outputs(page, s3) -> None:
    publish_page(page, outputs=OUTPUTS, s3=s3)
    config = json.loads(s3.get_object(Bucket="website", Key="config.json")["Body"].read())
    assert config == {
        "region": "eu-west-3",
        "userPoolId": "pool",
        "userPoolClientId": "client",
        "cognitoEndpoint": "https://cognito-idp.eu-west-3.amazonaws.com",
        "apiBase": "/api",
    }


def test_a_page_without_its_libraries_says_how_to_get_them(page) -> None:
    for file in (page / "vendor").iterdir():
        file.unlink()
    (page / "vendor").rmdir()
    with pytest.raises(PageIncomplete, match="run npm ci and npm run vendor"):
        list(list_files(page))
