"""The PD from which on refusing is cheaper than lending, and what every other cut-off costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from credit_scoring import decision
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.errors import EmptyDataset
from credit_scoring.population.intervals import wilson_interval
from numpy.typing import NDArray

from training.evaluation.statistics import Interval, bootstrap_counts, percentile_interval

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class CostCurve:
    """Business cost per applicant, in refused good payers, at cut-offs from none to all accepted.

    cutoffs, approval_rates, costs, lows, highs : one entry a cut-off, ascending; the approval rates
        are evenly spaced as far as equal PDs allow; lows and highs are the interval of the cost
    best_cutoff : the cheapest on these rows, of all cut-offs and not only those of the curve
    best_cutoff_interval : indicative only, for a minimum of steps moves in leaps from resample to
        resample (Abrevaya and Huang 2005); its width says how little the exact cut-off matters
    optimism : by how much the best cut-off's cost here understates its cost on new applicants, as
        cut-offs chosen on resamples show on the rows themselves (Efron 1983)
    theoretical_cutoff : 1 / (1 + cost_ratio), the best one if the PDs are calibrated
    """

    cost_ratio: float
    cutoffs: list[float]
    approval_rates: list[float]
    costs: list[float]
    lows: list[float]
    highs: list[float]
    best_cutoff: float
    best_cutoff_interval: Interval
    best_cost: float
    best_cost_interval: Interval
    best_approval_rate: float
    optimism: float
    theoretical_cutoff: float
    theoretical_cost: float
    theoretical_cost_interval: Interval
    theoretical_approval_rate: float
    approve_all_cost: float
    refuse_all_cost: float


@dataclass(frozen=True)
class Band:
    """One risk band: PDs from `low` on and below `high`.

    default_rate, default_rate_interval, mean_pd : None in a band without applicants
    """

    name: str
    low: float
    high: float
    applicants: int
    share: float
    defaults: int
    default_rate: float | None
    default_rate_interval: Interval | None
    mean_pd: float | None


def choose_cutoff(default_probabilities: Numbers, defaulted: Flags, *, cost_ratio: float) -> float:
    """Find the PD above which lending costs more than refusing.

    default_probabilities : float64 (n,), in [0, 1]
    defaulted : bool (n,)
    cost_ratio : cost of an accepted default / cost of a refused good applicant

    Returns the cut-off in [0, 1]; ties take the lower PD. For calibrated PDs it comes near
    1 / (1 + cost_ratio).
    Raises EmptyDataset when no row is given.
    Source: Elkan 2001, "The Foundations of Cost-Sensitive Learning".
    """
    rows = _Ascending(default_probabilities, defaulted)
    return rows.cutoff(rows.best(rows.costs(cost_ratio)))


def theoretical_cutoff(cost_ratio: float) -> float:
    """Where lending at a true PD costs as much as refusing (Elkan 2001)."""
    return 1 / (1 + cost_ratio)


def policy_grid(
    default_probabilities: Numbers,
    defaulted: Flags,
    groups: Mapping[str, tuple[NDArray[np.str_], Sequence[str]]],
    *,
    cutoff: float,
    points: int = 200,
) -> dict[str, Any]:
    """What cut-offs do, without a cost: whoever looks brings the ratio of their own.

    groups : attribute -> each row's group, and the names of those that are shown
    cutoff : the model's own, which is one of those that are told
    Returns shares, one a cut-off, ascending, to five digits: approved, accepted defaults and
    refused good payers, of all; and approved of each group. The cost an applicant at a ratio r is
    r * accepted_defaults + refused_good_payers.
    """
    ranked = np.sort(default_probabilities)
    places = np.linspace(0, len(ranked) - 1, points).astype(int)
    everybody = np.nextafter(ranked[-1], 2)  # at the last, all are in
    cutoffs = np.unique([*ranked[places], cutoff, everybody])

    def below(rows: Flags) -> Numbers:
        """How many of these rows each cut-off accepts, as `decision.accepts` does."""
        return np.searchsorted(np.sort(default_probabilities[rows]), cutoffs).astype(float)

    def told(shares: Numbers) -> list[float]:
        return [round(share, 5) for share in shares.tolist()]

    n, all_rows = len(ranked), np.ones(len(ranked), bool)
    good = below(~defaulted)
    return {
        "cutoffs": cutoffs.tolist(),
        "approved": told(below(all_rows) / n),
        "accepted_defaults": told(below(defaulted) / n),
        "refused_good_payers": told((np.sum(~defaulted) - good) / n),
        "groups": {
            attribute: {
                name: told(below(of_row == name) / np.sum(of_row == name)) for name in names
            }
            for attribute, (of_row, names) in groups.items()
        },
    }


def business_cost(
    default_probabilities: Numbers, defaulted: Flags, *, cutoff: float, cost_ratio: float
) -> float:
    """Cost per applicant, in refused good payers."""
    accepted = decision.accepts(default_probabilities, cutoff=cutoff)
    return float(np.mean(cost_ratio * (accepted & defaulted) + (~accepted & ~defaulted)))


def cost_curve(
    default_probabilities: Numbers,
    defaulted: Flags,
    *,
    cost_ratio: float,
    seed: int,
    resamples: int = 200,
    points: int = 200,
) -> CostCurve:
    """What each cut-off costs, and how sure that is, by resampling applicants.

    Raises EmptyDataset when no row is given.
    """
    rows = _Ascending(default_probabilities, defaulted)
    n, costs = len(defaulted), rows.costs(cost_ratio)
    best, theoretical = rows.best(costs), theoretical_cutoff(cost_ratio)
    in_theory = int(np.searchsorted(rows.pds, theoretical))
    curve = rows.spread_cuts(points)
    drawn_costs, drawn_best = rows.resample(
        np.append(curve, [best, in_theory]), cost_ratio, seed=seed, resamples=resamples
    )
    at_each = np.quantile(drawn_costs, (0.025, 0.975), axis=0)  # (2, points + 2)
    return CostCurve(
        cost_ratio=cost_ratio,
        cutoffs=[rows.cutoff(place) for place in curve.tolist()],
        approval_rates=(curve / n).tolist(),
        costs=(costs[curve] / n).tolist(),
        lows=at_each[0, :-2].tolist(),
        highs=at_each[1, :-2].tolist(),
        best_cutoff=rows.cutoff(best),
        best_cutoff_interval=percentile_interval(
            np.array([rows.cutoff(place) for place in drawn_best.places])
        ),
        best_cost=float(costs[best]) / n,
        best_cost_interval=percentile_interval(drawn_costs[:, -2]),
        best_approval_rate=best / n,
        optimism=float(np.mean(costs[drawn_best.places] / n - drawn_best.costs)),
        theoretical_cutoff=theoretical,
        theoretical_cost=float(costs[in_theory]) / n,
        theoretical_cost_interval=percentile_interval(drawn_costs[:, -1]),
        theoretical_approval_rate=in_theory / n,
        approve_all_cost=float(cost_ratio * defaulted.sum()) / n,
        refuse_all_cost=float((~defaulted).sum()) / n,
    )


@dataclass(frozen=True)
class _BestOfResamples:
    """places : int (resamples,), how many of the lowest PDs each resample's best cut-off accepts

    costs : float64 (resamples,), what it costs per applicant there
    """

    places: Indices
    costs: Numbers


class _Ascending:
    """Rows by ascending PD. Accepting the k lowest is the cut at place k, from 0 to n."""

    def __init__(self, default_probabilities: Numbers, defaulted: Flags) -> None:
        if not len(defaulted):
            raise EmptyDataset("a cut-off needs outcomes: no row is given")
        order = np.argsort(default_probabilities, kind="stable")
        self.pds, self.bad = default_probabilities[order], defaulted[order]
        # Equal PDs are accepted or refused together: only where a new PD begins may the cut lie.
        # Nor does any cut-off accept a PD of one.
        begins = self.pds[1:] != self.pds[:-1]
        self.possible = np.concatenate([[True], begins, self.pds[-1:] < 1])  # (n + 1,)

    def costs(self, cost_ratio: float, counts: Integers | int = 1) -> Numbers:
        """Total cost of the cut at each place, float64 (n + 1,); rows may count several times."""
        bad, good = self.bad * counts, ~self.bad * counts
        accepted_defaults = np.concatenate([[0], np.cumsum(bad)])
        accepted_good = np.concatenate([[0], np.cumsum(good)])
        costs: Numbers = cost_ratio * accepted_defaults + (accepted_good[-1] - accepted_good)
        return costs

    def best(self, costs: Numbers) -> int:
        """The cheapest possible place; the first of several."""
        return int(np.argmin(np.where(self.possible, costs, np.inf)))

    def cutoff(self, place: int) -> float:
        return float(self.pds[place]) if place < len(self.pds) else 1.0

    def spread_cuts(self, points: int) -> Indices:
        """Possible places, evenly spread over the applicants."""
        possible = np.flatnonzero(self.possible)
        wanted = np.linspace(0, len(self.pds), points)
        nearest = np.searchsorted(possible, wanted).clip(max=len(possible) - 1)
        return np.unique(possible[nearest])

    def resample(
        self, places: Indices, cost_ratio: float, *, seed: int, resamples: int
    ) -> tuple[Numbers, _BestOfResamples]:
        """Cost per applicant at places, (resamples, places), and each resample's own best cut."""
        n = len(self.pds)
        at_places, best, best_costs = [], [], []
        for counts in bootstrap_counts(n, seed=seed, resamples=resamples):
            costs = self.costs(cost_ratio, counts)
            at_places.append(costs[places] / n)
            best.append(self.best(costs))
            best_costs.append(costs[best[-1]] / n)
        return np.array(at_places), _BestOfResamples(np.array(best), np.array(best_costs))


