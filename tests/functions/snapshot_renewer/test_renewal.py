"""A new version of the same code behind the alias, and nothing of a release that is under way."""

import io
import zipfile

import boto3
import pytest
from moto import mock_aws

from functions.snapshot_renewer import renewal
from functions.snapshot_renewer.renewal import RenewalFailed, renew

FUNCTION, ALIAS = "scores", "live"
SOON = 0.2  # for what is given up; what succeeds has all the time that a busy machine takes


@pytest.fixture
def lambda_(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(renewal, "SECONDS_BETWEEN_LOOKS", 0.01)
    with mock_aws():
        yield make_function()


def make_function():
    """One version behind an alias; a client of Lambda."""
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    client = boto3.client("lambda", region_name="eu-west-3")
    client.create_function(
        FunctionName=FUNCTION, Runtime="python3.13", Handler="f.handler",
        Role=role["Role"]["Arn"], Code={"ZipFile": zipped("pass")}, Publish=True,
    )  # fmt: skip
    client.create_alias(FunctionName=FUNCTION, Name=ALIAS, FunctionVersion="1")
    return client


def zipped(body: str) -> bytes:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", f"def handler(event, context): {body}")
    return code.getvalue()


def serving(lambda_) -> str:
    return lambda_.get_alias(FunctionName=FUNCTION, Name=ALIAS)["FunctionVersion"]


def renewed(lambda_, tag: str = '"0123456789abcdef"', seconds: float = 600) -> str:
    return renew(lambda_, function=FUNCTION, alias=ALIAS, tag=tag, seconds=seconds)


def test_the_alias_is_on_a_version_that_was_published_after_the_promotion(lambda_) -> None:
    before = lambda_.get_function_configuration(FunctionName=FUNCTION, Qualifier="1")
    assert renewed(lambda_) == serving(lambda_) == "2"
    after = lambda_.get_function_configuration(FunctionName=FUNCTION, Qualifier="2")
    assert after["Description"] == "Champion 0123456789ab"
    assert after["CodeSha256"] == before["CodeSha256"]
    assert renewed(lambda_, "another") == serving(lambda_) == "3"


def test_the_same_event_once_more_publishes_nothing(lambda_) -> None:
    renewed(lambda_)
    assert renewed(lambda_) == serving(lambda_) == "2"
    versions = lambda_.list_versions_by_function(FunctionName=FUNCTION)["Versions"]
    assert [each["Version"] for each in versions] == ["$LATEST", "1", "2"]


def test_one_that_stopped_before_publishing_is_gone_on_with(lambda_) -> None:
    lambda_.update_function_configuration(FunctionName=FUNCTION, Description="Champion tag")
    assert renewed(lambda_, "tag") == serving(lambda_) == "2"


def test_new_code_never_comes_past_its_own_release(lambda_) -> None:
    lambda_.update_function_code(FunctionName=FUNCTION, ZipFile=zipped("return 1"))
    with pytest.raises(RenewalFailed, match="a release is under way"):
        renewed(lambda_, seconds=SOON)
    assert serving(lambda_) == "1"


def test_other_settings_are_a_release_too(lambda_) -> None:
    lambda_.update_function_configuration(FunctionName=FUNCTION, MemorySize=512)
    with pytest.raises(RenewalFailed, match="a release is under way"):
        renewed(lambda_, seconds=SOON)


def test_an_alias_that_two_versions_share_is_left_to_its_release(lambda_) -> None:
    lambda_.update_function_configuration(FunctionName=FUNCTION, Description="new")
    lambda_.publish_version(FunctionName=FUNCTION)
    shares = {"AdditionalVersionWeights": {"2": 0.1}}
    lambda_.update_alias(FunctionName=FUNCTION, Name=ALIAS, RoutingConfig=shares)
    with pytest.raises(RenewalFailed, match="a release is under way"):
        renewed(lambda_, seconds=SOON)
    assert serving(lambda_) == "1"


class Slow:
    """Lambda as it is while a snapshot is made: moto publishes at once.

    states : what the new version says, each time that it is asked
    """

    def __init__(self, client, states, moved=False) -> None:
        self._client, self._states, self._moved = client, list(states), moved

    def __getattr__(self, name):
        return getattr(self._client, name)

    def get_function_configuration(self, **named):
        told = self._client.get_function_configuration(**named)
        if named.get("Qualifier") == "2" and self._states:
            told |= {"State": self._states.pop(0), "StateReason": "as told"}
        return told

    def publish_version(self, **named):
        if self._moved:
            self._client.update_function_code(FunctionName=FUNCTION, ZipFile=zipped("return 1"))
        return self._client.publish_version(**named)

    def update_alias(self, **named):
        known = self._client.get_alias(FunctionName=FUNCTION, Name=ALIAS)["RevisionId"]
        assert named["RevisionId"] == known  # what AWS compares, and moto does not
        return self._client.update_alias(**named)


def test_the_alias_moves_when_the_snapshot_is_there(lambda_) -> None:
    slow = Slow(lambda_, ["Pending", "Pending", "Active"])
    assert renewed(slow) == serving(lambda_) == "2"
    assert slow._states == []


def test_code_that_came_meanwhile_is_published_and_not_served(lambda_) -> None:
    with pytest.raises(RenewalFailed, match="A release began"):
        renewed(Slow(lambda_, [], moved=True))
    assert serving(lambda_) == "1"


@pytest.mark.parametrize(
    ("states", "why"), [(["Failed"], "as told"), (["Pending"] * 99, "no snapshot yet")]
)
def test_without_a_snapshot_the_alias_stays(lambda_, states, why) -> None:
    with pytest.raises(RenewalFailed, match=why):
        renewed(Slow(lambda_, states), seconds=SOON)
    assert serving(lambda_) == "1"
