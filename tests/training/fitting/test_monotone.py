"""Directions are of features that exist, and say why."""

from credit_scoring.contract.columns import FEATURES
from credit_scoring.lender import read_table

from training.fitting.monotone import DIRECTIONS, UNDIRECTED, directions


def test_every_direction_is_of_a_feature_that_is_a_number():
    assert DIRECTIONS.keys() <= FEATURES.keys()
    assert not [name for name in DIRECTIONS if FEATURES[name].is_category]
    assert {*DIRECTIONS.values()} == {-1, 1}
    assert not {*UNDIRECTED} & DIRECTIONS.keys()


def test_every_direction_says_why():
    rows = read_table("monotone")
    assert len({row["feature"] for row in rows}) == len(rows)
    assert all(row["why"].strip() for row in rows)


def test_what_the_domain_demands_nothing_of_is_free():
    assert directions(["EXT_SOURCE_2", "AMT_CREDIT", "REGION_RATING_CLIENT"]) == [-1, 0, 1]


def test_every_feature_made_of_outside_scores_has_a_direction_or_is_barred():
    made = {name for name in FEATURES if name.startswith("EXT_SOURCE") and "COUNT" not in name}
    assert made <= DIRECTIONS.keys() | {*UNDIRECTED}
