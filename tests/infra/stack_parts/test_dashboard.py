"""The operator's page shows what is there, by the names under which it is counted."""

import json
import re

from credit_scoring.metrics import EMITTED, NAMESPACE, Metric


def widgets(template) -> list[dict]:
    """As CloudWatch reads them: references are written out as their logical ids."""
    [dashboard] = template.all("AWS::CloudWatch::Dashboard").values()
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    texts = [part if isinstance(part, str) else next(iter(part.values())) for part in parts]
    flat = "".join(text if isinstance(text, str) else text[0] for text in texts)
    return json.loads(flat)["widgets"]


def metrics(template) -> list[list]:
    return [metric for widget in widgets(template) for metric in widget["properties"]["metrics"]]


def test_it_shows_traffic_latency_verdicts_findings_cost_canary_and_queues(template) -> None:
    titles = " ".join(widget["properties"]["title"] for widget in widgets(template)).lower()
    for subject in ("traffic", "latency", "verdicts", "findings", "cost", "canary", "queues"):
        assert subject in titles


def test_each_of_our_metrics_is_shown_as_the_service_emits_it(template) -> None:
    own = [metric for metric in metrics(template) if metric[0] == NAMESPACE]
    assert own
    for _, name, dimension, service, *_ in own:
        assert dimension == "service"
        assert name in EMITTED[service]


def test_every_class_of_finding_is_shown(template) -> None:
    shown = {metric[1] for metric in metrics(template)}
    watched = {
        alarm["MetricName"]
        for alarm in template.all("AWS::CloudWatch::Alarm").values()
        if alarm.get("Period") == 86_400
    }
    assert watched - {Metric.REPORT_FAILURES} <= shown


def test_its_name_is_an_output(template) -> None:
    [dashboard] = template.all("AWS::CloudWatch::Dashboard").values()
    assert template.body["Outputs"]["DashboardName"]["Value"] == dashboard["DashboardName"]
    assert re.search("StackName", json.dumps(dashboard["DashboardName"]))
