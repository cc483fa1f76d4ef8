"""Nothing that was sent, and nothing of a person, reaches a log line, a metric or a key."""

import json

import pytest

from functions.score_api.all_routes import RULES
from functions.score_api.app import make_app
from functions.score_api.http.outcomes import LOGGED_KEYS
from functions.score_api.route import Route
from tests.functions.score_api.callers import ask, person, request
from tests.functions.score_api.conftest import get_event, read_event
from tests.record_stream import delivered_lines

CANARY = "Kanari7261"
NUMBER = 726_172.125
# In every line, whatever it tells.
ALWAYS = {"level", "message", "timestamp", "service", "xray_trace_id"}


def clean(logs) -> None:
    lines = logs.lines()
    assert lines, logs.text
    for line in lines:
        assert set(line) <= {*LOGGED_KEYS, *ALWAYS}
    assert CANARY.lower() not in logs.text.lower()
    assert "726172" not in logs.text
    assert "100002" not in logs.text


def test_a_request_is_one_line_and_that_line_is_bounded(api, record, logs):
    api.post("predict", record)
    [line] = logs.lines()
    assert line["route"] == "POST /api/predict"
    assert (line["status"], line["request_id"]) == (200, "UaJ2tgF7iGYEM5Q=")
    assert line["decision"] in ("accept", "refuse")
    assert 0 < line["seconds"] < 5
    clean_keys = set(line) - ALWAYS
    assert clean_keys == {
        "request_id", "route", "client", "status", "seconds", "model_version", "decision",
    }  # fmt: skip


def test_a_scored_application_leaves_no_value_in_the_log(api, profile, record, logs):
    api.post("predict", record | {"AMT_CREDIT": NUMBER})
    api.get("applicant", id="100002")
    api.get("applicant_score", id="100002")
    clean(logs)


@pytest.mark.parametrize("name", ["applicant", "applicant_score"])
def test_who_asks_for_whom_is_kept_and_neither_is_named(api, profile, logs, name):
    words = api.module.service.pseudonyms
    event = get_event(name, id="100002")
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["username"] = CANARY
    api.send(event)
    api.get(name, id="7")  # nobody's: that somebody asked is kept as well
    first, second = logs.lines()
    assert first["reader"] == words.word("reader", CANARY)
    assert first["applicant"] == words.word("applicant", "100002")
    assert second["applicant"] == words.word("applicant", "7")
    told = json.dumps([first, second])
    assert CANARY not in told
    assert "100002" not in told


def test_no_field_of_the_contract_leaks_when_it_is_wrong(api, record, logs):
    from credit_scoring.contract.columns import INPUTS

    for name in INPUTS:
        assert api.post("predict", record | {name: CANARY + " " + CANARY}).status == 422
    clean(logs)


@pytest.mark.parametrize(
    "body",
    [CANARY, f'{{"{CANARY}": 1}}', f'{{"SK_ID_CURR": "{CANARY}!"}}', f'["{CANARY}"]',
     f'{{"{CANARY}": "{CANARY}", "{CANARY}": NaN}}', CANARY * 10_000],
)  # fmt: skip
@pytest.mark.parametrize("name", ["predict", "uploads"])
def test_no_refused_body_leaks(api, name, body, logs):
    assert 400 <= api.post(name, body).status < 500
    clean(logs)


def test_no_path_or_query_leaks(api, logs):
    api.get("applicant", id=CANARY)
    api.get("applicant_score", id=CANARY)
    api.get("batch", batch=f"{CANARY}/{CANARY}.csv")
    api.get("batch", batch=CANARY)
    event = read_event("applicants")
    event |= {"queryStringParameters": {"query": CANARY}, "rawQueryString": f"query={CANARY}"}
    api.send(event)
    event = get_event("applicant")
    event["rawPath"] = event["requestContext"]["http"]["path"] = f"/api/{CANARY}"
    api.send(event)
    clean(logs)


def test_no_header_or_claim_leaks(api, record, logs):
    event = read_event("predict") | {"body": json.dumps(record)}
    event["headers"] |= {"authorization": f"Bearer {CANARY}", "cookie": CANARY}
    event["requestContext"]["authorizer"]["jwt"]["claims"]["username"] = CANARY
    api.send(event)
    clean(logs)


