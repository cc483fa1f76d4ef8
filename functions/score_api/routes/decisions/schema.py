"""POST /decisions, and a decision read, computed anew, and told in a letter."""

from credit_scoring.audit_trail.decision_log import MOST_REASON_CHARACTERS, OUTCOMES
from credit_scoring.reasons.wording import LANGUAGES

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
    object_of,
    one_of,
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
ANY_VALUE: Schema = {"type": ["number", "string", "null"]}


def take_decision() -> Content:
    described = operation(
        "takeDecision", "Keep an advisor's decision", None, *BODY_PROBLEMS, 404, 409, 503
    )
    described["responses"]["201"] = response("Kept.", "Decision")
    del described["responses"]["200"]
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Anything that is unique to this decision; send it again when in doubt.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    }
    return described | {"description": KEPT, "parameters": [key]} | body("NewDecision", EXAMPLE)


def get_letter() -> Content:
    choice = one_of(LANGUAGES) | {"default": LANGUAGES[0]}
    described = operation("getLetter", "The letter to the applicant", None, 400, 404, 503)
    described["responses"]["200"] = {
        "description": "A page to print.",
        "content": {"text/html": {"schema": text()}},
    }
    return described | {"parameters": [in_query("language", "Of the letter.", choice)]}


def get_decision() -> Content:
    return operation("getDecision", "A decision as it was taken", "Decision", 404, 503)


def replay_decision() -> Content:
    return operation("replayDecision", "Compute it anew", "Replay", 404, 409, 503)


def decision_id() -> Content:
    return DECISION_ID


REASON: Schema = text("Why, where the model says otherwise or leaves it to people.") | {
    "maxLength": MOST_REASON_CHARACTERS
}
SCHEMAS: dict[str, Schema] = {
    "NewDecision": object_of(
        {
            "applicant_id": text("Of a stored applicant; or send an application."),
            "application": reference("Application"),
            "branch": text("With an application: which branch decides."),
            "decision": one_of(OUTCOMES),
            "override_reason": REASON,
            "model_version": text("`model.version` of the score that was decided on."),
        },
        optional=("applicant_id", "application", "branch", "override_reason"),
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
    "Decision": object_of(
        {
            "decision_id": text(),
            "created_at": text(),
            "decided_by": text(),
            "branch": text(),
            "applicant_id": text(),
            "decision": one_of(OUTCOMES),
            "override_reason": REASON,
            "is_override": {"type": "boolean"},
            "inputs": ANYTHING,
            "inputs_sha256": SHA256,
            "score": ANYTHING,
            "model": object_of({"version": VERSION, "sha256": SHA256}),
            "sha256": SHA256 | {"description": "Of the whole record."},
        }
    ),
    "Replay": object_of(
        {
            "decision_id": text(),
            "identical": {"type": "boolean"},
            "differences": list_of(
                object_of({"what": text(), "stored": ANY_VALUE, "recomputed": ANY_VALUE}), most=100
            ),
            "model": object_of({"version": VERSION, "sha256": SHA256}),
        }
    ),
}
