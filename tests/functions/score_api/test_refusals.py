"""What is refused, how, and that it is never a server error."""

import base64
import json

import pytest

from tests.functions.score_api.conftest import get_event, read_event

PROBLEM_KEYS = {"type", "title", "status", "detail", "request_id", "errors"}


def assert_problem(reply, status: int) -> None:
    assert reply.status == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert set(reply.body) == PROBLEM_KEYS
    assert reply.body["status"] == status
    assert reply.body["detail"].endswith(".")
    assert reply.body["request_id"] == "UaJ2tgF7iGYEM5Q="


@pytest.mark.parametrize(
    "body",
    ["", "not json", "[1, 2]", "1", "null", '"text"', '{"AMT_CREDIT": NaN}',
     '{"AMT_CREDIT": Infinity}', '{"AMT_CREDIT": -Infinity}', '{"AMT_CREDIT": 1, "AMT_CREDIT": 2}',
     '{"AMT_CREDIT": {"a": 1, "a": 1}}', '{"AMT_CREDIT": 1} {}', "{'AMT_CREDIT': 1}",
     "[" * 30_000, '{"a":' * 9 + "1" + "}" * 9, '{"AMT_CREDIT": ' + "9" * 5_000 + "}",
     "\ufeff{}", '{"AMT_CREDIT": 01}', '{"a": "\t"}'],
)  # fmt: skip
def test_a_body_that_is_not_one_strict_json_object_is_400(api, body):
    assert_problem(api.post("predict", body), 400)


def test_a_request_without_a_body_is_400(api):
    event = read_event("predict")
    del event["body"]
    assert_problem(api.send(event), 400)


def test_a_base64_body_is_read(api):
    event = read_event("predict")
    event |= {"body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}
    assert api.send(event).status == 200


@pytest.mark.parametrize("body", ["!!!!", "/w==", "abc"])
def test_a_base64_body_that_is_no_text_is_400(api, body):
    assert_problem(api.send(read_event("predict") | {"body": body, "isBase64Encoded": True}), 400)


@pytest.mark.parametrize("fill", [" ", "x", "[", "é"])
@pytest.mark.parametrize("name", ["predict", "uploads"])
def test_a_body_above_64_kib_is_413_before_it_is_parsed(api, name, fill):
    assert_problem(api.post(name, fill * (65_536 // len(fill.encode()) + 1)), 413)


@pytest.mark.parametrize("size", [65_537, 5_000_000])
def test_a_base64_body_above_64_kib_is_413(api, size):
    body = base64.b64encode(b"x" * size).decode()
    assert_problem(api.send(read_event("predict") | {"body": body, "isBase64Encoded": True}), 413)


def test_a_body_of_exactly_64_kib_is_read(api, record):
    text = json.dumps(record)
    assert api.post("predict", text + " " * (65_536 - len(text))).status == 200


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [
        ("AMT_CREDIT", "much", "wrong_type"),
        ("AMT_CREDIT", True, "wrong_type"),
        ("AMT_CREDIT", [1], "wrong_type"),
        ("AMT_CREDIT", [[[[[[1]]]]]], "wrong_type"),
        ("AMT_CREDIT", {"a": 1}, "wrong_type"),
        ("AMT_CREDIT", None, "missing"),
        ("AMT_CREDIT", -5, "out_of_range"),
        ("AMT_CREDIT", 10**300, "out_of_range"),
        ("DAYS_BIRTH", -9000.5, "not_integer"),
        ("NAME_INCOME_TYPE", "Pirate", "unknown_category"),
        ("SK_ID_CURR", "a b", "wrong_type"),
        ("SK_ID_CURR", 10**100, "wrong_type"),
        ("FAVOURITE_COLOUR", "blue", "unknown_field"),
    ],
)
def test_a_value_that_breaks_the_contract_is_named(api, record, field, value, cause):
    reply = api.post("predict", record | {field: value})
    assert_problem(reply, 422)
    [error] = reply.body["errors"]
    assert set(error) == {"field", "value", "allowed", "cause", "message"}
    assert (error["field"], error["cause"]) == (field, cause)
    assert error["allowed"]
    assert field in error["message"]


def test_a_number_too_large_for_a_float_is_named(api, record):
    text = json.dumps(record | {"AMT_CREDIT": 0}).replace('"AMT_CREDIT": 0', '"AMT_CREDIT": 1e999')
    reply = api.post("predict", text)
    assert_problem(reply, 422)
    assert reply.body["errors"][0]["cause"] == "not_finite"


def test_an_empty_object_names_every_required_field(api):
    reply = api.post("predict", {})
    assert_problem(reply, 422)
    assert [error["field"] for error in reply.body["errors"]] == [
        "AMT_INCOME_TOTAL", "AMT_CREDIT", "DAYS_BIRTH",
    ]  # fmt: skip
    assert reply.body["detail"].startswith("3 fields break")


def test_thousands_of_wrong_fields_give_a_bounded_answer(api, record):
    reply = api.post("predict", record | {f"F{n}": n for n in range(4_000)})
    assert_problem(reply, 422)
    assert len(reply.body["errors"]) == 100


@pytest.mark.parametrize("applicant_id", ["nobody", "%20", "a" * 33, "%2e%2e%2f", "Zoé", "a%00b"])
def test_an_unknown_applicant_is_404_and_never_scored(api, applicant_id, logs):
    assert_problem(api.get("applicant", id=applicant_id), 404)
    assert_problem(api.get("applicant_score", id=applicant_id), 404)
    assert "Scores" not in logs.counts()


def test_an_unknown_address_is_404(api):
    event = get_event("applicant")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/api/nothing"
    assert_problem(api.send(event), 404)


@pytest.mark.parametrize(("name", "method", "allowed"), [
    ("predict", "GET", "POST"), ("applicant", "DELETE", "GET"), ("batch", "POST", "GET"),
])  # fmt: skip
def test_a_wrong_method_is_405_and_says_which_is_right(api, name, method, allowed):
    event = read_event(name)
    event["requestContext"]["http"]["method"] = method
    reply = api.send(event)
    assert_problem(reply, 405)
    assert reply.headers["Allow"] == allowed


def test_refusals_are_counted(api, record, logs):
    api.post("predict", record | {"AMT_CREDIT": -5})
    api.post("predict", "not json")
    assert logs.counts() == {"Requests": 2, "InvalidApplicants": 1}
