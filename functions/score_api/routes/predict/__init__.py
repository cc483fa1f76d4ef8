"""Scores of applications that the caller sends."""

from functions.score_api.access import SCORING, SCORING_ROWS, Rule
from functions.score_api.route import Route, deferred
from functions.score_api.routes.predict import handlers

SCHEMA = f"{__name__}.schema"

ROUTES = (
    Route(
        "POST /predict",
        Rule(SCORING, "scores.write"),
        handlers.predict,
        deferred(SCHEMA, "predict"),
    ),
    Route(
        "POST /predict/explain",
        Rule(SCORING, "scores.write"),
        handlers.explain,
        deferred(SCHEMA, "explain"),
    ),
    Route(
        "POST /predict/batch",
        Rule(SCORING_ROWS, "scores.write"),
        deferred(f"{__name__}.batch", "predict_batch"),
        deferred(SCHEMA, "predict_batch"),
    ),
)
