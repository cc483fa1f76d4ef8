"""`python -m training models`: what is published, what serves, and how it came to serve."""

import json
from dataclasses import replace

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.bundle import FOREST, MODEL, save_bundle
from credit_scoring.registry.champion import promote

from tests.models import METRICS
from training.__main__ import main


@pytest.fixture
def bucket(aws_account):
    client.cache_clear()
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="models")
    yield "s3://models/some/prefix"
    client.cache_clear()


@pytest.fixture(params=["folder", "s3"])
def url(request, tmp_path):
    return str(tmp_path) if request.param == "folder" else request.getfixturevalue("bucket")


@pytest.fixture
def show(capsys):
    def show(url, *options):
        assert main(["models", "--models", url, *options]) == 0
        return capsys.readouterr().out

    return show


def publish(url, small_model, *, cutoff, **facts):
    """Without making it champion."""
    model = replace(small_model.model, cutoff=cutoff, facts=small_model.model.facts | facts)
    return save_bundle(open_store(url), model, reference=small_model.reference, extra={})


def test_the_table_names_each_version_with_its_figures_and_its_promotion(url, small_model, show):
    old = small_model.publish(open_store(url), cutoff=0.1).version
    new, sha256 = publish(url, small_model, cutoff=0.2, training={"trees": 367})
    promote(open_store(url), version=new, sha256=sha256, by="alice", reason="better", forced=True)
    versions, history = show(url).split("\n\n")
    head, first, second = versions.splitlines()
    assert head.split() == [
        "version", "AUC", "cost", "features", "trees", "last", "promoted", "by", "why"
    ]  # fmt: skip
    assert first.split()[:6] == [new, "serves", "0.7500", "0.5000", "16", "367"]
    assert first.split()[-2:] == ["alice", "better"]
    assert second.split()[:5] == [old, "0.7500", "0.5000", "16", "-"]
    assert "serves" not in second
    newest, oldest = history.splitlines()[1:]
    assert newest.split()[1:] == ["alice", old, new, "promotion,", "forced", "better"]
    assert oldest.split()[1:] == ["tests", "-", old, "promotion", "a", "test"]


def test_json_tells_everything(url, small_model, show):
    champion = small_model.publish(open_store(url))
    published, _ = publish(url, small_model, cutoff=0.2)
    told = json.loads(show(url, "--json"))
    models = {model["version"]: model for model in told["models"]}
    assert told["history"] == [vars(champion)]
    assert models[champion.version]["serves"]
    assert models[champion.version]["promoted"] == vars(champion)
    assert models[champion.version]["auc"] == METRICS["auc"]
    assert not models[published]["serves"]
    assert models[published]["promoted"] is None
    assert models[published]["published_at"].endswith("+00:00")


def test_what_happened_last_stands_first(url, small_model, show):
    store = open_store(url)
    first = small_model.publish(store, cutoff=0.1)
    second = small_model.publish(store, cutoff=0.2)
    store.write("champion.json", json.dumps(
        vars(second) | {"promoted_at": "2999-01-01T00:00:00+00:00"}).encode())  # fmt: skip
    versions = [model["version"] for model in json.loads(show(url, "--json"))["models"]]
    assert versions == [second.version, first.version]


def test_a_damaged_version_is_listed_and_hides_nobody(tmp_path, small_model, show):
    good = small_model.publish(open_store(tmp_path), cutoff=0.1).version
    bad, _ = publish(tmp_path, small_model, cutoff=0.2)
    (tmp_path / bad / MODEL).write_bytes(b"damaged")
    lines = {line.split()[0]: line for line in show(str(tmp_path)).splitlines()[1:3]}
    assert f"damaged: {bad}/{MODEL} is damaged" in lines[bad]
    assert "0.7500" in lines[good]


def test_the_trees_are_not_read(tmp_path, small_model, show):
    version = small_model.publish(open_store(tmp_path)).version
    (tmp_path / version / FOREST).unlink()
    assert "0.7500" in show(str(tmp_path))


def test_a_publication_that_was_not_finished_is_no_version(tmp_path, small_model, show):
    (tmp_path / "0123456789ab").mkdir()
    (tmp_path / "0123456789ab" / MODEL).write_bytes(b"{}")
    assert show(str(tmp_path)) == "no model is published here\n"
