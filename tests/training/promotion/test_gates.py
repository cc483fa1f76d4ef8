"""What a challenger is refused for, from the measured figures alone."""

from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.decision import default_probabilities

from training.evaluation.evaluate import expected_calibration_error
from training.evaluation.statistics import AucComparison, AucEstimate, PairedDifference
from training.promotion.contest import Contest, ModelStanding, Unfair, ece_by_chance
from training.promotion.contest_table import write_table
from training.promotion.gates import judge

FAIR = ModelStanding(
    version="aaaaaaaaaaaa",
    cutoff=0.09,
    auc=AucEstimate(0.76, 0.005, (0.75, 0.77)),
    business_cost_per_applicant=0.5,
    approval_rate=0.7,
    ece=0.004,
    ece_by_chance=0.006,
    slope=1.02,
    slope_interval=(0.95, 1.09),
    fairness="pass",
    unfair=(),
    miscalibrated={},
)
ALONE = Contest(rows=30_000, defaults=2_400, cost_ratio=10.0, challenger=FAIR)


def against(auc=(0.001, -0.001, 0.003), cost=(0.0, -0.01, 0.01), **champion):
    """Differences as (value, low, high)."""
    return replace(
        ALONE,
        champion=replace(FAIR, version="bbbbbbbbbbbb", **champion),
        auc=AucComparison(0.76, 0.76 + auc[0], auc[0], 0.001, auc[1:], 0.5),
        cost=PairedDifference(cost[0], cost[1:]),
    )


def with_challenger(contest, **changes):
    return replace(contest, challenger=replace(contest.challenger, **changes))


def test_nothing_speaks_against_a_first_model_that_is_calibrated_and_fair():
    assert judge(ALONE) == []


@pytest.mark.parametrize(
    ("auc", "expected"),
    [
        ((0.004, 0.001, 0.007), []),
        ((-0.0019, -0.005, 0.001), []),
        ((-0.002, -0.005, 0.001), []),
        ((-0.0021, -0.005, 0.001), ["AUC is lower by more than 0.002: -0.0021."]),
        ((-0.001, -0.0015, -0.0005), ["AUC is significantly lower: -0.0010 (-0.0015 to -0.0005)."]),
    ],
)
def test_an_auc_may_be_lower_by_a_little_that_chance_explains(auc, expected):
    assert judge(against(auc=auc)) == expected


@pytest.mark.parametrize(
    ("cost", "refused"),
    [((0.02, -0.001, 0.041), False), ((0.02, 0.001, 0.039), True), ((-0.02, -0.03, -0.01), False)],
)
def test_a_cost_may_not_be_significantly_higher(cost, refused):
    found = judge(against(cost=cost))
    assert bool(found) == refused
    assert all(sentence.startswith("Business cost is significantly higher") for sentence in found)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"ece": 0.02}, False),
        ({"ece": 0.021}, True),
        ({"ece": 0.024, "ece_by_chance": 0.025}, False),
        ({"ece": 0.026, "ece_by_chance": 0.025}, True),
        ({"slope": 0.7, "slope_interval": (0.6, 0.81)}, False),
        ({"slope": 0.7, "slope_interval": (0.6, 0.79)}, True),
        ({"slope": 1.4, "slope_interval": (1.26, 1.5)}, True),
        ({"slope": None, "slope_interval": None}, False),
    ],
)
def test_bad_calibration_is_refused_beyond_what_chance_explains(changes, refused):
    for contest in (ALONE, against()):
        found = judge(with_challenger(contest, **changes))
        assert len(found) == refused
        assert all(sentence.startswith("Badly calibrated: ") for sentence in found)


def unfair(ratio, attribute="CODE_GENDER"):
    return Unfair(attribute, ratio, f"{attribute}: approval of M is {ratio} of F's.")


def test_a_failed_audit_is_refused_in_its_own_words():
    assert judge(with_challenger(ALONE, unfair=(unfair(0.7),))) == [
        "Unfair. CODE_GENDER: approval of M is 0.7 of F's."
    ]


