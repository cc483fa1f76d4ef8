"""Planted faults are found, named and placed; what harms nothing is not."""

from dataclasses import replace

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import INPUTS
from credit_scoring.features import FeatureSchema, build_features, sent_values

from functions.drift_monitor.find import Comparison, Window, Yardstick
from functions.drift_monitor.finding import PAGE, TICKET, Kind
from functions.drift_monitor.message import sentence
from functions.drift_monitor.raw_columns import RawColumns
from functions.drift_monitor.rows import ScoredRows

SCHEMA = FeatureSchema(
    (
        "AMT_CREDIT", "AMT_ANNUITY", "EXT_SOURCE_2", "EXT_SOURCE_3", "DAYS_BIRTH",
        "NAME_EDUCATION_TYPE", "CREDIT_TO_INCOME", "ANNUITY_TO_CREDIT",
    ),
    {"NAME_EDUCATION_TYPE": ("Higher education", "Secondary / secondary special")},
)  # fmt: skip
LEVELS = [
    INPUTS["NAME_EDUCATION_TYPE"].categories.index(word)
    for word in SCHEMA.vocabularies["NAME_EDUCATION_TYPE"]
]
ROWS, BRANCHES = 5000, 10


def people(rows, *, seed):
    random = np.random.default_rng(seed)
    credit = random.lognormal(13, 0.6, rows).round(-3)
    third = np.where(random.random(rows) < 0.2, np.nan, random.beta(5, 4, rows))
    income = np.exp(random.choice(np.log([67.5e3, 90e3, 112.5e3, 135e3, 180e3, 270e3]), rows))
    return {
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": credit / random.uniform(12, 30, rows),
        "AMT_INCOME_TOTAL": income,
        "EXT_SOURCE_2": random.beta(4, 3, rows),
        "EXT_SOURCE_3": third,
        "DAYS_BIRTH": -random.uniform(8000, 25000, rows).round(),
        "NAME_EDUCATION_TYPE": np.where(random.random(rows) < 0.3, *LEVELS).astype(np.int32),
    }


def scored(columns):
    """Contributions are a smooth function of each feature, as a model's are."""
    rows = len(columns["AMT_CREDIT"])
    applicants = Applicants([""] * rows, columns)
    features = build_features(applicants, SCHEMA)
    filled = np.where(np.isnan(features), 0.0, features)
    scale = np.array([1e-6, 1e-5, -1.5, -1.5, 2e-5, 0.2, 0.02, 3.0])
    contributions = np.tanh(filled * scale) * 0.5
    pds = 1 / (1 + np.exp(2 - contributions.sum(axis=1)))
    inputs = sent_values(applicants, SCHEMA.raw_numbers)
    return ScoredRows(features.astype(np.float32), inputs, pds), contributions


YARDSTICK = Yardstick(RawColumns(SCHEMA), *scored(people(10_000, seed=1)))


def find(columns, *, branches=BRANCHES, refused=None, files=None):
    rows, contributions = scored(columns)
    count = len(rows)
    source_of = np.arange(count) % branches
    named = np.array([f"file-{place}" for place in source_of], object)
    window = Window(
        rows=rows,
        contributions=contributions,
        sources=[f"branch-{n}" for n in range(branches)],
        source_of=source_of,
        files=named if files is None else files,
        of_everybody=np.ones(count, np.bool_),
        refused=refused or {},
        scored={f"branch-{n}": int(np.sum(source_of == n)) for n in range(branches)},
    )
    return Comparison(YARDSTICK, window).find()


def told(found):
    return [(finding.kind, finding.columns, finding.source) for finding in found]


def edited(columns, name, change, rows=slice(None)):
    values = columns[name].copy()
    values[rows] = change(values[rows])
    return columns | {name: values}


@pytest.fixture
def current():
    return people(ROWS, seed=2)


BRANCH = np.arange(ROWS) % BRANCHES == 3
EVERYBODY = slice(None)


