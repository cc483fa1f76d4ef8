"""A promotion reaches a running API within a minute; no answer mixes models or waits needlessly."""

import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event, Timer

import pytest
from credit_scoring.aws.storage import FolderStore, open_store
from credit_scoring.contract.applicants import parse_record
from credit_scoring.registry.bundle import MODEL, load_model
from credit_scoring.registry.champion import CHAMPION, promote
from credit_scoring.scoring import score_applicants

from tests.functions.score_api.conftest import ENVIRONMENT, damage
from tests.models import train_small_model

MINUTE = 60


def test_a_new_champion_serves_within_a_minute_without_a_start(
    api, champion, models, small_model, later
):
    assert api.get("model").body["version"] == champion.version
    new = small_model.publish(models, cutoff=0.01)
    later(MINUTE)
    body = api.get("model").body
    assert (body["version"], body["cutoff"]) == (new.version, 0.01)


def test_a_snapshot_that_is_started_after_a_promotion_never_answers_with_the_old_champion(
    api, models, small_model
):
    """A start is frozen after its import, for weeks perhaps: the first request looks again."""
    new = small_model.publish(models, cutoff=0.01)
    assert api.get("model").body["version"] == new.version


def test_the_pointer_is_not_read_for_every_request(api, outage, logs):
    assert api.get("model").status == 200
    outage.begin()
    assert api.get("model").status == 200
    assert "ModelLoadFailures" not in logs.counts()


@dataclass(frozen=True)
class GatedStore(FolderStore):
    """A folder that does not answer for the files in `shut`, and notes in `asked` who waits."""

    shut: set = field(default_factory=set)
    asked: set = field(default_factory=set)

    def read_tagged(self, key):
        self.wait_for(key)
        return super().read_tagged(key)

    def read(self, key):
        self.wait_for(key)
        return super().read(key)

    def wait_for(self, key):
        name = key.rpartition("/")[2]
        while name in self.shut:
            self.asked.add(name)
            time.sleep(0.005)


@pytest.fixture
def gated(tmp_path, small_model):
    """A store with a champion, and the model that serves from it."""
    store = GatedStore(tmp_path)
    small_model.publish(store)
    # Other tests import the function anew: this is the module that is there now.
    module = importlib.import_module("functions.score_api.model.serving_model")
    failures = []
    serving = module.ServingModel(store, on_failure=failures.append)
    serving.load()
    serving.current()
    yield store, serving
    store.shut.clear()
    assert failures == []


def take_new_model(serving):
    """Ask until the look that runs beside the requests has brought something."""
    old = serving.current()
    for _ in range(1000):
        time.sleep(0.01)
        if serving.current() is not old:
            return serving.current()
    raise AssertionError("nothing came")


@pytest.mark.parametrize("slow", [CHAMPION, MODEL], ids=["pointer", "bundle"])
def test_a_warm_request_waits_neither_for_the_pointer_nor_for_the_bundle(
    gated, small_model, later, slow
):
    store, serving = gated
    old = serving.current().champion
    new = small_model.publish(store, cutoff=0.01)
    store.shut.add(slow)
    later(31)
    for _ in range(3):
        assert serving.current().champion == old
    store.shut.clear()
    assert take_new_model(serving).champion == new


def test_a_look_that_takes_its_time_is_waited_for_before_the_minute_is_over(
    gated, small_model, later
):
    store, serving = gated
    old = serving.current().champion
    new = small_model.publish(store, cutoff=0.01)
    store.shut.add(MODEL)
    later(45)
    assert serving.current().champion == old
    Timer(0.1, store.shut.clear).start()
    later(16)
    assert serving.current().champion == new


def test_a_storage_that_hangs_delays_one_request_and_not_all(
    champion, models, outage, later, monkeypatch
):
    module = importlib.import_module("functions.score_api.model.serving_model")
    monkeypatch.setattr(module, "SECONDS_TO_LOAD", 0.2)
    failures = []
    serving = module.ServingModel(models, on_failure=failures.append)
    serving.load()
    assert serving.current().champion == champion
    outage.begin(mute=True)
    later(3600)
    for _ in range(5):
        assert serving.current().champion == champion
    assert [error.reason for error in failures] == ["slow"]


def test_after_a_pause_a_request_waits_rather_than_be_answered_by_the_old_champion(
    gated, small_model, later
):
    store, serving = gated
    for cutoff in (0.01, 0.02):
        new = small_model.publish(store, cutoff=cutoff)
        later(3600)
        assert serving.current().champion == new


