"""POST /decisions, and a decision read, computed anew, and told in a letter."""

from credit_scoring.audit_trail.authority import OTHER, decision_rules
from credit_scoring.audit_trail.decision_log import (
    MOST_REASON_CHARACTERS,
    MOST_STATEMENT_CHARACTERS,
    OUTCOMES,
)
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.reasons.wording import LANGUAGES

from functions.score_api.openapi.headers import idempotency_key
from functions.score_api.openapi.operations import (
    BODY_PROBLEMS,
    Content,
    body,
    in_path,
    in_query,
    operation,
    response,
)
from functions.score_api.openapi.shapes import (
    ANYTHING,
    SHA256,
    VERSION,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    page_of,
    probability,
    reference,
    text,
)

EXAMPLE = {
    "applicant_id": "100002",
    "decision": "refuse",
    "model_version": "0123456789ab",
}
DECISION_ID = in_path(
    "id",
    "`decision_id` of the answer to the decision.",
    {"type": "string", "pattern": "^[0-9a-f]{32}$"},
)
KEPT = (
    "Kept for good, with all that is needed to compute the score anew. A decision other than the "
    "model's needs a reason, which a letter to the applicant quotes. The same Idempotency-Key "
    "makes the same decision."
)
SECOND_TOLD = (
    "A decision with `needs_confirmation` stands once another advisor of the branch agrees; until "
    "then it has no letter. Who does not agree opens the application again. One answer counts."
)
ANY_VALUE: Schema = {"type": ["number", "string", "null"]}


def take_decision() -> Content:
    described = operation(
        "takeDecision", "Keep an advisor's decision", None, *BODY_PROBLEMS, 404, 409, 503
    )
    described["responses"]["201"] = response("Kept.", "Decision")
    del described["responses"]["200"]
    key = {"parameters": [idempotency_key("decision")]}
    return described | {"description": KEPT} | key | body("NewDecision", EXAMPLE)


def get_letter() -> Content:
    return _letter("getLetter", "The letter to the applicant", 400, 404, 409, 503)


def preview_letter() -> Content:
    statuses = (*BODY_PROBLEMS, 404, 409, 503)
    described = _letter("previewLetter", "The letter of a decision not yet taken", *statuses)
    told = "The body of a decision; nothing is kept, and the letter says that it is a draft."
    return described | {"description": told} | body("NewDecision", EXAMPLE)


def _letter(name: str, summary: str, *statuses: int) -> Content:
    choice = one_of(LANGUAGES) | {"default": LANGUAGES[0]}
    described = operation(name, summary, None, *statuses)
    described["responses"]["200"] = {
        "description": "A page to print.",
        "content": {"text/html": {"schema": text()}},
    }
    return described | {"parameters": [in_query("language", "Of the letter.", choice)]}


def confirm_decision() -> Content:
    statuses = (*BODY_PROBLEMS, 404, 409, 503)
    described = operation("confirmDecision", "Agree to a decision, or not", "Decision", *statuses)
    example = {"agrees": True, "note": "Guarantor's papers seen."}
    return described | {"description": SECOND_TOLD} | body("NewConfirmation", example)


def list_decisions() -> Content:
    return operation("listDecisions", "What was decided on an applicant", "DecisionList", 404, 503)


def get_decision() -> Content:
    return operation("getDecision", "A decision as it was taken", "Decision", 404, 503)


def replay_decision() -> Content:
    return operation("replayDecision", "Compute it anew", "Replay", 404, 409, 503)


def decision_id() -> Content:
    return DECISION_ID


REASON: Schema = text("Why, where the model says otherwise or leaves it to people.") | {
    "maxLength": MOST_REASON_CHARACTERS
}
CODE = one_of(("", *decision_rules().reasons), "Which of the lender's reasons.")
OFFER = object_of({"amount": number(), "annuity": number()})
CONFIRMATION = nullable(
    object_of(
        {
            "created_at": text(),
            "confirmed_by": text(),
            "agrees": {"type": "boolean"},
            "note": text(),
        }
    )
)
MODEL = object_of({"version": VERSION, "sha256": SHA256})
FACTS: dict[str, Schema] = {
    "decision_id": text(),
    "created_at": text(),
    "decided_by": text(),
    "decision": one_of(OUTCOMES),
    "override_code": CODE,
    "is_override": {"type": "boolean"},
    "needs_confirmation": {"type": "boolean"},
    "confirmation": CONFIRMATION,
    "offer": nullable(OFFER),
    "model": MODEL,
}
SCORE = object_of(
    {
        "probability_of_default": probability(),
        "cutoff": probability(),
        "decision": one_of(VERDICTS),
        "risk_band": one_of(RISK_BANDS),
    }
)
SCHEMAS: dict[str, Schema] = {
    "NewDecision": object_of(
        {
            "applicant_id": text("Of a stored applicant; or send an application."),
            "application": reference("Application"),
            "branch": text("With an application: which branch decides."),
            "decision": one_of(OUTCOMES),
            "override_code": one_of(decision_rules().reasons, "Which of the lender's reasons.")
            | {"default": OTHER},
            "override_reason": REASON,
            "statement": text("What the applicant says, in their words.")
            | {"maxLength": MOST_STATEMENT_CHARACTERS},
            "offer": OFFER | {"description": "Decide on this loan, not on the one asked for."},
            "model_version": text("`model.version` of the score that was decided on."),
        },
        optional=(
            "applicant_id",
            "application",
            "branch",
            "override_code",
            "override_reason",
            "statement",
            "offer",
        ),
    )
    | {
        "oneOf": [
            {
                "required": ["applicant_id"],
                "not": {"anyOf": [{"required": ["application"]}, {"required": ["branch"]}]},
            },
            {"required": ["application", "branch"], "not": {"required": ["applicant_id"]}},
        ]
    },
    "NewConfirmation": object_of(
        {"agrees": {"type": "boolean"}, "note": REASON}, optional=("note",)
    ),
    "Decision": object_of(
        {
            **FACTS,
            "branch": text(),
            "applicant_id": text(),
            "override_reason": REASON,
            "statement": text(),
            "inputs": ANYTHING,
            "inputs_sha256": SHA256,
            "score": ANYTHING,
            "sha256": SHA256 | {"description": "Of the whole record."},
        }
    ),
    "DecisionList": page_of(object_of({**FACTS, "score": SCORE})),
    "Replay": object_of(
        {
            "decision_id": text(),
            "identical": {"type": "boolean"},
            "differences": list_of(
                object_of({"what": text(), "stored": ANY_VALUE, "recomputed": ANY_VALUE}), most=100
            ),
            "model": MODEL,
        }
    ),
}
