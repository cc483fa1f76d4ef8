"""Whoever comes past CloudFront is refused, with a token or without."""

import json
from http import HTTPStatus

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.errors import StorageError

from functions.score_api import origin as origins
from functions.score_api.app import answer_event, make_app
from functions.score_api.entrance import Entrance
from functions.score_api.http.problems import RequestRefused
from functions.score_api.origin import HEADER, Origin
from functions.score_api.scoring_routes import ROUTES
from tests.functions.score_api.conftest import read_event

pytestmark = pytest.mark.usefixtures("unsent_counts")

CURRENT, PREVIOUS = "c" * 48, "p" * 48


@pytest.fixture
def secret(aws) -> str:
    held = json.dumps({"current": CURRENT, "previous": ""})
    return client("secretsmanager").create_secret(Name="origin", SecretString=held)["ARN"]


def change(secret: str, **values: str) -> None:
    client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(values))


def is_refused(origin: Origin, sent: str | None) -> bool:
    try:
        origin.require({} if sent is None else {HEADER: sent})
    except RequestRefused as error:
        return error.status == HTTPStatus.FORBIDDEN
    return False


def test_cloudfronts_secret_is_let_in_and_nothing_else(secret) -> None:
    origin = Origin(secret)
    assert not is_refused(origin, CURRENT)
    for sent in ("", "x" * 48, CURRENT[:-1], f"{CURRENT} ", "é"):
        assert is_refused(origin, sent), sent
    assert is_refused(origin, None)


def test_while_the_secret_changes_both_are_let_in_and_then_the_new_one_alone(
    secret, monkeypatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(origins.time, "time", lambda: now[0])
    origin = Origin(secret)
    assert not is_refused(origin, CURRENT)
    change(secret, current="n" * 48, previous=CURRENT)
    now[0] += 11  # a process that was started before
    assert not is_refused(origin, CURRENT)
    assert not is_refused(origin, "n" * 48)
    started_after = Origin(secret)
    assert not is_refused(started_after, CURRENT)
    change(secret, current="n" * 48, previous="")
    assert is_refused(Origin(secret), CURRENT)


def test_an_empty_previous_value_lets_nobody_in(secret) -> None:
    origin = Origin(secret)
    assert is_refused(origin, "")
    assert not is_refused(origin, CURRENT)
    assert is_refused(origin, "")


def test_who_guesses_does_not_make_a_call_a_guess(secret, monkeypatch) -> None:
    looks = []
    read = origins.secret_text
    monkeypatch.setattr(origins, "secret_text", lambda name: looks.append(name) or read(name))
    origin = Origin(secret)
    for number in range(50):
        assert is_refused(origin, f"guess {number}")
        assert is_refused(origin, None)
    assert len(looks) == 1


def test_without_the_secret_nobody_is_let_in(aws) -> None:
    with pytest.raises(StorageError):
        Origin("arn:aws:secretsmanager:eu-west-3:123456789012:secret:none").require({HEADER: "x"})


@pytest.mark.parametrize("name", ["predict", "applicant_score"])
def test_every_route_with_a_rule_asks_before_it_does_anything(api, secret, name) -> None:
    app = make_app(None, ROUTES, entrance=Entrance(Origin(secret)))
    answer = answer_event(app, read_event(name), CONTEXT, seconds=5)
    assert answer["statusCode"] == 403
    assert "page's address" in json.loads(answer["body"])["detail"]


def test_through_cloudfront_nothing_changes(api, secret, profile) -> None:
    app = make_app(api.module.service, ROUTES, entrance=Entrance(Origin(secret)))
    event = read_event("predict") | {"body": json.dumps(profile.application)}
    event["headers"] = {**event["headers"], HEADER: CURRENT}
    assert answer_event(app, event, CONTEXT, seconds=5)["statusCode"] == 200


def test_health_is_open_to_everybody_and_asks_nothing(api) -> None:
    app = make_app(api.module.service, ROUTES, entrance=Entrance(Origin("there is none")))
    assert answer_event(app, read_event("health"), CONTEXT, seconds=5)["statusCode"] == 200


class Context:
    aws_request_id, function_name, memory_limit_in_mb = "1", "score-api", 1769
    invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:score-api"


CONTEXT = Context()
