"""What the answers must be: golden dossiers' PDs, by the versions that may have answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.contract.columns import ID
from credit_scoring.errors import ArtifactMissing
from credit_scoring.registry import golden
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.champion import Champion, read_champion

from functions.canary.problems import Problem, no_golden, other_model, wrong_probability

# The API follows the pointer within a minute, and one chunk may be under way.
FOLLOWS_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True)
class Expected:
    """by_version : the PDs by applicant, of each version that may answer now"""

    champion: str
    applications: tuple[Mapping[str, Any], ...]
    by_version: Mapping[str, Mapping[str, float]]

    def compare(self, where: str, version: str, found: Mapping[str, float]) -> list[Problem]:
        """found : PDs by applicant. To the bit: a PD that is nearly right is wrong."""
        wanted = self.by_version.get(version)
        if wanted is None:
            return [other_model(where, self.champion, version or "none")]
        wrong = [row for row, pd_ in found.items() if wanted.get(row) != pd_]
        return [wrong_probability(where, row) for row in wrong]


def read_expected(models: Store, now: datetime | None = None) -> Expected | Problem:
    """Raises CreditScoringError when the pointer or a bundle cannot be read."""
    champion = read_champion(models)
    try:
        dossiers = read_golden(models, champion.version, champion.sha256)
    except ArtifactMissing:
        return no_golden(champion.version)
    by_version = {champion.version: dossiers.by_id}
    if champion.replaced and is_recent(champion, now or datetime.now(UTC)):
        by_version |= read_replaced(models, champion.replaced, dossiers)
    return Expected(champion.version, dossiers.applications, by_version)


def read_golden(models: Store, version: str, sha256: str | None = None) -> golden.GoldenDossiers:
    data = load_file(models, version, golden.FILE, sha256=sha256)
    return golden.GoldenDossiers.from_bytes(data)


def read_replaced(
    models: Store, version: str, dossiers: golden.GoldenDossiers
) -> dict[str, dict[str, float]]:
    """The one before may answer too; nothing can be said of one without the same dossiers."""
    try:
        before = read_golden(models, version)
    except ArtifactMissing:
        return {}
    same = [row[ID] for row in dossiers.applications] == [row[ID] for row in before.applications]
    return {version: before.by_id} if same else {}


def is_recent(champion: Champion, now: datetime) -> bool:
    return now - datetime.fromisoformat(champion.promoted_at) < FOLLOWS_WITHIN
