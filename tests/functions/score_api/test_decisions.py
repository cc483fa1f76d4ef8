"""POST /decisions: the advisor's decision is kept, computed anew, and told in a letter."""

from dataclasses import replace
from html import escape

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.metrics import SCORE_API

from tests.functions.score_api.callers import ask, person, request
from tests.functions.score_api.conftest import damage
from tests.record_stream import delivered_lines

ADVISOR = person("advisor", "branch-paris-01")
ELSEWHERE = person("advisor", "branch-lyon-02")
DATA_SCIENTIST = person("data-scientist", "all-branches")


@pytest.fixture
def score(api, profile):
    return ask(api, "GET /applicants/{id}/score", ADVISOR, id=profile.applicant_id).body


def take(api, score, claims=ADVISOR, **changes):
    body = {
        "applicant_id": score["applicant_id"],
        "decision": score["decision"] if score["decision"] != "review" else "refuse",
        "override_reason": "" if score["decision"] != "review" else "Vu avec le client",
        "model_version": score["model"]["version"],
    } | changes  # fmt: skip
    return ask(api, "POST /decisions", claims, body={k: v for k, v in body.items() if v != ""})


def against(score):
    return {"accept": "refuse", "refuse": "accept", "review": "accept"}[score["decision"]]


def get(api, kept, route="GET /decisions/{id}", claims=ADVISOR, **given):
    return ask(api, route, claims, id=kept["decision_id"], **given)


def test_a_decision_keeps_what_the_advisor_saw(api, score):
    reply = take(api, score)
    assert reply.status == 201
    kept = reply.body
    assert kept["decided_by"] == ADVISOR["username"]
    assert kept["branch"] == "paris-01"
    assert kept["model"] == score["model"]
    for number in ("probability_of_default", "margin", "cutoff", "base_value", "risk_band"):
        assert kept["score"][number] == score[number]
    sent = {item["feature"]: item["contribution"] for item in score["contributions"]}
    assert kept["score"]["contributions"] == sent
    assert kept["score"]["reasons"] == score["reasons"]
    assert get(api, kept).body == kept


def test_a_kept_decision_is_computed_identically(api, score):
    replay = get(api, take(api, score).body, "POST /decisions/{id}/replay").body
    assert replay["identical"] is True
    assert replay["differences"] == []


def test_it_is_computed_by_its_own_model_after_a_promotion(api, score, small_model, models, later):
    kept = take(api, score).body
    newer = small_model.publish(models, cutoff=0.9)
    later()
    assert ask(api, "GET /model", ADVISOR).body["version"] == newer.version
    replay = get(api, kept, "POST /decisions/{id}/replay").body
    assert replay["model"] == kept["model"]
    assert replay["identical"] is True


def test_a_bundle_that_was_changed_is_not_replayed(api, score, small_model, models, later):
    kept = take(api, score).body
    damage(kept["model"]["version"])
    assert get(api, kept, "POST /decisions/{id}/replay").status == 503


def test_deciding_against_the_model_needs_a_reason(api, score):
    refused = take(api, score, decision=against(score))
    assert refused.status == 422
    assert [error["field"] for error in refused.body["errors"]] == ["override_reason"]
    kept = take(api, score, decision=against(score), override_reason=" Garant solide ")
    assert kept.status == 201
    assert kept.body["override_reason"] == "Garant solide"
    assert kept.body["is_override"] is True


def test_a_score_of_an_older_model_is_not_decided_on(api, score, small_model, models, later):
    small_model.publish(models, cutoff=0.9)
    later()
    refused = take(api, score)
    assert refused.status == 409
    assert refused.body["title"] == "Model changed"


def test_the_same_request_sent_again_is_one_decision(api, score):
    def send(key):
        event = take_event(score)
        event["headers"]["idempotency-key"] = key
        return api.send(event)

    first, again, other = send("k1"), send("k1"), send("k2")
    assert first.body == again.body
    assert other.body["decision_id"] != first.body["decision_id"]


def decided_lines():
    return [line for line in delivered_lines("results") if "decided" in line]


def test_a_decision_is_recorded_so_that_an_outcome_finds_it(api, score):
    kept = take(api, score, decision=against(score), override_reason="Garant solide").body
    [line] = decided_lines()
    assert line["score_id"] == f"{kept['decision_id']}-0"
    assert (line["purpose"], line["decided"]) == ("decision", against(score))
    assert (line["verdict"], line["pd"]) == (score["decision"], score["probability_of_default"])
    assert (line["branch"], line["model"]) == ("paris-01", score["model"]["version"])
    [viewed] = [each for each in delivered_lines("results") if each["purpose"] == "view"]
    assert line["applicant"] == viewed["applicant"]
    assert score["applicant_id"] not in line.values()


