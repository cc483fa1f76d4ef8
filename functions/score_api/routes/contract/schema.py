"""GET /contract."""

from credit_scoring.decision import RISK_BANDS
from credit_scoring.review import CAUSES

from functions.score_api.openapi.operations import Content, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    FAMILY,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    text,
)

TOLD = (
    "What forms are made of: labels, units, ranges and categories in words, and what an applicant "
    "can change. With it how tables are read, and the rules of a decision: reasons to decide "
    "against the model, up to which amount and in which risk bands one person may accept alone, "
    "and which causes of review forbid to accept."
)


def get_contract() -> Content:
    return operation("getContract", "Fields and rules", "Contract") | {"description": TOLD}


BOUND = nullable(number())
FIELD = object_of(
    {
        "name": text(),
        "label": BILINGUAL,
        "family": FAMILY,
        "type": one_of(("id", "number", "integer", "flag", "category")),
        "unit": text(),
        "minimum": BOUND,
        "maximum": BOUND,
        "sentinel": BOUND | {"description": "Stands for: does not apply."},
        "required": {"type": "boolean"},
        "role": text("Such as income; empty for most."),
        "kind": text("What it is to an applicant, such as terms, past or protected."),
        "is_actionable": {"type": "boolean"},
        "follows": text("The field whose changes it shares in proportion."),
        "options": list_of(object_of({"value": text(), "label": BILINGUAL})),
    }
)
REASON = object_of(
    {"code": text(), "decides": one_of(("accept", "refuse", "both")), "label": BILINGUAL}
)
SCHEMAS: dict[str, Schema] = {
    "Contract": object_of(
        {
            "fields": list_of(FIELD),
            "tables": object_of(
                {
                    "nothing": list_of(text())
                    | {"description": "In a table an empty field; compared without case."},
                    "id_pattern": text("Of an application's id, without spaces around."),
                    "other_columns": list_of(object_of({"name": text(), "label": BILINGUAL}))
                    | {"description": "Known too, and in no form: numbers of past credits."},
                    "most_rows": COUNT
                    | {"description": "Of one POST /predict/batch; more are sent as a file."},
                }
            ),
            "decisions": object_of(
                {
                    "reasons": list_of(REASON),
                    "alone": object_of(
                        {"most_amount": number(), "bands": list_of(one_of(RISK_BANDS))}
                    ),
                    "never": list_of(one_of(CAUSES)),
                    "most_reason_characters": COUNT,
                    "most_statement_characters": COUNT,
                }
            ),
        }
    )
}
