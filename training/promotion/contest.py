"""Champion and challenger on the same rows, each row scored by fold models that never saw it."""

from dataclasses import dataclass, replace

import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.aws.storage import Store
from credit_scoring.decision import accepts
from credit_scoring.errors import ArtifactError
from credit_scoring.scoring import Model

from training.data.dataset import Dataset
from training.data.split import is_for_tuning
from training.evaluation.audit.fairness import Audit, audit
from training.evaluation.cutoff import business_cost
from training.evaluation.evaluate import expected_calibration_error
from training.evaluation.log_odds import fit_log_odds
from training.evaluation.statistics import (
    AucComparison,
    AucEstimate,
    Interval,
    PairedDifference,
    delong,
    delong_interval,
    equal_count_bins,
    paired_cost_difference,
)
from training.fitting.crossfit import held_out_probabilities

RESAMPLES = 2000


@dataclass(frozen=True)
class Unfair:
    """A verdict of the audit that fails; approval_ratio : of the group accepted least to most."""

    attribute: str
    approval_ratio: float
    sentence: str


@dataclass(frozen=True)
class ModelStanding:
    """What one model's held-out PDs are worth.

    ece_by_chance : the calibration error that perfect PDs stay below in 95 % of such samples
    miscalibrated : attribute -> sentence, where a group's PDs are far from how often it defaults
    slope : of the outcomes' log-odds on the PDs'; 1 is best; None when the outcomes set none
    """

    version: str
    cutoff: float
    auc: AucEstimate
    business_cost_per_applicant: float
    approval_rate: float
    ece: float
    ece_by_chance: float
    slope: float | None
    slope_interval: Interval | None
    fairness: str
    unfair: tuple[Unfair, ...]
    miscalibrated: dict[str, str]


@dataclass(frozen=True)
class Flips:
    """Applicants whom the challenger decides otherwise, and how many of them defaulted."""

    newly_accepted: int
    newly_accepted_defaults: int
    newly_refused: int
    newly_refused_defaults: int


@dataclass(frozen=True)
class Contest:
    """Challenger against champion; differences are challenger less champion.

    champion, auc, cost, flips : None when there is no champion, or none that can be compared
    obstacle : why a champion that serves cannot be compared
    """

    rows: int
    defaults: int
    cost_ratio: float
    challenger: ModelStanding
    champion: ModelStanding | None = None
    auc: AucComparison | None = None
    cost: PairedDifference | None = None
    flips: Flips | None = None
    obstacle: str = ""


def hold_contest(
    store: Store, challenger: Model, champion: Model | None, dataset: Dataset, *, seed: int
) -> Contest:
    """Measure both on every row of a labelled dataset, at the challenger's cost ratio.

    Where either was tuned, only on the half of the applicants on which no parameters are.
    Each decides with the cut-off that it serves with: a cut-off is part of a model.
    """
    if _is_tuned(challenger) or (champion and _is_tuned(champion)):
        dataset = dataset.take(np.flatnonzero(~is_for_tuning(dataset.applicants.ids)))
    ratio, defaulted = challenger.cost_ratio, dataset.defaulted
    pds = held_out_probabilities(store, challenger.version, dataset)
    contest = Contest(
        rows=len(dataset),
        defaults=int(defaulted.sum()),
        cost_ratio=ratio,
        challenger=_stand(challenger, pds, dataset, ratio, seed),
    )
    if champion is None:
        return contest
    try:
        old_pds = held_out_probabilities(store, champion.version, dataset)
    except (ArtifactError, KeyError) as error:  # KeyError: of a feature that is no more
        return replace(contest, obstacle=f"{type(error).__name__}: {error}")
    before = accepts(old_pds, cutoff=champion.cutoff)
    after = accepts(pds, cutoff=challenger.cutoff)
    cost = paired_cost_difference(
        before,
        after,
        defaulted,
        cost_ratio=ratio,
        seed=seed,
        resamples=RESAMPLES,
    )
    return replace(
        contest,
        champion=_stand(champion, old_pds, dataset, ratio, seed),
        auc=delong(old_pds, pds, defaulted),
        cost=cost,
        flips=_count_flips(before, after, defaulted),
    )


def _count_flips(before: Flags, after: Flags, defaulted: Flags) -> Flips:
    """before, after : who is accepted, bool (n,)"""
    accepted, refused = after & ~before, before & ~after
    return Flips(
        newly_accepted=int(accepted.sum()),
        newly_accepted_defaults=int((accepted & defaulted).sum()),
        newly_refused=int(refused.sum()),
        newly_refused_defaults=int((refused & defaulted).sum()),
    )


def _is_tuned(model: Model) -> bool:
    return bool(model.facts.get("training", {}).get("tuned"))


def _stand(
    model: Model, pds: Numbers, dataset: Dataset, cost_ratio: float, seed: int
) -> ModelStanding:
    defaulted, cutoff = dataset.defaulted, model.cutoff
    found = audit(dataset.applicants, pds, defaulted, cutoff=cutoff)
    log_odds = fit_log_odds(np.log(pds) - np.log1p(-pds), defaulted)
    return ModelStanding(
        version=model.version,
        cutoff=cutoff,
        auc=delong_interval(pds, defaulted),
        business_cost_per_applicant=business_cost(
            pds, defaulted, cutoff=cutoff, cost_ratio=cost_ratio
        ),
        approval_rate=float(accepts(pds, cutoff=cutoff).mean()),
        ece=expected_calibration_error(pds, defaulted),
        ece_by_chance=ece_by_chance(pds, seed=seed),
        slope=log_odds.slope if log_odds else None,
        slope_interval=log_odds.slope_interval if log_odds else None,
        fairness=found.status,
        unfair=_unfair(found),
        miscalibrated={
            a.attribute: a.calibration for a in found.attributes if a.calibration_status == "fail"
        },
    )


def ece_by_chance(pds: Numbers, *, seed: int) -> float:
    """The calibration error that PDs (n,) stay below in 95 % of samples when each is exact.

    In a bin of m applicants, expected less observed defaults vary around zero with variance
    sum(pd * (1 - pd)): some 0.004 in all for 30,000 applicants, but 0.02 for 1,000.
    """
    spreads = [np.sqrt(np.sum(pds[b] * (1 - pds[b]))) for b in equal_count_bins(pds)]
    drawn = np.random.default_rng(seed).standard_normal((RESAMPLES, len(spreads)))
    errors = np.abs(drawn * np.array(spreads)).sum(axis=1) / len(pds)  # (resamples,)
    return float(np.quantile(errors, 0.95))


def _unfair(found: Audit) -> tuple[Unfair, ...]:
    return tuple(
        Unfair(a.attribute, a.approval_ratio.value, a.sentence)
        for a in found.attributes
        if a.status == "fail" and a.approval_ratio
    )