def test_a_decision_that_is_sent_again_is_the_same_row(api, score):
    event = take_event(score)
    event["headers"]["idempotency-key"] = "once"
    for _ in range(2):
        assert api.send(event).status == 201
    assert len({line["score_id"] for line in decided_lines()}) == 1


def test_what_was_refused_or_only_previewed_is_no_decision(api, score):
    assert take(api, score, decision=against(score)).status == 422
    body = {"applicant_id": score["applicant_id"], "decision": against(score),
            "override_reason": "Essai", "model_version": score["model"]["version"]}  # fmt: skip
    assert ask(api, "POST /decisions/preview", ADVISOR, body=body).status == 200
    assert decided_lines() == []


def test_a_key_of_another_decision_is_refused(api, score):
    event = take_event(score)
    event["headers"]["idempotency-key"] = "k1"
    api.send(event)
    other = take_event(score, override_reason="Autre chose")
    other["headers"]["idempotency-key"] = "k1"
    assert api.send(other).status == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"decision": None}, "decision"),
        ({"model_version": None}, "model_version"),
        ({"override_reason": "x" * 1001}, "override_reason"),
        ({"override_reason": 3}, "override_reason"),
        ({"applicant_id": 3}, "applicant_id"),
        ({"application": {}}, "applicant_id"),
        ({"branch": "paris-01"}, "branch"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_decision_is_named(api, score, changes, field):
    refused = take(api, score, **changes)
    assert refused.status == 422
    assert field in {error["field"] for error in refused.body["errors"]}


def test_an_application_that_is_sent_is_decided_for_a_branch(api, score, record):
    application = dict(record)
    sent = {"applicant_id": "", "application": application, "branch": "paris-01"}
    kept = take(api, score, **sent)
    assert kept.status == 201
    assert kept.body["inputs"] == application
    assert get(api, kept.body, "POST /decisions/{id}/replay").body["identical"] is True
    assert take(api, score, **sent | {"branch": "lyon-02"}).status == 403


def test_another_branch_finds_no_decision_of_ours(api, score):
    kept = take(api, score).body
    unknown = get(api, {"decision_id": "0" * 32}, claims=ELSEWHERE)
    for route in (
        "GET /decisions/{id}", "POST /decisions/{id}/replay", "GET /decisions/{id}/letter",
    ):  # fmt: skip
        found = get(api, kept, route, claims=ELSEWHERE)
        assert found.status == 404
        assert without_id(found.body) == without_id(unknown.body)
    assert take(api, score, claims=ELSEWHERE).status == 404


@pytest.mark.parametrize("decision_id", ["", "x", "0" * 31, "0" * 33, "../../x", "é" * 32])
def test_what_is_no_id_is_no_decision(api, decision_id):
    assert get(api, {"decision_id": decision_id}).status == 404


def test_a_record_that_was_changed_is_told_and_not_used(api, score):
    kept = take(api, score).body
    key = {"decision_id": {"S": kept["decision_id"]}}
    item = client("dynamodb").get_item(TableName="decisions", Key=key)["Item"]
    item["content"]["S"] = item["content"]["S"].replace("paris-01", "lyon-02")
    client("dynamodb").put_item(TableName="decisions", Item=item)
    reply = get(api, kept, claims=DATA_SCIENTIST)
    assert (reply.status, reply.body["title"]) == (500, "Decision damaged")


@pytest.mark.parametrize(("language", "word"), [("fr", "Vos droits"), ("en", "Your rights")])
def test_the_letter_of_a_refusal_names_reasons_and_rights(api, score, language, word):
    kept = take(api, score, decision="refuse", override_reason="Dossier incomplet").body
    letter = letter_of(api, kept, language)
    assert word in letter
    for reason in kept["score"]["reasons"]["raises"][:4]:
        assert escape(reason["texts"]["applicant"][language]) in letter
    assert kept["decision_id"] in letter


def test_the_letter_of_an_acceptance_names_no_reason(api, score):
    kept = take(api, score, decision="accept", override_reason="Garant solide").body
    if kept["needs_confirmation"]:
        confirm(api, kept)
    letter = letter_of(api, kept, "en")
    assert "pleased to accept" in letter
    assert "principal reasons" not in letter


def test_a_letter_escapes_what_people_wrote(api, score):
    kept = take(api, score, decision="refuse", override_reason="<script>alert(1)</script>").body
    letter = letter_of(api, kept, "fr")
    assert "<script" not in letter
    assert "&lt;script&gt;" in letter


def test_a_letter_in_an_unknown_language_is_refused(api, score):
    kept = take(api, score).body
    event = letter_event(kept, "de")
    assert api.send(event).status == 400


def test_no_word_of_a_decision_reaches_a_log(api, score, logs):
    said = {"override_reason": "CANARY-malade", "statement": "CANARY-conteste"}
    kept = take(api, score, decision=against(score), **said).body
    take(api, score, decision=against(score), override_reason="CANARY" * 300)
    confirm(api, kept, note="CANARY-vu")
    ask(api, "POST /decisions/preview", ADVISOR, body=said | {"decision": "CANARY"})
    logs.read()
    assert "CANARY" not in logs.text


BOB = ADVISOR | {"username": "bob"}


def confirm(api, kept, claims=BOB, *, agrees=True, **given):
    body = {"agrees": agrees, **given}
    return get(api, kept, "POST /decisions/{id}/confirmation", claims, body=body)


class TestAuthority:
    """Who may decide against the model alone, and what nobody may."""

    @pytest.fixture
    def refused(self, api, profile, profiles, small_model, models, later):
        """The profile's score under a model that accepts nobody, for a large loan."""
        small_model.publish(models, cutoff=1e-9)
        later()
        large = {"AMT_CREDIT": 600_000.0, "AMT_ANNUITY": 30_000.0}
        profiles.put_many([replace(profile, application=profile.application | large)])
        score = ask(api, "GET /applicants/{id}/score", ADVISOR, id=profile.applicant_id).body
        assert score["decision"] == "refuse"
        return score

    def accept(self, api, score, **given):
        reason = {"override_code": "guarantor", "override_reason": "Sa mère"}
        return take(api, score, decision="accept", **reason | given)

    def test_a_risky_acceptance_stands_once_a_colleague_agrees(self, api, refused):
        kept = self.accept(api, refused).body
        assert (kept["needs_confirmation"], kept["confirmation"]) == (True, None)
        assert api.send(letter_event(kept, "fr")).status == 409
        assert confirm(api, kept, ADVISOR).status == 403  # the same person
        assert confirm(api, kept, person("advisor", "branch-lyon-02")).status == 404
        agreed = confirm(api, kept, note="Vu aussi").body["confirmation"]
        assert (agreed["confirmed_by"], agreed["agrees"], agreed["note"]) == (
            "bob",
            True,
            "Vu aussi",
        )
        assert get(api, kept).body["confirmation"] == agreed
        assert "Garant" not in letter_of(api, kept, "fr")  # an acceptance gives no reasons

    def test_one_answer_counts(self, api, refused):
        kept = self.accept(api, refused).body
        first = confirm(api, kept, agrees=False, note="Non")
        assert confirm(api, kept, agrees=False, note="Non").body == first.body
        assert confirm(api, kept).status == 409
        assert confirm(api, kept, ADVISOR | {"username": "carol"}).status == 409
        assert api.send(letter_event(kept, "fr")).status == 409

    def test_a_decision_that_stands_needs_nobody(self, api, score):
        assert confirm(api, take(api, score).body).status == 409

    def test_an_answer_is_read_strictly(self, api, refused):
        kept = self.accept(api, refused).body
        for body in ({}, {"agrees": "yes"}, {"agrees": True, "note": 3}, {"agrees": True, "x": 1}):
            assert get(api, kept, "POST /decisions/{id}/confirmation", BOB, body=body).status == 422

    def test_a_reason_comes_from_the_list_and_fits_the_decision(self, api, refused):
        assert self.accept(api, refused, override_code="because").status == 422
        assert self.accept(api, refused, override_code="not_affordable").status == 409
        assert self.accept(api, refused, override_code="known_customer").status == 201

    def test_nobody_accepts_what_contradicts_itself(self, api, listed, profile):
        strange = {"NAME_INCOME_TYPE": "Working", "DAYS_BIRTH": -9000, "DAYS_EMPLOYED": -8999}
        application = profile.application | strange
        listed(replace(profile, application=application))
        score = ask(api, "GET /applicants/{id}/score", ADVISOR, id=profile.applicant_id).body
        assert "contradiction" in [each["cause"] for each in score["review"]]
        refusal = self.accept(api, score)
        assert (refusal.status, refusal.body["title"]) == (409, "Contradictory data")
        assert take(api, score, decision="refuse", override_reason="Faux").status == 201

    def test_the_list_tells_where_an_application_stands(self, api, listed, profiles, refused):
        def state(name):
            event = request("GET /applicants", ADVISOR) | {"queryStringParameters": {"state": name}}
            return api.send(event).body["items"]

        listed(profiles.get(refused["applicant_id"]))
        assert len(state("open")) == 1
        kept = self.accept(api, refused).body
        [waiting] = state("to_confirm")
        assert waiting["decided"]["decision_id"] == kept["decision_id"]
        assert state("open") == state("decided") == []
        confirm(api, kept, agrees=False)
        assert len(state("open")) == 1
        again = self.accept(api, refused).body
        confirm(api, again)
        [done] = state("decided")
        assert (done["decided"]["decision"], done["decided"]["by"]) == ("accept", "somebody")

    def test_the_code_of_an_override_is_counted_in_the_log(self, api, refused, logs):
        self.accept(api, refused)
        [line] = [line for line in logs.read() if "override" in line]
        assert (line["override"], "Sa mère" in str(line)) == ("guarantor", False)

    def test_an_override_is_one_metric_by_its_reason_and_a_retry_is_none(self, api, refused, logs):
        event = take_event(
            refused, decision="accept", override_code="guarantor", override_reason="Sa mère"
        )
        event["headers"]["idempotency-key"] = "once"
        assert [api.send(event).status, api.send(event).status] == [201, 201]
        [counted] = [line for line in logs.read() if "Overrides" in line]
        [directive] = counted["_aws"]["CloudWatchMetrics"]
        assert sorted(directive["Dimensions"][0]) == ["reason", "service"]
        assert (counted["service"], counted["reason"]) == (SCORE_API, "guarantor")
        assert counted["Overrides"] == [1]


def test_who_works_on_an_application_decides_it(api, score, profile):
    ask(api, "PUT /applicants/{id}/claim", BOB, id=profile.applicant_id)
    refused = take(api, score)
    assert (refused.status, refused.body["title"]) == (409, "Claimed")
    assert take(api, score, claims=BOB).status == 201
    assert take(api, score).status == 201  # decided: nobody works on it any more


def test_the_offered_loan_is_what_is_decided_and_told(api, profile, score):
    amount = profile.application["AMT_CREDIT"] / 2
    offer = {"amount": amount, "annuity": amount / 20}
    kept = take(api, score, decision="accept", override_reason="Moins", offer=offer).body
    assert kept["inputs"]["AMT_CREDIT"] == amount
    assert kept["inputs"]["AMT_ANNUITY"] == amount / 20
    assert kept["offer"] == offer
    assert get(api, kept, "POST /decisions/{id}/replay").body["identical"] is True
    if kept["needs_confirmation"]:
        confirm(api, kept)
    assert f"{amount:,.2f}".removesuffix(".00") in letter_of(api, kept, "en")


@pytest.mark.parametrize(
    "offer", [3, {}, {"amount": 1}, {"amount": "1", "annuity": 2}, {"amount": True, "annuity": 2}]
)
def test_an_offer_is_read_strictly(api, score, offer):
    refused = take(api, score, offer=offer)
    assert [error["field"] for error in refused.body["errors"]] == ["offer"]


def test_a_letter_can_be_read_before_anything_is_decided(api, score):
    event = take_event(score) | {
        "rawQueryString": "language=fr", "queryStringParameters": {"language": "fr"},
    }  # fmt: skip
    path = "/api/decisions/preview"
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    reply = api.send(event)
    assert reply.status == 200
    assert "Projet : rien n’est encore décidé" in reply.body
    listed = ask(api, "GET /applicants/{id}/decisions", ADVISOR, id=score["applicant_id"])
    assert listed.body["items"] == []


def test_the_decisions_of_an_applicant_are_listed_the_newest_first(api, score):
    first = take(api, score).body
    second = take(api, score, statement="Je conteste").body
    items = ask(api, "GET /applicants/{id}/decisions", ADVISOR, id=score["applicant_id"]).body
    assert {item["decision_id"] for item in items["items"]} == {
        first["decision_id"], second["decision_id"],
    }  # fmt: skip
    assert second["statement"] == "Je conteste"
    assert items["items"][0]["created_at"] >= items["items"][1]["created_at"]


def letter_of(api, kept, language):
    reply = api.send(letter_event(kept, language))
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    return reply.body


def letter_event(kept, language):
    event = request("GET /decisions/{id}/letter", ADVISOR, id=kept["decision_id"])
    return event | {
        "rawQueryString": f"language={language}",
        "queryStringParameters": {"language": language},
    }


def take_event(score, **changes):
    body = {
        "applicant_id": score["applicant_id"],
        "decision": "refuse",
        "override_reason": "Vu avec le client",
        "model_version": score["model"]["version"],
    } | changes
    return request("POST /decisions", ADVISOR, body=body)


def without_id(body):
    return {name: value for name, value in body.items() if name != "request_id"}
