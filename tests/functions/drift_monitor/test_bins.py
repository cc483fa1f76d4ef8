"""Bins of the reference: whatever comes falls into one, and none hides a move."""

import numpy as np
import pytest

from functions.drift_monitor.bins import bin_feature, decile_edges

RANDOM = np.random.default_rng(7)


def test_a_smooth_number_falls_into_ten_equal_bins():
    values = RANDOM.lognormal(size=10_000).astype(np.float32)

    reference, current = bin_feature(values, values).counts

    assert reference.tolist() == [1000] * 10
    assert current.tolist() == reference.tolist()


def test_an_outlier_does_not_take_the_room_of_the_others():
    values = np.append(RANDOM.lognormal(size=9_999), 1e12).astype(np.float32)

    assert len(bin_feature(values, values).labels) == 10


def test_a_value_that_many_rows_share_is_a_bin_of_its_own():
    values = np.array([0.0] * 95 + [-1, -2, 3, 4, 5], np.float32)

    feature = bin_feature(values, values)

    assert feature.labels == ("01: below 0", "02: 0", "03: above 0")
    assert feature.counts[0].tolist() == [2, 95, 3]


def test_both_values_of_a_rare_flag_are_bins():
    rare = (np.arange(1000) < 20).astype(np.float32)

    assert bin_feature(rare, 1 - rare).counts[1].tolist() == [20, 980]


def test_a_constant_shows_what_comes_on_either_side_of_it():
    feature = bin_feature(np.full(50, 7, np.float32), np.array([6.9, 7, 7.1], np.float32))

    assert feature.labels == ("01: below 7", "02: 7", "03: above 7")
    assert feature.counts[1].tolist() == [1, 1, 1]


def test_missing_and_infinite_are_bins_of_their_own():
    current = np.array([np.nan, np.inf, -np.inf, 0.5], np.float32)

    feature = bin_feature(np.arange(1, 101, dtype=np.float32) / 100, current)

    assert np.array(feature.labels)[feature.current].tolist() == [
        "(missing)",
        "(infinite)",
        "(infinite)",
        "05: above 0.4, up to 0.5",
    ]
    assert feature.missing_shares == (0.0, 0.25)


def test_a_reference_without_any_value_leaves_two_bins():
    nothing = np.full(10, np.nan, np.float32)

    feature = bin_feature(nothing, np.array([1, np.nan], np.float32))

    assert feature.labels == ("(missing)", "any value")
    assert feature.counts[0].tolist() == [10, 0]
    assert decile_edges(nothing).size == 0


def test_labels_sort_like_the_values():
    values = RANDOM.normal(scale=20_000, size=5_000).astype(np.float32)

    labels = list(bin_feature(values, values).labels)

    assert labels == sorted(labels)
    assert len(set(labels)) == len(labels)


def test_a_category_keeps_its_name_and_a_foreign_code_is_unseen():
    reference = np.array([0, 1, 1, np.nan], np.float32)
    current = np.array([2, -1, 9, 0.5], np.float32)

    feature = bin_feature(reference, current, ("Cash loans", "Revolving loans", "Other"))

    assert feature.labels == ("(missing)", "(unseen)", "Cash loans", "Revolving loans", "Other")
    assert np.array(feature.labels)[feature.current].tolist()[:3] == [
        "Other",
        "(missing)",
        "(unseen)",
    ]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_bounds_belong_to_the_lower_bin(dtype):
    values = np.arange(1, 101, dtype=dtype)

    feature = bin_feature(values, np.array([10, 11], dtype))

    assert np.array(feature.labels)[feature.current].tolist() == [
        "01: up to 10",
        "02: above 10, up to 20",
    ]
