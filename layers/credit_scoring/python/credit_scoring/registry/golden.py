"""Golden dossiers of a bundle: made-up applications and the PDs that the serving code gave them.

Whoever serves the model must give the same PDs to the bit, through every way in. They are nobody's
applications, so that asking again and again tells of no person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit_scoring.contract.applicants import parse_record
from credit_scoring.contract.columns import ID
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.lender.examples import GOLDEN
from credit_scoring.scoring import Model, score_applicants

FILE = "canary.json"


@dataclass(frozen=True)
class GoldenDossiers:
    """default_probabilities : float64, one an application, in their order"""

    applications: tuple[Mapping[str, Any], ...]
    default_probabilities: tuple[float, ...]

    @classmethod
    def of_model(cls, model: Model) -> "GoldenDossiers":
        """The lender's, as the model scores each of them alone."""
        applications = tuple({ID: f"golden-{n}", **row} for n, row in enumerate(GOLDEN, start=1))
        scores = [score_applicants(model, parse_record(row)) for row in applications]
        return cls(applications, tuple(s.default_probabilities[0].item() for s in scores))

    def to_bytes(self) -> bytes:
        """JSON names a float64 exactly."""
        content = {
            "applications": self.applications,
            "default_probabilities": self.default_probabilities,
        }
        return json.dumps(content, indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "GoldenDossiers":
        """Raises ArtifactMismatch for what `to_bytes` did not write."""
        try:
            content = json.loads(data)
            applications = tuple(dict(row) for row in content["applications"])
            probabilities = tuple(map(float, content["default_probabilities"]))
        except (KeyError, TypeError, ValueError):
            raise ArtifactMismatch(FILE, expected="golden dossiers", found="other text") from None
        if not applications or len(applications) != len(probabilities):
            raise ArtifactMismatch(FILE, expected="a PD an application", found="another number")
        return cls(applications, probabilities)

    @property
    def by_id(self) -> dict[str, float]:
        """PDs by applicant."""
        ids = (str(row[ID]) for row in self.applications)
        return dict(zip(ids, self.default_probabilities, strict=True))
