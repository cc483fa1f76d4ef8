"""Whole runs over real folders."""

import json
from datetime import timedelta

import pytest
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing

from functions.drift_monitor import monitor
from functions.drift_monitor.load import load_window
from functions.drift_monitor.monitor import Stores, measure_drift
from functions.drift_monitor.window import read_window
from tests.functions.drift_monitor.lender import DAY, NOW, Lender, applicants, model, score

FOLDER = "date=2026-03-10/030405"
FILES = [f"{FOLDER}/{name}" for name in ("report.html", "report.json", "summary.json")]


def run(lender, event=None, *, now=NOW, minimum_rows=200):
    stores = Stores(models=lender.models, records=lender.records, reports=lender.reports)
    window = read_window(event or {}, today=now.date())
    return measure_drift(stores, window=window, now=now, minimum_rows=minimum_rows)


def read(lender, key):
    return json.loads(lender.reports.read(key))


def test_few_scores_are_no_verdict(lender):
    lender.record_scores(199)

    summary = run(lender)

    assert summary["status"] == "insufficient"
    assert summary["rows"] == {
        "reference": 3000,
        "window": 199,
        "reference_compared": 3000,
        "window_compared": 199,
    }
    assert "features" not in summary
    assert lender.written() == [f"{FOLDER}/summary.json", "latest.json"]


def test_a_window_without_a_score_is_no_verdict_either(lender):
    assert run(lender)["rows"]["window"] == 0


def test_without_a_champion_nothing_is_written(tmp_path):
    lender = Lender(str(tmp_path))

    with pytest.raises(ArtifactMissing) as missing:
        run(lender)

    assert "publish" in str(missing.value)
    assert not missing.value.retryable
    assert lender.written() == []


@pytest.mark.parametrize("name", ["reference.npz", "forest.npz", "manifest.json"])
def test_a_damaged_bundle_is_refused_and_nothing_is_written(lender, name):
    lender.record_scores(500)
    key = f"{lender.model.version}/{name}"
    content = bytearray(lender.models.read(key))
    content[len(content) // 2] ^= 1
    lender.models.write(key, bytes(content))

    with pytest.raises(ArtifactMismatch):
        run(lender)

    assert lender.written() == []


def test_scores_of_other_days_and_other_models_do_not_count(lender):
    lender.record_scores(300, seed=3, day=DAY - timedelta(days=7))
    lender.record_scores(10, seed=4, day=DAY - timedelta(days=6))
    lender.record_scores(20, seed=5, source="api")
    lender.model = model("0123456789ab")
    lender.record_scores(300, seed=6)

    summary = run(lender)

    assert summary["rows"]["window"] == 30
    assert summary["sources"] == {"batch": 10, "api": 20}


def test_an_applicant_who_is_scored_again_counts_once_as_of_the_last_time(lender):
    who = range(1, 101)
    lender.record_scores(100, who=who, day=DAY - timedelta(days=3))
    for n in range(3):  # the same file again
        lender.record_scores(100, who=who, day=DAY - timedelta(days=2), name=f"again {n}")
    for n in range(50):  # a dossier that is opened again and again
        lender.record_scores(1, who=[7], source="api", name=f"opened {n}")
    lender.record_scores(5, source="api")  # who sends no id may be anybody
    summary = run(lender)
    assert summary["rows"]["window"] == 105
    assert summary["sources"] == {"batch": 99, "api": 6}


def test_of_one_applicant_the_last_score_is_compared(lender):
    lender.record_scores(20, who=range(1, 21), seed=3, day=DAY - timedelta(days=1))
    lender.record_scores(20, who=range(20, 0, -1), seed=4)
    window = read_window({}, today=NOW.date())
    side = load_window(lender.records, lender.model, window, limit=100)
    last = score(lender.model, applicants(20, seed=4)).default_probabilities
    assert sorted(side.rows.default_probabilities) == sorted(last)


def test_a_run_names_what_drifted_and_how_far(lender, needs_evidently):
    lender.record_scores(1500, credit=1.5)

    summary = run(lender)

    assert summary["status"] == "measured"
    assert summary["model"] == {"version": lender.model.version}
    assert summary["window"] == {"start": "2026-03-04", "end": "2026-03-10", "days": 7}
    assert summary["features"] == {
        "compared": 3,
        "drifted": 1,
        "drifted_share": pytest.approx(1 / 3),
    }
    [credit] = summary["drifted_features"]
    assert credit["feature"] == "AMT_CREDIT"
    assert credit["method"] == "psi_reference_bins"
    assert credit["score"] > credit["threshold"] == 0.1
    assert credit["importance"] == pytest.approx(0.2)


def test_an_unmoved_population_has_no_drift(lender, needs_evidently):
    lender.record_scores(1500)

    summary = run(lender)

    assert summary["features"]["drifted_share"] == 0
    assert summary["drifted_features"] == []
    assert not summary["default_probability"]["drifted"]
    pd = summary["default_probability"]
    assert pd["refused_in_window"] == pytest.approx(pd["refused_in_reference"], abs=0.05)


def test_drifted_features_come_by_their_importance_to_the_model(lender, needs_evidently):
    lender.record_scores(1500, credit=5, weaker_scores=0.3)

    features = [drifted["feature"] for drifted in run(lender)["drifted_features"]]

    assert features == ["EXT_SOURCE_2", "AMT_CREDIT"]


def test_the_files_of_a_run_tell_the_same(lender, needs_evidently):
    lender.record_scores(1500, credit=1.5)

    summary = run(lender)

    assert lender.written() == [*FILES, "latest.json"]
    assert read(lender, FILES[2]) == read(lender, "latest.json") == summary
    assert summary["report"] == {"report.html": FILES[0], "report.json": FILES[1]}
    html = lender.reports.read(FILES[0]).decode()
    assert lender.model.version in html
    assert "2026-03-04 to 2026-03-10" in html
    values = {m["config"].get("column"): m["value"] for m in read(lender, FILES[1])["metrics"]}
    assert values["AMT_CREDIT"] == summary["drifted_features"][0]["score"]
    assert values["probability of default"] == summary["default_probability"]["score"]


def test_a_look_back_leaves_the_latest_run_alone(lender):
    lender.record_scores(50)
    latest = run(lender)

    later = NOW + timedelta(days=1)
    past = run(lender, {"date": "2026-03-09", "window_days": 2}, now=later)

    assert past["window"]["end"] == "2026-03-09"
    assert "date=2026-03-09/030405/summary.json" in lender.written()
    assert read(lender, "latest.json") == latest


def test_a_run_that_cannot_finish_writing_is_never_the_latest(lender):
    lender.record_scores(50)
    first = run(lender)
    (lender.reports.folder / "date=2026-03-10/040000/summary.json/in the way").mkdir(parents=True)

    with pytest.raises(OSError, match="directory"):
        run(lender, now=NOW.replace(hour=4, minute=0, second=0))

    assert read(lender, "latest.json") == first


def test_a_large_window_is_sampled_and_says_so(lender, needs_evidently, monkeypatch):
    monkeypatch.setattr(monitor, "COMPARED_ROWS", 1000)
    for seed in range(10, 15):
        lender.record_scores(600, seed=seed, day=DAY - timedelta(days=seed - 10))

    summary = run(lender)

    assert summary["rows"] == {
        "reference": 3000,
        "window": 3000,
        "reference_compared": 1000,
        "window_compared": 1000,
    }
    again = run(lender, now=NOW + timedelta(seconds=1))
    assert again["default_probability"] == summary["default_probability"]
