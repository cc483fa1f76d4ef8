"""The one call that everybody makes: applicants and a model in, scores out. No I/O."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.decision import (
    RISK_BANDS,
    VERDICTS,
    accepts,
    default_probabilities,
    point_slopes,
    risk_bands,
    verdicts,
)
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.reasons.row_reasons import Reason, explain_row, feature_value
from credit_scoring.review import (
    MEASURED_CAUSES,
    ReviewCause,
    ReviewRules,
    explain_review,
    find_contradictions,
)
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import Forest

if TYPE_CHECKING:
    from credit_scoring.reasons.top_reasons import TopReasons


@dataclass(frozen=True)
class Model:
    """What scores: trees, the features they read, and how a PD becomes a decision.

    version, sha256 : which published bundle this is
    cutoff : PD from which on an application is refused
    cost_ratio : cost of an accepted default / cost of a refused good payer
    band_edges : PDs where risk turns medium, and high
    facts : metrics and circumstances of training, for people
    review : when a person decides; None in bundles that know no third verdict
    """

    version: str
    sha256: str
    schema: FeatureSchema
    forest: Forest
    cutoff: float
    cost_ratio: float
    band_edges: tuple[float, float]
    facts: dict[str, Any] = field(default_factory=dict)
    review: ReviewRules | None = None

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.forest)


@dataclass(frozen=True)
class Verdicts:
    """What is decided without saying why: one entry an applicant, in their order.

    features : float64 (n, F); margins, default_probabilities : float64 (n,)
    accepted : bool (n,), whether the PD is below the cut-off, whoever decides
    bands : int8 (n,), positions in RISK_BANDS
    review_causes : bool (n, 4), which of CAUSES leave the decision to a person
    contradictions : bool (n, C), which of CONTRADICTIONS hold
    """

    model: Model
    features: Numbers
    margins: Numbers
    default_probabilities: Numbers
    accepted: NDArray[np.bool_]
    bands: NDArray[np.int8]
    review_causes: NDArray[np.bool_]
    contradictions: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.margins)

    @cached_property
    def verdicts(self) -> list[str]:
        """Of VERDICTS, one a row."""
        found = verdicts(self.accepted, self.review_causes.any(axis=1))
        return [VERDICTS[verdict] for verdict in found.tolist()]

    def decision(self, row: int) -> str:
        return self.verdicts[row]

    def review(self, row: int) -> list[ReviewCause]:
        """Why a person decides; nothing where the model does."""
        causes = self.review_causes[row]
        return explain_review(
            self.model.review, self.model.schema, self.features[row], causes,
            self.contradictions[row],
        )  # fmt: skip

    def risk_band(self, row: int) -> str:
        return RISK_BANDS[self.bands[row]]

    def feature_values(self, row: int) -> list[float | str | None]:
        return [self.feature_value(row, place) for place in range(len(self.model.schema))]

    def feature_value(self, row: int, place: int) -> float | str | None:
        schema = self.model.schema
        return feature_value(schema, schema.names[place], float(self.features[row, place]))


@dataclass(frozen=True)
class Scores(Verdicts):
    """Verdicts with their exact contributions, float64 (n, F)."""

    contributions: Numbers

    def reasons(self, row: int) -> list[Reason]:
        slope = float(self.point_slopes[row])
        return explain_row(self.model.schema, self.features[row], self.contributions[row], slope)

    def top_reasons(self, most: int) -> "TopReasons":
        """The heaviest reasons of every row."""
        from credit_scoring.reasons.top_reasons import top_reasons  # noqa: PLC0415  (only files need it)

        return top_reasons(
            self.model.schema, self.features, self.contributions, self.point_slopes, most=most
        )

    @cached_property
    def point_slopes(self) -> Numbers:
        """Points of probability for a unit of log-odds, float64 (n,)."""
        return point_slopes(self.margins, self.model.explainer.base_value)


def judge_applicants(model: Model, applicants: Applicants) -> Verdicts:
    """PD and decision as `score_applicants` gives them, bit by bit, for a fraction of its time."""
    features = build_features(applicants, model.schema)
    return _judge(model, applicants, features, model.explainer.margins(features))


def score_applicants(model: Model, applicants: Applicants) -> Scores:
    """PD, decision and exact contributions of every applicant (n may be 0).

    The PD of an applicant has the same bits alone and in any company.
    """
    features = build_features(applicants, model.schema)
    margins, contributions = model.explainer.contributions(features)
    judged = _judge(model, applicants, features, margins)
    return Scores(**vars(judged), contributions=contributions)


def _judge(model: Model, applicants: Applicants, features: Numbers, margins: Numbers) -> Verdicts:
    probabilities = default_probabilities(margins)
    contradictions = find_contradictions(applicants)
    measured = _measured_causes(model, applicants, features, probabilities)
    return Verdicts(
        model=model,
        features=features,
        margins=margins,
        default_probabilities=probabilities,
        accepted=accepts(probabilities, cutoff=model.cutoff),
        bands=risk_bands(probabilities, edges=model.band_edges),
        review_causes=np.column_stack([measured, contradictions.any(axis=1)]),
        contradictions=contradictions,
    )


def _measured_causes(
    model: Model, applicants: Applicants, features: Numbers, probabilities: Numbers
) -> NDArray[np.bool_]:
    if model.review is None:
        return np.zeros((len(applicants), len(MEASURED_CAUSES)), np.bool_)
    return model.review.causes(applicants, features, probabilities)
