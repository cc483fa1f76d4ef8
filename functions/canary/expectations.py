"""What the answers must be: golden dossiers' PDs, by the versions that may have answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.registry import golden
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.champion import Champion, read_champion

from functions.canary.problems import (
    Problem,
    doubled,
    no_golden,
    no_probability,
    not_comparable,
    other_model,
    stranger,
    wrong_probability,
)

type Outcome = Problem | Answered

# The API follows the pointer within a minute, and one chunk may be under way.
FOLLOWS_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True)
class Answered:
    """What one way in said, and by which version.

    asked : applicants; found : applicant and PD of each row that came back
    """

    where: str
    version: str
    asked: Sequence[str]
    found: Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Expected:
    """by_version : the PDs by applicant, of each version that may answer now; None of one that was
        published with other dossiers, so that nothing can be said of what it answers
    number : of the champion's promotion
    """

    champion: str
    applications: tuple[Mapping[str, Any], ...]
    by_version: Mapping[str, Mapping[str, float] | None]
    number: int

    def compare(self, answer: Answered) -> list[Problem]:
        """To the bit: a PD that is nearly right is wrong."""
        where, version = answer.where, answer.version
        if version not in self.by_version:
            return [other_model(where, self.champion, version or "none")]
        wanted = self.by_version[version]
        if wanted is None:
            return [not_comparable(where, version)]
        rows = Counter(row for row, _ in answer.found)
        strangers = rows.keys() - set(answer.asked)
        wrong = {row for row, pd_ in answer.found if row in wanted and wanted[row] != pd_}
        problems = [no_probability(where, row) for row in answer.asked if not rows[row]]
        problems += [doubled(where, row) for row in answer.asked if rows[row] > 1]
        problems += [stranger(where, len(strangers))] if strangers else []
        return problems + [wrong_probability(where, row) for row in answer.asked if row in wrong]

    def until(self, later: "Expected") -> "Expected":
        """What may answer between two looks at the pointer."""
        if later.number == self.number:
            return self
        same = later.applications == self.applications
        since = later.by_version if same else dict.fromkeys(later.by_version)
        return replace(self, champion=later.champion, by_version={**since, **self.by_version})


def read_expected(models: Store, now: datetime | None = None) -> Expected | Problem:
    """Raises CreditScoringError when the pointer or a bundle cannot be read."""
    champion = read_champion(models)
    try:
        dossiers = read_golden(models, champion.version, champion.sha256)
    except ArtifactMissing:
        return no_golden(champion.version)
    by_version: dict[str, dict[str, float] | None] = {champion.version: dossiers.by_id}
    if champion.replaced and is_recent(champion, now or datetime.now(UTC)):
        by_version[champion.replaced] = read_replaced(models, champion.replaced, dossiers)
    return Expected(champion.version, dossiers.applications, by_version, champion.number)


def read_golden(models: Store, version: str, sha256: str | None = None) -> golden.GoldenDossiers:
    data = load_file(models, version, golden.FILE, sha256=sha256)
    return golden.GoldenDossiers.from_bytes(data)


def read_replaced(
    models: Store, version: str, dossiers: golden.GoldenDossiers
) -> dict[str, float] | None:
    """The one before may answer too; None: it was published without these very dossiers, or its
    bundle is damaged by now, which is no matter of the champion's.
    """
    try:
        before = read_golden(models, version)
    except (ArtifactMissing, ArtifactMismatch):
        return None
    return before.by_id if before.applications == dossiers.applications else None


def is_recent(champion: Champion, now: datetime) -> bool:
    return now - datetime.fromisoformat(champion.promoted_at) < FOLLOWS_WITHIN
