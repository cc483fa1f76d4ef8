"""Lists made anew from profiles: complete, by the model that serves, and twice the same."""

from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.aws.storage import S3Store
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.applicant_lists import ApplicantLists, CachedLists
from credit_scoring.stored.profiles import Profile, ProfileTable

from infra.access import Access
from infra.operate import relist
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
    """Of two branches, one of none, and a history that nobody sent an application for."""
    made = [profile_of(100 + n, "paris-01" if n % 3 else "lyon-02") for n in range(30)]
    others = [profile_of(900, ""), Profile("901", "paris-01", {}, {}, AT, "")]
    ProfileTable("profiles").put_many([*made, *others])
    return made


def rows_of(access, branches=None):
    return CachedLists(ApplicantLists(S3Store("results", "lists/", access.client("s3")))).rows(
        branches
    )


def test_every_stored_application_is_listed_with_what_the_champion_says(access, models, profiles):
    found = relist.relist(OUTPUTS, access)
    assert (found.listed, found.left_out) == (30, 2)
    rows, model = rows_of(access), load_champion(models)
    assert rows.ids.tolist() == sorted(profile.applicant_id.encode() for profile in profiles)
    for place, profile in enumerate(sorted(profiles, key=lambda each: each.applicant_id)):
        scores = score_applicants(model, profile.parse())
        assert rows.pds[place] == scores.default_probabilities[0]
        assert rows.branches[place] == profile.branch.encode()
        assert rows.versions[place] == model.version.encode()
    assert len(rows_of(access, ["lyon-02"])) == 10


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
    assert "Nothing more was listed" in told
    assert "Traceback" not in told
