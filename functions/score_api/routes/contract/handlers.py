"""GET /contract: every field of an application as a form needs it, how tables of them are read, and
the rules of a decision.
"""

import math
from functools import cache
from typing import Any

from credit_scoring.audit_trail.authority import decision_rules
from credit_scoring.audit_trail.decision_log import (
    MOST_REASON_CHARACTERS,
    MOST_STATEMENT_CHARACTERS,
)
from credit_scoring.contract.applicants import ID_TEXT, WORDS_FOR_NOTHING
from credit_scoring.contract.columns import APPLICATION, HISTORY, TARGET, Column
from credit_scoring.reasons.wording import CATEGORY_WORDS, LANGUAGES
from credit_scoring.what_if.actionable import FORM

from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service


def get_contract(_: Request, __: Service) -> Response:
    return json_response(contract_content())


@cache
def contract_content() -> dict[str, Any]:
    return {
        "fields": [field_content(column) for column in APPLICATION.values()],
        "tables": _tables(),
        "decisions": _rules(),
    }


def field_content(column: Column) -> dict[str, Any]:
    """One field: how it is called, what it may be, and what may be done with it."""
    form = FORM.get(column.name)
    return {
        "name": column.name,
        "label": column.label,
        "family": column.family,
        "type": column.type,
        "unit": column.unit,
        "minimum": _finite(column.minimum),
        "maximum": _finite(column.maximum),
        "sentinel": column.sentinel,
        "required": column.required,
        "role": column.role,
        "kind": form.kind if form else "",
        "is_actionable": form is not None and form.is_actionable,
        "follows": form.follows if form else "",
        "options": [
            {"value": value, "label": {lang: _word(lang, value) for lang in LANGUAGES}}
            for value in column.categories
        ],
    }


def _tables() -> dict[str, Any]:
    """What a page needs to tell of a table, before it is sent, how it will be read."""
    from functions.score_api.routes.predict.batch import (  # noqa: PLC0415  (it brings the scorer)
        MOST_ROWS,
    )

    return {
        "nothing": sorted(WORDS_FOR_NOTHING),
        "id_pattern": ID_TEXT,
        "other_columns": [
            *({"name": name, "label": column.label} for name, column in HISTORY.items()),
            {"name": TARGET, "label": dict.fromkeys(LANGUAGES, TARGET)},
        ],
        "most_rows": MOST_ROWS,
    }


def _rules() -> dict[str, Any]:
    rules = decision_rules()
    return {
        "reasons": [
            {"code": reason.code, "decides": reason.decides, "label": reason.label}
            for reason in rules.reasons.values()
        ],
        "alone": {"most_amount": rules.most_amount, "bands": list(rules.bands)},
        "never": list(rules.never),
        "most_reason_characters": MOST_REASON_CHARACTERS,
        "most_statement_characters": MOST_STATEMENT_CHARACTERS,
    }


def _word(language: str, value: str) -> str:
    return CATEGORY_WORDS[language].get(value, value)


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None
