"""The smallest changes that an applicant can make and that turn a refusal into an acceptance.

Every step of every single lever is scored, then combinations of two: coarsely, and in every step
around the best ones. Nothing is assumed of the model, which need not be monotone. The search can
miss a cheaper pair between the coarse steps; what it tells has been scored as it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.contract.applicants import Applicants, Array, parse_record, plain_value
from credit_scoring.contract.columns import INPUTS
from credit_scoring.scoring import Model, Verdicts, judge_applicants
from credit_scoring.what_if.counter_offer import accepted_rows
from credit_scoring.what_if.levers import Lever, columns_of, make_levers
from credit_scoring.what_if.loan_terms import Terms
from credit_scoring.what_if.own_group import probabilities_in_own_group
from credit_scoring.what_if.stacking import Limits, keeps, stack, vary

TOLERANCE = 0.02
COARSE_STEPS = 10
MOST_PAIRED = 12  # levers
MOST_REFINED = 8  # pairs


@dataclass(frozen=True)
class Aim:
    """What counts as turned.

    limits : least and most value that the applicant can do, by field
    forbidden : fields that must stay as they are
    tolerance : share of the cut-off that a PD must stay below it, so that a rounded amount or a
        payment more does not turn the decision back
    """

    limits: Limits = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    tolerance: float = TOLERANCE

    def ceiling(self, model: Model) -> float:
        return model.cutoff * (1 - self.tolerance)


@dataclass(frozen=True)
class Change:
    """values : every field that moves with the lever, to its new value if this were all
    duration : in annuities, where that is what changes
    """

    lever: Lever
    step: int
    values: dict[str, object]
    duration: int | None


@dataclass(frozen=True)
class Counterfactual:
    """changes : one or two; values : all fields that differ; row : its place in the scores"""

    changes: list[Change]
    values: dict[str, object]
    cost: float
    row: int


@dataclass(frozen=True)
class Found:
    """scores : of the application in row 0, then of each counterfactual; tried : variants scored"""

    scores: Verdicts
    items: list[Counterfactual]
    tried: int

    @property
    def already_accepted(self) -> bool:
        return self.scores.decision(0) == "accept"


def find_counterfactuals(
    model: Model, base: Applicants, terms: Terms | None, aim: Aim, *, most: int
) -> Found:
    """At most so many, the cheapest first; none when nothing that is permitted turns the decision.

    base : one row; terms : None without an annuity
    Each is minimal: without one of its changes the decision is not acceptance.
    """
    before = judge_applicants(model, base)
    if before.decision(0) == "accept":
        return Found(before, [], 0)
    search = _Search(model, base, aim, before.features[0])
    singles = search.singles(make_levers(base, terms, forbidden=aim.forbidden))
    candidates = [*singles.values(), *search.pairs()]
    chosen = _cheapest(candidates, singles, most)
    items = [_describe(base, terms, each) for each in chosen]
    return _verified(model, base, aim, items, search.tried)


@dataclass(frozen=True)
class _Candidate:
    """Levers at steps."""

    levers: tuple[Lever, ...]
    steps: tuple[int, ...]

    @property
    def cost(self) -> float:
        return sum(float(v.costs[s]) for v, s in zip(self.levers, self.steps, strict=True))


@dataclass
class _Search:
    """own : float64 (F,), the application's features
    tried : variants scored; helpful : levers that lower the PD, the strongest first
    """

    model: Model
    base: Applicants
    aim: Aim
    own: Numbers
    tried: int = 1
    helpful: list[Lever] = field(default_factory=list)

    def singles(self, levers: Sequence[Lever]) -> dict[Lever, _Candidate]:
        """The cheapest step of every lever that turns the decision alone."""
        grids = [{lever: np.arange(len(lever))} for lever in levers]
        results = self._try(grids)
        found, gain = {}, {}
        for lever, result in zip(levers, results, strict=True):
            gain[lever] = result.pds[0] - result.pds.min()
            turning = np.flatnonzero(result.turns)
            if len(turning):
                step = turning[lever.costs[turning].argmin()]
                found[lever] = _Candidate((lever,), (int(step),))
        ranked = sorted(levers, key=lambda lever: -gain[lever])
        self.helpful = [lever for lever in ranked if gain[lever] > 0][:MOST_PAIRED]
        return found

    def pairs(self) -> list[_Candidate]:
        """The cheapest combination of every two levers, looked for twice: coarsely, then nearby."""
        pairs = [pair for pair in combinations(self.helpful, 2) if pair[0].field != pair[1].field]
        coarse = self._cheapest_of_each([_grid(pair, _coarse(pair)) for pair in pairs])
        best = sorted(coarse, key=lambda candidate: candidate.cost)[:MOST_REFINED]
        fine = self._cheapest_of_each([_grid(each.levers, _around(each)) for each in best])
        return coarse + fine

    def _cheapest_of_each(self, grids: Sequence[dict[Lever, Indices]]) -> list[_Candidate]:
        found = []
        for grid, result in zip(grids, self._try(grids), strict=True):
            (one, first), (two, second) = grid.items()
            minimal = result.turns & ~_turned_by_one(first, second, result.accepted)
            if minimal.any():
                costs = np.where(minimal, one.costs[first] + two.costs[second], np.inf)
                best = int(costs.argmin())
                found.append(_Candidate((one, two), (int(first[best]), int(second[best]))))
        return found

    def _try(self, grids: Sequence[Mapping[Lever, Indices]]) -> list["_Result"]:
        """Score all grids in one call."""
        if not grids:
            return []
        columns = [columns_of(self.base, grid) for grid in grids]
        applicants = stack([vary(self.base, each) for each in columns])
        self.tried += len(applicants)
        scores = judge_applicants(self.model, applicants)
        accepted = accepted_rows(scores)
        permitted = np.concatenate([keeps(each, self.aim.limits) for each in columns])
        turns = accepted & permitted & self._is_safe(scores)
        sizes = [len(next(iter(grid.values()))) for grid in grids]
        ends = np.cumsum(sizes)[:-1]
        parts = (np.split(a, ends) for a in (scores.default_probabilities, accepted, turns))
        return [_Result(*part) for part in zip(*parts, strict=True)]

    def _is_safe(self, scores: Verdicts) -> Flags:
        return is_safe(scores, self.own, self.aim.ceiling(self.model))


def is_safe(scores: Verdicts, own: Numbers, ceiling: float) -> Flags:
    """bool (n,): whether a PD stays below the ceiling, in the group of the own loan as well."""
    in_own_group = probabilities_in_own_group(scores, own)
    return (scores.default_probabilities <= ceiling) & (in_own_group <= ceiling)


@dataclass(frozen=True)
class _Result:
    """pds : float64 (n,); accepted, turns : bool (n,), the latter permitted and safe, too"""

    pds: Numbers
    accepted: Flags
    turns: Flags


def _turned_by_one(first: Indices, second: Indices, accepted: Flags) -> Flags:
    """Whether a combination's first or second step, the other undone, is accepted; bool (n,).

    Grids hold step 0 of both levers, so every part of a combination has been scored with it.
    """
    alone_first = {int(step) for step in first[accepted & (second == 0)]}
    alone_second = {int(step) for step in second[accepted & (first == 0)]}
    return np.array(
        [one in alone_first or two in alone_second for one, two in zip(first, second, strict=True)],
        np.bool_,
    )


def _grid(levers: tuple[Lever, ...], steps: tuple[Indices, ...]) -> dict[Lever, Indices]:
    places = np.meshgrid(*steps, indexing="ij")
    return {lever: place.ravel() for lever, place in zip(levers, places, strict=True)}


def _coarse(levers: tuple[Lever, ...]) -> tuple[Indices, ...]:
    return tuple(_spread(0, len(lever) - 1) for lever in levers)


def _spread(first: int, last: int) -> Indices:
    """At most COARSE_STEPS steps, both ends among them."""
    count = min(COARSE_STEPS, last - first + 1)
    return np.round(np.linspace(first, last, count)).astype(np.intp)


def _around(candidate: _Candidate) -> tuple[Indices, ...]:
    """Every step between the coarse neighbours of the candidate's own, and step 0."""
    return tuple(
        _neighbours(_spread(0, len(lever) - 1), step)
        for lever, step in zip(candidate.levers, candidate.steps, strict=True)
    )


