"""Evidently's report over arrays that real life sends."""

import json
import socket
from html.parser import HTMLParser

import numpy as np
import pytest

pytest.importorskip("evidently", reason="runs in the drift environment")

from functions.drift_monitor.report import PD_COLUMN, compare
from functions.drift_monitor.rows import ScoredRows

NAMES = ("AMT_CREDIT", "EXT_SOURCE_1", "CNT_CHILDREN", "FLAG_EMAIL", "CODE_REGION")
VOCABULARIES = {"CODE_REGION": ("north", "south", "east")}


def scored_rows(rows, *, seed):
    random = np.random.default_rng(seed)
    features = np.empty((rows, 5), np.float32)
    features[:, 0] = random.lognormal(13, 0.5, rows)
    features[:, 1] = np.where(random.random(rows) < 0.5, np.nan, random.beta(4, 4, rows))
    features[:, 2] = random.poisson(0.4, rows)
    features[:, 3] = random.random(rows) < 0.05
    features[:, 4] = random.choice(3, rows, p=(0.6, 0.39, 0.01))
    return ScoredRows(features, np.empty((rows, 0), np.float32), random.beta(1, 11, rows))


def compared(reference, current, **options):
    return compare(
        reference,
        current,
        names=NAMES,
        vocabularies=VOCABULARIES,
        introduction="# Drift of model 0123456789ab",
        **options,
    )


def drifted(report):
    return {feature.column for feature in report.features if feature.drifted}


def loaded_from(html):
    """What the page fetches to be shown."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda _, attributes: found.extend(
        value for name, value in attributes if name in ("src", "href")
    )
    parser.feed(html)
    return found


@pytest.fixture
def reference():
    return scored_rows(5000, seed=1)


@pytest.fixture
def current():
    return scored_rows(2000, seed=2)


def test_two_samples_of_one_population_do_not_drift(reference, current):
    report = compared(reference, current)

    assert drifted(report) == set()
    assert max(feature.index for feature in report.features) < 0.02


def test_what_moved_is_named_and_nothing_else(reference, current):
    current.features[:, 0] *= 1.3
    current.features[:, 4] = np.random.default_rng(5).choice(3, len(current), p=(0.3, 0.3, 0.4))

    assert drifted(compared(reference, current)) == {"AMT_CREDIT", "CODE_REGION"}


def test_evidentlys_own_verdict_stands_beside_ours(reference, current):
    current.features[:, 0] *= 1.3
    report = compared(reference, current)
    [credit] = [feature for feature in report.features if feature.column == "AMT_CREDIT"]
    assert credit.drifted
    assert credit.default_drifted
    assert "Wasserstein" in credit.default_method
    html = report.html.decode()
    assert "Evidently's default" in html
    assert "Of 5 features **1**" in html or "<strong>1</strong>" in html


def test_an_outlier_neither_hides_a_shift_nor_makes_one(reference, current):
    reference.features[0, 0] = 1e12
    assert drifted(compared(reference, current)) == set()

    current.features[:, 0] *= 1.3
    assert drifted(compared(reference, current)) == {"AMT_CREDIT"}


def test_a_column_that_stops_arriving_has_drifted(reference, current):
    current.features[:, 1] = np.nan

    report = compared(reference, current)

    assert drifted(report) == {"EXT_SOURCE_1"}
    assert report.features[1].default_method == ""  # it cannot compare what is empty


def test_a_column_that_was_never_filled_before_has_drifted(reference, current):
    reference.features[:, 1] = np.nan

    assert drifted(compared(reference, current)) == {"EXT_SOURCE_1"}


def test_more_missing_values_alone_are_drift(reference, current):
    current.features[np.random.default_rng(6).random(len(current)) < 0.5, 0] = np.nan

    assert drifted(compared(reference, current)) == {"AMT_CREDIT"}


def test_a_column_empty_on_both_sides_has_not_drifted(reference, current):
    reference.features[:, 1] = current.features[:, 1] = np.nan

    assert drifted(compared(reference, current)) == set()


def test_a_constant_has_not_drifted_until_it_changes(reference, current):
    reference.features[:, 2] = current.features[:, 2] = 3
    assert drifted(compared(reference, current)) == set()

    current.features[:, 2] = 2
    assert drifted(compared(reference, current)) == {"CNT_CHILDREN"}


def test_infinite_values_are_counted_and_crash_nothing(reference, current):
    current.features[:5, 0] = np.inf
    assert drifted(compared(reference, current)) == set()

    current.features[:1000, 0] = -np.inf
    assert drifted(compared(reference, current)) == {"AMT_CREDIT"}


def test_the_html_stands_alone_and_says_what_it_is_about(reference, current):
    html = compared(reference, current).html.decode()

    assert "Drift of model 0123456789ab" in html
    assert loaded_from(html) == []
    assert len(html) < 10_000_000


def test_the_json_holds_every_column_with_its_method_and_threshold(reference, current):
    metrics = json.loads(compared(reference, current).json)["metrics"]

    columns = {
        metric["config"]["column"]: metric for metric in metrics if "column" in metric["config"]
    }
    assert set(columns) == {*NAMES, PD_COLUMN}
    assert all(column["config"]["method"] == "psi_reference_bins" for column in columns.values())
    assert all(column["config"]["threshold"] >= 0.1 for column in columns.values())
    assert all(np.isfinite(column["value"]) for column in columns.values())


def test_the_same_rows_give_the_same_scores(reference, current):
    assert compared(reference, current).features == compared(reference, current).features


def test_nothing_is_sent_anywhere(reference, current, monkeypatch):
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: opened.append(address))

    compared(reference, current)

    assert opened == []
