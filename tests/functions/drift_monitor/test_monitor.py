"""Whole runs over real folders."""

import json
from datetime import timedelta

import numpy as np
import pytest
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.stored.score_records import Purpose

from functions.drift_monitor.monitor import Stores, judge_window, write_report
from functions.drift_monitor.records import reading
from functions.drift_monitor.records.compaction import compact
from functions.drift_monitor.window import read_window
from tests.functions.drift_monitor.lender import DAY, NOW, Lender, model

FOLDER = "date=2026-03-10/030405"
FILES = [f"{FOLDER}/{name}" for name in ("report.html", "report.json", "summary.json")]


def judge(lender, event=None, *, now=NOW, minimum_rows=200):
    stores = Stores(
        models=lender.models,
        records=lender.records,
        reports=lender.reports,
        acknowledged=lender.acknowledged,
    )
    compact(lender.records)
    window = read_window(event or {}, today=now.date())
    return stores, judge_window(stores, window=window, now=now, minimum_rows=minimum_rows)


def run(lender, event=None, **options):
    """The summary of the verdict, before any report."""
    return judge(lender, event, **options)[1].summary


def read(lender, key):
    return json.loads(lender.reports.read(key))


def findings(summary):
    return [(f["kind"], f["columns"], f["source"]) for f in summary["findings"]]


def test_few_scores_are_no_verdict(lender):
    lender.record_scores(199)
    summary = run(lender)
    assert summary["status"] == "insufficient"
    assert summary["rows"] == {"reference": 3000, "window": 199, "window_compared": 199}
    assert "findings" not in summary
    assert lender.written() == [f"{FOLDER}/summary.json", "latest.json"]


def test_a_window_without_a_score_is_no_verdict_either(lender):
    assert run(lender)["rows"]["window"] == 0


def test_an_older_bundle_is_no_verdict_and_says_why(tmp_path):
    lender = Lender(str(tmp_path))
    lender.publish_model(monitored=False)
    lender.record_scores(500)
    summary = run(lender)
    assert summary["status"] == "insufficient"
    assert "train and publish it anew" in summary["reason"]


def test_without_a_champion_nothing_is_written(tmp_path):
    lender = Lender(str(tmp_path))
    with pytest.raises(ArtifactMissing) as missing:
        run(lender)
    assert "publish" in str(missing.value)
    assert not missing.value.retryable
    assert lender.written() == []


@pytest.mark.parametrize("name", ["reference.npz", "monitoring.npz", "forest.npz", "manifest.json"])
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
    lender.record_scores(300, seed=3, branch="paris-01", day=DAY - timedelta(days=7))
    lender.record_scores(10, seed=4, branch="paris-01", day=DAY - timedelta(days=6))
    lender.record_scores(20, seed=5)
    lender.model = model("0123456789ab")
    lender.record_scores(300, seed=6, branch="paris-01")
    summary = run(lender)
    assert summary["rows"]["window"] == 30
    assert summary["sources"] == {"paris-01": 10, "api c0ffee": 20}


def test_an_applicant_who_is_scored_again_counts_once_as_of_the_last_time(lender):
    who = range(1, 101)
    lender.record_scores(100, who=who, branch="paris-01", day=DAY - timedelta(days=3))
    for n in range(3):  # the same file again
        lender.record_scores(
            100, who=who, branch="lyon-02", day=DAY - timedelta(days=2), name=f"again {n}"
        )
    for n in range(50):  # the branch's own system asks again and again
        lender.record_scores(1, who=[7], name=f"asked {n}")
    lender.record_scores(5, who=[0] * 5)  # who sends no id may be anybody
    summary = run(lender)
    assert summary["rows"]["window"] == 105
    assert summary["sources"] == {"lyon-02": 99, "api c0ffee": 6}


def test_without_an_id_the_same_features_count_once_as_of_the_last_time(lender):
    for n in range(40):  # a page that asks again with every key
        ago = timedelta(days=n % 6)
        lender.record_scores(1, seed=30, who=[0], name=f"typed {n}", day=DAY - ago)
    lender.record_scores(1, seed=30, who=[0], branch="paris-01")  # the same afterwards in a file
    lender.record_scores(8, seed=31, who=[0] * 8)  # each other features
    lender.record_scores(1, seed=30, who=[7], name="with an id")
    summary = run(lender)
    assert summary["rows"]["window"] == 1 + 8 + 1
    assert sum(summary["sources"].values()) == 10


def test_an_asking_program_without_ids_does_not_shift_the_population(lender):
    """A third of all calls, and nobody but one applicant."""
    lender.record_scores(1000)
    for n in range(500):
        lender.record_scores(1, seed=30, who=[0], name=f"typed {n}")
    assert findings(run(lender)) == []


