"""POST /predict, and what a score is."""

from credit_scoring.decision import RISK_BANDS

from functions.score_api.descriptions.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.descriptions.shapes import (
    BILINGUAL,
    FAMILY,
    LOG_ODDS,
    SHA256,
    VERSION,
    Schema,
    list_of,
    number,
    object_of,
    one_of,
    probability,
    reference,
    text,
)

EXAMPLE = {
    "SK_ID_CURR": "100002",
    "AMT_INCOME_TOTAL": 180000,
    "AMT_CREDIT": 540000,
    "AMT_ANNUITY": 27000,
    "DAYS_BIRTH": -14610,
    "EXT_SOURCE_2": 0.52,
    "NAME_INCOME_TYPE": "Working",
}
HISTORY = "A known applicant sent without history is scored with the history of the profile."


def _predict() -> Content:
    described = operation("predict", "Score an application", "Score", *BODY_PROBLEMS, 503)
    return described | {"description": HISTORY} | body("Application", EXAMPLE)


PATHS: Content = {"/predict": {"post": _predict()}}
SCHEMAS: dict[str, Schema] = {
    "Score": object_of(
        {
            "applicant_id": {"type": ["string", "null"]},
            "probability_of_default": probability(),
            "margin": number("Log-odds of default: base value plus all contributions."),
            "base_value": number("Mean margin of the training rows."),
            "cutoff": probability("Refused from this probability on."),
            "decision": one_of(("accept", "refuse")),
            "risk_band": one_of(RISK_BANDS),
            "contributions": list_of(reference("Contribution")),
            "reasons": object_of(
                {"raises": list_of(reference("Reason")), "lowers": list_of(reference("Reason"))}
            ),
            "model": object_of({"version": VERSION, "sha256": SHA256}),
        }
    ),
    "Contribution": object_of(
        {
            "feature": text(),
            "family": FAMILY,
            "value": {"type": ["number", "string", "null"], "description": "null where missing."},
            "contribution": number(LOG_ODDS),
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
            "features": list_of(text()),
            "text": BILINGUAL,
        }
    ),
}
