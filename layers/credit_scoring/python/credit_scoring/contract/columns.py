"""The contract: every column that an application may carry, and every feature, as data.

Four tables of `lender` share one header. `columns.csv` is the application form, `history.csv`
what is known of past credits (aggregated beforehand, kept in the applicant's profile),
`derived.csv` what `features.py` computes from both, and `group_features.csv` what a model knows of
the group that an applicant falls into. Parsing, validation, the API's schema, the
page's labels and the data dictionary all read them here, so that a column is described once.
"""

import math
from dataclasses import dataclass

from credit_scoring.lender import TARGET as TARGET
from credit_scoring.lender import read_table


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    type : id, number, integer, flag (0 or 1) or category
    minimum, maximum : bounds in `unit`, infinite where the contract sets none
    categories : allowed texts; a value is stored as its position here
    sentinel : a number that stands for "does not apply" and is exempt from the bounds
    required : an application without it is refused
    role : what it is to code that knows no lender, such as income; "" for most
    protected : the ground on which nobody may be treated worse (gender, age, ...), "" for most
    subject : what it tells of, shared by columns of which a reason names one; "" for itself alone
    absent_when : the category of another column under which it cannot have a value, or None
    absence : what it is called, in French and English, when nothing of its source is known
    """

    name: str
    source: str
    type: str
    unit: str
    minimum: float
    maximum: float
    categories: tuple[str, ...]
    sentinel: float | None
    required: bool
    family: str
    label_fr: str
    label_en: str
    description: str
    role: str = ""
    protected: str = ""
    subject: str = ""
    absent_when: tuple[str, tuple[str, ...]] | None = None
    absence: tuple[str, str] = ("non renseigné", "not given")

    @property
    def is_sayable(self) -> bool:
        """Whether its value means something to a person: a normalised one does not."""
        return self.unit != "normalised"

    @property
    def is_duration(self) -> bool:
        """Whether it is told in days and years: of `signed_days` with what was early or late."""
        return self.unit in ("days", "signed_days")

    @property
    def is_backward(self) -> bool:
        """Whether it counts time that passed as days below zero: an age of 40 is -14,610."""
        return self.unit == "days" and self.maximum <= 0

    @property
    def is_category(self) -> bool:
        return self.type == "category"

    @property
    def allowed(self) -> str:
        """What may be sent, in words for an error message."""
        match self.type:
            case "category":
                return ", ".join(self.categories)
            case "id":
                return (
                    "1 to 32 letters, digits, hyphens or underscores; no word for nothing, no "
                    "total, no date"
                )
            case "flag":
                return "0 or 1"
        kind = "a whole number" if self.type == "integer" else "a number"
        lower = f" from {self.minimum:.15g}" if math.isfinite(self.minimum) else ""
        upper = f" up to {self.maximum:.15g}" if math.isfinite(self.maximum) else ""
        other = "" if self.sentinel is None else f", or {self.sentinel:g} where it does not apply"
        return kind + lower + upper + other

    @property
    def label(self) -> dict[str, str]:
        return {"fr": self.label_fr, "en": self.label_en}


_ABSENCES = {row["source"]: (row["nothing_fr"], row["nothing_en"]) for row in read_table("sources")}


def _read(name: str) -> dict[str, Column]:
    return {row["name"]: _column(row) for row in read_table(name)}


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["name"],
        source=row["source"],
        type=row["type"],
        unit=row["unit"],
        minimum=float(row["minimum"] or "-inf"),
        maximum=float(row["maximum"] or "inf"),
        categories=tuple(row["categories"].split("|")) if row["categories"] else (),
        sentinel=float(row["sentinel"]) if row["sentinel"] else None,
        required=row["required"] == "1",
        family=row["family"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        description=row["description_en"],
        role=row["role"],
        protected=row["protected"],
        subject=row["subject"],
        absent_when=condition_of(row["absent_when"]) if row["absent_when"] else None,
        absence=_ABSENCES[row["source"]],
    )


def condition_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Of `COLUMN=one|other` the column and its categories; of `COLUMN` the column alone."""
    name, _, words = text.partition("=")
    return name, tuple(words.split("|")) if words else ()


APPLICATION = _read("columns")
HISTORY = _read("history")
DERIVED = _read("derived")
GROUPED = _read("group_features")


def all_with_role(role: str) -> tuple[str, ...]:
    """The names of the columns that have a role. Raises KeyError when this lender has none."""
    names = tuple(name for name, column in APPLICATION.items() if column.role == role)
    if not names:
        raise KeyError(role)
    return names


def with_role(role: str) -> str:
    """The name of the only column that has a role."""
    [name] = all_with_role(role)
    return name


ID = with_role("id")
# What a caller may send, and what a model may use.
INPUTS = APPLICATION | HISTORY
FEATURES = {name: c for name, c in (INPUTS | DERIVED | GROUPED).items() if c.type != "id"}
