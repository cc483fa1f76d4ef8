"""A bench says what became slower than the runs that are kept, and nothing of noise."""

import pytest

from tests.bench.figures import MOST_RUNS, NOISE, compare, keep_figures, read_figures
from tests.bench.machine import processor_kind
from tests.bench.measuring import Result

PROCESSOR = "Some Processor, family 1, model 2"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "figures.json"


def keep(path, *results, processor=PROCESSOR):
    keep_figures(results, processor=processor, described="load 0.1 at the start", path=path)


def said(path, *results):
    return "\n".join(compare(results, processor=PROCESSOR, path=path))


def test_a_processor_without_figures_is_told_how_to_get_some(path):
    keep(path, Result("a", 5.0, "s"), processor="Another Processor")
    expected = f"No figures are kept of {PROCESSOR}: --keep adds these."
    assert said(path, Result("a", 5.0, "s")) == expected


@pytest.mark.parametrize(
    ("unit", "kept", "found", "worse"),
    [
        ("s", 1.0, 1.1, False),
        ("s", 1.0, 1.0 + 2 * NOISE, True),
        ("ms", 1.0, 0.5, False),
        ("MB", 100.0, 130.0, True),
        ("rows/s", 1000.0, 950.0, False),
        ("rows/s", 1000.0, 700.0, True),
        ("rows/s", 1000.0, 2000.0, False),
    ],
)
def test_worse_is_slower_or_larger_by_more_than_noise(path, unit, kept, found, worse):
    keep(path, Result("a", kept, unit))
    lines = said(path, Result("a", found, unit)).split("better by")[0]
    assert ("a: " in lines) is worse
    assert ("nothing" in lines) is not worse


def test_a_ratio_counts_where_there_is_one(path):
    """Twice as slow on a machine that is twice as busy: nothing became slower."""
    keep(path, Result("a", 1000.0, "rows/s", 100.0))
    assert said(path, Result("a", 500.0, "rows/s", 50.0)).count("nothing") == 2
    assert "a: 5 ratio of rows/s, kept 10" in said(path, Result("a", 500.0, "rows/s", 100.0))
    assert said(path, Result("a", 500.0, "rows/s")).count("nothing") == 2  # no ratio this time


def test_the_kept_runs_say_how_far_apart_figures_are(path):
    keep(path, Result("a", 1.0, "s"))
    assert "slower or larger by more than noise:\n  a: 1.5 s, kept 1 (0.67 times)" in said(
        path, Result("a", 1.5, "s")
    )
    keep(path, Result("a", 1.4, "s"))
    assert said(path, Result("a", 1.5, "s")).count("nothing") == 2
    assert "a: 0.8 s, kept 1.4 to 1 (1.25 times)" in said(path, Result("a", 0.8, "s"))


def test_what_was_not_measured_is_no_figure(path):
    keep(path, Result("a", None, "s"), Result("b", 2.0, "s"))
    assert read_figures(path)[PROCESSOR][0]["figures"] == {"b": [2.0, "s"]}
    assert said(path, Result("a", 1.0, "s"), Result("b", None, "s")).count("nothing") == 2


def test_the_newest_runs_are_kept(path):
    for number in range(MOST_RUNS + 2):
        keep(path, Result("a", float(number + 1), "s"))
    figures = [run["figures"]["a"][0] for run in read_figures(path)[PROCESSOR]]
    assert figures == [3.0, 4.0, 5.0, 6.0, 7.0]


def test_the_kept_figures_can_be_read():
    for runs in read_figures().values():
        assert 0 < len(runs) <= MOST_RUNS
        assert all(run["day"] and run["described"] and run["figures"] for run in runs)


def test_the_kind_of_this_processor_is_told():
    assert processor_kind()
