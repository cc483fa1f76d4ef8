"""A file on a laptop gives what the cloud gives, without any cloud."""

import json
import os
import subprocess
import sys

import pytest
from credit_scoring.aws.storage import FolderStore

from tests.functions.batch_scorer.branch import draw_rows, to_csv


@pytest.fixture
def models(tmp_path, small_model):
    folder = tmp_path / "models"
    small_model.publish(FolderStore(folder))
    return folder


@pytest.fixture
def score(tmp_path, models):
    """Run the program as a person would, where AWS cannot be reached."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}

    def run(body, *options, name="may.csv", **others):
        file = tmp_path / name
        file.write_bytes(body)
        os.utime(file, (1_790_000_000, 1_790_000_000))
        command = [sys.executable, "-m", "functions.batch_scorer", file, "--models", models]
        return subprocess.run(
            [*command, "--out", tmp_path / "out", *options], capture_output=True, text=True,
            env=environment | others, timeout=120, check=False,
        )  # fmt: skip

    return run


def results(tmp_path, branch="local", name="may.csv"):
    [folder] = (tmp_path / "out" / "scored" / branch / name).iterdir()
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_cloud_and_a_laptop_write_the_same_lines(score, branch, tmp_path):
    rows = draw_rows(30)
    rows[4]["AMT_CREDIT"] = "much"
    cloud = branch.send_rows(rows, name="may.csv", branch="local")
    done = score(to_csv(rows))
    assert done.returncode == 0, done.stderr
    found = results(tmp_path)
    assert found["scores.csv"] == cloud.files["scores.csv"]
    own = json.loads(found["manifest.json"])["batch"].encode()
    there = cloud.manifest["batch"].encode()
    assert found["rejects.csv"].replace(own, there) == cloud.files["rejects.csv"]


def test_it_says_what_it_did_and_leaves_no_work_behind(score, tmp_path):
    rows = draw_rows(10)
    rows[0]["AMT_CREDIT"] = "much"
    done = score(to_csv(rows), "--branch", "lyon-02", "--language", "en")
    assert "10 rows: 9 scored, 1 rejected" in done.stdout
    assert "10/10" in done.stderr
    assert [path for path in (tmp_path / "out" / "work").rglob("*") if path.is_file()] == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"records", "scored", "work"}
    manifest = json.loads(results(tmp_path, "lyon-02")["manifest.json"])
    assert (manifest["language"], manifest["cost"]) == ("en", {"dollars": 0.0})


def test_a_file_that_is_none_is_told_in_one_sentence(score):
    done = score(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert done.returncode == 1
    assert done.stdout.startswith("Not scored: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("missing", ["file", "model"])
def test_what_is_missing_is_named(score, tmp_path, missing):
    if missing == "model":
        (tmp_path / "models" / "champion.json").unlink()
        done = score(to_csv(draw_rows(1)))
    else:
        done = score(b"", "--models", tmp_path / "models", name="x.csv")
        (tmp_path / "x.csv").unlink()
        command = [sys.executable, "-m", "functions.batch_scorer", tmp_path / "x.csv"]
        options = ["--models", tmp_path / "models", "--out", tmp_path / "out"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_repaired_file_completes_its_original(score, tmp_path):
    rows = draw_rows(6)
    rows[2]["AMT_CREDIT"] = "much"
    score(to_csv(rows))
    body = (
        results(tmp_path)["rejects.csv"].replace(b",much,", b",5000.5,").replace(b"much", b"5000.5")
    )
    done = score(body, name="fix.csv")
    assert "1 scored, 0 rejected" in done.stdout
    assert json.loads(results(tmp_path)["manifest.json"])["completed"]["open_rejects"] == 0


@pytest.mark.parametrize("branch", ["../../evil", "", "a/b", ".hidden", "x" * 33])
def test_a_branch_that_leads_elsewhere_is_refused_in_a_sentence(score, tmp_path, branch):
    done = score(to_csv(draw_rows(1)), "--branch", branch)
    assert done.returncode == 2
    assert "1 to 32 letters" in done.stderr
    assert not (tmp_path / "out").exists()


def test_results_that_have_no_room_are_told_in_a_sentence(score, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = score(to_csv(draw_rows(1)))
    assert done.returncode == 1
    assert "cannot take the results" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_ignored_is_told(score):
    done = score(to_csv([row | {"SHOE_SIZE": 42} for row in draw_rows(2)]))
    assert "SHOE_SIZE" in done.stdout


def test_an_odd_name_is_one_like_any_other(score, tmp_path):
    done = score(to_csv(draw_rows(1)), name="juin été + 50 % (1).csv")
    assert done.returncode == 0, done.stderr
    assert results(tmp_path, name="juin été + 50 % (1).csv")
