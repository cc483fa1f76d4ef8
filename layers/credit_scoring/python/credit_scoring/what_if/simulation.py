"""What a model would say of an application with other values in the fields that can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import Contradiction, InvalidApplicant, Problem
from credit_scoring.scoring import Model, Scores, score_applicants
from credit_scoring.what_if.actionable import fixed_fields, followers
from credit_scoring.what_if.stacking import stack

Changes = Mapping[str, object]


@dataclass(frozen=True)
class Simulation:
    """scores : of the application as it is, then of each variant
    applied : for each variant every field that differs, with its new value; None for removed
    """

    scores: Scores
    applied: list[dict[str, object]]


def simulate(model: Model, base: Applicants, variants: Sequence[Changes]) -> Simulation:
    """Score an application and variants of it in one call.

    base : one row
    Raises InvalidApplicant with every problem of every variant, its field named
    `changes[2].<field>` for the third; Contradiction when nothing is wrong but what follows.
    """
    record = base.record(0)
    moved = [with_followers(record, changes) for changes in variants]
    parsed = _parse_all(record, variants, moved)
    applied = [_differences(record, changes) for changes in moved]
    return Simulation(score_applicants(model, stack([base, *parsed])), applied)


def with_followers(record: Changes, changes: Changes) -> dict[str, object]:
    """Changes, and what moves with them in proportion unless it is changed itself.

    A loan of another amount with the same rate and duration has an annuity in proportion, whatever
    the two are (see loan_terms.py); the goods are taken to cost less or more in proportion, too.
    """
    moved: dict[str, object] = {}
    for name, value in changes.items():
        for follower in followers(name):
            before, after = _amount(name, record.get(name)), _amount(name, value)
            own = _amount(follower, record.get(follower))
            if follower not in changes and before and after and own:
                moved[follower] = round(own * after / before, 2)
    return dict(changes) | moved


def _amount(name: str, value: object) -> float | None:
    """The value, unless the contract would refuse it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value <= INPUTS[name].maximum else None


def _parse_all(
    record: Changes, variants: Sequence[Changes], moved: Sequence[Changes]
) -> list[Applicants]:
    parsed: list[Applicants] = []
    problems: list[Problem] = []
    kinds: set[type[InvalidApplicant]] = set()
    for number, (sent, changes) in enumerate(zip(variants, moved, strict=True)):
        try:
            parsed.append(_parse(record, sent, changes))
        except InvalidApplicant as error:
            kinds.add(type(error))
            problems += [_within(number, problem) for problem in error.problems]
    if problems:
        raise (Contradiction if kinds == {Contradiction} else InvalidApplicant)(problems)
    return parsed


def _parse(record: Changes, sent: Changes, changes: Changes) -> Applicants:
    refused = fixed_fields(sent)
    if refused:
        raise InvalidApplicant(refused)
    try:
        return parse_record({**record, **changes})
    except InvalidApplicant as error:
        if any(problem.field in sent for problem in error.problems):
            raise
        raise Contradiction(error.problems) from None


def _within(number: int, problem: Problem) -> Problem:
    return replace(problem, field=f"changes[{number}].{problem.field}")


def _differences(record: Changes, changes: Changes) -> dict[str, object]:
    return {name: value for name, value in changes.items() if record.get(name) != value}
