"""The one call that everybody makes: applicants and a model in, scores out. No I/O."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.applicants import Applicants
from credit_scoring.decision import RISK_BANDS, accepts, default_probabilities, risk_bands
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.forest import Forest
from credit_scoring.reasons import Reason, explain_row, feature_value

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """What scores: trees, the features they read, and how a PD becomes a decision.

    version, sha256 : which published bundle this is
    cutoff : PD from which on an application is refused
    cost_ratio : cost of an accepted default / cost of a refused good payer
    band_edges : PDs where risk turns medium, and high
    facts : metrics and circumstances of training, for people
    """

    version: str
    sha256: str
    schema: FeatureSchema
    forest: Forest
    cutoff: float
    cost_ratio: float
    band_edges: tuple[float, float]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """One entry an applicant, in their order.

    features, contributions : float64 (n, F); margins, default_probabilities : float64 (n,)
    accepted : bool (n,); bands : int8 (n,), positions in RISK_BANDS
    """

    model: Model
    features: Numbers
    margins: Numbers
    contributions: Numbers
    default_probabilities: Numbers
    accepted: NDArray[np.bool_]
    bands: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.margins)

    def decision(self, row: int) -> str:
        return "accept" if self.accepted[row] else "refuse"

    def risk_band(self, row: int) -> str:
        return RISK_BANDS[self.bands[row]]

    def reasons(self, row: int) -> list[Reason]:
        return explain_row(self.model.schema, self.features[row], self.contributions[row])

    def feature_values(self, row: int) -> list[float | str | None]:
        schema, stored = self.model.schema, self.features[row].tolist()
        pairs = zip(schema.names, stored, strict=True)
        return [feature_value(schema, name, value) for name, value in pairs]


def score_applicants(model: Model, applicants: Applicants) -> Scores:
    """PD, decision and exact contributions of every applicant (n may be 0).

    The PD of an applicant has the same bits alone and in any company.
    """
    features = build_features(applicants, model.schema)
    margins, contributions = model.forest.contributions(features)
    probabilities = default_probabilities(margins)
    return Scores(
        model=model,
        features=features,
        margins=margins,
        contributions=contributions,
        default_probabilities=probabilities,
        accepted=accepts(probabilities, cutoff=model.cutoff),
        bands=risk_bands(probabilities, edges=model.band_edges),
    )
