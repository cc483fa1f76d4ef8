"""Record the run in MLflow, as challenger."""

import os
from dataclasses import asdict

import lightgbm
from credit_scoring.aws.storage import open_store

from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import card, fit, publish
from training.pipeline.steps.fit import read_model
from training.tracking.sklearn_pipeline import make_pipeline_of
from training.tracking.store import SERVER_VARIABLE

RESULT = "track.json"


def depends_on(settings: RunSettings) -> object:
    return [settings.models, os.environ.get(SERVER_VARIABLE)]


def run(work: Work[RunSettings]) -> str:
    from training.tracking.track import track  # noqa: PLC0415  # MLflow takes seconds to import

    model = read_model(work)
    booster = lightgbm.Booster(model_file=str(work.path("fit", fit.TEXT)))
    found = track(
        work.read("card", card.REPORT),
        store=open_store(work.settings.models),
        version=work.read("publish", publish.RESULT)["version"],
        pipeline=make_pipeline_of(booster, model.schema, cutoff=model.cutoff),
        plots=card.read_plots(work),
        files={
            name: work.path("card", name).read_bytes()
            for name in (card.HTML_WITH_TIMES, card.MARKDOWN)
        },
        durations=work.seconds(),
    )
    work.write(RESULT, asdict(found))
    return f"run {found.run_id} in {found.uri}"
