"""Let the new model serve, if it stands up to the one that does."""

import getpass
import sys

from credit_scoring.aws.storage import open_store

from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import publish
from training.pipeline.steps.shared import prepared_rows
from training.promotion.promote import describe, promote_if_better
from training.tracking.follow import follow_champion

RESULT = "promote.json"


def depends_on(settings: RunSettings) -> object:
    return [settings.models, settings.promote, settings.force, settings.reason]


def run(work: Work[RunSettings]) -> str:
    settings = work.settings
    if not settings.promote:
        work.write(RESULT, None)
        return "left out: --no-promote"
    version = work.read("publish", publish.RESULT)["version"]
    result = promote_if_better(
        open_store(settings.models),
        version,
        prepared_rows(work).dataset,
        by=getpass.getuser(),
        reason=settings.reason,
        force=settings.force,
        seed=settings.recipe.seed,
    )
    work.write(RESULT, result.as_json())
    print(describe(result), file=sys.stderr)
    if result.promoted:
        follow_champion(version)
    return "refused" if result.refused else f"{version} serves"