def band_edges(cutoff: float) -> tuple[float, float]:
    """Where the medium and the high band begin.

    High is what is refused. Low is where the PD could double and the applicant would still be
    accepted; in between the decision stands, but not for long.
    """
    return cutoff / 2, cutoff


def risk_bands(
    default_probabilities: Numbers, defaulted: Flags, *, edges: tuple[float, float]
) -> list[Band]:
    """Low, medium and high risk with what became of their applicants."""
    places = decision.risk_bands(default_probabilities, edges=edges)
    bounds = (0.0, *edges, 1.0)
    return [
        _band(name, bounds[k], bounds[k + 1], default_probabilities, defaulted, places == k)
        for k, name in enumerate(decision.RISK_BANDS)
    ]


def _band(
    name: str, low: float, high: float, pds: Numbers, defaulted: Flags, inside: Flags
) -> Band:
    n, defaults = int(inside.sum()), int((inside & defaulted).sum())
    ends = wilson_interval(defaults, n)
    return Band(
        name=name,
        low=low,
        high=high,
        applicants=n,
        share=n / len(defaulted),
        defaults=defaults,
        default_rate=defaults / n if n else None,
        default_rate_interval=(float(ends[0]), float(ends[1])) if n else None,
        mean_pd=float(pds[inside].mean()) if n else None,
    )


def accepted_at_best(
    default_probabilities: Numbers, defaulted: Flags, *, cost_ratio: float
) -> Flags:
    """Whom these PDs (n,) accept at the cut-off that is the cheapest for them; bool (n,)."""
    cutoff = choose_cutoff(default_probabilities, defaulted, cost_ratio=cost_ratio)
    return decision.accepts(default_probabilities, cutoff=cutoff)
