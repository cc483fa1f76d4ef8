"""What a promotion tells MLflow; known without importing MLflow, which takes seconds."""

from training.tracking.store import DEFAULT_FOLDER, is_in_use


def follow_champion(version: str) -> None:
    """Let MLflow's alias `champion` follow a promotion, where trainings are tracked at all."""
    if is_in_use(DEFAULT_FOLDER):
        from training.tracking.track import mark_champion  # noqa: PLC0415  # MLflow takes seconds

        mark_champion(version)
