"""The API at the page's own address."""

import json

import lightgbm
import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.features import build_features
from credit_scoring.registry.bundle import load_champion, load_file

from infra.local.check.observations import predict, read_api, refuses_strangers
from infra.local.demo.target import request


def test_health_needs_no_token(target):
    assert target.call("GET", "/health").status == 200


def test_every_other_route_wants_a_genuine_token(target, token, record):
    assert refuses_strangers(target, token, record)


def test_a_prediction_explains_itself(target, token, record):
    answer = predict(target, token, record)
    total = answer["base_value"] + sum(c["contribution"] for c in answer["contributions"])
    assert total == pytest.approx(answer["margin"], abs=1e-9)
    assert 0 < answer["probability_of_default"] < 1
    refused = answer["probability_of_default"] > answer["cutoff"]
    left_to_a_person = bool(answer["review"])
    decided = "refuse" if refused else "accept"
    assert answer["decision"] == ("review" if left_to_a_person else decided)
    assert answer["reasons"]["raises"] or answer["reasons"]["lowers"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[1, 2]", 400),
        (b"{}", 422),
        (json.dumps({"AMT_CREDIT": "much"}).encode(), 422),
        (b'{"AMT_CREDIT": 1e999}', 422),
        (b" " * 5_000_000, 413),
        (b"x" * 5_000_000, 413),
        (b"x" * 7_000_000, 413),
        (b"x" * 11_000_000, 413),
    ],
    ids=["no JSON", "a list", "empty", "wrong type", "infinite", "5 MB blank", "5 MB junk",
         "7 MB", "11 MB"],
)  # fmt: skip
def test_a_bad_body_is_refused_and_never_a_server_error(target, token, body, status):
    assert target.call("POST", "/predict", token=token, body=body).status == status


def test_a_wrong_value_is_named(target, token, record):
    reply = target.call("POST", "/predict", token=token, body={**record, "AMT_CREDIT": "much"})
    assert reply.status == 422
    assert "problem+json" in reply.headers["Content-Type"]
    [error] = reply.json()["errors"]
    assert error["field"] == "AMT_CREDIT"
    assert error["allowed"]


def test_an_unknown_applicant_is_404(target, token):
    assert target.call("GET", "/applicants/nobody", token=token).status == 404
    assert target.call("GET", "/applicants/nobody/score", token=token).status == 404


def test_the_model_in_use_is_the_published_one(target, token, plan):
    champion = json.loads((plan.models / "champion.json").read_text())
    model = read_api(target, "/model", token)
    assert model["version"] == champion["version"]


def test_the_model_card_is_the_published_one(target, token, plan):
    store = open_store(str(plan.models))
    card = load_file(store, load_champion(store).version, "model_card.html")
    answer = target.call("GET", "/model/card", token=token)
    assert answer.status == 200
    assert answer.body == card


def test_the_api_says_what_lightgbm_says(target, token, plan, reference):
    """LightGBM's own text model, beside the bundle, knows nothing of our arrays."""
    model = load_champion(open_store(plan.models))
    booster = lightgbm.Booster(model_file=plan.models / model.version / "model.txt")
    for place in reference.some_rows(5):
        applicant = reference.applicants.take([place])
        answer = predict(target, token, applicant.record(0))
        theirs = booster.predict(build_features(applicant, model.schema), pred_contrib=True)[0]
        ours = {c["feature"]: c["contribution"] for c in answer["contributions"]}
        assert [ours[name] for name in booster.feature_name()] == pytest.approx(
            theirs[:-1], abs=1e-9
        )
        assert answer["base_value"] == pytest.approx(theirs[-1], abs=1e-9)
        assert answer["margin"] == pytest.approx(theirs.sum(), abs=1e-9)


def test_the_page_and_its_headers_are_served(target):
    page = request("GET", f"{target.page}/", b"", {})
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    config = request("GET", f"{target.page}/config.json", b"", {}).json()
    assert config["userPoolClientId"] == target.outputs["UserPoolClientId"]