@pytest.mark.parametrize("rows", [200, 1000, 5000])
def test_unmoved_windows_call_nobody(rows):
    calls = [find(people(rows, seed=100 + seed)) for seed in range(60)]
    assert sum(bool(found) for found in calls) <= 1


@pytest.mark.parametrize(
    ("name", "more"), [("AMT_INCOME_TOTAL", 0.5), ("AMT_CREDIT", 1.0), ("DAYS_BIRTH", -3.0)]
)
def test_what_the_model_does_not_see_is_no_finding(current, name, more):
    assert find(edited(current, name, lambda values: values + more)) == []


@pytest.mark.parametrize("factor", [10, 100, 1000, 0.1, 0.01])
def test_another_unit_is_named_with_its_factor(current, factor):
    [found] = find(edited(current, "AMT_INCOME_TOTAL", lambda values: values * factor))
    assert (found.kind, found.columns, found.source) == (Kind.UNIT, ("AMT_INCOME_TOTAL",), "")
    assert found.measures == {"factor": factor}
    assert found.urgency == PAGE
    assert found.severity > 0


@pytest.mark.parametrize("factor", [100, 1000, 0.01])
def test_another_unit_of_some_rows_is_named_where_they_come_from(current, factor):
    some = np.flatnonzero(BRANCH)[::10]
    [found] = find(edited(current, "AMT_INCOME_TOTAL", lambda values: values * factor, some))
    assert (found.kind, found.columns) == (Kind.UNIT, ("AMT_INCOME_TOTAL",))
    assert (found.source, found.files) == ("branch-3", ("file-3",))
    assert found.measures == {"factor": factor, "share": pytest.approx(0.1, abs=0.01)}
    assert "in 10% of rows" in sentence(found)


@pytest.mark.parametrize(("factor", "step"), [(10, 10), (100, 150)], ids=["the rich", "four rows"])
def test_applicants_of_another_kind_are_no_other_unit(current, factor, step):
    some = np.flatnonzero(BRANCH)[::step]
    found = find(edited(current, "AMT_INCOME_TOTAL", lambda values: values * factor, some))
    assert not [finding for finding in found if finding.urgency == PAGE]


def test_a_fault_of_one_branch_is_named_there_and_nowhere_else(current):
    for name in ("AMT_CREDIT", "AMT_ANNUITY"):
        current = edited(current, name, lambda values: values * 100, BRANCH)
    found = find(current)
    assert sorted(told(found)) == [
        (Kind.UNIT, ("AMT_ANNUITY",), "branch-3"),
        (Kind.UNIT, ("AMT_CREDIT",), "branch-3"),
    ]
    assert {finding.files for finding in found} == {("file-3",)}


@pytest.mark.parametrize("branches", [10, 30, 100])
def test_a_column_that_one_branch_leaves_out_is_found_in_fifty_rows(current, branches):
    rows = np.arange(ROWS) % branches == 3
    broken = edited(current, "EXT_SOURCE_2", lambda values: values * np.nan, rows)
    [found] = find(broken, branches=branches)
    assert told([found]) == [(Kind.MISSING, ("EXT_SOURCE_2",), "branch-3")]
    assert found.rows == rows.sum() >= 50
    assert found.measures == {"share": 1.0, "share_before": 0.0}


@pytest.mark.parametrize("name", ["EXT_SOURCE_2", "EXT_SOURCE_3", "AMT_CREDIT", "DAYS_BIRTH"])
def test_a_column_that_stops_arriving_is_missing_everywhere_and_called_once(current, name):
    found = find(edited(current, name, lambda values: values * np.nan))
    assert told(found) == [(Kind.MISSING, (name,), "")]


@pytest.mark.parametrize("name", ["EXT_SOURCE_3", "AMT_ANNUITY", "NAME_EDUCATION_TYPE"])
def test_a_column_of_one_value_is_constant(current, name):
    found = find(edited(current, name, lambda values: np.full_like(values, values[1])))
    assert told(found) == [(Kind.CONSTANT, (name,), "")]


