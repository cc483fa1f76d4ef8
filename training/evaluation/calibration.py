"""Whether PDs mean what they say, and the one repair that leaves explanations exact.

Calibration looks worse than it is on few rows: perfectly calibrated PDs of 10,000 applicants with
8 % defaults show a calibration error (ECE) of some 0.004 to 0.009 by chance alone. So a repair is
made upon a test of the log-odds, not at the sight of the ECE.

The repair is Platt's on log-odds: margin -> slope * margin + intercept. It is affine, so the trees
can carry it (leaf values times the slope, the intercept in the first tree), and contributions plus
base value still make the margin. An isotonic map would follow more bends and break that sum.
"""

from dataclasses import dataclass, replace

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.population.intervals import wilson_interval
from credit_scoring.trees.forest import Forest

from training.evaluation.log_odds import LogOddsFit, fit_log_odds
from training.evaluation.statistics import Interval, equal_count_bins

SIGNIFICANCE = 0.05
TOLERATED_ECE = 0.005
N_FOLDS = 5


@dataclass(frozen=True)
class Bin:
    """A point of the reliability diagram: one of ten bins of equally many applicants."""

    applicants: int
    mean_pd: float
    default_rate: float
    default_rate_interval: Interval


@dataclass(frozen=True)
class BrierDecomposition:
    """reliability - resolution + uncertainty + within_bin_variance - within_bin_covariance.

    reliability : squared distance of PD and default rate, bin by bin; 0 is best
    resolution : squared distance of the bins' default rates from the overall one; more is better
    uncertainty : rate * (1 - rate), which no model can change
    within_bin_variance, within_bin_covariance : what bins hide, the latter twice the covariance
    Sources: Murphy 1973; Stephenson et al. 2008, "Two extra components in the Brier score
    decomposition".
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_bin_variance: float
    within_bin_covariance: float


@dataclass(frozen=True)
class CalibrationFigures:
    """log_odds : None when the outcomes set no slope"""

    bins: list[Bin]
    ece: float
    brier: float
    decomposition: BrierDecomposition
    mean_pd: float
    default_rate: float
    log_odds: LogOddsFit | None


@dataclass(frozen=True)
class PlattScaling:
    """margin -> slope * margin + intercept, in log-odds; a slope above 0 keeps the order."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margins: Numbers) -> Numbers:
        return self.slope * margins + self.intercept


@dataclass(frozen=True)
class Calibration:
    """What held-out PDs are worth as they come out of the trees, and what was done about it.

    reason : one sentence
    repair : slope 1 and intercept 0 when `repaired` is false
    before : as the trees were fitted
    after : each row repaired as the other rows say; None when the outcomes set no repair
    """

    repaired: bool
    reason: str
    repair: PlattScaling
    before: CalibrationFigures
    after: CalibrationFigures | None


def calibrate(margins: Numbers, defaulted: Flags, *, seed: int) -> Calibration:
    """Measure held-out margins (n,) against outcomes (n,), and repair them if `needs_repair`."""
    before = measure_calibration(margins, defaulted)
    mended = _cross_repaired(margins, defaulted, seed=seed)
    after = None if mended is None else measure_calibration(mended, defaulted)
    needed = after is not None and needs_repair(before, after)
    repair = fit_platt_scaling(margins, defaulted) if needed else PlattScaling()
    return Calibration(needed, _reason(before, after, repair), repair, before, after)


def needs_repair(before: CalibrationFigures, after: CalibrationFigures) -> bool:
    """Repair what is wrong beyond chance, enough to matter, and the better for it.

    All three: slope 1 and intercept 0 are rejected at 5 %; the calibration error is above 0.005;
    and the cross-validated repair `after` lowers both calibration error and Brier score.
    """
    return (
        before.log_odds is not None
        and before.log_odds.p_value < SIGNIFICANCE
        and before.ece > TOLERATED_ECE
        and _improves(before, after)
    )


def _improves(before: CalibrationFigures, after: CalibrationFigures) -> bool:
    return after.ece < before.ece and after.brier < before.brier


def _reason(
    before: CalibrationFigures, after: CalibrationFigures | None, repair: PlattScaling
) -> str:
    if before.log_odds is None or after is None:
        return "Not repaired: outcomes are too few, of one kind, or ranked backwards."
    found = f"calibration error {before.ece:.4f}"
    if before.log_odds.p_value >= SIGNIFICANCE:
        return f"Not repaired: {found} is no more than chance (p = {before.log_odds.p_value:.2f})."
    if before.ece <= TOLERATED_ECE:
        return f"Not repaired: {found} is too small to matter."
    if not _improves(before, after):
        return f"Not repaired: {found}, and cross-validated a repair does not better it."
    return (
        f"Repaired: {found} becomes {after.ece:.4f} with log-odds times {repair.slope:.3f} "
        f"plus {repair.intercept:.3f}."
    )


