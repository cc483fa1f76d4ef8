"""What several steps read."""

from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.data import read_dataset


def prepared_rows(work: Work[RunSettings]) -> Prepared:
    """The rows, their features and their folds, read once a process."""
    if "prepared" not in work.memory:
        n_folds = work.settings.recipe.n_folds
        work.memory["prepared"] = Prepared.of(read_dataset(work), n_folds=n_folds)
    found: Prepared = work.memory["prepared"]
    return found


def final_recipe(work: Work[RunSettings]) -> Recipe:
    """The recipe with the parameters that tuning found, where it was asked for."""
    recipe = work.settings.recipe
    tuned = work.read("tune", "tune.json")
    return recipe if tuned is None else recipe.but(parameters=recipe.parameters | tuned["best"])
