"""GET /promotions and what moves the pointer."""

from functions.score_api.openapi.headers import idempotency_key
from functions.score_api.openapi.operations import (
    BODY_PROBLEMS,
    Content,
    body,
    in_path,
    operation,
    response,
)
from functions.score_api.openapi.shapes import (
    COUNT,
    SHA256,
    VERSION,
    Schema,
    list_of,
    nullable,
    object_of,
    one_of,
    reference,
    text,
)
from functions.score_api.routes.models.schema import NAMED
from functions.score_api.routes.promotions.handlers import (
    KINDS,
    LONGEST_REASON,
    PROPOSAL_PATTERN,
    SHORTEST_REASON,
)

EXAMPLE = {
    "version": "0123456789ab",
    "kind": "promotion",
    "reason": "Trained on the outcomes of the last quarter.",
    "over": "ba9876543210",
}
TOLD = (
    "One person promotes what a comparison with the serving version speaks for, and rolls back to "
    "what has served. Anything else becomes a proposal (202) that a second person approves. `over` "
    "is the version that they saw serving: when another one serves by now, they are told (409)."
)
REASON: Schema = text("Kept in the history.") | {
    "minLength": SHORTEST_REASON,
    "maxLength": LONGEST_REASON,
    # Words that people write here; what cannot be seen is refused.
    "pattern": "^[ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*$",
}


def list_promotions() -> Content:
    return operation("listPromotions", "What served, and what is proposed", "Promotions", 503)


def promote() -> Content:
    described = operation("promote", "Promote or roll back", None, *BODY_PROBLEMS, 404, 409, 503)
    del described["responses"]["200"]
    described["responses"]["201"] = response("It serves.", "Promoted")
    described["responses"]["202"] = response("A second person has to approve it.", "Promoted")
    return (
        described
        | {"description": TOLD, "parameters": [idempotency_key("promotion")]}
        | body("NewPromotion", EXAMPLE)
    )


def approve() -> Content:
    summary, problems = "Approve what a colleague proposed", (*BODY_PROBLEMS, 404, 409, 503)
    described = operation("approvePromotion", summary, "Promoted", *problems)
    return described | body("Answer", {"reason": "The refusal is known and accepted."})


def withdraw() -> Content:
    described = operation(
        "withdrawPromotion", "Take a proposal back", "Promoted", *BODY_PROBLEMS, 404, 409, 503
    )
    return described | body("Answer", {"reason": "Compared anew instead."})


def proposal() -> Content:
    schema = {"type": "string", "pattern": f"^{PROPOSAL_PATTERN}$"}
    return in_path("id", "`id` of the proposal.", schema)


SCHEMAS: dict[str, Schema] = {
    "Promotion": object_of(
        {
            "version": VERSION,
            "sha256": SHA256,
            "promoted_at": text("In UTC."),
            "promoted_by": text(),
            "reason": text(),
            "replaced": nullable(VERSION),
            "kind": one_of(KINDS),
            "forced": {"type": "boolean", "description": "Although the comparison refused it."},
            "number": COUNT,
        }
    ),
    "Proposal": object_of(
        {
            "id": text(),
            "version": VERSION,
            "kind": one_of(KINDS),
            "over": nullable(VERSION),
            "number": {"type": "integer", "description": "Of the promotion that it would be."},
            "by": text(),
            "at": text("In UTC."),
            "reason": text(),
            "refusals": list_of(text("What speaks against it.")),
            "needs_second": {"type": "boolean"},
            "state": one_of(
                ("open", "approved", "withdrawn", "void"), "void: another was promoted since."
            ),
            "settled_by": text(),
            "settled_at": text(),
            "settled_reason": text(),
        }
    ),
    "Promotions": object_of(
        {
            "history": list_of(reference("Promotion")),
            "proposals": list_of(reference("Proposal")),
        }
    ),
    "NewPromotion": object_of(
        {
            "version": NAMED,
            "kind": one_of(KINDS),
            "reason": REASON,
            "over": nullable(NAMED | {"description": "What they saw serving; null: none."}),
        },
        optional=("over",),
    ),
    "Answer": object_of({"reason": REASON}),
    "Promoted": object_of(
        {
            "outcome": one_of(("serves", "proposed", "withdrawn")),
            "champion": reference("Promotion"),
            "proposal": reference("Proposal"),
        },
        optional=("champion", "proposal"),
    ),
}