def test_whose_features_are_kept_no_longer_counts_each_time(lender):
    for n in range(3):
        lender.record_scores(1, seed=30, who=[0], name=f"typed {n}")
    compact(lender.records)
    for key in list(lender.records.list("values/")):
        lender.records.delete(key)
    assert run(lender)["rows"]["window"] == 3


@pytest.mark.parametrize("purpose", [Purpose.VIEW, Purpose.WHAT_IF, Purpose.CANARY])
def test_who_is_only_looked_at_tried_or_made_up_does_not_count(lender, purpose):
    lender.record_scores(5, who=[0] * 5)
    for n in range(50):
        lender.record_scores(1, who=[0], purpose=purpose, name=f"opened {n}")
    assert run(lender)["rows"]["window"] == 5


def test_an_unmoved_population_has_no_finding(lender):
    lender.record_scores(1500)
    summary = run(lender)
    assert summary["status"] == "measured"
    assert summary["findings"] == []
    assert summary["window"] == {"start": "2026-03-04", "end": "2026-03-10", "days": 7}
    pd = summary["default_probability"]
    assert pd["refused_in_window"] == pytest.approx(pd["refused_in_reference"], abs=0.05)


def test_a_run_names_what_is_wrong_where_and_in_which_file(lender):
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    lender.record_scores(300, seed=15, branch="paris-01", credit=100, name="broken")
    lender.record_scores(300, seed=16, branch="paris-01", name="sound")
    lender.refuse("lyon-02", [("unknown_category", "NAME_INCOME_TYPE", 40)])
    lender.record_scores(300, seed=17, branch="lyon-02")
    summary = run(lender)
    unit, category = summary["findings"]
    assert findings(summary) == [
        ("unit_change", ["AMT_CREDIT"], "paris-01"),
        ("new_category", ["NAME_INCOME_TYPE"], "lyon-02"),
    ]
    assert unit["measures"] == {"factor": 100.0}
    assert unit["files"] == ["file-broken"]
    assert "AMT_CREDIT about 100 times what it was" in unit["text"]
    assert category["measures"] == {"refused": 40, "share": pytest.approx(40 / 340, abs=1e-6)}


UNKNOWN_WORD = ("unknown_category", "NAME_INCOME_TYPE")


def send_again(lender, *, scored, refused, contents, days=(0, 0, 0)):
    """One branch of six sends files of these contents, the same rows in each."""
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    who = range(1, scored + 1)
    for n, (content, ago) in enumerate(zip(contents, days, strict=True)):
        file = {"name": f"sent-{n}", "content": content, "day": DAY - timedelta(days=ago)}
        lender.record_scores(scored, seed=17, branch="lyon-02", who=who, **file)
        lender.refuse("lyon-02", [(*UNKNOWN_WORD, refused)], **file)


@pytest.mark.parametrize("days", [(0, 0, 0), (2, 1, 0)], ids=["on one day", "on three days"])
@pytest.mark.parametrize(
    ("scored", "refused"), [(396, 4), (58, 2)], ids=["one row in a hundred", "two rows of sixty"]
)
def test_a_file_that_is_sent_three_times_calls_nobody(lender, scored, refused, days):
    """Once it would not either; six refused rows of the smaller one would."""
    send_again(lender, scored=scored, refused=refused, contents=["same"] * 3, days=days)
    summary = run(lender)
    assert summary["sources"]["lyon-02"] == scored
    assert findings(summary) == []


def test_three_files_that_only_look_alike_call_somebody_for_all_they_brought(lender):
    send_again(lender, scored=58, refused=2, contents=["first", "second", "third"])
    [found] = run(lender)["findings"]
    assert found["measures"] == {"refused": 6, "share": pytest.approx(6 / 180, abs=1e-6)}


def test_a_file_sent_again_does_not_make_what_is_refused_a_smaller_share(lender):
    for n in range(9):
        file = {"name": f"sent-{n}", "content": "sound"}
        lender.record_scores(300, seed=17, branch="lyon-02", who=range(300), **file)
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    lender.refuse("lyon-02", [(*UNKNOWN_WORD, 20)], content="spoilt")
    [found] = run(lender)["findings"]
    assert found["measures"] == {"refused": 20, "share": pytest.approx(20 / 320, abs=1e-6)}


