"""Drawing rows part by part."""

import numpy as np

from functions.drift_monitor.rows import ScoredRows, draw_rows


def rows(start, stop):
    places = np.arange(start, stop)
    return ScoredRows(places[:, None].astype(np.float32), places.astype(np.float64))


def test_everything_is_kept_in_order_below_the_limit():
    drawn = draw_rows([rows(0, 3), rows(3, 3), rows(3, 5)], limit=5)

    assert drawn.default_probabilities.tolist() == [0, 1, 2, 3, 4]


def test_every_row_has_the_same_chance_whatever_its_part():
    parts = [rows(0, 10_000), rows(10_000, 10_010), rows(10_010, 30_000)]

    drawn = draw_rows(parts, limit=6000).default_probabilities

    assert len(drawn) == len(set(drawn)) == 6000
    assert drawn.tolist() == sorted(drawn)
    assert abs(np.mean(drawn < 10_000) - 1 / 3) < 0.02


def test_the_draw_is_the_same_each_time_and_features_stay_with_their_pd():
    first, second = (draw_rows([rows(0, 900), rows(900, 1000)], limit=100) for _ in range(2))

    assert first.features.tobytes() == second.features.tobytes()
    assert (first.features[:, 0] == first.default_probabilities).all()
