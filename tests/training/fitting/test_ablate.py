"""What a rule is worth: the same rows and folds, with and without it."""

import pytest
from credit_scoring.contract.columns import FEATURES, GROUPED

from tests.training.rows import draw_prepared, quick_recipe
from training.data.schema import GROUNDS
from training.fitting.ablate import _variants, ablate
from training.fitting.validate import cross_validate


@pytest.fixture(scope="module")
def prepared():
    return draw_prepared(600)


@pytest.fixture(scope="module")
def found(prepared):
    recipe = quick_recipe(members=1)
    validation = cross_validate(prepared, recipe, progress=False)
    pds = validation.default_probabilities
    return ablate(prepared, recipe, pds, cost_ratio=10.0), pds


def test_each_rule_is_lifted_once(found):
    names = [ablation.name for ablation in found[0]]
    assert names[0] == "without directions"
    grounds = {"without age", "without children"}  # what varies in these rows
    assert set(names) >= {*grounds, "without protected grounds"}
    assert set(names) - grounds <= {
        "without directions", "with gender", "without groups", "without history",
        "without protected grounds",
    }  # fmt: skip


def test_a_ground_is_barred_with_all_that_is_computed_from_it(prepared):
    recipe = quick_recipe(members=1)
    variants = {name: changed for name, _, changed in _variants(prepared, recipe)}
    every = prepared.everybody
    assert {*GROUPED} <= {*prepared.candidates(recipe, every).names}
    assert not {*GROUPED} & {*prepared.candidates(variants["without groups"], every).names}
    read = {*variants["without age"].candidates(prepared.schema).names}
    assert {"DAYS_BIRTH", "EMPLOYED_TO_AGE"} <= {*recipe.candidates(prepared.schema).names}
    assert not read & {"DAYS_BIRTH", "EMPLOYED_TO_AGE", "AGE_AT_EMPLOYMENT", "CODE_GENDER"}
    none = {*variants["without protected grounds"].candidates(prepared.schema).names}
    assert not any(FEATURES[name].protected for name in none)
    barred = variants["without age"]
    assert "without age" not in {name for name, *_ in _variants(prepared, barred)}


def test_differences_are_of_the_changed_recipe_less_the_recipe(prepared, found):
    from sklearn.metrics import roc_auc_score

    auc = roc_auc_score(prepared.defaulted, found[1])
    for ablation in found[0]:
        assert ablation.auc - auc == pytest.approx(ablation.auc_difference)
        low, high = ablation.auc_interval
        assert low <= ablation.auc_difference <= high
        low, high = ablation.cost_interval
        assert low <= ablation.cost_difference <= high


def test_a_rule_that_is_lifted_already_is_not_lifted_again(prepared):
    every = tuple(name for names in GROUNDS.values() for name in names)
    bare = quick_recipe(members=1, monotone=False, protected=every, history=False)
    assert [name for name, *_ in _variants(prepared, bare)] == [
        "with gender",
        "without groups",
    ]
