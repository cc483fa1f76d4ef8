"""A branch's applicants are found by id, in order, page by page."""

import pytest
from credit_scoring.errors import StorageRefused
from credit_scoring.stored.applicant_index import ApplicantIndex
from credit_scoring.stored.profiles import Profile, ProfileTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.profile_table import make_profile_table

IDS = ["-a", "0", "00", "001", "1", "10", "Z", "_", "_x", "a", "z", "z9", "zz" * 16]


@pytest.fixture
def index(aws, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    make_profile_table("people")
    profiles = [Profile(applicant_id, "paris-01") for applicant_id in IDS]
    ProfileTable("people").put_many([*profiles, Profile("b", "lyon-02"), Profile("c")])
    return ApplicantIndex("people")


def test_the_ids_of_a_branch_come_in_order(index):
    assert index.ids("paris-01", limit=100) == sorted(IDS)
    assert index.ids("lyon-02", limit=100) == ["b"]
    assert index.ids("nowhere", limit=100) == []


def test_who_belongs_to_no_branch_is_in_no_list(index):
    assert "c" not in index.ids("paris-01", limit=100) + index.ids("lyon-02", limit=100)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(prefix=st.sampled_from(["", "0", "00", "_", "z", "zz", "Q"]),
       after=st.sampled_from(["", *IDS]), limit=st.integers(1, 5))  # fmt: skip
def test_a_page_is_what_follows(index, prefix, after, limit):
    rest = [i for i in sorted(IDS) if i.startswith(prefix) and (not after or i > after)]
    fits = not after or after.startswith(prefix)
    assert index.ids("paris-01", prefix=prefix, after=after, limit=limit) == (
        rest[:limit] if fits else []
    )


def test_a_table_without_the_index_is_refused(profiles):
    with pytest.raises(StorageRefused):
        ApplicantIndex("profiles").ids("paris-01", limit=1)
