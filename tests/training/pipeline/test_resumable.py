"""Steps run once, again when something changes, and go on where they were stopped."""

import json
from pathlib import Path

import pytest

from training.pipeline.resumable import Pipeline, Step, Work


class Run:
    """Three steps, the second of which can be made to fail; `ran` tells which did run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ran, self.fails = folder, [], False

    def first(self, work):
        self.ran.append("first")
        work.write("first.json", {"value": work.settings["value"]})
        return "wrote"

    def second(self, work):
        self.ran.append("second")
        begun = work.results / "half.txt"
        begun.write_text(begun.read_text() + "x" if begun.exists() else "x")
        if self.fails:
            raise KeyboardInterrupt
        work.write("second.json", work.read("first", "first.json")["value"] * 2)
        return "doubled"

    def third(self, work):
        self.ran.append("third")
        return str(work.read("second", "second.json"))

    def pipeline(self, *, module="training.data.disk", third_always=False, **settings):
        steps = (
            Step("first", "One", module, (), lambda s: s["value"], self.first),
            Step("second", "Two", "training.data.disk", ("first",), lambda s: None, self.second),
            Step(
                "third",
                "Three",
                "training.data.disk",
                ("second",),
                lambda s: s.get("style"),
                self.third,
                always=third_always,
            ),
        )
        return Pipeline(steps, Work({"value": 1} | settings, self.folder))

    def names(self):
        names, self.ran = self.ran, []
        return names


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def test_what_is_done_is_not_done_again(run):
    run.pipeline().run()
    assert run.names() == ["first", "second", "third"]
    run.pipeline().run()
    assert run.names() == []
    assert json.loads((run.folder / "second" / "second.json").read_text()) == 2


def test_a_changed_setting_repeats_what_reads_it_and_what_comes_after(run):
    run.pipeline().run()
    run.names()
    run.pipeline(style="new").run()
    assert run.names() == ["third"]
    run.pipeline(value=5, style="new").run()
    assert run.names() == ["first", "second", "third"]
    assert json.loads((run.folder / "second" / "second.json").read_text()) == 10


def test_changed_code_repeats_its_step(run):
    run.pipeline().run()
    run.names()
    run.pipeline(module="training.evaluation.cutoff").run()
    assert run.names() == ["first", "second", "third"]


def test_a_stopped_step_goes_on_from_what_it_left(run):
    run.fails = True
    with pytest.raises(KeyboardInterrupt):
        run.pipeline().run()
    assert run.names() == ["first", "second"]
    assert not (run.folder / "second").exists()
    run.fails = False
    run.pipeline().run()
    assert run.names() == ["second", "third"]
    assert (run.folder / "second" / "half.txt").read_text() == "xx"


def test_what_a_stopped_step_left_is_no_use_to_other_settings(run):
    run.fails = True
    with pytest.raises(KeyboardInterrupt):
        run.pipeline().run()
    run.fails = False
    run.pipeline(value=3).run()
    assert (run.folder / "second" / "half.txt").read_text() == "x"


def test_until_stops_and_again_repeats(run):
    run.pipeline().run(until="second")
    assert run.names() == ["first", "second"]
    run.pipeline().run()
    assert run.names() == ["third"]
    run.pipeline().run(again=["second"])
    assert run.names() == ["second", "third"]


def test_a_step_with_effects_elsewhere_always_runs(run):
    run.pipeline(third_always=True).run()
    run.names()
    run.pipeline(third_always=True).run()
    assert run.names() == ["third"]


def test_progress_names_every_step_and_its_outcome(run, capsys):
    run.pipeline().run(until="second")
    told = capsys.readouterr().err
    assert "[ 1/2] first" in told
    assert "doubled" in told
    run.pipeline().run()
    assert capsys.readouterr().err.count("unchanged") == 2


def test_the_status_says_what_is_done_and_what_is_not(run):
    run.pipeline().run(until="second")
    states = [state for _, state, _ in run.pipeline().status()]
    assert states[0].startswith("done in")
    assert states[2] == "to do"
    changed = [state for _, state, _ in run.pipeline(value=9).status()]
    assert changed == ["to do again", "to do again", "to do"]


def test_durations_are_kept(run):
    run.pipeline().run()
    assert run.pipeline().work.seconds().keys() == {"first", "second", "third"}
