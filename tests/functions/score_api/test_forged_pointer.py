"""A pointer that somebody wrote by hand: what served goes on serving, and an alarm is told."""

import json

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.registry.champion import CHAMPION, promote
from credit_scoring.registry.seal import VARIABLE
from credit_scoring.registry.superseded import SUPERSEDED

from tests.functions.score_api.conftest import start_api

MINUTE = 60


@pytest.fixture
def sealed(aws, monkeypatch) -> None:
    made = client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    monkeypatch.setenv(VARIABLE, made["KeyMetadata"]["Arn"])


def test_a_forged_pointer_leaves_the_old_model_serving_and_rings(
    sealed, champion, models, small_model, later, logs
) -> None:
    api = start_api()
    assert api.get("model").body["version"] == champion.version
    good = models.read(CHAMPION)
    other = small_model.publish(models, cutoff=0.01)
    # A bundle that is there and whole, under a seal that was made for another one.
    facts = {"version": other.version, "sha256": other.sha256}
    models.write(CHAMPION, json.dumps(json.loads(good) | facts).encode())
    later(MINUTE)
    assert api.get("model").body["version"] == champion.version
    assert logs.counts()["ModelLoadFailures"] == 1
    models.write(CHAMPION, good)
    later(MINUTE)
    assert api.get("model").body["version"] == champion.version


def replace_champion(models, small_model):
    """A process that serves the newer one, the pointer before, and the newer champion."""
    old = models.read(CHAMPION)
    newer = small_model.publish(models, cutoff=0.01)
    promote(models, version=newer.version, sha256=newer.sha256, by="tests", reason="better")
    api = start_api()
    assert api.get("model").body["version"] == newer.version
    return api, old, newer


def test_an_older_pointer_that_is_put_back_leaves_the_newer_model_serving_and_rings(
    sealed, champion, models, small_model, later, logs
) -> None:
    """Its seal is good, also for a process that starts and has never seen another."""
    api, old, newer = replace_champion(models, small_model)
    models.write(CHAMPION, old)
    later(MINUTE)
    assert api.get("model").body["version"] == newer.version
    assert logs.counts()["ModelLoadFailures"] == 1
    assert start_api().get("model").status == 503


def test_a_process_that_served_a_later_promotion_follows_no_earlier_one(
    sealed, champion, models, small_model, later, logs
) -> None:
    """Also where whoever puts it back could delete what says that it was superseded."""
    api, old, newer = replace_champion(models, small_model)
    for key in list(models.list(SUPERSEDED)):
        models.delete(key)
    models.write(CHAMPION, old)
    later(MINUTE)
    assert api.get("model").body["version"] == newer.version
    assert logs.counts()["ModelLoadFailures"] == 1
