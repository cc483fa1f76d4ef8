"""GET /model, /health and its parts, and what a start without a model or without storage does."""

from credit_scoring.aws.clients import client
from credit_scoring.registry.bundle import load_champion

from tests.functions.score_api.conftest import damage, start_api
from tests.models import METRICS, ROWS


def test_the_model_tells_what_the_page_shows(api, champion, models):
    body = api.get("model").body
    model = load_champion(models)
    assert (body["version"], body["sha256"]) == (champion.version, champion.sha256)
    assert (body["cutoff"], body["cost_ratio"]) == (model.cutoff, 10.0)
    assert body["promoted_at"] == champion.promoted_at
    assert body["features"] == len(model.schema)
    assert body["training"]["rows"] == ROWS
    assert body["metrics"] == METRICS


def test_everything_is_well(api, champion):
    reply = api.get("health_parts")
    assert reply.status == 200
    assert (reply.body["status"], reply.body["model_version"]) == ("ok", champion.version)
    parts = ("model", "profiles", "queues", "storage", "drift")
    assert reply.body["parts"] == dict.fromkeys(parts, "ok")
    assert reply.body["last_drift_run_at"] is None


def test_without_a_model_the_function_starts_and_says_503_until_there_is_one(
    aws, models, small_model, record, logs
):
    api = start_api()
    for reply in (api.get("model"), api.post("predict", record)):
        assert reply.status == 503
        assert reply.headers["Retry-After"] == "5"
        assert reply.headers["Content-Type"] == "application/problem+json"
    for health in (api.get("health"), api.get("health_parts")):
        assert (health.status, health.body["status"]) == (200, "no model yet")
    assert health.body["parts"]["model"] == "no model yet"
    assert "ModelLoadFailures" not in logs.counts()
    champion = small_model.publish(models)
    assert api.get("model").body["version"] == champion.version
    assert api.get("health_parts").status == 200


def test_what_failed_before_the_first_request_is_not_in_its_metrics(
    aws, models, small_model, record, logs
):
    """A snapshot keeps whatever an import left behind, and every start of it would emit that."""
    damage(small_model.publish(models).version)
    api = start_api()
    assert api.module.service.model.failure is not None
    small_model.publish(models, cutoff=0.01)
    assert api.post("predict", record).status == 200
    assert "ModelLoadFailures" not in logs.counts()


def test_what_fails_again_in_the_first_request_is_counted_once(aws, models, small_model, logs):
    damage(small_model.publish(models).version)
    assert start_api().get("model").status == 503
    assert logs.counts()["ModelLoadFailures"] == 1


def test_a_champion_that_disappears_is_a_failure_and_no_new_deployment(
    api, champion, models, later, logs
):
    client("s3").delete_object(Bucket="models", Key="models/champion.json")
    later()
    assert api.get("model").body["version"] == champion.version
    assert logs.counts()["ModelLoadFailures"] == 1
    assert api.get("health_parts").body["parts"]["model"] == "NoModelYet"


def test_a_first_model_that_is_damaged_is_never_served(aws, models, small_model, record):
    damage(small_model.publish(models).version)
    api = start_api()
    assert api.post("predict", record).status == 503
    health = api.get("health")
    assert (health.status, health.body) == (503, {"status": "failing"})


def test_started_during_an_outage_it_recovers_with_the_storage(champion, outage, record, logs):
    outage.begin()
    api = start_api()
    reply = api.post("predict", record)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    told = api.get("health_parts").body["parts"]
    assert {told[part] for part in ("model", "profiles", "storage")} == {"StorageUnavailable"}
    assert logs.counts()["Errors"] >= 1
    outage.end()
    assert api.post("predict", record).status == 200


def test_a_loaded_model_goes_on_scoring_while_the_storage_is_down(
    api, outage, record, later, logs, champion
):
    outage.begin()
    later()
    body = api.post("predict", record).body
    assert body["model"]["version"] == champion.version
    assert logs.counts()["RecordFailures"] == 1
    health = api.get("health")
    assert (health.status, health.body) == (200, {"status": "ok"})


def test_profiles_that_cannot_be_read_are_503(api, profile, outage):
    outage.begin()
    for reply in (api.get("applicant", id="100002"), api.get("applicant_score", id="100002"),
                  api.get("applicants"), api.post("predict", profile.application)):  # fmt: skip
        assert reply.status == 503
        assert reply.headers["Retry-After"] == "5"


def test_profiles_that_hang_are_503_while_there_is_time_to_say_so(
    api, profile, outage, monkeypatch
):
    monkeypatch.setattr("functions.score_api.handler.SECONDS_OF_CALLS", 0.2)
    outage.begin(mute=True)
    assert api.get("applicant", id="100002").status == 503


def test_a_mute_storage_delays_a_score_but_does_not_stop_it(
    api, outage, record, later, logs, champion, monkeypatch
):
    monkeypatch.setattr("functions.score_api.model.serving_model.SECONDS_TO_LOAD", 0.1)
    monkeypatch.setattr("functions.score_api.answers.scored.SECONDS_TO_RECORD", 0.1)
    outage.begin(mute=True)
    later()
    assert api.post("predict", record).body["model"]["version"] == champion.version
    counts = logs.counts()
    assert (counts["Scores"], counts["ModelLoadFailures"], counts["RecordFailures"]) == (1, 1, 1)
    assert "Errors" not in counts


def test_a_record_is_counted_as_lost_although_its_answer_cannot_be_written_either(
    api, outage, record, later, logs, monkeypatch
):
    """Lambda freezes what still runs once the failure is told: nobody would hear of it."""

    def fail(*_):
        raise ValueError

    monkeypatch.setattr("functions.score_api.answers.scored.score_content", fail)
    outage.begin()
    assert api.post("predict", record).status == 500
    assert logs.counts()["RecordFailures"] == 1