def test_a_file_whose_rows_are_taken_when_it_comes_again_has_none_refused(lender):
    """As after a release that knows the word."""
    send_again(lender, scored=58, refused=40, contents=["same"], days=[1])
    again = {"name": "again", "content": "same"}
    lender.record_scores(98, seed=17, branch="lyon-02", who=range(1, 99), **again)
    assert findings(run(lender)) == []


@pytest.mark.parametrize("scored", [0, 10], ids=["none scored", "few scored"])
def test_the_file_that_is_named_is_the_one_whose_rows_were_refused(lender, scored):
    """Also where none of its rows was scored, so that it brought nobody."""
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    lender.record_scores(300, seed=17, branch="lyon-02", name="sound")
    lender.record_scores(300, seed=18, branch="lyon-02", name="nearly-sound")
    lender.refuse("lyon-02", [(*UNKNOWN_WORD, 1)], name="nearly-sound")
    if scored:
        lender.record_scores(scored, seed=19, branch="lyon-02", name="spoilt")
    lender.refuse("lyon-02", [(*UNKNOWN_WORD, 40)], name="spoilt")
    [found] = run(lender)["findings"]
    assert found["files"] == ["file-spoilt"]
    assert found["text"].endswith("file file-spoilt)")


def test_of_a_file_that_was_sent_again_the_last_one_is_named(lender):
    send_again(lender, scored=58, refused=20, contents=["same"] * 3, days=[2, 1, 0])
    [found] = run(lender)["findings"]
    assert found["files"] == ["file-sent-2"]


def test_few_refused_rows_of_many_files_are_told_of_each_of_these(lender):
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    for n in range(4):
        lender.record_scores(58, seed=20 + n, branch="lyon-02", name=f"sent-{n}")
        lender.refuse("lyon-02", [(*UNKNOWN_WORD, 2)], name=f"sent-{n}")
    [found] = run(lender)["findings"]
    assert found["files"] == [f"file-sent-{n}" for n in range(4)]


def test_the_same_file_from_two_branches_is_told_of_both(lender):
    for seed in range(10, 15):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
    for branch in ("lyon-02", "nice-03"):
        same = {"name": branch, "content": "same"}
        lender.record_scores(90, seed=17, branch=branch, who=range(1, 91), **same)
        lender.refuse(branch, [(*UNKNOWN_WORD, 10)], **same)
    summary = run(lender)
    assert summary["sources"]["lyon-02"] + summary["sources"]["nice-03"] == 90
    assert [(f["source"], f["files"], f["measures"]) for f in summary["findings"]] == [
        (branch, [f"file-{branch}"], {"refused": 10, "share": 0.1})
        for branch in ("lyon-02", "nice-03")
    ]


def test_rows_of_a_branch_that_are_refused_for_another_cause_are_told_beside_everybodys(lender):
    for seed in range(10, 18):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}")
        lender.refuse(f"branch-{seed}", [("out_of_range", "AMT_CREDIT", 40)])
    lender.record_scores(300, seed=30, branch="lyon-02")
    lender.refuse("lyon-02", [("not_a_number", "AMT_CREDIT", 100)])
    found = {(f["source"], f["measures"]["cause"]) for f in run(lender)["findings"]}
    assert found == {("", "out_of_range"), ("lyon-02", "not_a_number")}


def test_rows_refused_are_a_share_of_all_that_were_sent_not_of_those_drawn(lender, monkeypatch):
    monkeypatch.setattr(reading, "OF_A_SOURCE", 100)
    monkeypatch.setattr(reading, "OF_EVERYBODY", 300)
    lender.record_scores(3000, seed=17, branch="lyon-02")
    lender.refuse("lyon-02", [("unknown_category", "NAME_INCOME_TYPE", 30)])
    assert findings(run(lender)) == []


def test_rows_refused_under_the_model_before_are_a_share_of_all_that_were_sent(lender):
    """A new champion has one day, what was refused has seven: 16 of 1,908 rows call nobody."""
    lender.record_scores(1600, seed=16, branch="lyon-02", day=DAY - timedelta(days=1))
    lender.model = model()
    lender.publish_model(rows=3001)
    lender.record_scores(300, seed=17, branch="lyon-02")
    lender.refuse("lyon-02", [("unknown_category", "NAME_INCOME_TYPE", 16)])
    summary = run(lender)
    assert summary["rows"]["window"] == 300
    assert findings(summary) == []


