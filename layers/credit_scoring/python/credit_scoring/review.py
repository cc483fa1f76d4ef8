"""When a person decides: the causes of the third verdict, and the words for them.

near_cutoff : so near that another training might have put the PD on the other side
too_little_data : nothing is known of what the model leans on most
unlike_reference : the features outside of what is usual weigh too much together
contradiction : what was given cannot all be true, by the lender's table of contradictions

The first three are measured in training and kept in `model.json`; a bundle without them leaves
contradictions alone to a person. Each is elementwise, or a sum of whole numbers: the same alone and
in any company.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES, INPUTS, condition_of
from credit_scoring.features import FeatureSchema
from credit_scoring.lender import read_table
from credit_scoring.reasons.wording import LANGUAGES, feature_value, formatted

MEASURED_CAUSES = ("near_cutoff", "too_little_data", "unlike_reference")
CAUSES = (*MEASURED_CAUSES, "contradiction")
TEXTS = {
    "near_cutoff": {
        "fr": "Le risque est si proche du seuil d’acceptation que le modèle ne peut pas trancher.",
        "en": "The risk is so near the acceptance threshold that the model cannot tell.",
    },
    "too_little_data": {
        "fr": "Aucun score d’organisme externe n’est connu : le modèle en sait trop peu.",
        "en": "No score from outside agencies is known: the model knows too little.",
    },
    "unlike_reference": {
        "fr": "Le dossier ressemble trop peu à ceux dont le modèle a appris ({}).",
        "en": "The file is too unlike those that the model has learnt from ({}).",
    },
    "contradiction": {
        "fr": "Ce qui a été donné se contredit : {}.",
        "en": "What was given contradicts itself: {}.",
    },
}
FEATURES_NAMED = 3
# Importance is told in thousandths: sums of whole numbers are exact in any order.
WHOLE = 1_000


@dataclass(frozen=True)
class Contradiction:
    """Two values that cannot both be true.

    left : a column, with the categories of it that count, if it has any
    relation : `below` (left less than right plus shift), `given` (right has a value that applies),
        or `sentinel` (right is said not to apply)
    """

    left: tuple[str, tuple[str, ...]]
    relation: str
    right: str
    shift: float
    text: dict[str, str]

    def holds(self, applicants: Applicants) -> Flags:
        """bool (n,); what is missing contradicts nothing."""
        name, words = self.left
        left, right = applicants[name], applicants[self.right]
        if self.relation == "below":
            below: Flags = left < right + self.shift
            return below
        codes = [INPUTS[name].categories.index(word) for word in words]
        is_word: Flags = (left[:, None] == codes).any(axis=1)
        applies = ~np.isnan(right) & (right != INPUTS[self.right].sentinel)
        other = applies if self.relation == "given" else right == INPUTS[self.right].sentinel
        held: Flags = is_word & other
        return held


CONTRADICTIONS = [
    Contradiction(
        left=condition_of(row["left"]),
        relation=row["relation"],
        right=row["right"],
        shift=float(row["shift"]),
        text={language: row[language] for language in LANGUAGES},
    )
    for row in read_table("contradictions")
]


def find_contradictions(applicants: Applicants) -> Flags:
    """Which of CONTRADICTIONS hold; bool (n, C)."""
    return np.column_stack([rule.holds(applicants) for rule in CONTRADICTIONS])


@dataclass(frozen=True, eq=False)
class UsualProfile:
    """What the model has learnt from, feature by feature in the order of its schema.

    lows, highs : float64 (F,), infinite where nothing is unusual
    missing_is_usual : bool (F,)
    weights : float64 (F,), shares of all importance, as whole numbers of thousandths
    limit : a profile whose unusual features weigh more is unlike the reference
    """

    lows: Numbers
    highs: Numbers
    missing_is_usual: Flags
    weights: Numbers
    limit: float

    def unusual(self, features: Numbers) -> Flags:
        """Which features (n, F) are outside of what is usual; bool (n, F)."""
        outside = (features < self.lows) | (features > self.highs)
        outside |= np.isnan(features) & ~self.missing_is_usual
        return outside

    def novelty_score(self, features: Numbers) -> Numbers:
        """What the unusual features of each row weigh together, in thousandths; float64 (n,)."""
        return self.unusual(features).astype(np.float64) @ self.weights

    def to_json(self, schema: FeatureSchema) -> dict[str, Any]:
        """Features that weigh nothing are left out."""
        columns = (self.lows, self.highs, self.missing_is_usual, self.weights)
        rows = zip(schema.names, *(column.tolist() for column in columns), strict=True)
        features = {
            name: {
                "low": _finite(low), "high": _finite(high), "missing": missing,
                "weight": int(weight),
            }
            for name, low, high, missing, weight in rows
            if weight
        }  # fmt: skip
        return {"limit": self.limit, "features": features}

    @classmethod
    def of_json(cls, content: Mapping[str, Any], schema: FeatureSchema) -> "UsualProfile":
        told_of = [content["features"].get(name, {}) for name in schema.names]
        return cls(
            lows=np.array([_or(each.get("low"), -np.inf) for each in told_of]),
            highs=np.array([_or(each.get("high"), np.inf) for each in told_of]),
            missing_is_usual=np.array([each.get("missing", True) for each in told_of], np.bool_),
            weights=np.array([each.get("weight", 0.0) for each in told_of], np.float64),
            limit=content["limit"],
        )


@dataclass(frozen=True)
class ReviewRules:
    """near_cutoff : PDs from the first on and below the second are too near
    needed : inputs of which one at least must be known; when empty, nothing must
    usual : what the model has learnt from
    """

    near_cutoff: tuple[float, float]
    needed: tuple[str, ...]
    usual: UsualProfile

    def causes(self, applicants: Applicants, features: Numbers, probabilities: Numbers) -> Flags:
        """Which of MEASURED_CAUSES hold; bool (n, 3)."""
        low, high = self.near_cutoff
        return np.column_stack(
            [
                (probabilities >= low) & (probabilities < high),
                self._knows_too_little(applicants),
                self.usual.novelty_score(features) > self.usual.limit,
            ]
        )

    def _knows_too_little(self, applicants: Applicants) -> Flags:
        unknown = np.full(len(applicants), bool(self.needed))
        for name in self.needed:
            unknown &= np.isnan(applicants[name])
        return unknown

    def to_json(self, schema: FeatureSchema) -> dict[str, Any]:
        return {
            "near_cutoff": list(self.near_cutoff),
            "needed": list(self.needed),
            "usual": self.usual.to_json(schema),
        }

    @classmethod
    def of_json(cls, content: Mapping[str, Any], schema: FeatureSchema) -> "ReviewRules":
        low, high = content["near_cutoff"]
        usual = UsualProfile.of_json(content["usual"], schema)
        return cls((low, high), tuple(content["needed"]), usual)


@dataclass(frozen=True, slots=True)
class ReviewCause:
    """Why a person decides; cause is one of CAUSES."""

    cause: str
    text: dict[str, str]


def explain_review(
    rules: ReviewRules | None,
    schema: FeatureSchema,
    features: Numbers,
    causes: Flags,
    contradictions: Flags,
) -> list[ReviewCause]:
    """The causes (4,) that hold for one row, of features (F,), in words.

    contradictions : bool (C,)
    """
    found = [cause for cause, holds in zip(CAUSES, causes.tolist(), strict=True) if holds]
    told = []
    for cause in found:
        if cause == "contradiction":
            text = _contradicted(contradictions)
        else:
            assert rules is not None  # whose cause it is
            text = _text(cause, rules, schema, features)
        told.append(ReviewCause(cause, text))
    return told


def _contradicted(contradictions: Flags) -> dict[str, str]:
    held = [CONTRADICTIONS[index] for index in np.flatnonzero(contradictions)]
    return {
        language: text.format("; ".join(rule.text[language] for rule in held))
        for language, text in TEXTS["contradiction"].items()
    }


def _text(
    cause: str, rules: ReviewRules, schema: FeatureSchema, features: Numbers
) -> dict[str, str]:
    if cause != "unlike_reference":
        return TEXTS[cause]
    names = _heaviest_unusual(rules.usual, schema, features)
    values = [(FEATURES[name], feature_value(schema, name, stored)) for name, stored in names]
    return {
        language: TEXTS[cause][language].format(
            "; ".join(formatted(column, value, language) for column, value in values)
        )
        for language in LANGUAGES
    }


def _heaviest_unusual(
    usual: UsualProfile, schema: FeatureSchema, features: Numbers
) -> list[tuple[str, float]]:
    """Names and stored values of the unusual features that weigh most."""
    weights = np.where(usual.unusual(features[None])[0], usual.weights, 0.0)
    heaviest = np.argsort(-weights, kind="stable")[:FEATURES_NAMED].tolist()
    return [(schema.names[k], float(features[k])) for k in heaviest if weights[k] > 0]


def _finite(bound: float) -> float | None:
    """JSON knows no infinity."""
    return bound if np.isfinite(bound) else None


def _or(bound: float | None, default: float) -> float:
    return default if bound is None else bound