def _neighbours(coarse: Indices, step: int) -> Indices:
    place = int(np.flatnonzero(coarse == step)[0])
    low, high = coarse[max(place - 1, 0)], coarse[min(place + 1, len(coarse) - 1)]
    return np.array(sorted({0, *range(int(low), int(high) + 1)}), np.intp)


def _cheapest(
    candidates: Iterable[_Candidate], singles: Mapping[Lever, _Candidate], most: int
) -> list[_Candidate]:
    """Different ways, the cheapest first: one of each combination of levers.

    Two changes are told only when they cost less than either of their levers would alone.
    """
    chosen: dict[frozenset[Lever], _Candidate] = {}
    for each in sorted(candidates, key=lambda candidate: candidate.cost):
        alone = [singles[v].cost for v in each.levers if v in singles]
        worth_it = len(each.levers) == 1 or each.cost < min(alone, default=np.inf)
        if worth_it:
            chosen.setdefault(frozenset(each.levers), each)
    return list(chosen.values())[:most]


def _describe(base: Applicants, terms: Terms | None, candidate: _Candidate) -> Counterfactual:
    steps = dict(zip(candidate.levers, candidate.steps, strict=True))
    changes = [
        Change(lever, step, _values(base, {lever: step}), _duration(terms, lever, step))
        for lever, step in steps.items()
    ]
    return Counterfactual(changes, _values(base, steps), candidate.cost, 0)


def _duration(terms: Terms | None, lever: Lever, step: int) -> int | None:
    if terms is None or lever.name != "duration":
        return None
    return terms.duration_of(terms.annuity * float(lever.factors[lever.field][step]))


def _values(base: Applicants, steps: Mapping[Lever, int]) -> dict[str, object]:
    """As the application would be sent."""
    columns = columns_of(base, {lever: np.array([step]) for lever, step in steps.items()})
    return {name: _plain(name, column) for name, column in columns.items()}


def _plain(name: str, column: Array) -> object:
    return plain_value(INPUTS[name], column[0])


def _verified(
    model: Model, base: Applicants, aim: Aim, items: Sequence[Counterfactual], tried: int
) -> Found:
    """Send every counterfactual as an application of its own and keep those that are accepted."""
    record = base.record(0)
    sent = [parse_record({**record, **item.values}) for item in items]
    scores = judge_applicants(model, stack([base, *sent]))
    safe = accepted_rows(scores) & is_safe(scores, scores.features[0], aim.ceiling(model))
    kept = [
        Counterfactual(item.changes, item.values, item.cost, row)
        for row, item in enumerate(items, start=1)
        if safe[row]
    ]
    return Found(scores, kept, tried + len(items))
