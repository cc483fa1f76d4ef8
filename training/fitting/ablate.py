"""What each rule of a recipe is worth: the same rows, folds and seed without it."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import GROUPED, HISTORY

from training.data.schema import GROUNDS, PROTECTED
from training.evaluation.audit.fairness import audit
from training.evaluation.cutoff import accepted_at_best, choose_cutoff
from training.evaluation.statistics import Interval, delong, paired_cost_difference
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe
from training.fitting.validate import cross_validate


@dataclass(frozen=True)
class Ablation:
    """One changed rule against the recipe as it is, on the same rows.

    approval_ratios : attribute of the audit -> approval of the group that is accepted least, over
        that of the group that is accepted most
    Differences are the changed recipe's figure less the recipe's, with 95 % intervals: AUC by
    DeLong's paired test, business cost per applicant by a paired bootstrap, each recipe at its own
    best cut-off.
    """

    name: str
    what: str
    auc: float
    auc_difference: float
    auc_interval: Interval
    cost_difference: float
    cost_interval: Interval
    approval_ratios: dict[str, float]


def ablate(
    prepared: Prepared, recipe: Recipe, default_probabilities: Numbers, *, cost_ratio: float
) -> list[Ablation]:
    """default_probabilities : of the recipe as it is, each by a fold that did not see the row"""
    return [
        _compare(prepared, changed, default_probabilities, name, what, cost_ratio)
        for name, what, changed in _variants(prepared, recipe)
    ]


def _variants(prepared: Prepared, recipe: Recipe) -> Iterator[tuple[str, str, Recipe]]:
    if recipe.monotone:
        what = "Features may pull against what the domain demands."
        yield "without directions", what, recipe.but(monotone=False)
    if {*PROTECTED} <= {*recipe.protected}:
        named = ", ".join(PROTECTED)
        others = tuple(name for name in recipe.protected if name not in PROTECTED)
        yield "with gender", f"The model may read {named}.", recipe.but(protected=others)
    yield from _without_grounds(prepared, recipe)
    read = [name for name in GROUPED if name not in recipe.protected]
    if read:
        what = "The model may not read what is known of loans at the same price and length."
        yield "without groups", what, recipe.but(protected=(*recipe.protected, *read))
    if recipe.history and any(name in HISTORY for name in prepared.schema.names):
        what = "The model reads the application form alone, no past credits."
        yield "without history", what, recipe.but(history=False)


def _without_grounds(prepared: Prepared, recipe: Recipe) -> Iterator[tuple[str, str, Recipe]]:
    """Without each protected ground that the model may read, and without all of them."""
    told = {
        ground: [n for n in names if n in prepared.schema.names and n not in recipe.protected]
        for ground, names in GROUNDS.items()
    }
    told = {ground: names for ground, names in told.items() if names}
    for ground, names in told.items():
        what = f"The model may not read {', '.join(names)}."
        yield f"without {ground}", what, recipe.but(protected=(*recipe.protected, *names))
    if len(told) > 1:
        every = [name for names in told.values() for name in names]
        what = f"Neither {', '.join(told)} may be read, nor what is computed from them."
        yield "without protected grounds", what, recipe.but(protected=(*recipe.protected, *every))


def _compare(
    prepared: Prepared,
    changed: Recipe,
    before: Numbers,
    name: str,
    what: str,
    cost_ratio: float,
) -> Ablation:
    after = cross_validate(prepared, changed, label=f"Recipe {name}").default_probabilities
    auc = delong(before, after, prepared.defaulted)
    cost = paired_cost_difference(
        accepted_at_best(before, prepared.defaulted, cost_ratio=cost_ratio),
        accepted_at_best(after, prepared.defaulted, cost_ratio=cost_ratio),
        prepared.defaulted,
        cost_ratio=cost_ratio,
        seed=changed.seed,
    )
    return Ablation(
        name,
        what,
        auc.second_auc,
        auc.difference,
        auc.interval,
        cost.value,
        cost.interval,
        _approval_ratios(prepared, after, cost_ratio),
    )


def _approval_ratios(prepared: Prepared, pds: Numbers, cost_ratio: float) -> dict[str, float]:
    cutoff = choose_cutoff(pds, prepared.defaulted, cost_ratio=cost_ratio)
    found = audit(prepared.dataset.applicants, pds, prepared.defaulted, cutoff=cutoff)
    return {a.attribute: a.approval_ratio.value for a in found.attributes if a.approval_ratio}
