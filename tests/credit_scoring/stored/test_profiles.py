"""Profiles of applicants come back as they were written, to the last bit."""

import struct

import pytest
from credit_scoring.errors import ApplicantNotFound, StorageRefused
from credit_scoring.stored.profiles import Profile, ProfileTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def profile(applicant_id, **fields):
    return Profile(applicant_id=applicant_id, branch="paris-01", **fields)


def test_a_profile_comes_back_whole(profiles):
    one = Profile(
        applicant_id="007",
        branch="paris-01",
        application={"CODE_GENDER": "F", "AMT_CREDIT": 540000, "NAME": "Zoé « ok »"},
        history={"BUREAU_CREDIT_COUNT": 3.0},
        updated_at="2026-01-31T08:00:00+00:00",
        source_file="uploads/paris-01/x.csv",
    )
    profiles.put_many([one])
    assert profiles.get("007") == one
    assert profiles.get_many(["007"]) == {"007": one}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_with_the_same_bits(value):
    again = Profile.from_item(profile("1", history={"X": value}).to_item())
    assert struct.pack("d", again.history["X"]) == struct.pack("d", value)


def test_floats_come_back_from_the_table_with_the_same_bits(profiles):
    numbers = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789.123456789]
    history = {f"X{n}": value for n, value in enumerate(numbers)}
    profiles.put_many([profile("1", history=history)])
    found = profiles.get("1").history
    assert [struct.pack("d", v) for v in found.values()] == [struct.pack("d", v) for v in numbers]


def test_an_unknown_applicant_is_not_found(profiles):
    with pytest.raises(ApplicantNotFound) as caught:
        profiles.get("404")
    assert caught.value.applicant_id == "404"


def test_more_profiles_than_one_call_takes_are_written_and_read(profiles):
    many = [profile(f"{n:04}") for n in range(260)]
    profiles.put_many(many)
    asked = [p.applicant_id for p in many] + ["9999", "0001"]
    found = profiles.get_many(asked)
    assert found == {p.applicant_id: p for p in many}


def test_no_profile_is_no_call(profiles):
    profiles.put_many([])
    assert profiles.get_many([]) == {}


def test_of_two_profiles_of_one_applicant_the_last_is_kept(profiles):
    profiles.put_many([profile("1", updated_at="first"), profile("1", updated_at="second")])
    assert profiles.get("1").updated_at == "second"


def test_profiles_are_written_over_what_was_there(profiles):
    profiles.put_many([profile("1", application={"AMT_CREDIT": 1}, source_file="a")])
    profiles.put_many([profile("1", application={"AMT_ANNUITY": 2})])
    assert profiles.get("1").application == {"AMT_ANNUITY": 2}


def test_who_belongs_to_no_branch_comes_back_so(profiles):
    one = Profile("1", history={"X": 1.0})
    profiles.put_many([one])
    assert profiles.get("1") == one
    assert "branch" not in one.to_item()


def test_an_applications_own_values_come_before_the_history():
    name, other = "PREVIOUS_REFUSED_SHARE", "BUREAU_ACTIVE_CREDIT_COUNT"
    application = {"AMT_INCOME_TOTAL": 1e5, "AMT_CREDIT": 1e5, "DAYS_BIRTH": -9000, name: 0.5}
    parsed = profile("1", application=application, history={name: 0.1, other: 3}).parse()
    assert (parsed[name][0], parsed[other][0]) == (0.5, 3)


def test_a_table_that_is_not_there_is_refused(aws):
    for act in (
        lambda table: table.get("1"),
        lambda table: table.get_many(["1"]),
        lambda table: table.put_many([profile("1")]),
    ):
        with pytest.raises(StorageRefused):
            act(ProfileTable("nowhere"))