@pytest.mark.parametrize(
    ("champion", "refused"),
    [
        ((), True),
        ((unfair(0.7, "DAYS_BIRTH"),), True),
        ((unfair(0.75),), True),
        ((unfair(0.705),), False),
        ((unfair(0.6),), False),
    ],
)
def test_a_failed_audit_passes_where_keeping_the_champion_is_no_fairer(champion, refused):
    contest = with_challenger(against(unfair=champion), unfair=(unfair(0.7),))
    assert bool(judge(contest)) == refused


def test_a_champion_that_cannot_be_compared_is_a_reason_to_refuse():
    contest = replace(ALONE, obstacle="no model at bbbbbbbbbbbb/crossfit.json")
    assert judge(contest) == [
        "The champion cannot be compared (no model at bbbbbbbbbbbb/crossfit.json)."
    ]


def test_every_refusal_is_told_at_once():
    contest = with_challenger(
        against(auc=(-0.01, -0.02, -0.005), cost=(0.1, 0.05, 0.15)),
        ece=0.1,
        slope_interval=(0.4, 0.5),
        slope=0.45,
        unfair=(unfair(0.5),),
    )
    assert len(judge(contest)) == 5


# How much calibration error chance explains


@pytest.mark.parametrize("rows", [1_000, 30_000])
def test_exact_pds_stay_below_the_calibration_error_of_chance_in_95_percent_of_samples(rows):
    rng = np.random.default_rng(5)
    pds = default_probabilities(rng.normal(-2.7, 0.8, rows))
    samples = [expected_calibration_error(pds, rng.random(rows) < pds) for _ in range(300)]
    below = np.mean(np.array(samples) < ece_by_chance(pds, seed=0))
    assert 0.91 <= below <= 0.985


def test_the_limit_of_the_calibration_error_is_chance_for_few_rows_only():
    rng = np.random.default_rng(5)
    few, many = (default_probabilities(rng.normal(-2.7, 0.8, n)) for n in (500, 5_000))
    assert ece_by_chance(few, seed=0) > 0.02 > ece_by_chance(many, seed=0)


# The table


def test_the_table_shows_both_models_and_how_they_differ():
    table = write_table(against(auc=(0.0041, 0.0012, 0.007)))
    lines = {line[:24].strip(): line[24:].split() for line in table.splitlines()[2:]}
    assert table.splitlines()[0] == (
        "30,000 applicants, 2,400 defaults; a default costs 10 refused good payers"
    )
    assert lines["version"] == ["bbbbbbbbbbbb", "aaaaaaaaaaaa"]
    assert lines["AUC"] == ["0.7600", "0.7600", "+0.0041", "(+0.0012", "to", "+0.0070)"]
    assert lines["fairness"] == ["pass", "pass"]


def test_the_table_of_a_first_model_has_no_champion():
    assert "AUC                     -             0.7600" in write_table(ALONE).splitlines()


@pytest.mark.parametrize(
    ("interval", "refused"),
    [
        ((0.70, 0.79), True),
        ((0.70, 0.80), False),  # it may be at the limit
        ((1.25, 1.40), False),
        ((1.26, 1.40), True),
        ((0.70, 1.40), False),
    ],
)
def test_a_slope_is_refused_where_it_is_surely_beyond_the_limits(interval, refused):
    contest = with_challenger(ALONE, slope=sum(interval) / 2, slope_interval=interval)
    assert bool(judge(contest)) is refused


def test_pds_that_are_far_off_for_a_group_are_refused_unless_the_champions_are_too():
    said = "Gender: defaults are more than expected of M (1.40), as a ratio to what the PDs say."
    off = {"CODE_GENDER": said}
    contest = replace(against(), challenger=replace(FAIR, miscalibrated=off))
    assert judge(contest) == [f"Badly calibrated for a group. {said}"]
    assert judge(replace(contest, champion=replace(FAIR, miscalibrated=off))) == []
