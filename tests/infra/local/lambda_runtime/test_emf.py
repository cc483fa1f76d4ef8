"""Metrics that functions write as log lines."""

import json

from infra.local.lambda_runtime.emf import read_measurements


def line(**values):
    metrics = [{"Name": "Scored", "Unit": "Count"}, {"Name": "Seconds"}]
    directive = {"Namespace": "N", "Dimensions": [["service"], []], "Metrics": metrics}
    return json.dumps({"_aws": {"CloudWatchMetrics": [directive]}, "service": "api", **values})


def test_every_value_counts_under_every_dimension_set():
    found = list(read_measurements([line(Scored=[1, 2], Seconds=0.5)]))
    assert [(m.name, m.value, m.unit) for m in found if m.dimensions == {"service": "api"}] == [
        ("Scored", 1, "Count"),
        ("Scored", 2, "Count"),
        ("Seconds", 0.5, "None"),
    ]
    assert len(found) == 6


def test_other_lines_and_missing_values_are_skipped():
    lines = ["plain text", '{"level": "INFO"}', '{"CloudWatchMetrics" broken', line(Scored=None)]
    assert list(read_measurements(lines)) == []
