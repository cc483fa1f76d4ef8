"""POST /counterfactuals."""

from credit_scoring.contract.columns import APPLICATION
from credit_scoring.lender import examples
from credit_scoring.what_if.actionable import SUGGESTED, followers

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    probability,
    reference,
    text,
)
from functions.score_api.openapi.what_if import DURATION, HEAD, request_of
from functions.score_api.routes.counterfactuals.handlers import LARGEST_TOLERANCE, MOST

EXAMPLE = {
    "application": examples.LOAN,
    "forbidden": examples.FORBIDDEN,
    "limits": examples.LIMITS,
}
ABOUT = (
    "The smallest changes of one or two things that the applicant can change, and that make the "
    "decision `accept`: never age, gender, family, the past or what others measured. Each was "
    "scored as it stands, and without one of its changes it is not accepted. Nothing is recorded."
)


def find_changes() -> Content:
    statuses = (*BODY_PROBLEMS, 404, 409, 503)
    summary = "What would turn the decision"
    described = operation("findCounterfactuals", summary, "Counterfactuals", *statuses)
    return described | {"description": ABOUT} | body("CounterfactualRequest", EXAMPLE)


# What a counterfactual moves, with what moves along.
MOVING = sorted({name for field in SUGGESTED for name in (field, *followers(field))})
VALUE: Schema = {"type": ["number", "null"]}
BOUND = number() | {"minimum": 0, "maximum": 1e9}
LIMITS = object_of({"least": nullable(BOUND), "most": nullable(BOUND)}, optional=("least", "most"))
CHANGE = object_of(
    {
        "lever": text("A field, or `down_payment` or `duration` where a field does not say it."),
        "field": text(),
        "label": BILINGUAL,
        "unit": text(),
        "before": VALUE,
        "after": VALUE,
        "duration": {"type": ["integer", "null"], "description": "The new one, in annuities."},
        "moves": list_of(object_of({"field": text(), "before": VALUE, "after": VALUE})),
    }
)
SCHEMAS: dict[str, Schema] = {
    "CounterfactualRequest": request_of(
        {
            "duration": DURATION,
            "forbidden": list_of(
                one_of(APPLICATION, "A field that must not move."), most=len(APPLICATION)
            ),
            "limits": {
                "type": "object",
                "description": "Field -> bounds that the applicant can keep to.",
                "propertyNames": {"enum": MOVING},
                "additionalProperties": nullable(LIMITS),
            },
            "tolerance": number("Share of the cut-off to stay below it.")
            | {"minimum": 0, "maximum": LARGEST_TOLERANCE},
            "most": {"type": "integer", "minimum": 1, "maximum": MOST},
        }
    ),
    "Counterfactuals": object_of(
        {
            **HEAD,
            "aim": object_of({"probability_of_default": probability(), "tolerance": number()}),
            "before": reference("Verdict"),
            "outcome": one_of(("found", "none", "already_accepted")),
            "tried": COUNT | {"description": "Variants that were scored."},
            "items": list_of(
                object_of(
                    {
                        "changes": list_of(CHANGE, most=2),
                        "applied": {"type": "object", "description": "All fields that differ."},
                        "cost": number("Smaller is easier; see docs/what-if.md."),
                        "after": reference("Verdict"),
                    }
                ),
                most=MOST,
            ),
        }
    ),
}
