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
    kept = histograms_bytes([], [np.empty((0, 3), np.intp)] * len(EVERYBODY), EVERYBODY)
    for week in range(WEEKS):
        folder = f"date={DAY - timedelta(days=1 + 7 * week)}/020000"
        summary = {"model": {"version": "v"}, "findings": [found]}
        reports.write(f"{folder}/summary.json", json.dumps(summary).encode())
        reports.write(f"{folder}/{HISTOGRAMS}", kept)
    return read_baseline(reports, version="v", start=DAY)


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