def test_a_column_that_hardly_varied_before_is_not_called_constant():
    one = people(ROWS, seed=2) | {"NAME_EDUCATION_TYPE": np.zeros(ROWS, np.int32)}
    yardstick_rows, contributions = scored(
        people(10_000, seed=1) | {"NAME_EDUCATION_TYPE": np.zeros(10_000, np.int32)}
    )
    yardstick = Yardstick(RawColumns(SCHEMA), yardstick_rows, contributions)
    rows, of_rows = scored(one)
    everybody = np.ones(ROWS, np.bool_)
    window = Window(
        rows, of_rows, ["a"], np.zeros(ROWS, np.intp), np.full(ROWS, "", object), everybody, {}, {}
    )
    assert Comparison(yardstick, window).find() == []


@pytest.mark.parametrize(
    ("left", "right"), [("AMT_CREDIT", "AMT_ANNUITY"), ("EXT_SOURCE_2", "EXT_SOURCE_3")]
)
def test_two_columns_that_changed_places_are_named_together(current, left, right):
    swapped = current | {left: current[right], right: current[left]}
    [found] = find(swapped)
    assert found.kind is Kind.SWAPPED
    assert set(found.columns) == {left, right}


def test_a_category_that_nobody_knows_is_counted_where_it_comes_from(current):
    refused = {"branch-3": {("NAME_INCOME_TYPE", "unknown_category"): 50}}
    [found] = find(current, refused=refused)
    assert told([found]) == [(Kind.CATEGORY, ("NAME_INCOME_TYPE",), "branch-3")]
    assert found.measures == {"refused": 50, "share": pytest.approx(50 / 550)}


def test_a_few_typing_errors_at_the_door_call_nobody(current):
    refused = {"branch-3": {("AMT_CREDIT", "wrong_type"): 20, ("X", "unknown_category"): 4}}
    assert find(current, refused=refused) == []


def test_older_applicants_are_a_ticket_and_no_fault(current):
    found = find(edited(current, "DAYS_BIRTH", lambda values: values - 3652))
    assert told(found) == [(Kind.POPULATION, ("DAYS_BIRTH",), "")]
    assert found[0].urgency == TICKET
    assert found[0].measures["psi"] > found[0].measures["threshold"] >= 0.1


def test_what_is_urgent_comes_first_then_what_weighs_most(current):
    moved = edited(current, "DAYS_BIRTH", lambda values: values - 3652)
    moved = edited(moved, "EXT_SOURCE_3", lambda values: values * np.nan)
    assert [finding.urgency for finding in find(moved)] == [PAGE, TICKET]


def test_a_fault_of_some_files_of_a_branch_is_found_in_them(current):
    """Half of the branch's rows would blur it."""
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 4}" for n in range(ROWS)], object)
    rows = files == "file-3-1"
    [found] = find(edited(current, "AMT_CREDIT", lambda values: values * 100, rows), files=files)
    assert told([found]) == [(Kind.UNIT, ("AMT_CREDIT",), "branch-3")]
    assert found.files == ("file-3-1",)
    assert found.rows == rows.sum()


