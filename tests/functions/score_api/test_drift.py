"""GET /drift and /drift/{run}: what the monitor wrote is what operators read."""

import json

import pytest
from credit_scoring.aws.storage import open_store

from tests.functions.score_api.callers import ask, person, request
from tests.functions.score_api.conftest import ENVIRONMENT

OPERATOR = person("operator")
RUNS = ("2026-11-18T030012", "2026-11-19T030009", "2026-11-20T030011")


def summary(run):
    report = {"report.html": f"{folder(run)}/report.html"}
    return {"status": "measured", "measured_at": run, "report": report}


def folder(run):
    day, _, time = run.partition("T")
    return f"date={day}/{time}"


@pytest.fixture
def runs(api):
    reports = open_store(ENVIRONMENT["REPORTS_URL"])
    for run in RUNS:
        reports.write(f"{folder(run)}/report.html", b"<html>")
        reports.write(f"{folder(run)}/summary.json", json.dumps(summary(run)).encode())
    reports.write("latest.json", json.dumps(summary(RUNS[-1])).encode())
    return api


def listed(api, **parameters):
    event = request("GET /drift", OPERATOR) | {"queryStringParameters": parameters}
    return api.send(event)


def test_runs_are_listed_newest_first_page_by_page(runs):
    first = listed(runs, limit="2").body
    assert [item["run"] for item in first["items"]] == [RUNS[2], RUNS[1]]
    second = listed(runs, limit="2", cursor=first["cursor"]).body
    assert [item["run"] for item in second["items"]] == [RUNS[0]]
    assert second["cursor"] is None


def test_a_lender_without_runs_has_an_empty_list(api):
    assert listed(api).body == {"items": [], "cursor": None}


@pytest.mark.parametrize("run", [RUNS[0], "latest"])
def test_a_run_tells_its_summary_and_where_its_report_is(runs, run):
    body = ask(runs, "GET /drift/{run}", OPERATOR, run=run).body
    assert body["run"] == run
    assert body["summary"]["status"] == "measured"
    assert "report" not in body["summary"]
    assert "report.html" in body["report_urls"]["report.html"]
    assert "X-Amz-Expires=900" in body["report_urls"]["report.html"]


@pytest.mark.parametrize("run", ["2026-11-18T030013", "x", "..", "2026-11-18", "latest.json"])
def test_what_is_no_run_is_404(runs, run):
    assert ask(runs, "GET /drift/{run}", OPERATOR, run=run).status == 404


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({"limit": "0"}, 400), ({"limit": "101"}, 400), ({"limit": "x"}, 400),
     ({"cursor": "2020-01-01T000000"}, 404), ({"days": "3"}, 400)],
)  # fmt: skip
def test_a_wrong_parameter_is_refused(runs, parameters, status):
    assert listed(runs, **parameters).status == status


def test_advisors_read_no_drift(runs):
    assert ask(runs, "GET /drift", person("advisor", "branch-paris-01")).status == 403
