"""Groups that are treated differently are found, named and judged by one rule."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS
from credit_scoring.features import FeatureSchema, build_features

from training.evaluation.audit.fairness import _approval_ratio, audit
from training.evaluation.audit.gender_proxies import gender_proxies
from training.evaluation.audit.group_rates import Group, Rate, groups_of

CUTOFF = 0.1


def code(name, text):
    return INPUTS[name].categories.index(text)


def make_applicants(n, *, seed=0, **columns):
    """Applicants of which only what the audit reads is known."""
    rng = np.random.default_rng(seed)
    drawn = {
        "CODE_GENDER": rng.integers(0, 2, n).astype(np.int32),
        "DAYS_BIRTH": -rng.uniform(21, 69, n) * 365.25,
        "NAME_FAMILY_STATUS": rng.integers(0, 5, n).astype(np.int32),
        "NAME_INCOME_TYPE": rng.integers(0, 4, n).astype(np.int32),
    }
    return Applicants([""] * n, drawn | columns)


def draw_pds(n, *, seed=0):
    rng = np.random.default_rng(seed)
    pds = rng.beta(1, 11, n)
    return pds, rng.random(n) < pds


def of(found, name):
    return next(attribute for attribute in found.attributes if attribute.attribute == name)


def test_alike_treatment_passes():
    found = audit(make_applicants(8000), *draw_pds(8000), cutoff=CUTOFF)
    assert found.status == "pass"
    assert [attribute.status for attribute in found.attributes] == ["pass"] * 4
    assert "within the four-fifths rule" in found.sentence
    gender = of(found, "CODE_GENDER")
    low, high = gender.approval_ratio.interval
    assert 0.9 < low <= gender.approval_ratio.value <= high < 1.1
    low, high = gender.equal_opportunity_difference.interval
    assert low < 0.02 < high


def test_every_rate_is_what_counting_gives():
    applicants = make_applicants(3000, seed=2)
    pds, defaulted = draw_pds(3000, seed=2)
    found = audit(applicants, pds, defaulted, cutoff=CUTOFF)
    for group, number in zip(of(found, "CODE_GENDER").groups, (0, 1), strict=True):
        own = applicants["CODE_GENDER"] == number
        refused, bad = pds[own] >= CUTOFF, defaulted[own]
        assert group.name == INPUTS["CODE_GENDER"].categories[number]
        assert group.applicants == own.sum()
        assert group.mean_pd == pytest.approx(pds[own].mean())
        expected = {
            "default_rate": bad.mean(),
            "observed_to_expected": bad.sum() / pds[own].sum(),
            "approval_rate": (~refused).mean(),
            "false_positive_rate": refused[~bad].mean(),
            "false_negative_rate": (~refused)[bad].mean(),
        }
        for name, value in expected.items():
            rate = getattr(group, name)
            assert rate.value == pytest.approx(value)
            assert rate.interval[0] < value < rate.interval[1]


def test_a_gender_that_is_refused_more_often_fails_whatever_the_reason():
    applicants = make_applicants(8000)
    man = applicants["CODE_GENDER"] == code("CODE_GENDER", "M")
    rng = np.random.default_rng(0)
    pds = np.where(man, 2, 1) * rng.beta(1, 11, 8000) * 0.9
    defaulted = rng.random(8000) < pds  # men do default more often, as their PDs say
    found = audit(applicants, pds, defaulted, cutoff=CUTOFF)
    gender = of(found, "CODE_GENDER")
    assert (gender.status, found.status) == ("fail", "fail")
    assert (gender.lowest, gender.highest) == ("M", "F")
    assert "approval of M" in gender.sentence
    assert "below four fifths" in gender.sentence
    assert "without excuse: Gender" in found.sentence


def old_pds(*, overstated):
    """Those from 55 on are refused more often; rightly, or because their PDs are too high."""
    applicants = make_applicants(20_000)
    old = applicants["DAYS_BIRTH"] < -55 * 365.25
    rng = np.random.default_rng(1)
    right = rng.beta(1, 11, 20_000)
    pds = np.where(old, np.minimum(2.5 * right, 1), right)
    defaulted = rng.random(20_000) < (right if overstated else pds)
    return audit(applicants, pds, defaulted, cutoff=CUTOFF)


def test_an_age_that_defaults_more_often_asks_for_attention():
    found = old_pds(overstated=False)
    age = of(found, "DAYS_BIRTH")
    assert (age.status, found.status) == ("attention", "attention")
    assert "default against" in age.sentence
    assert "to be watched: Age" in found.sentence


def test_an_age_whose_pds_are_too_high_fails():
    found = old_pds(overstated=True)
    age = of(found, "DAYS_BIRTH")
    assert (age.status, found.status) == ("fail", "fail")
    assert "overstate" in age.sentence
    assert "fewer than expected of 55 to 64" in age.calibration


def test_a_ratio_just_below_four_fifths_may_be_chance():
    women, men = [0.05] * 150 + [0.5] * 50, [0.05] * 118 + [0.5] * 82
    applicants = make_applicants(400, CODE_GENDER=np.repeat([0, 1], 200).astype(np.int32))
    defaulted = np.arange(400) % 10 == 0
    found = audit(applicants, np.array(women + men), defaulted, cutoff=CUTOFF)
    gender = of(found, "CODE_GENDER")
    assert gender.approval_ratio.value == pytest.approx(118 / 150)
    low, high = gender.approval_ratio.interval
    assert low < 0.75
    assert high > 0.8
    assert gender.status == "attention"


def test_the_ratios_interval_of_two_groups_is_that_of_resampled_applicants():
    applicants = make_applicants(1000, seed=4)
    pds, defaulted = draw_pds(1000, seed=4)
    gender = of(audit(applicants, pds, defaulted, cutoff=CUTOFF), "CODE_GENDER")
    lowest = applicants["CODE_GENDER"] == code("CODE_GENDER", gender.lowest)
    accepted, rng, drawn = pds < CUTOFF, np.random.default_rng(1), []
    for _ in range(1000):
        rows = rng.integers(1000, size=1000)
        own = lowest[rows]
        drawn.append(accepted[rows][own].mean() / accepted[rows][~own].mean())
    low, high = np.quantile(drawn, (0.025, 0.975))
    assert gender.approval_ratio.interval == pytest.approx((low, min(1.0, high)), abs=0.015)


@pytest.mark.parametrize(("groups", "size"), [(2, 400), (12, 120), (6, 1000)])
def test_the_interval_of_the_farthest_pair_of_equal_groups_covers_equality(groups, size):
    """Picked as the farthest apart of twelve, a pair looks unequal: 1.96 errors cover a quarter."""
    rng, covered, naive = np.random.default_rng(8), [], []
    for _ in range(600):
        accepted = rng.binomial(size, 0.7, groups)
        made = [made_group(int(a), size) for a in (accepted.min(), accepted.max())]
        covered.append(_approval_ratio(*made, groups).interval[1] >= 1.0)
        naive.append(_approval_ratio(*made, 2).interval[1] >= 1.0)
    assert 0.93 <= np.mean(covered) <= 0.97
    if groups == 12:
        assert np.mean(naive) < 0.6


def made_group(accepted, size):
    rate = Rate(accepted / size, (0.0, 1.0))
    return Group("", True, size, 0.1, Rate(0.1, (0, 1)), None, rate, rate, None)


def test_a_group_whose_pds_are_far_off_is_judged_and_not_only_told():
    """Men default half as often again as their PDs say; women do what theirs say."""
    rng = np.random.default_rng(3)
    pds, men = rng.beta(1, 11, 20_000), rng.random(20_000) < 0.5
    applicants = make_applicants(20_000, CODE_GENDER=men.astype(np.int32))
    right = audit(applicants, pds, rng.random(20_000) < pds, cutoff=CUTOFF)
    assert of(right, "CODE_GENDER").calibration_status == "pass"
    for factor, status in ((1.15, "attention"), (1.5, "fail")):
        defaulted = rng.random(20_000) < np.where(men, factor * pds, pds)
        found = audit(applicants, pds, defaulted, cutoff=CUTOFF)
        gender = of(found, "CODE_GENDER")
        assert gender.calibration_status == status
        assert "more than expected of" in gender.calibration
        assert "PDs do not say how often groups default, beyond chance, by Gender" in found.sentence


def test_right_pds_of_many_groups_are_rarely_called_wrong():
    rng, wrong = np.random.default_rng(5), 0
    for seed in range(60):
        pds = rng.beta(1, 11, 2_000)
        applicants = make_applicants(2_000, seed=seed)
        found = audit(applicants, pds, rng.random(2_000) < pds, cutoff=CUTOFF)
        wrong += of(found, "DAYS_BIRTH").calibration_status != "pass"
    assert wrong <= 8


def test_small_groups_are_shown_but_not_judged_and_tiny_ones_only_counted():
    status = np.zeros(2000, np.int32)
    status[:50], status[50:54], status[1000:] = 2, 4, 1
    pds, defaulted = draw_pds(2000)
    pds[:54] = 0.9  # all refused: it would be far below four fifths
    found = audit(make_applicants(2000, NAME_FAMILY_STATUS=status), pds, defaulted, cutoff=CUTOFF)
    family = of(found, "NAME_FAMILY_STATUS")
    assert family.status == "pass"
    single = next(group for group in family.groups if group.name == "Single / not married")
    assert (single.applicants, single.judged, single.approval_rate.value) == (50, False, 0)
    widow = next(group for group in family.groups if group.name == "Widow")
    assert (widow.applicants, widow.judged) == (4, False)
    assert [widow.mean_pd, widow.default_rate, widow.approval_rate] == [None] * 3


def test_too_few_applicants_are_not_judged_and_never_pass():
    found = audit(make_applicants(60), *draw_pds(60), cutoff=CUTOFF)
    assert found.status == "attention"
    assert {attribute.status for attribute in found.attributes} == {"unknown"}
    assert of(found, "CODE_GENDER").sentence == "Gender: too few applicants to tell."


def test_nobody_accepted_is_nothing_to_compare():
    found = audit(make_applicants(2000), *draw_pds(2000), cutoff=0.0)
    assert of(found, "CODE_GENDER").approval_ratio is None
    assert "nobody is accepted" in of(found, "CODE_GENDER").sentence
    assert found.status == "attention"


def test_groups_without_defaults_have_no_rate_of_accepted_defaults():
    pds = draw_pds(1000)[0]
    found = audit(make_applicants(1000), pds, np.zeros(1000, np.bool_), cutoff=CUTOFF)
    group = of(found, "CODE_GENDER").groups[0]
    assert group.false_negative_rate is None
    assert group.default_rate.value == 0


def test_ages_fall_into_bands_and_missing_values_into_a_group_of_their_own():
    ages = np.array([24.9, 25.1, 44.9, 45.1, 64.9, 65.1, 80])
    applicants = make_applicants(
        7, DAYS_BIRTH=-ages * 365.25, CODE_GENDER=np.array([0, 0, 1, 1, -1, -1, 2], np.int32)
    )
    bands, present = groups_of(applicants, "DAYS_BIRTH")
    assert bands.tolist() == [
        "under 25", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over", "65 and over",
    ]  # fmt: skip
    assert present == ["under 25", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over"]
    genders, present = groups_of(applicants, "CODE_GENDER")
    assert present == ["F", "M", "XNA", "missing"]
    assert genders.tolist() == ["F", "F", "M", "M", "missing", "missing", "XNA"]


SCHEMA = FeatureSchema(
    ("AMT_INCOME_TOTAL", "OWN_CAR_AGE", "OCCUPATION_TYPE", "EXT_SOURCE_2"),
    {"OCCUPATION_TYPE": ("Drivers", "Laborers", "Accountants")},
)


def telling_applicants(n=900):
    """Occupation nearly gives men away, a car's age does by being there, a score says nothing."""
    rng = np.random.default_rng(6)
    gender = rng.integers(0, 2, n).astype(np.int32)
    job = np.where(rng.random(n) < 0.9, gender, 1 - gender)
    jobs = np.array([code("OCCUPATION_TYPE", "Accountants"), code("OCCUPATION_TYPE", "Drivers")])
    return make_applicants(
        n,
        CODE_GENDER=gender,
        AMT_INCOME_TOTAL=rng.lognormal(12, 0.4, n),
        OWN_CAR_AGE=np.where(rng.random(n) < 0.2 + 0.5 * gender, rng.uniform(0, 20, n), np.nan),
        OCCUPATION_TYPE=jobs[job].astype(np.int32),
        EXT_SOURCE_2=rng.random(n),
    )


