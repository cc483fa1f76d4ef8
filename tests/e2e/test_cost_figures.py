"""Sizes that docs/costs.md reckons with, as the local stack has them: `pytest -s` prints them."""

import json

import pytest

from infra.costs import figures
from infra.local.check.observations import predict
from tests.e2e.test_forgetting import decide

pytestmark = pytest.mark.local_cloud("lines of a log are read as soon as they are written")

CALLS = 20
# The demo's model has fewer features than a large one, and ids and hosts other lengths than on AWS.
TOLERANCE = 0.25


def near(measured, figure):
    print(f"\n{figure.what}: {measured:,.0f}")
    return measured == pytest.approx(figure.value, rel=TOLERANCE)


def test_an_answer_to_a_score_is_as_long_as_costs_say(target, token, record):
    reply = target.call("POST", "/predict", token=token, body=record)
    assert near(len(reply.body), figures.ANSWER_BYTES)


def logged_bytes(target):
    """Every line of the API's function, START, END and REPORT included."""
    logs, name = target.access.client("logs"), target.outputs["ScoreApiFunction"]
    function = target.access.client("lambda").get_function_configuration(FunctionName=name)
    group = function["LoggingConfig"]["LogGroup"]
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return sum(len(event["message"].encode()) for page in pages for event in page["events"])


def test_a_score_logs_as_much_as_costs_say(target, token, record):
    predict(target, token, record)
    before = logged_bytes(target)
    for _ in range(CALLS):
        predict(target, token, record)
    assert near((logged_bytes(target) - before) / CALLS, figures.LOG_BYTES)


def test_a_decision_takes_as_much_of_its_table_as_costs_say(target, token, batch):
    applicant_id = next(iter(batch.default_probabilities))
    decide(target, token, applicant_id)
    table = target.outputs["DecisionsTable"]
    items = target.access.client("dynamodb").scan(TableName=table)["Items"]
    sizes = [
        sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())
        for item in items
        if item.get("applicant_id", {}).get("S") == applicant_id
    ]
    assert json.dumps(items)  # text attributes alone, whose size is that of their characters
    assert near(max(sizes), figures.DECISION_BYTES)
