"""The examples of AWS's own page on missing data, as it prints them."""

import pytest

from infra.local.emulation.alarm_states import judge

# 0 is within the threshold, X beyond it, - missing; then the states with missing data treated as
# missing, ignore (None: the current state stays), breaching and notBreaching.
THREE_OF_THREE = [
    ("0 - X - X", "OK", "OK", "OK", "OK"),
    ("- - - - 0", "OK", "OK", "OK", "OK"),
    ("- - - - -", "INSUFFICIENT_DATA", None, "ALARM", "OK"),
    ("0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("- - X - -", "ALARM", None, "ALARM", "OK"),
]
TWO_OF_THREE = [
    ("0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0 - X - -", "OK", "OK", "ALARM", "OK"),
    ("- - - - 0", "OK", "OK", "ALARM", "OK"),
    ("- - - X -", "ALARM", None, "ALARM", "OK"),
]
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
VALUES = {"0": 0.0, "X": 2.0, "-": None}
CASES = [
    (needed, points, treatment, state)
    for needed, rows in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for points, *states in rows
    for treatment, state in zip(TREATMENTS, states, strict=True)
]


def alarm(**settings):
    return {
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 1.0,
        "EvaluationPeriods": 3,
        "StateValue": "INSUFFICIENT_DATA",
        **settings,
    }


@pytest.mark.parametrize("current", ["OK", "ALARM"])
@pytest.mark.parametrize(("needed", "points", "treatment", "state"), CASES)
def test_missing_data_count_as_published(needed, points, treatment, state, current):
    asked = alarm(DatapointsToAlarm=needed, TreatMissingData=treatment, StateValue=current)
    datapoints = [VALUES[point] for point in points.split()]
    assert judge(asked, datapoints) == (state or current)


def test_a_breach_that_is_too_young_does_not_ring_yet():
    """AWS: not before the oldest is as old as the datapoints to alarm."""
    missing = alarm(TreatMissingData="missing", StateValue="OK")
    assert judge(missing, [None, None, None, None, 2.0]) == "OK"
    assert judge(missing, [None, None, None, 2.0, None]) == "OK"
    assert judge(missing, [None, None, 2.0, None, None]) == "ALARM"


@pytest.mark.parametrize(
    ("comparison", "rings"),
    [("GreaterThanThreshold", False), ("GreaterThanOrEqualToThreshold", True),
     ("LessThanThreshold", False), ("LessThanOrEqualToThreshold", True)],
)  # fmt: skip
def test_a_threshold_itself_is_beyond_it_only_where_the_comparison_says_so(comparison, rings):
    asked = alarm(ComparisonOperator=comparison)
    assert (judge(asked, [1.0] * 5) == "ALARM") is rings


def test_a_night_without_a_verdict_leaves_the_state_of_the_night_before():
    verdict = alarm(EvaluationPeriods=1, Threshold=0.0, TreatMissingData="ignore")
    for state, value in (("ALARM", 3.0), ("OK", 0.0)):
        assert judge(verdict | {"StateValue": state}, [None, value, None]) == state
        assert judge(verdict | {"StateValue": state}, [None, None, None]) == state
