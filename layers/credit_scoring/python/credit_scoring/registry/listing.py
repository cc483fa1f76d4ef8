"""The published versions, and what is known of each."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from credit_scoring.aws.clients import PARALLEL_CALLS
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactError
from credit_scoring.registry.bundle import MANIFEST, load_facts
from credit_scoring.registry.champion import Champion


@dataclass(frozen=True)
class Published:
    """One version and what is known of it; figures are None where its bundle does not tell.

    auc, cost : of held-out rows, cost per applicant
    metrics, training : all that its bundle tells of both
    promoted : the newest promotion or rollback to it
    problem : why its facts cannot be read
    """

    version: str
    published_at: str
    serves: bool
    features: int | None = None
    trees: int | None = None
    auc: float | None = None
    cost: float | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    promoted: Champion | None = None
    problem: str = ""

    @property
    def latest(self) -> datetime:
        """When it was published or last promoted."""
        told = [self.published_at, *([self.promoted.promoted_at] if self.promoted else [])]
        return max(datetime.fromisoformat(text) for text in told)


def list_published(
    store: Store, history: Sequence[Champion], serving: Champion | None
) -> list[Published]:
    """Newest first: by when a version was published or last promoted; without its facts.

    history : oldest first; serving : what the pointer says, None when it is missing or damaged
    """
    promoted = {entry.version: entry for entry in history}
    found = [
        Published(
            version=version,
            published_at=written.astimezone(UTC).isoformat(timespec="seconds"),
            serves=serving is not None and version == serving.version,
            promoted=promoted.get(version),
        )
        for version, written in _dated_versions(store)
    ]
    return sorted(found, key=lambda model: model.latest, reverse=True)


def _dated_versions(store: Store) -> Iterator[tuple[str, datetime]]:
    """A version without a manifest is not published."""
    ending = f"/{MANIFEST}"
    for key, written in store.list_dated(""):
        if key.endswith(ending):
            yield key.removesuffix(ending), written


def with_facts(store: Store, models: Sequence[Published]) -> list[Published]:
    """The same with what their bundles tell.

    A damaged version is listed with what is wrong: it must not hide the others.
    """
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        facts = pool.map(partial(_read_facts, store), [model.version for model in models])
        return [replace(model, **told) for model, told in zip(models, facts, strict=True)]


def _read_facts(store: Store, version: str) -> dict[str, Any]:
    try:
        content = load_facts(store, version)
    except (ArtifactError, ValueError) as error:
        return {"problem": str(error)}
    facts = content["facts"]
    metrics, training = facts.get("metrics", {}), facts.get("training", {})
    return {
        "features": len(content["features"]),
        "trees": training.get("trees"),
        "auc": metrics.get("auc"),
        "cost": metrics.get("business_cost_per_applicant"),
        "metrics": metrics,
        "training": training,
    }
