"""POST /simulate."""

from credit_scoring.contract.columns import INPUTS
from credit_scoring.contract.json_schema import column_schema
from credit_scoring.lender import examples
from credit_scoring.what_if.actionable import ACTIONABLE

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    FAMILY,
    LOG_ODDS,
    Schema,
    list_of,
    number,
    object_of,
    reference,
    text,
)
from functions.score_api.openapi.what_if import HEAD, request_of
from functions.score_api.routes.simulate.handlers import FEATURES_TOLD, MOST_VARIANTS

EXAMPLE = {
    "application": examples.LOAN,
    "changes": examples.CHANGES,
}
ABOUT = (
    "Only fields that an applicant can change; annuity and price of the goods follow the amount "
    "unless they are changed, too. Everything is computed anew, by the path of every score. "
    "Nothing is recorded."
)


def simulate_changes() -> Content:
    statuses = (*BODY_PROBLEMS, 404, 409, 503)
    described = operation("simulate", "Score variants of an application", "Simulation", *statuses)
    return described | {"description": ABOUT} | body("SimulationRequest", EXAMPLE)


CHANGES: Schema = {
    "type": "object",
    "properties": {name: column_schema(INPUTS[name]) for name in ACTIONABLE},
    "additionalProperties": False,
    "minProperties": 1,
    "description": "Field and new value; null takes a value away.",
}
VALUE: Schema = {"type": ["number", "string", "null"]}
DIFFERENCE: dict[str, Schema] = {
    "before": number(LOG_ODDS),
    "after": number(LOG_ODDS),
    "change": number(),
}
VARIANT = object_of(
    {
        "changes": {"type": "object", "description": "As sent."},
        "applied": {"type": "object", "description": "All fields that differ, followers included."},
        "after": reference("Verdict"),
        "families": list_of(object_of({"family": FAMILY, **DIFFERENCE})),
        "features": list_of(
            object_of(
                {
                    "feature": text(),
                    "family": FAMILY,
                    "label": BILINGUAL,
                    "unit": text(),
                    "value_before": VALUE,
                    "value_after": VALUE,
                    **DIFFERENCE,
                }
            ),
            most=FEATURES_TOLD,
        ),
    }
)
SCHEMAS: dict[str, Schema] = {
    "SimulationRequest": request_of(
        {"changes": list_of(CHANGES, most=MOST_VARIANTS) | {"minItems": 1}}, required=("changes",)
    ),
    "Simulation": object_of(
        {**HEAD, "before": reference("Verdict"), "items": list_of(VARIANT, most=MOST_VARIANTS)}
    ),
}