@pytest.mark.parametrize("scored", [0, 10])
def test_a_branch_whose_rows_are_nearly_all_refused_is_named(lender, scored):
    """Of 6,060 rows sent its sixty are one in a hundred."""
    for seed in range(10, 16):
        lender.record_scores(1000, seed=seed, branch=f"branch-{seed}")
    if scored:
        lender.record_scores(scored, seed=17, branch="lyon-02")
    lender.refuse("lyon-02", [("unknown_category", "NAME_INCOME_TYPE", 60)])
    lender.refuse("nice-03", [("unknown_category", "NAME_INCOME_TYPE", 40)])  # too few to say
    assert findings(run(lender)) == [("new_category", ["NAME_INCOME_TYPE"], "lyon-02")]


@pytest.mark.parametrize("refused", [0, 40])
def test_rows_refused_do_not_hide_that_costs_rise(lender, refused):
    """They explain no cost of those who were scored, and may be known of for ninety days."""
    for seed in range(10, 18):
        lender.record_scores(300, seed=seed, branch=f"branch-{seed}", weaker_scores=0.15)
        if refused:
            lender.refuse(f"branch-{seed}", [("out_of_range", "AMT_CREDIT", refused)])
    kinds = {f["kind"] for f in run(lender)["findings"]}
    assert kinds == {"population_shift", "cost_rise"} | ({"refused_rows"} if refused else set())


def test_estimates_are_given_for_all_and_for_each_source(lender):
    lender.record_scores(1000, seed=3, branch="paris-01")
    lender.record_scores(1000, seed=4, branch="lyon-02", weaker_scores=0.2)
    estimated = run(lender)["estimated"]
    assert set(estimated["by_source"]) == {"paris-01", "lyon-02"}
    rates = {name: each["default_rate"]["value"] for name, each in estimated["by_source"].items()}
    assert rates["lyon-02"] > 1.2 * rates["paris-01"]
    everywhere = estimated["everywhere"]["default_rate"]
    assert everywhere["low"] < everywhere["value"] < everywhere["high"]
    assert everywhere["value"] == pytest.approx(np.mean(list(rates.values())), abs=0.01)


def test_the_verdict_is_out_before_the_report_is_made(lender):
    lender.record_scores(1500, credit=1.5)
    summary = run(lender)
    assert lender.written() == [f"{FOLDER}/histograms.npz", f"{FOLDER}/summary.json", "latest.json"]
    assert read(lender, "latest.json") == read(lender, FILES[2]) == summary
    assert summary["report"] == {}


def test_the_report_follows_and_the_summary_names_it(lender, needs_evidently):
    lender.record_scores(1500, credit=1.5)
    stores, verdict = judge(lender)
    summary = write_report(stores, verdict)
    assert lender.written() == [f"{FOLDER}/histograms.npz", *FILES, "latest.json"]
    assert read(lender, FILES[2]) == read(lender, "latest.json") == summary
    assert summary["report"] == {"report.html": FILES[0], "report.json": FILES[1]}
    assert summary["features"]["compared"] == 3
    assert summary["features"]["drifted"] == 1
    html = lender.reports.read(FILES[0]).decode()
    assert lender.model.version in html
    assert "2026-03-04 to 2026-03-10" in html


def test_a_look_back_leaves_the_latest_run_alone(lender):
    lender.record_scores(50)
    latest = run(lender)
    later = NOW + timedelta(days=1)
    past = run(lender, {"date": "2026-03-09", "window_days": 2}, now=later)
    assert past["window"]["end"] == "2026-03-09"
    assert (latest["nightly"], past["nightly"]) == (True, False)
    assert "date=2026-03-09/030405/summary.json" in lender.written()
    assert read(lender, "latest.json") == latest


def test_a_run_that_cannot_finish_writing_is_never_the_latest(lender):
    lender.record_scores(50)
    first = run(lender)
    (lender.reports.folder / "date=2026-03-10/040000/summary.json/in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        run(lender, now=NOW.replace(hour=4, minute=0, second=0))
    assert read(lender, "latest.json") == first


def test_a_large_window_is_sampled_small_sources_are_not_and_it_says_so(lender, monkeypatch):
    monkeypatch.setattr(reading, "OF_EVERYBODY", 1000)
    monkeypatch.setattr(reading, "OF_A_SOURCE", 200)
    for seed in range(10, 15):
        lender.record_scores(600, seed=seed, day=DAY - timedelta(days=seed - 10))
    missing = {"EXT_SOURCE_2": np.nan}
    lender.record_scores(60, seed=20, branch="paris-01", **missing)
    summary = run(lender)
    assert summary["rows"] == {"reference": 3000, "window": 3060, "window_compared": 1000}
    assert findings(summary) == [("missing", ["EXT_SOURCE_2"], "paris-01")]
    assert summary["findings"][0]["rows"] == 60
    again = run(lender, now=NOW + timedelta(seconds=1))
    assert again["estimated"] == summary["estimated"]