def test_the_share_of_a_fault_of_several_files_is_that_of_all_their_rows(current):
    places = np.arange(ROWS) // BRANCHES
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 8}" for n in range(ROWS)], object)
    left_out = (files == "file-3-1") | ((files == "file-3-2") & (places // 8 % 2 == 0))
    [found] = find(
        edited(current, "EXT_SOURCE_2", lambda values: values * np.nan, left_out), files=files
    )
    assert found.files == ("file-3-1", "file-3-2")
    assert found.measures["share"] == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("is_whole_broken", ["in the branch", "everywhere"])
@pytest.mark.parametrize(
    ("second", "of_file"),
    [
        ((Kind.MISSING, "EXT_SOURCE_2"), lambda values: values * np.nan),
        ((Kind.UNIT, "AMT_CREDIT"), lambda values: values * 100),
        ((Kind.MISSING, "AMT_ANNUITY"), lambda values: values * np.nan),
    ],
    ids=["another column", "another unit", "the same column in another way"],
)
def test_another_fault_of_one_file_is_told_beside_that_of_its_branch(
    is_whole_broken, second, of_file
):
    rows = ROWS * 3
    places = np.arange(rows)
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 10}" for n in range(rows)], object)
    whole = places % BRANCHES == 3 if is_whole_broken == "in the branch" else EVERYBODY
    broken = edited(people(rows, seed=2), "AMT_ANNUITY", lambda values: values * 100, whole)
    kind, column = second
    found = find(edited(broken, column, of_file, files == "file-3-1"), files=files)
    source = "branch-3" if is_whole_broken == "in the branch" else ""
    assert sorted(told(found)) == sorted(
        [(Kind.UNIT, ("AMT_ANNUITY",), source), (kind, (column,), "branch-3")]
    )
    [of_one_file] = [each for each in found if each.kind is kind and each.columns == (column,)]
    assert (of_one_file.files, of_one_file.rows) == (("file-3-1",), 150)


@pytest.mark.parametrize("whole", ["nobody", "branch", "everybody"])
def test_files_of_which_one_column_has_several_units_are_told_apart(whole):
    """One factor for all would have the second file repaired by the first one's."""
    rows = ROWS * 3
    places = np.arange(rows)
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 10}" for n in range(rows)], object)
    broken = people(rows, seed=2)
    of_whole = {"nobody": None, "branch": places % BRANCHES == 3, "everybody": EVERYBODY}[whole]
    if of_whole is not None:
        broken = edited(broken, "AMT_CREDIT", lambda values: values * 10, of_whole)
    for file, factor in (("file-3-1", 100), ("file-3-2", 0.001)):
        broken = edited(broken, "AMT_CREDIT", lambda v, by=factor: v * by, files == file)
    own = 1 if of_whole is None else 10
    found = {(f.source, f.measures["factor"]): f for f in find(broken, files=files)}
    source = "branch-3"
    wanted = {(source, 100.0 * own), (source, 0.001 * own)}
    if of_whole is not None:
        wanted.add(("" if whole == "everybody" else source, 10.0))
    assert set(found) == wanted
    assert found[source, 100.0 * own].files == ("file-3-1",)
    assert found[source, 0.001 * own].files == ("file-3-2",)
    if whole == "branch":
        others = {f"file-3-{n}" for n in range(10)} - {"file-3-1", "file-3-2"}
        assert set(found[source, 10.0].files) == others


@pytest.mark.parametrize("file", [None, "file-3-1"], ids=["of the branch", "of a file"])
def test_another_unit_of_some_rows_is_told_beside_another_fault(current, file):
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 4}" for n in range(ROWS)], object)
    rows = files == file if file else BRANCH
    broken = edited(current, "EXT_SOURCE_2", lambda values: values * np.nan, rows)
    some = np.flatnonzero(BRANCH)[::10]
    broken = edited(broken, "AMT_INCOME_TOTAL", lambda values: values * 100, some)
    found = find(broken, files=files)
    assert sorted(told(found)) == [
        (Kind.MISSING, ("EXT_SOURCE_2",), "branch-3"),
        (Kind.UNIT, ("AMT_INCOME_TOTAL",), "branch-3"),
    ]


@pytest.mark.parametrize("rows", [EVERYBODY, BRANCH], ids=["everywhere", "in the branch"])
def test_two_swapped_columns_are_told_once_though_a_small_file_shows_less_of_it(current, rows):
    """A fifth of the one column is missing by nature: in the other's place, in some files more."""
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 10}" for n in range(ROWS)], object)
    swapped = edited(current, "EXT_SOURCE_2", lambda _: current["EXT_SOURCE_3"][rows], rows)
    swapped = edited(swapped, "EXT_SOURCE_3", lambda _: current["EXT_SOURCE_2"][rows], rows)
    [found] = find(swapped, files=files)
    assert (found.kind, set(found.columns)) == (Kind.SWAPPED, {"EXT_SOURCE_2", "EXT_SOURCE_3"})
    assert found.source == ("" if rows is EVERYBODY else "branch-3")


