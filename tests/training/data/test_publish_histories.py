"""What past credits tell reaches the profiles, beside the applications that are there."""

import json

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.errors import DatasetError
from credit_scoring.stored.profiles import Profile, ProfileTable

from tests.training.data.test_dataset import BUREAU
from tests.training.tables import write_texts
from training.__main__ import main
from training.data import publish_histories


@pytest.fixture
def table(aws_account):
    client.cache_clear()
    boto3.client("dynamodb").create_table(
        TableName="profiles",
        KeySchema=[{"AttributeName": "applicant_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "applicant_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield ProfileTable("profiles")
    client.cache_clear()


@pytest.fixture
def folder(tmp_path):
    write_texts(tmp_path / "bureau.csv", BUREAU)
    return tmp_path


def publish(folder, *more):
    return main(["publish-histories", "--data", str(folder), "--table", "profiles", *more])


def everybody():
    """All profiles, by id."""
    items = boto3.client("dynamodb").scan(TableName="profiles")["Items"]
    return sorted(map(Profile.from_item, items), key=lambda profile: profile.applicant_id)


def test_everybody_with_past_credits_gets_a_history(table, folder, capsys):
    assert publish(folder) == 0
    assert json.loads(capsys.readouterr().out) == {"histories": 3}
    profile = table.get("300001")
    assert profile.history["BUREAU_ACTIVE_CREDIT_COUNT"] == 2
    assert (profile.application, profile.branch) == ({}, "")
    assert profile.updated_at


def test_what_is_unknown_is_left_out(table, folder):
    publish(folder)
    values = table.get("300001").history.values()
    assert all(value == value for value in values)


def test_an_application_stays_and_its_history_is_replaced(table, folder):
    old = Profile(
        "300001", "paris-01", {"AMT_CREDIT": 5000}, {"PREVIOUS_REFUSED_SHARE": 1}, "2026-01-01",
        "a.csv",
    )  # fmt: skip
    table.put_many([old])
    publish(folder)
    new = table.get("300001")
    assert new.history["BUREAU_ACTIVE_CREDIT_COUNT"] == 2
    assert "PREVIOUS_REFUSED_SHARE" not in new.history
    assert {**vars(new), "history": 0} == {**vars(old), "history": 0}


def test_more_than_one_call_s_worth_is_published(table, folder, monkeypatch):
    monkeypatch.setattr(publish_histories, "PROFILES_AT_ONCE", 2)
    publish(folder)
    assert len(everybody()) == 3


def test_publishing_again_changes_nothing(table, folder):
    publish(folder)
    first = everybody()
    publish(folder)
    assert everybody() == first


def test_only_those_of_a_file_are_published(table, folder):
    only = write_texts(folder / "only.csv", {"SK_ID_CURR": [" 300003", "5"], "X": ["1", "2"]})
    publish(folder, "--only", str(only))
    assert [profile.applicant_id for profile in everybody()] == ["300003"]


def test_a_file_of_nobody_is_told(table, folder):
    only = write_texts(folder / "only.csv", {"ID": ["300003"]})
    assert publish(folder, "--only", str(only)) == 1
    with pytest.raises(DatasetError, match="no column SK_ID_CURR"):
        publish_histories._ids_of(only)


def test_a_wrong_folder_and_a_wrong_table_are_clear_sentences(table, folder, capsys):
    assert publish(folder / "nowhere") == 1
    assert "is not a folder" in capsys.readouterr().err
    assert main(["publish-histories", "--data", str(folder), "--table", "other"]) == 1
    assert "check the name and the permissions" in capsys.readouterr().err
