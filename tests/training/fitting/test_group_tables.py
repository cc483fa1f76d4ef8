"""Statistics of groups: of the rows given, of no outcome, whatever the order."""

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import GROUPED
from credit_scoring.features import CleanInputs
from credit_scoring.lender.group_features import FEWEST_MEMBERS, GROUP_FEATURES, GROUPS

from training.fitting.group_tables import learn_groups

ANNUITIES = np.repeat([10_000.0, 8_000.0, 5_000.0], [12, 9, 30])


def applicants(**changes):
    rows = len(ANNUITIES)
    columns = {
        "AMT_CREDIT": np.full(rows, 200_000.0),
        "AMT_ANNUITY": ANNUITIES,
        "AMT_INCOME_TOTAL": np.arange(rows) * 1_000.0,
        "EXT_SOURCE_2": np.linspace(0, 1, rows),
        "DAYS_EMPLOYED": np.where(np.arange(rows) < 5, np.nan, -100.0),
    } | changes
    return Applicants([str(n) for n in range(rows)], columns)


@pytest.fixture
def inputs():
    return CleanInputs(applicants())


def everybody():
    return np.arange(len(ANNUITIES))


def test_a_group_has_its_members_share_and_means(inputs):
    table = learn_groups(inputs, everybody())["tariff"]
    assert table.keys == (2_000.0, 4_000.0)  # 20 and 40 annuities; 25 has too few members
    assert table.values["TARIFF_SHARE"] == (round(12 / 51, 5), round(30 / 51, 5))
    assert table.values["TARIFF_INCOME_MEAN"] == (5_500.0, 35_500.0)
    assert table.values["TARIFF_EXT_SOURCE_MEAN"][0] == pytest.approx(0.11)


def test_a_mean_of_few_values_is_none(inputs):
    table = learn_groups(inputs, everybody())["tariff"]
    assert table.values["TARIFF_DAYS_EMPLOYED_MEAN"] == (None, -100.0)


def test_rows_that_are_not_given_have_no_say(inputs):
    given = np.arange(40)
    changed = CleanInputs(applicants(AMT_INCOME_TOTAL=np.r_[np.arange(40) * 1e3, [9e6] * 11]))
    assert learn_groups(inputs, given) == learn_groups(changed, given)


def test_the_order_of_the_rows_does_not_matter(inputs):
    order = np.random.default_rng(0).permutation(len(ANNUITIES))
    assert learn_groups(inputs, order) == learn_groups(inputs, everybody())


def test_only_what_is_asked_for_is_learnt(inputs):
    tables = learn_groups(inputs, everybody(), ["AMT_CREDIT", "TARIFF_SHARE"])
    assert {group: [*table.values] for group, table in tables.items()} == {
        "tariff": ["TARIFF_SHARE"]
    }


def test_every_group_feature_is_declared_described_and_large_enough():
    assert GROUP_FEATURES.keys() == GROUPED.keys()
    assert {feature.group for feature in GROUP_FEATURES.values()} == GROUPS.keys()
    assert FEWEST_MEMBERS >= 10
    assert not any(column.protected for column in GROUPED.values())


def test_nobody_in_any_group_makes_an_empty_table(inputs):
    table = learn_groups(inputs, np.arange(12, 21))["tariff"]
    assert table.keys == ()
    assert table.places(np.array([1.0, np.nan])).tolist() == [-1, -1]