def test_proxies_for_gender_are_found_and_ranked():
    applicants = telling_applicants()
    matrix = build_features(applicants, SCHEMA)
    found = gender_proxies(matrix, SCHEMA, applicants, seed=0)
    assert [proxy.feature for proxy in found.features[:2]] == ["OCCUPATION_TYPE", "OWN_CAR_AGE"]
    job, car, *others = found.features
    assert job.auc == pytest.approx(0.9, abs=0.03)
    assert job.cramers_v == pytest.approx(0.8, abs=0.05)
    assert car.auc == pytest.approx(0.75, abs=0.05)
    assert car.cramers_v is None
    assert all(proxy.auc < 0.56 for proxy in others)
    assert found.auc > 0.88
    assert "can be guessed" in found.sentence
    assert "Occupation (0.9" in found.sentence
    assert found == gender_proxies(matrix, SCHEMA, applicants, seed=0)


def test_gender_itself_is_no_proxy_for_gender():
    schema = FeatureSchema(
        ("CODE_GENDER", "EXT_SOURCE_2"), {"CODE_GENDER": INPUTS["CODE_GENDER"].categories}
    )
    applicants = telling_applicants()
    found = gender_proxies(build_features(applicants, schema), schema, applicants, seed=0)
    assert [proxy.feature for proxy in found.features] == ["EXT_SOURCE_2"]
    assert found.auc == pytest.approx(0.5, abs=0.08)
    assert "can hardly be guessed" in found.sentence


def test_too_few_of_a_gender_have_no_proxies():
    applicants = make_applicants(500, CODE_GENDER=np.zeros(500, np.int32))
    matrix = build_features(applicants, SCHEMA)
    assert gender_proxies(matrix, SCHEMA, applicants, seed=0) is None


def test_an_audit_is_the_same_every_time_and_json_can_carry_it():
    applicants = telling_applicants()
    pds, defaulted = draw_pds(900)
    proxies = gender_proxies(build_features(applicants, SCHEMA), SCHEMA, applicants, seed=0)
    found = [audit(applicants, pds, defaulted, cutoff=CUTOFF, proxies=proxies) for _ in "ab"]
    assert found[0] == found[1]
    carried = json.loads(json.dumps(asdict(found[0]), allow_nan=False))
    assert carried["proxies"]["features"][0]["feature"] == "OCCUPATION_TYPE"
