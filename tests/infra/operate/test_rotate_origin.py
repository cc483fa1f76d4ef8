"""The origin's secret is changed without a moment in which CloudFront sends what nobody accepts."""

import json

import boto3
import pytest
from moto import mock_aws

from functions.score_api.origin import HEADER
from infra.operate.rotate_origin import rotate


@pytest.fixture
def clients(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield {
            "cloudfront": boto3.client("cloudfront", region_name="us-east-1"),
            "keeper": boto3.client("secretsmanager", region_name="eu-west-3"),
        }


def make(clients, *, sent: str, held: dict[str, str]) -> tuple[str, str]:
    origin = {
        "Id": "api", "DomainName": "a.execute-api.eu-west-3.amazonaws.com",
        "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": HEADER, "HeaderValue": sent}]},
        "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }  # fmt: skip
    behavior = {
        "TargetOriginId": "api", "ViewerProtocolPolicy": "https-only", "MinTTL": 0,
        "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
    }  # fmt: skip
    made = clients["cloudfront"].create_distribution(
        DistributionConfig={
            "CallerReference": "1", "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]}, "DefaultCacheBehavior": behavior,
        }
    )  # fmt: skip
    secret = clients["keeper"].create_secret(Name="s", SecretString=json.dumps(held))
    return made["Distribution"]["Id"], secret["ARN"]


def state(clients, distribution: str, secret: str) -> tuple[str, dict[str, str]]:
    """What CloudFront sends, and what the API accepts."""
    config = clients["cloudfront"].get_distribution_config(Id=distribution)["DistributionConfig"]
    [header] = config["Origins"]["Items"][0]["CustomHeaders"]["Items"]
    held = clients["keeper"].get_secret_value(SecretId=secret)["SecretString"]
    return header["HeaderValue"], json.loads(held)


def test_in_the_end_the_new_one_alone_is_sent_and_accepted(clients) -> None:
    places = make(clients, sent="old", held={"current": "old", "previous": ""})
    rotate(*places, **clients, pause=0)
    sent, held = state(clients, *places)
    assert held == {"current": sent, "previous": ""}
    assert sent != "old"
    assert len(sent) >= 48


class Watched:
    """Fails at one call, and looks at each that CloudFront's value is accepted."""

    def __init__(self, clients, places, stops_at: str = "") -> None:
        self._clients, self._places, self._stops_at = clients, places, stops_at

    def get_waiter(self, name):
        self._check()
        return self

    def wait(self, **named):
        """Moto's distributions are deployed at once."""

    def __getattr__(self, name):
        def call(**named):
            if name == self._stops_at:
                raise ConnectionError(name)
            client = "keeper" if "secret" in name else "cloudfront"
            answer = getattr(self._clients[client], name)(**named)
            self._check()
            return answer

        return call

    def _check(self) -> None:
        sent, held = state(self._clients, *self._places)
        assert sent in held.values()


def test_what_is_sent_is_accepted_at_every_moment_and_a_stopped_run_is_gone_on_with(
    clients,
) -> None:
    places = make(clients, sent="old", held={"current": "old", "previous": ""})
    stopped = Watched(clients, places, stops_at="update_distribution")
    with pytest.raises(ConnectionError):
        rotate(*places, cloudfront=stopped, keeper=stopped, pause=0)
    sent, held = state(clients, *places)
    assert (sent, held["previous"]) == ("old", "old")
    watched = Watched(clients, places)
    rotate(*places, cloudfront=watched, keeper=watched, pause=0)
    assert state(clients, *places) == (
        held["current"],
        {"current": held["current"], "previous": ""},
    )


def test_a_distribution_without_the_header_is_told(clients) -> None:
    places = make(clients, sent="old", held={"current": "old", "previous": ""})
    found = clients["cloudfront"].get_distribution_config(Id=places[0])
    config = found["DistributionConfig"]
    config["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": 0}
    clients["cloudfront"].update_distribution(
        Id=places[0], IfMatch=found["ETag"], DistributionConfig=config
    )
    with pytest.raises(LookupError, match="deploy the stack first"):
        rotate(*places, **clients, pause=0)
