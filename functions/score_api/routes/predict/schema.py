"""POST /predict, /predict/explain and /predict/batch, and what a score is."""

from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.lender import examples
from credit_scoring.reasons.audiences import REGISTERS
from credit_scoring.review import CAUSES

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    FAMILY,
    LOG_ODDS,
    SHA256,
    VERSION,
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
from functions.score_api.routes.predict.batch import MOST_BYTES, MOST_ROWS

MODEL = object_of({"version": VERSION, "sha256": SHA256})
HISTORY = "History columns that are not sent come from the stored profile, column by column."


def predict() -> Content:
    described = operation("predict", "Score an application", "Score", *BODY_PROBLEMS, 503)
    return described | {"description": HISTORY} | body("Application", examples.APPLICATION)


def explain() -> Content:
    described = operation(
        "explain",
        "Score an application and tell all it rests on",
        "Explanation",
        *BODY_PROBLEMS,
        503,
    )
    told = "As /predict, with each family's share, where the history came from, what is missing."
    return described | {"description": told} | body("Application", examples.APPLICATION)


def predict_batch() -> Content:
    described = operation(
        "predictBatch", "Score many applications", "ScoreList", *BODY_PROBLEMS, 503
    )
    told = (
        f"At most {MOST_ROWS} rows in {MOST_BYTES // 1024} KiB. A row that breaks the contract is "
        "told in its `errors` beside the scores of the others; the call as a whole succeeds."
    )
    example = {"applications": [examples.APPLICATION, examples.OTHER]}
    return described | {"description": told} | body("ApplicationList", example)


COMPLETED = list_of(text("A history column that the stored profile filled in."))
VALUE: Schema = {"type": ["number", "string", "null"], "description": "null where missing."}
REVIEW = list_of(object_of({"cause": one_of(CAUSES), "text": BILINGUAL}), most=len(CAUSES))
SCORE: dict[str, Schema] = {
    "applicant_id": {"type": ["string", "null"]},
    "probability_of_default": probability(),
    "margin": number("Log-odds of default: base value plus all contributions."),
    "base_value": number("Mean margin of the training rows: the average applicant's."),
    "average_probability": probability("The average applicant's: the sigmoid of `base_value`."),
    "cutoff": probability("Not accepted from this probability on."),
    "decision": one_of(VERDICTS, "`review`: a person decides."),
    "review": REVIEW,
    "review_range": nullable(object_of({"low": probability(), "high": probability()}))
    | {"description": "From the first on and below the second a person decides; null: nowhere."},
    "risk_band": one_of(RISK_BANDS),
    "contributions": list_of(reference("Contribution")),
    "reasons": object_of(
        {"raises": list_of(reference("Reason")), "lowers": list_of(reference("Reason"))}
    ),
    "model": MODEL,
    "completed_from_profile": COMPLETED,
}
POINTS = number(
    "What it adds to the probability, in [-1, 1]: those of all features add up from "
    "`average_probability` to `probability_of_default`."
)
VERDICT = object_of(
    {
        "probability_of_default": probability(),
        "margin": number(),
        "decision": one_of(VERDICTS),
        "review": REVIEW,
        "risk_band": one_of(RISK_BANDS),
    }
)
SCHEMAS: dict[str, Schema] = {
    "Score": object_of(SCORE),
    "Explanation": object_of(
        {
            **SCORE,
            "families": list_of(object_of({"family": FAMILY, "contribution": number(LOG_ODDS)})),
            "missing": list_of(text("A field that was not given.")),
            "history": one_of(("request", "profile", "none"), "Where past credits were told."),
        }
    ),
    "ApplicationList": object_of(
        {
            "applications": list_of({}, most=MOST_ROWS)
            | {
                "minItems": 1,
                "description": "Each as the body of /predict; checked row by row.",
            }
        }
    ),
    "ScoreList": object_of(
        {
            "items": list_of(
                object_of(
                    {
                        "row": COUNT | {"description": "Its place in what was sent, from 0."},
                        "applicant_id": {"type": ["string", "null"]},
                        "completed_from_profile": COMPLETED,
                        "score": nullable(VERDICT),
                        "errors": list_of(reference("FieldError")),
                    }
                ),
                most=MOST_ROWS,
            ),
            "scored": COUNT,
            "rejected": COUNT,
            "cutoff": probability(),
            "model": MODEL,
        }
    ),
    "Contribution": object_of(
        {
            "feature": text(),
            "family": FAMILY,
            "value": VALUE,
            "contribution": number(LOG_ODDS),
            "probability_points": POINTS,
            "label": BILINGUAL,
            "unit": text(),
            "type": text(),
        }
    ),
    "Reason": object_of(
        {
            "code": text("Stable, for letters and files."),
            "family": FAMILY,
            "contribution": number(LOG_ODDS),
            "probability_points": POINTS,
            "known": {
                "type": "boolean",
                "description": "False where it says that something of the applicant is not known.",
            },
            "protected": list_of(text("A ground on which nobody may be treated worse.")),
            "features": list_of(text()),
            "values": list_of(VALUE),
            "text": BILINGUAL,
            "texts": object_of(dict.fromkeys(REGISTERS, BILINGUAL)),
        }
    ),
}
