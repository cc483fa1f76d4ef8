"""What stood for four weeks calls nobody, until it goes further."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from credit_scoring.aws.storage import open_store

from functions.drift_monitor.baseline import (
    HISTOGRAMS,
    WEEKS,
    histograms_bytes,
    mark_standing,
    read_baseline,
)
from functions.drift_monitor.finding import Finding, Kind
from functions.drift_monitor.raw_columns import RawColumns
from tests.functions.drift_monitor.lender import DAY, SCHEMA

COLUMNS = RawColumns(SCHEMA)
EVERYBODY = [np.array([0, 500, 500], np.intp) for _ in COLUMNS.names]
NOW = {"": EVERYBODY}


def four_weeks_of(reports, finding):
    """As the summaries of four weeks keep it, with columns that did not move."""
    found = {
        "kind": finding.kind.value,
        "source": finding.source,
        "columns": list(finding.columns),
        "measures": dict(finding.measures),
    }
    for week in range(WEEKS):
        keep_run(reports, DAY - timedelta(days=1 + 7 * week), findings=[found], nightly=True)
    return read_baseline(reports, version="v", start=DAY)


def keep_run(reports, day, *, time="020000", **facts):
    """As a run over the days up to this one leaves it."""
    kept = histograms_bytes([], [np.empty((0, 3), np.intp)] * len(EVERYBODY), EVERYBODY)
    summary = {"model": {"version": "v"}, "findings": []} | facts
    reports.write(f"date={day}/{time}/summary.json", json.dumps(summary).encode())
    reports.write(f"date={day}/{time}/{HISTOGRAMS}", kept)


@pytest.mark.parametrize(
    ("finding", "further"),
    [
        (
            Finding(
                Kind.REFUSED, ("AMT_CREDIT",), "", 1000, measures={"share": 0.06, "refused": 60}
            ),
            {"share": 0.9, "refused": 9000},
        ),
        (
            Finding(Kind.CATEGORY, ("(other)",), "", 1000, measures={"share": 0.03, "refused": 90}),
            {"share": 0.06, "refused": 180},
        ),
        (Finding(Kind.COST, (), "", 1000, measures={"rise": 0.12}), {"rise": 0.5}),
        (Finding(Kind.UNIT, ("AMT_CREDIT",), "", 1000, measures={"factor": 10.0}), {"factor": 1e3}),
        (
            Finding(
                Kind.POPULATION,
                ("probability_of_default",),
                "",
                1000,
                measures={"psi": 0.2, "threshold": 0.1},
            ),
            {"psi": 0.9},
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Finding) else "",
)
def test_what_stands_is_called_again_when_it_goes_further_where_no_histogram_shows_it(
    tmp_path, finding, further
):
    baseline = four_weeks_of(open_store(str(tmp_path)), finding)

    def is_standing(now):
        [marked] = mark_standing([now], NOW, baseline, COLUMNS, alpha=1e-4)
        return marked.is_standing

    assert is_standing(finding)
    assert not is_standing(replace(finding, measures=finding.measures | further))


def test_a_few_rows_more_at_the_door_of_a_small_source_are_chance(tmp_path):
    finding = Finding(Kind.REFUSED, ("X",), "", 50, measures={"share": 0.1, "refused": 6})
    baseline = four_weeks_of(open_store(str(tmp_path)), finding)
    now = replace(finding, measures={"share": 0.16, "refused": 10})
    [marked] = mark_standing([now], NOW, baseline, COLUMNS, alpha=1e-4)
    assert marked.is_standing


def test_rows_that_are_refused_for_another_cause_do_not_stand_with_those_before(tmp_path):
    about = {"share": 0.1, "refused": 100, "cause": "out_of_range"}
    finding = Finding(Kind.REFUSED, ("AMT_CREDIT",), "", 1000, measures=about)
    baseline = four_weeks_of(open_store(str(tmp_path)), finding)
    other = replace(finding, measures=about | {"cause": "not_a_number"})
    marked = mark_standing([finding, other], NOW, baseline, COLUMNS, alpha=1e-4)
    assert [each.is_standing for each in marked] == [True, False]


LAST = DAY - timedelta(days=1)
FOUND = {"kind": "missing", "source": "", "columns": ["AMT_CREDIT"]}


def earlier_version(*, days=7, measured_on):
    """What a summary told before it said whether it was the nightly one."""
    window = {"start": str(LAST), "end": str(LAST), "days": days}
    return {"window": window, "measured_at": f"{measured_on}T02:00:11+00:00"}


@pytest.mark.parametrize(
    ("nightly", "other"),
    [
        ({"nightly": True}, {"nightly": False}),
        (
            earlier_version(measured_on=DAY),
            earlier_version(measured_on=DAY + timedelta(days=9)),
        ),
        (earlier_version(measured_on=DAY), earlier_version(measured_on=DAY, days=30)),
        ({"nightly": True}, {"nightly": True, "model": 7}),
    ],
    ids=["look back", "look back of before", "other days of before", "damaged"],
)
@pytest.mark.parametrize("time", ["010000", "235959"])
def test_weeks_before_are_those_that_the_nightly_run_saw(tmp_path, nightly, other, time):
    """Whoever looks back at other days would else make what stands new, or what is new stand."""
    reports = open_store(str(tmp_path))
    keep_run(reports, LAST, findings=[FOUND], **nightly)
    keep_run(reports, LAST, time=time, **other)
    [run] = read_baseline(reports, version="v", start=DAY)
    assert list(run.measures) == [("missing", "", "AMT_CREDIT", "")]


def test_of_two_nightly_runs_the_newer_one_counts(tmp_path):
    reports = open_store(str(tmp_path))
    keep_run(reports, LAST, nightly=True)
    keep_run(reports, LAST, time="030000", nightly=True, findings=[FOUND])
    [run] = read_baseline(reports, version="v", start=DAY)
    assert run.measures


def test_a_day_that_was_only_looked_back_at_is_none_of_the_weeks_before(tmp_path):
    reports = open_store(str(tmp_path))
    keep_run(reports, LAST, nightly=False)
    assert read_baseline(reports, version="v", start=DAY) == []
