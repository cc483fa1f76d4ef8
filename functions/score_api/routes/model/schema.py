"""GET /model and /model/card."""

from functions.score_api.openapi.operations import Content, in_query, operation
from functions.score_api.openapi.shapes import (
    ANYTHING,
    COUNT,
    SHA256,
    VERSION,
    Schema,
    list_of,
    number,
    object_of,
    one_of,
    probability,
    text,
)
from functions.score_api.routes.model.handlers import CARDS


def get_model_card() -> Content:
    """Text, unlike all other answers."""
    choice = one_of(CARDS) | {"default": "html"}
    described = operation("getModelCard", "Its card, for a committee", None, 400, 404, 503)
    version = {"description": "Of the model in use.", "schema": text()}
    described["responses"]["200"] = {
        "description": "As asked.",
        "headers": {"Model-Version": version},
        "content": {kind: {"schema": text()} for _, kind in CARDS.values()},
    }
    described["parameters"] = [in_query("format", "html for people, md for documents.", choice)]
    return described


def get_model() -> Content:
    return operation("getModel", "The model in use", "ModelCard", 503)


SCHEMAS: dict[str, Schema] = {
    "ModelCard": object_of(
        {
            "version": VERSION,
            "sha256": SHA256,
            "cutoff": probability(),
            "cost_ratio": number("Cost of an accepted default / of a refused good payer."),
            "base_value": number(),
            "risk_band_edges": list_of(probability()),
            "promoted_at": text(),
            "promoted_by": text(),
            "features": COUNT,
            "training": ANYTHING,
            "metrics": ANYTHING,
        }
    )
}
