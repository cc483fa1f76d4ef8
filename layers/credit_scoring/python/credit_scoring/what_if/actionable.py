"""What an applicant can change about an application, as data: `actionable.csv`.

Every column of the form stands there, so that a new one is thought about once. Terms, income,
employment, contact and documents can be changed; of these some are also worth suggesting. What is
protected, past, given by others or a circumstance of the day can neither be simulated nor
suggested, and a model's wish to see it changed is nothing to tell an applicant.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from credit_scoring.contract.columns import INPUTS
from credit_scoring.errors import Problem
from credit_scoring.lender import read_table

# Why a field stays as it is, for the person who tried to change it.
FIXED = {
    "protected": "who an applicant is: never simulated, never suggested",
    "past": "what has happened: nobody can change it",
    "outside": "what others measured or decided: the applicant cannot change it",
    "situation": "where and how an applicant lives and learnt: a loan is no reason to change it",
    "circumstances": "a circumstance of the day: it says nothing of the loan",
}
CHANGEABLE = ("terms", "income", "employment", "contact", "documents")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the form.

    kind : one of CHANGEABLE, or a key of FIXED
    follows : the field whose changes it shares, in the same proportion; "" for none
    suggested : whether a counterfactual may change it; the rest only describes such changes
    direction : up, down or both
    least, most : bounds of a suggestion, as multiples of the present value, for flags as values
    step : between suggestions, as a share of the present value; None where the field has its own
    weight : cost of a change by 100 %, or of a flag
    """

    name: str
    kind: str
    follows: str
    suggested: bool
    direction: str
    least: float
    most: float
    step: float | None
    weight: float

    @property
    def is_actionable(self) -> bool:
        return self.kind in CHANGEABLE


def _field(row: dict[str, str]) -> Field:
    return Field(
        name=row["name"],
        kind=row["kind"],
        follows=row["follows"],
        suggested=row["suggested"] == "1",
        direction=row["direction"],
        least=float(row["least"] or "nan"),
        most=float(row["most"] or "nan"),
        step=float(row["step"]) if row["step"] else None,
        weight=float(row["weight"] or "nan"),
    )


FORM = {row["name"]: _field(row) for row in read_table("actionable")}
ACTIONABLE = {name: field for name, field in FORM.items() if field.is_actionable}
SUGGESTED = {name: field for name, field in ACTIONABLE.items() if field.suggested}


def followers(name: str) -> tuple[str, ...]:
    """The fields that move with this one."""
    return tuple(field.name for field in ACTIONABLE.values() if field.follows == name)


def fixed_fields(names: Iterable[str]) -> list[Problem]:
    """A problem for each field that an applicant cannot change, saying why."""
    return [problem for name in names if (problem := _fixed(name))]


def _fixed(name: str) -> Problem | None:
    if name in ACTIONABLE:
        return None
    if name not in INPUTS:
        return Problem(name[:80], "unknown_field", "", ", ".join(ACTIONABLE))
    # The id, and what past credits tell, do not stand in the table.
    kind = FORM[name].kind if name in FORM else "past"
    return Problem(name, "not_actionable", "", f"no change, for it is {FIXED[kind]}")