@pytest.mark.parametrize("thaw", ["before the request", "during the request"])
def test_a_look_that_was_frozen_halfway_does_not_bring_what_was_replaced_meanwhile(
    gated, small_model, later, thaw
):
    store, serving = gated
    small_model.publish(store, cutoff=0.01)
    store.shut.add(MODEL)
    later(31)
    serving.current()
    while MODEL not in store.asked:
        time.sleep(0.005)
    newest = small_model.publish(FolderStore(store.folder), cutoff=0.02)
    later(3600)
    if thaw == "before the request":
        store.shut.clear()
        wait_until_idle(serving)
    else:
        Timer(0.1, store.shut.clear).start()
    assert serving.current().champion == newest


def wait_until_idle(serving):
    serving._pool.submit(lambda: None).result()


@dataclass
class Service:
    """Which version was champion from when to when, by the tests' clock."""

    spans: list = field(default_factory=list)

    def begin(self, version):
        """Before the pointer is written: from now on it may be seen."""
        self.spans.append([version, time.time(), float("inf")])

    def end_all_before_the_last(self):
        """After it was written: from now on the others may not."""
        for span in self.spans[:-1]:
            span[2] = min(span[2], time.time())

    def champions(self, begin, end):
        return {version for version, start, stop in self.spans if start <= end and stop >= begin}


def test_every_answer_during_promotions_is_of_one_model_that_was_champion_a_minute_ago_at_most(
    api, champion, models, small_model, record, later
):
    other = train_small_model(seed=8).publish(models, cutoff=0.2)
    loaded = {v.version: load_model(models, v.version) for v in (champion, other)}
    expected = {version: describe(model, record) for version, model in loaded.items()}
    service, stop = Service(), Event()

    def go_on_promoting():
        number = 0
        while not stop.wait(0.05):
            version = (champion, other)[number % 2].version
            service.begin(version)
            promote(models, version=version, sha256=loaded[version].sha256, by="a", reason="b")
            service.end_all_before_the_last()
            number += 1

    service.begin(other.version)
    seen = []
    with ThreadPoolExecutor(1) as pool:
        promoting = pool.submit(go_on_promoting)
        try:
            for _ in range(150):
                asked = time.time()
                body = api.post("predict", record).body
                version = body["model"]["version"]
                seen.append(version)
                assert said(body) == expected[version]
                assert version in service.champions(asked - MINUTE, time.time())
                later(7)
        finally:
            stop.set()
        promoting.result()
    assert set(seen) == set(expected)


def describe(model, record):
    """What one model alone says of an application."""
    scores = score_applicants(model, parse_record(record))
    names = model.schema.names
    return {
        "model": {"version": model.version, "sha256": model.sha256},
        "cutoff": model.cutoff,
        "base_value": model.explainer.base_value,
        "margin": scores.margins[0],
        "decision": scores.decision(0),
        "contributions": dict(zip(names, scores.contributions[0].tolist(), strict=True)),
    }


def said(body):
    contributions = {item["feature"]: item["contribution"] for item in body["contributions"]}
    names = ("model", "cutoff", "base_value", "margin", "decision")
    return {name: body[name] for name in names} | {"contributions": contributions}


def test_a_promotion_of_the_same_version_keeps_the_loaded_model(api, models, small_model, later):
    served = api.module.service.model.current()
    later()
    small_model.publish(models)
    assert api.module.service.model.current().model is served.model


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
    reply = api.get("health_parts")
    assert reply.status == 503
    assert reply.body["model_version"] == champion.version
    assert reply.body["parts"]["model"] in ("ArtifactMismatch", "ArtifactMissing")


def test_a_bundle_of_features_that_the_code_does_not_know_is_not_served(
    api, champion, models, small_model, later
):
    names = ("NEVER_HEARD_OF", *small_model.model.schema.names[1:])
    schema = replace(small_model.model.schema, names=names)
    replace(small_model, model=replace(small_model.model, schema=schema)).publish(models)
    later()
    assert api.get("model").body["version"] == champion.version
    assert api.get("health_parts").body["parts"]["model"] == "ArtifactMismatch"


def test_a_load_that_was_too_slow_is_used_once_it_is_done(champion, record, monkeypatch):
    serving_model = importlib.import_module("functions.score_api.model.serving_model")
    monkeypatch.setattr(serving_model, "SECONDS_TO_LOAD", 0.0)
    store = open_store(ENVIRONMENT["MODELS_URL"])
    serving = serving_model.ServingModel(store, on_failure=lambda _: None)
    serving.load()
    assert type(serving.failure).__name__ == "StorageUnavailable"
    monkeypatch.setattr(serving_model, "SECONDS_TO_LOAD", 8.0)
    assert serving.current().champion == champion
