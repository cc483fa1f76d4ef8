"""The drills of docs/operations.md that a local stack can run: promotion, rollback, restore."""

import os
import subprocess
import sys
import time

import pytest
from credit_scoring.aws.storage import S3Store
from credit_scoring.registry.champion import CHAMPION, promote, read_champion
from credit_scoring.registry.seal import Seal

from functions.snapshot_renewer.renewal import TAG_LENGTH
from infra.local.check.observations import predict
from tests.e2e.test_tokens import log_in_as
from tests.repository import ROOT

pytestmark = pytest.mark.local_cloud("the pointer to what serves is deleted for a while")

# A champion is looked at again after half a minute, and after a minute it is waited for.
SECONDS_TO_FOLLOW = 90


@pytest.fixture(scope="module")
def operator(target):
    return log_in_as(target, "drills", "operator")


@pytest.fixture(scope="module")
def store(target):
    return S3Store(target.outputs["ModelsBucket"], "models/", target.access.client("s3"))


@pytest.fixture
def serving(store):
    """Which version serves before a drill, and after it again."""
    before = read_champion(store).version
    yield before
    assert read_champion(store).version == before


def wait_until(holds, what):
    end = time.monotonic() + SECONDS_TO_FOLLOW
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(2)


def served_to(target, token, record):
    return predict(target, token, record)["model"]["version"]


def wait_for_snapshot(target, store):
    """Of the pointer that stands there: a version that is published later begins without a model,
    if by then the pointer is one that nobody follows.
    """
    tag, lambda_ = store.read_tagged(CHAMPION)[1].strip('"'), target.access.client("lambda")
    place = {"FunctionName": target.outputs["ScoreApiFunction"], "Qualifier": "live"}

    def is_renewed():
        return tag[:TAG_LENGTH] in lambda_.get_function_configuration(**place)["Description"]

    wait_until(is_renewed, "no snapshot of the pointer")


def model_part(target, operator):
    """What health says of the model."""
    return target.call("GET", "/health/parts", token=operator).json()["parts"]["model"]


def training(target, *arguments):
    place = f"s3://{target.outputs['ModelsBucket']}/models"
    done = subprocess.run(
        [sys.executable, "-m", "training", *arguments, "--models", place],
        cwd=ROOT,
        env={
            **os.environ, **target.access.environment, "MLFLOW_DISABLE_TELEMETRY": "1",
            "POINTER_KEY": target.outputs["PointerKeyArn"],
        },
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_promotion_serves_and_one_command_goes_back(
    target, token, record, store, serving, small_model
):
    new, sha256 = small_model.save(store)
    seal = Seal(target.outputs["PointerKeyArn"], target.access.client("kms"))
    promote(store, version=new, sha256=sha256, by="drill", reason="A drill.", seal=seal)
    wait_until(lambda: served_to(target, token, record) == new, "the new champion never served")
    told = training(target, "rollback", "--by", "drill", "--reason", "A drill.")
    assert f"{serving} serves now, instead of {new}." in told
    wait_until(lambda: served_to(target, token, record) == serving, "nobody went back")
    assert "A drill." in training(target, "models")


def earlier_version(target, key):
    """Of the object as it was before the newest version or its deletion."""
    s3, bucket = target.access.client("s3"), target.outputs["ModelsBucket"]
    listed = s3.list_object_versions(Bucket=bucket, Prefix=key)
    old = [item for item in listed["Versions"] if not item["IsLatest"] and item["Key"] == key]
    return max(old, key=lambda item: item["LastModified"])["VersionId"]


def restore(target, key):
    s3, bucket = target.access.client("s3"), target.outputs["ModelsBucket"]
    source = {"Bucket": bucket, "Key": key, "VersionId": earlier_version(target, key)}
    s3.copy_object(Bucket=bucket, Key=key, CopySource=source)


@pytest.mark.parametrize("harm", ["overwritten", "deleted"])
def test_a_pointer_that_was_lost_is_restored_while_scores_go_on(
    target, token, operator, record, store, serving, harm
):
    key = f"models/{CHAMPION}"
    content = store.read(CHAMPION)
    if harm == "overwritten":
        store.write(CHAMPION, b"[1]")
    else:
        bucket = target.outputs["ModelsBucket"]
        target.access.client("s3").delete_object(Bucket=bucket, Key=key)

    def noticed():
        assert served_to(target, token, record) == serving
        return model_part(target, operator) != "ok"

    wait_until(noticed, "nobody noticed")
    restore(target, key)
    assert store.read(CHAMPION) == content
    wait_until(lambda: model_part(target, operator) == "ok", "the restored pointer was not read")


def test_an_older_pointer_that_is_put_back_serves_nobody_and_a_rollback_repairs_it(
    target, token, operator, record, store, serving, small_model
):
    new, sha256 = small_model.save(store)
    seal = Seal(target.outputs["PointerKeyArn"], target.access.client("kms"))
    promote(store, version=new, sha256=sha256, by="drill", reason="A drill.", seal=seal)
    old = store.read(CHAMPION)
    training(target, "rollback", "--by", "drill", "--reason", "A drill.")
    wait_for_snapshot(target, store)
    # Whoever looked between the two serves the new one until the next look.
    wait_until(lambda: served_to(target, token, record) == serving, "nobody went back")
    store.write(CHAMPION, old)

    def noticed():
        assert served_to(target, token, record) == serving
        return model_part(target, operator) != "ok"

    try:
        wait_until(noticed, "nobody noticed")
    finally:
        training(target, "rollback", "--to", serving, "--by", "drill", "--reason", "A repair.")
    wait_until(lambda: model_part(target, operator) == "ok", "the repair was not read")