@pytest.mark.parametrize(
    ("kind", "values"), [(Kind.MISSING, np.nan), (Kind.CONSTANT, 0.5)], ids=["missing", "constant"]
)
def test_a_file_that_leaves_a_swapped_column_out_is_told_beside_the_swap(current, kind, values):
    files = np.array([f"file-{n % BRANCHES}-{n // BRANCHES % 5}" for n in range(ROWS)], object)
    swapped = current | {
        "EXT_SOURCE_2": current["EXT_SOURCE_3"],
        "EXT_SOURCE_3": current["EXT_SOURCE_2"],
    }
    broken = edited(swapped, "EXT_SOURCE_2", lambda _: values, files == "file-3-1")
    swap, of_the_file = sorted(find(broken, files=files), key=lambda found: found.source)
    assert (swap.kind, swap.source) == (Kind.SWAPPED, "")
    assert told([of_the_file]) == [(kind, ("EXT_SOURCE_2",), "branch-3")]
    assert of_the_file.files == ("file-3-1",)


def test_the_rows_of_a_broken_branch_do_not_make_everybody_look_broken(current):
    broken = edited(current, "EXT_SOURCE_2", lambda values: values * np.nan, BRANCH)
    older = edited(broken, "DAYS_BIRTH", lambda values: values - 3652)
    assert told(find(older)) == [
        (Kind.MISSING, ("EXT_SOURCE_2",), "branch-3"),
        (Kind.POPULATION, ("DAYS_BIRTH",), ""),
    ]


def test_a_fault_of_all_does_not_hide_whose_another_one_is(current):
    """A quarter of the rows would show everywhere, too."""
    rows = np.arange(ROWS) % 4 == 3
    broken = edited(current, "AMT_ANNUITY", lambda values: values * np.nan)
    broken = edited(broken, "EXT_SOURCE_2", lambda values: values * np.nan, rows)
    assert sorted(told(find(broken, branches=4))) == [
        (Kind.MISSING, ("AMT_ANNUITY",), ""),
        (Kind.MISSING, ("EXT_SOURCE_2",), "branch-3"),
    ]


def test_rows_that_fill_up_a_small_source_do_not_count_as_everybody(current):
    rows, contributions = scored(edited(current, "EXT_SOURCE_2", lambda v: v * np.nan, BRANCH))
    window = Window(
        rows=rows,
        contributions=contributions,
        sources=["big", "small"],
        source_of=BRANCH.astype(np.intp),
        files=np.full(ROWS, "", object),
        of_everybody=~BRANCH | (np.arange(ROWS) < 100),
        refused={},
        scored={},
    )
    comparison = Comparison(YARDSTICK, window)
    assert told(comparison.find()) == [(Kind.MISSING, ("EXT_SOURCE_2",), "small")]
    everywhere = comparison.named_histograms()[""]
    assert everywhere[0].sum() == window.of_everybody.sum()


def test_a_source_of_fewer_rows_than_fifty_is_only_part_of_the_whole():
    current = people(490, seed=2)
    rows = np.arange(490) % 10 == 3
    assert find(edited(current, "EXT_SOURCE_2", lambda values: values * np.nan, rows)) == []
    [found] = find(edited(current, "AMT_CREDIT", lambda values: values * 100, rows))
    assert told([found]) == [(Kind.UNIT, ("AMT_CREDIT",), "")]
    assert found.measures["share"] == pytest.approx(0.1)


def test_findings_have_a_key_that_stays_the_same_night_for_night(current):
    swapped = current | {
        "AMT_CREDIT": current["AMT_ANNUITY"],
        "AMT_ANNUITY": current["AMT_CREDIT"],
    }
    [found] = find(swapped)
    assert found.key == replace(found, columns=found.columns[::-1], severity=9.0).key
