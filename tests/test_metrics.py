"""A metric has one name: what functions emit and what alarms watch come from one list."""

import re
import subprocess
from collections import Counter

from credit_scoring.metrics import EMITTED, NAMESPACE, OPERATOR_API, SCORE_API, Metric

from tests.repository import ROOT

QUOTED = re.compile(r"[\"'](" + "|".join(Metric) + r")[\"']")


def quoted_metrics(text: str) -> list[str]:
    """Names of metrics that code writes out: such a copy would not follow a new name."""
    called = re.findall(
        r"(?:add_metric|counts\.add|write_one|own_metric|drift_metric)\(\s*[^,)]*", text
    )
    return [found[1] for call in called if (found := QUOTED.search(call))]


def test_every_metric_is_emitted_and_only_what_counts_requests_by_two_services():
    emitted = Counter(metric for metrics in EMITTED.values() for metric in metrics)
    assert set(emitted) == set(Metric)
    several = {metric for metric, services in emitted.items() if services > 1}
    assert several == set(EMITTED[OPERATOR_API]) <= set(EMITTED[SCORE_API])


def test_no_code_writes_the_name_of_a_metric_out():
    listed = subprocess.run(
        ["git", "ls-files", "functions/*.py", "infra/*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    found = {path: quoted_metrics((ROOT / path).read_text(encoding="utf-8")) for path in listed}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_name_that_is_written_out_is_noticed():
    assert quoted_metrics('metrics.add_metric("Scores", MetricUnit.Count, 1)') == ["Scores"]
    assert quoted_metrics('counts.add("Scores", 1)') == ["Scores"]
    assert quoted_metrics("own_metric(\n  'Errors', service=x)") == ["Errors"]


def test_the_operators_page_names_every_metric():
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert f"`{NAMESPACE}`" in page
    named = [f"`{metric}`" in page or f"\n#### {metric}\n" in page for metric in Metric]
    assert [metric for metric, is_named in zip(Metric, named, strict=True) if not is_named] == []
