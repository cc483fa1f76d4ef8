"""GET /model and /health, and which model serves when."""

import pytest
from credit_scoring.artifact import FOREST, load_champion
from credit_scoring.storage import open_store

from tests.functions.score_api.conftest import ENVIRONMENT, start_api
from tests.models import METRICS, ROWS


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on by more than the pause between two looks at the pointer."""
    import time

    start = time.monotonic
    shift = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: start() + shift[0])
    return lambda seconds=31: shift.__setitem__(0, shift[0] + seconds)


def damage(version: str) -> None:
    """One byte of the trees, in the middle."""
    store = open_store(ENVIRONMENT["MODELS_URL"])
    key = f"{version}/{FOREST}"
    data = bytearray(store.read(key))
    data[len(data) // 2] ^= 1
    store.write(key, bytes(data))


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
    reply = api.get("health")
    assert reply.status == 200
    assert reply.body == {"status": "ok", "model_version": champion.version,
                          "parts": {"model": "ok", "profiles": "ok"}}  # fmt: skip


def test_a_new_champion_is_picked_up_within_a_minute(api, champion, models, small_model, later):
    new = small_model.publish(models, cutoff=0.01)
    assert api.get("model").body["version"] == champion.version
    later()
    body = api.get("model").body
    assert (body["version"], body["cutoff"]) == (new.version, 0.01)


def test_a_promotion_of_the_same_version_keeps_the_loaded_model(api, models, small_model, later):
    served = api.module.service.model.current()
    later()
    small_model.publish(models)
    assert api.module.service.model.current().model is served.model


def test_the_pointer_is_not_read_for_every_request(api, outage):
    outage.begin()
    assert api.get("model").status == 200


@pytest.mark.parametrize("wrong", ["bundle", "pointer", "bundle missing"])
def test_a_damaged_new_champion_leaves_the_old_one_serving(
    api, champion, models, small_model, later, logs, record, wrong
):
    new = small_model.publish(models, cutoff=0.01)
    if wrong == "bundle":
        damage(new.version)
    elif wrong == "pointer":
        models.write("champion.json", b"[1]")
    else:
        pointer = models.read("champion.json")
        models.write("champion.json", pointer.replace(b'"version": "', b'"version": "0'))
    later()
    assert api.post("predict", record).body["model"]["version"] == champion.version
    assert logs.counts()["ModelLoadFailures"] == 1
    reply = api.get("health")
    assert reply.status == 503
    assert reply.body["model_version"] == champion.version
    assert reply.body["parts"]["model"] in ("ArtifactMismatch", "ArtifactMissing")


def test_a_bundle_of_features_that_the_code_does_not_know_is_not_served(
    api, champion, models, small_model, later
):
    from dataclasses import replace

    names = ("NEVER_HEARD_OF", *small_model.model.schema.names[1:])
    schema = replace(small_model.model.schema, names=names)
    replace(small_model, model=replace(small_model.model, schema=schema)).publish(models)
    later()
    assert api.get("model").body["version"] == champion.version
    assert api.get("health").body["parts"]["model"] == "ArtifactMismatch"


def test_without_a_model_the_function_starts_and_says_503_until_there_is_one(
    aws, models, small_model, record, logs
):
    api = start_api()
    for reply in (api.get("model"), api.post("predict", record)):
        assert reply.status == 503
        assert reply.headers["Retry-After"] == "5"
        assert reply.headers["Content-Type"] == "application/problem+json"
    health = api.get("health")
    assert (health.status, health.body["parts"]["model"]) == (503, "ArtifactMissing")
    champion = small_model.publish(models)
    assert api.get("model").body["version"] == champion.version
    assert api.get("health").status == 200


def test_a_first_model_that_is_damaged_is_never_served(aws, models, small_model, record):
    damage(small_model.publish(models).version)
    assert start_api().post("predict", record).status == 503


def test_started_during_an_outage_it_recovers_with_the_storage(champion, outage, record, logs):
    outage.begin()
    api = start_api()
    reply = api.post("predict", record)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    assert api.get("health").body["parts"] == {
        "model": "StorageUnavailable", "profiles": "StorageUnavailable",
    }  # fmt: skip
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


def test_profiles_that_cannot_be_read_are_503(api, profile, outage):
    outage.begin()
    for reply in (api.get("applicant", id="100002"), api.get("applicant_score", id="100002"),
                  api.get("applicants"), api.post("predict", profile.application)):  # fmt: skip
        assert reply.status == 503
        assert reply.headers["Retry-After"] == "5"


def test_a_mute_storage_delays_a_score_but_does_not_stop_it(
    api, outage, record, later, logs, champion, monkeypatch
):
    monkeypatch.setattr("functions.score_api.serving_model.SECONDS_TO_LOAD", 0.1)
    monkeypatch.setattr("functions.score_api.scored.SECONDS_TO_RECORD", 0.1)
    outage.begin(mute=True)
    later()
    assert api.post("predict", record).body["model"]["version"] == champion.version
    counts = logs.counts()
    assert (counts["Scores"], counts["ModelLoadFailures"], counts["RecordFailures"]) == (1, 1, 1)
    assert "Errors" not in counts


def test_a_load_that_was_too_slow_is_used_once_it_is_done(champion, record, monkeypatch):
    from functions.score_api import serving_model

    monkeypatch.setattr(serving_model, "SECONDS_TO_LOAD", 0.0)
    store = open_store(ENVIRONMENT["MODELS_URL"])
    serving = serving_model.ServingModel(store, on_failure=lambda _: None)
    serving.load()
    assert type(serving.failure).__name__ == "StorageUnavailable"
    monkeypatch.setattr(serving_model, "SECONDS_TO_LOAD", 8.0)
    assert serving.current().champion == champion
