"""What a rule is worth: the same rows and folds, with and without it."""

import pytest

from tests.training.rows import draw_prepared, quick_recipe
from training.fitting.ablate import ablate
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
    assert set(names) <= {"without directions", "with gender", "without history"}


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
    bare = quick_recipe(members=1, monotone=False, protected=(), history=False)
    pds = cross_validate(prepared, bare, progress=False).default_probabilities
    assert ablate(prepared, bare, pds, cost_ratio=10.0) == []
