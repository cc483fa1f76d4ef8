"""Lists made anew from profiles: complete, by the model that serves, and twice the same."""

from dataclasses import fields, replace
from datetime import datetime

import boto3
import numpy as np
import pytest
from credit_scoring.aws.storage import S3Store
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.applicant_lists import ApplicantLists, CachedLists
from credit_scoring.stored.listed_scores import milliseconds
from credit_scoring.stored.profiles import Profile, ProfileTable

from infra.access import Access
from infra.operate import relist
from tests.credit_scoring.examples import same_bits
from tests.models import draw_record
from tests.profile_table import make_profile_table

OUTPUTS = {"ModelsBucket": "models", "ResultsBucket": "results", "ProfilesTable": "profiles"}
AT = "2026-11-20T08:00:00+00:00"


@pytest.fixture
def access(aws_account, aws_address):
    own = Access(
        region="eu-west-3", endpoint=aws_address, access_key="testing", secret_key="testing"
    )
    for bucket in ("models", "results"):
        where = {"LocationConstraint": own.region}
        own.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    make_profile_table("profiles")
    return own


@pytest.fixture
def models(access, small_model):
    store = S3Store("models", "models/", access.client("s3"))
    small_model.publish(store)
    return store


def profile_of(number, branch):
    record = draw_record(np.random.default_rng(number), str(number))
    history = {n: record.pop(n) for n in list(record) if n.startswith(("BUREAU", "PREVIOUS"))}
    return Profile(str(number), branch, record, history, AT, "a.csv")


@pytest.fixture
def profiles(access):
    """Of two branches; and what cannot be listed: one of no branch, a history that nobody sent an
    application for, and an application that the contract refuses by now.
    """
    made = [profile_of(100 + n, "paris-01" if n % 3 else "lyon-02") for n in range(30)]
    refused = profile_of(902, "paris-01")
    refused.application["AMT_CREDIT"] = -1.0
    others = [profile_of(900, ""), Profile("901", "paris-01", {}, {}, AT, ""), refused]
    ProfileTable("profiles").put_many([*made, *others])
    return made


def list_files():
    found = boto3.client("s3").list_objects_v2(Bucket="results", Prefix="lists/")
    return sorted(item["Key"] for item in found.get("Contents", []))


def rows_of(access, branches=None):
    return CachedLists(ApplicantLists(S3Store("results", "lists/", access.client("s3")))).rows(
        branches
    )


def test_every_stored_application_is_listed_with_what_the_champion_says(access, models, profiles):
    found = relist.relist(OUTPUTS, access)
    assert (found.listed, found.left_out) == (30, 3)
    rows, model = rows_of(access), load_champion(models)
    assert rows.ids.tolist() == sorted(profile.applicant_id.encode() for profile in profiles)
    for place, profile in enumerate(sorted(profiles, key=lambda each: each.applicant_id)):
        scores = score_applicants(model, profile.parse())
        assert rows.pds[place] == scores.default_probabilities[0]
        assert rows.branches[place] == profile.branch.encode()
        assert rows.versions[place] == model.version.encode()
        assert rows.updated[place] == milliseconds(datetime.fromisoformat(AT))
    assert len(rows_of(access, ["lyon-02"])) == 10
    assert list_files() == ["lists/lyon-02/base.npz", "lists/paris-01/base.npz"]


@pytest.mark.parametrize(("block", "part"), [(1, 1), (4, 7), (30, 1)])
def test_blocks_and_parts_change_nothing(access, models, profiles, monkeypatch, block, part):
    relist.relist(OUTPUTS, access)
    whole = rows_of(access)
    for key in list_files():
        boto3.client("s3").delete_object(Bucket="results", Key=key)
    monkeypatch.setattr(relist, "SCORED_TOGETHER", block)
    monkeypatch.setattr(relist, "ROWS_A_PART", part)
    relist.relist(OUTPUTS, access)
    again = rows_of(access)
    for column in (each.name for each in fields(whole) if each.name != "scored"):
        assert same_bits(getattr(again, column), getattr(whole, column)), column


def test_one_that_was_broken_off_is_finished_by_the_next(access, models, profiles, monkeypatch):
    monkeypatch.setattr(relist, "SCORED_TOGETHER", 4)
    monkeypatch.setattr(relist, "ROWS_A_PART", 3)
    with monkeypatch.context() as broken:
        judged, judge = [], relist.judge_applicants

        def fail_at_the_third(*given):
            judged.append(given)
            if len(judged) == 3:
                raise OSError("killed")
            return judge(*given)

        broken.setattr(relist, "judge_applicants", fail_at_the_third)
        with pytest.raises(OSError, match="killed"):
            relist.relist(OUTPUTS, access)
    assert any("/parts/relist-" in key for key in list_files())
    relist.relist(OUTPUTS, access)
    assert len(rows_of(access)) == 30
    assert list_files() == ["lists/lyon-02/base.npz", "lists/paris-01/base.npz"]


def test_it_may_be_run_again_and_a_newer_application_stays(access, models, profiles, small_model):
    relist.relist(OUTPUTS, access)
    newer = replace(
        profiles[0],
        application=profiles[0].application | {"AMT_CREDIT": 1234.0},
        updated_at="2026-11-21T08:00:00+00:00",
    )
    ProfileTable("profiles").put_many([newer])
    small_model.publish(models, cutoff=0.9)
    relist.relist(OUTPUTS, access)
    rows = rows_of(access)
    assert len(rows) == 30
    assert set(rows.versions.tolist()) == {load_champion(models).version.encode()}
    assert rows.amounts[rows.ids == newer.applicant_id.encode()].tolist() == [1234.0]


def test_without_a_champion_one_sentence_says_so(access, profiles, capsys, monkeypatch):
    monkeypatch.setattr(relist, "find_stack", lambda _: (access, OUTPUTS))
    assert relist.main([]) == 1
    told = capsys.readouterr().err
    assert "Nothing more was listed: no model at champion.json" in told
    assert "Traceback" not in told


def test_it_tells_how_many_were_listed(access, models, profiles, capsys, monkeypatch):
    monkeypatch.setattr(relist, "find_stack", lambda _: (access, OUTPUTS))
    assert relist.main([]) == 0
    assert capsys.readouterr().out == "30 applicants listed, 3 left out\n"