def measure_calibration(margins: Numbers, defaulted: Flags) -> CalibrationFigures:
    """Every figure of calibration, from log-odds (n,) and outcomes (n,)."""
    pds = default_probabilities(margins)
    rows_by_bin = equal_count_bins(pds)
    bins = [_bin(pds[rows], defaulted[rows]) for rows in rows_by_bin]
    return CalibrationFigures(
        bins=bins,
        ece=sum(abs(b.mean_pd - b.default_rate) * b.applicants for b in bins) / len(pds),
        brier=float(np.mean((pds - defaulted) ** 2)),
        decomposition=decompose_brier(pds, defaulted, rows_by_bin),
        mean_pd=float(pds.mean()),
        default_rate=float(defaulted.mean()),
        log_odds=fit_log_odds(margins, defaulted),
    )


def _bin(pds: Numbers, defaulted: Flags) -> Bin:
    low, high = wilson_interval(int(defaulted.sum()), len(defaulted))
    interval = (float(low), float(high))
    return Bin(len(pds), float(pds.mean()), float(defaulted.mean()), interval)


def decompose_brier(
    pds: Numbers, defaulted: Flags, rows_by_bin: list[Indices]
) -> BrierDecomposition:
    """The parts of the Brier score of PDs (n,), given the row numbers of each bin."""
    rate = float(defaulted.mean())
    parts = [(pds[rows], defaulted[rows].astype(np.float64)) for rows in rows_by_bin]
    shares = np.array([len(rows) for rows in rows_by_bin]) / len(pds)
    mean_pds = np.array([p.mean() for p, _ in parts])
    rates = np.array([y.mean() for _, y in parts])
    covariances = np.array([np.mean((p - p.mean()) * (y - y.mean())) for p, y in parts])
    return BrierDecomposition(
        reliability=float(np.sum(shares * (mean_pds - rates) ** 2)),
        resolution=float(np.sum(shares * (rates - rate) ** 2)),
        uncertainty=rate * (1 - rate),
        within_bin_variance=float(np.sum(shares * np.array([p.var() for p, _ in parts]))),
        within_bin_covariance=float(np.sum(shares * 2 * covariances)),
    )


def fit_platt_scaling(margins: Numbers, defaulted: Flags) -> PlattScaling:
    """The slope and intercept of greatest likelihood.

    Raises DatasetError when the outcomes set none, or one that turns the order around.
    """
    fit = fit_log_odds(margins, defaulted)
    if fit is None:
        raise DatasetError("PDs cannot be repaired: the outcomes are too few, or of one kind")
    return _keeping_order(PlattScaling(fit.slope, fit.intercept))


def _keeping_order(repair: PlattScaling) -> PlattScaling:
    if not repair.slope > 0:
        raise DatasetError(
            f"a repair with slope {repair.slope:.3g} would turn the order of applicants around: "
            "the model is worse than none, train another"
        )
    return repair


def _cross_repaired(margins: Numbers, defaulted: Flags, *, seed: int) -> Numbers | None:
    """Margins (n,), each repaired by what the other folds' rows say; None if some fold cannot."""
    fold = np.random.default_rng(seed).permutation(len(margins)) % N_FOLDS
    mended = np.empty_like(margins)
    for number in range(N_FOLDS):
        own = fold == number
        fit = fit_log_odds(margins[~own], defaulted[~own])
        if fit is None or not fit.slope > 0:
            return None
        mended[own] = PlattScaling(fit.slope, fit.intercept).apply(margins[own])
    return mended


def repaired(forest: Forest, repair: PlattScaling) -> Forest:
    """The forest whose margins are `repair.apply` of this one's, up to rounding.

    The intercept goes to every leaf of the first tree, where LightGBM too puts its starting score:
    a constant in a tree moves the base value alone, so contributions only take the slope.
    Raises DatasetError when the slope is not above 0.
    """
    values = forest.leaf_value * _keeping_order(repair).slope
    second_tree = forest.first_leaf[1] if len(forest.root) > 1 else len(values)
    values[:second_tree] += repair.intercept
    return replace(forest, leaf_value=values)


def calibrated_booster(booster: lightgbm.Booster, repair: PlattScaling) -> lightgbm.Booster:
    """The same in LightGBM's own model, which compiles to the bits of `repaired`."""
    slope = _keeping_order(repair).slope
    copy = lightgbm.Booster(model_str=booster.model_to_string())
    for tree in copy.dump_model()["tree_info"]:
        number, offset = tree["tree_index"], 0.0 if tree["tree_index"] else repair.intercept
        for leaf in range(tree["num_leaves"]):
            value = copy.get_leaf_output(number, leaf) * slope + offset
            copy.set_leaf_output(number, leaf, value)
    return copy