def test_nothing_leaks_while_the_storage_is_down(api, profile, outage, logs):
    outage.begin()
    api.post("predict", profile.application | {"AMT_CREDIT": NUMBER})
    api.get("applicant", id="100002")
    api.get("applicant_score", id=CANARY)
    clean(logs)


def test_an_unexpected_error_is_500_without_details_and_logged_without_values(
    api, monkeypatch, logs
):
    def fail(*_):
        raise ValueError(f"cannot read {CANARY}")

    broken = Route("GET /broken", None, fail, dict)
    monkeypatch.setattr(api.module, "app", make_app(api.module.service, [broken]))
    event = get_event("health")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/api/broken"
    reply = api.send(event)
    assert reply.status == 500
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert CANARY not in json.dumps(reply.body)
    assert "ValueError" not in json.dumps(reply.body)
    captured = logs.read()
    [line] = [entry for entry in captured if "_aws" not in entry]
    assert line["error"] == "ValueError"
    assert any("fail" in frame for frame in line["stack"])
    assert CANARY not in logs.text


def test_a_stored_profile_that_breaks_the_contract_leaks_nothing(api, profiles, profile, logs):
    from dataclasses import replace

    broken = profile.application | {"AMT_CREDIT": CANARY, CANARY: 1}
    profiles.put_many([replace(profile, application=broken)])
    assert api.get("applicant_score", id="100002").status == 422
    api.get("applicant", id="100002")
    clean(logs)


def test_metrics_have_no_dimension_but_the_service(api, record, logs):
    api.post("predict", record)
    [entry] = [entry for entry in logs.read() if "_aws" in entry]
    [directive] = entry["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "CreditScoring"
    assert directive["Dimensions"] == [["service"]]
    assert entry["Scores"] == [1.0]


def test_score_records_hold_no_id(api, record):
    api.post("predict", record)
    [line] = delivered_lines("results")
    assert line["applicant"] is not None
    assert "100002" not in json.dumps(line)


EVERYBODY = person("advisor", "back-office", "operator", "data-scientist", "branch-paris-01")
BODIES = [
    CANARY, f'"{CANARY}"', f'{{"{CANARY}": "{CANARY}"}}', f'{{"{CANARY}": 1, "{CANARY}": 2}}',
    *(json.dumps({name: value, CANARY: CANARY})
      for name in ("application", "applications", "applicant_id", "branch", "filename", "changes",
                   "decision", "override_code", "override_reason", "statement", "offer", "agrees",
                   "note", "model_version", "forbidden", "limits")
      for value in (CANARY, [CANARY], {CANARY: CANARY}, [{CANARY: CANARY}], NUMBER)),
]  # fmt: skip


@pytest.mark.parametrize("down", [False, True], ids=["well", "storage down"])
@pytest.mark.parametrize("route", RULES)
def test_no_route_leaks_what_was_sent_nor_who_sent_it(api, profile, outage, logs, route, down):
    """In every part of a path, every parameter, every body; a key of ours holds none of it."""
    if down:
        outage.begin()
    claims = EVERYBODY | {"username": CANARY, "sub": CANARY, "client_id": CANARY}
    path = dict.fromkeys(("id", "batch", "feature"), CANARY)
    parameters = RULES[route].parameters if RULES[route] else ()
    events = [request(route, claims, body=body, **path) for body in BODIES]
    for name in (*parameters, CANARY):
        event = request(route, claims, **path)
        events.append(event | {"queryStringParameters": {name: CANARY}})
    for event in events if route.startswith("POST") else events[-len(parameters) - 1 :]:
        api.send(event)
    clean(logs)
    outage.end()
    assert CANARY not in json.dumps(delivered_lines("results"))


@pytest.mark.parametrize("route", ["POST /predict", "POST /predict/explain", "POST /predict/batch"])
def test_one_callers_values_are_in_no_later_answer_to_another(api, profile, record, route):
    """One environment answers many: nothing of a request may live on in it."""
    marked = record | {"AMT_CREDIT": NUMBER, "ORGANIZATION_TYPE": CANARY, CANARY: CANARY}
    body = {"applications": [marked]} if route.endswith("batch") else marked
    ask(api, route, EVERYBODY, body=body)
    others = person("advisor", "back-office", "operator", "data-scientist", "branch-lyon-02")
    for later in RULES:
        reply = ask(api, later, others, body={"applications": [{}]})
        text = json.dumps([reply.body, reply.headers])
        assert CANARY not in text
        assert "726172" not in text
