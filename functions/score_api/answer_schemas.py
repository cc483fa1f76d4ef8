"""JSON Schemas of what the API sends and of the small bodies that it takes."""

from collections.abc import Mapping
from typing import Any

from credit_scoring.decision import RISK_BANDS
from credit_scoring.errors import PROBLEM_CAUSES
from credit_scoring.reasons import FAMILIES

from functions.score_api.file_names import MOST_CHARACTERS

Schema = dict[str, Any]


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Mapping[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """Everything that is not optional is always there, and nothing else is."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(values: object, description: str = "") -> Schema:
    assert isinstance(values, tuple | list | dict)
    return {"type": "string", "enum": list(values)} | _described(description)


def _number(description: str = "") -> Schema:
    return {"type": "number"} | _described(description)


def _probability(description: str = "") -> Schema:
    return _number(description) | {"minimum": 0, "maximum": 1}


def _text(description: str = "") -> Schema:
    return {"type": "string"} | _described(description)


def _described(description: str) -> Schema:
    return {"description": description} if description else {}


COUNT = {"type": "integer", "minimum": 0}
ANYTHING: Schema = {"type": "object"}
FAMILY = _one_of(FAMILIES)
VERSION = _text("First twelve digits of the SHA-256 of the bundle's manifest.")
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
LOG_ODDS = "In log-odds; above zero it raises the probability of default."
IDENTITY = {"applicant_id": _text(), "branch": _text(), "updated_at": _text()}

SCORE = _object(
    {
        "applicant_id": {"type": ["string", "null"]},
        "probability_of_default": _probability(),
        "margin": _number("Log-odds of default: base value plus all contributions."),
        "base_value": _number("Mean margin of the training rows."),
        "cutoff": _probability("Refused from this probability on."),
        "decision": _one_of(("accept", "refuse")),
        "risk_band": _one_of(RISK_BANDS),
        "contributions": _list(reference("Contribution")),
        "reasons": _object(
            {"raises": _list(reference("Reason")), "lowers": _list(reference("Reason"))}
        ),
        "model": _object({"version": VERSION, "sha256": SHA256}),
    }
)
CONTRIBUTION = _object(
    {
        "feature": _text(),
        "family": FAMILY,
        "value": {"type": ["number", "string", "null"], "description": "null where missing."},
        "contribution": _number(LOG_ODDS),
        "label": reference("Bilingual"),
        "unit": _text(),
        "type": _text(),
    }
)
REASON = _object(
    {
        "code": _text("Stable, for letters and files."),
        "family": FAMILY,
        "contribution": _number(LOG_ODDS),
        "features": _list(_text()),
        "text": reference("Bilingual"),
    }
)
MODEL_CARD = _object(
    {
        "version": VERSION,
        "sha256": SHA256,
        "cutoff": _probability(),
        "cost_ratio": _number("Cost of an accepted default / of a refused good payer."),
        "base_value": _number(),
        "risk_band_edges": _list(_probability()),
        "promoted_at": _text(),
        "promoted_by": _text(),
        "features": COUNT,
        "training": ANYTHING,
        "metrics": ANYTHING,
    }
)
PROFILE = _object(
    IDENTITY
    | {
        "application": ANYTHING,
        "history": ANYTHING,
        "columns": _list(
            _object(
                {
                    "name": _text(),
                    "label": reference("Bilingual"),
                    "family": FAMILY,
                    "unit": _text(),
                    "type": _text(),
                    "source": _text(),
                }
            )
        ),
    }
)
UPLOAD = _object(
    {
        "url": _text("Send the file here within 15 minutes."),
        "method": _one_of(("PUT",)),
        "headers": ANYTHING,
        "key": _text(),
        "batch": _text("What to ask /batches/{batch} for."),
    }
)
UPLOAD_REQUEST: Schema = {
    "type": "object",
    "properties": {
        "branch": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"},
        "filename": {
            "type": "string",
            "pattern": r"^[^/\\\u0000-\u001f\u007f]+\.[cC][sS][vV]$",
            "maxLength": MOST_CHARACTERS,
        },
    },
    "required": ["branch", "filename"],
}
BATCH = _object(
    {
        "batch": _text(),
        "status": _one_of(("waiting", "finished", "failed")),
        "rows": COUNT,
        "scored": COUNT,
        "rejected": COUNT,
        "scores_url": _text("Valid for 15 minutes."),
        "rejects_url": _text("Valid for 15 minutes."),
        "manifest": ANYTHING,
    },
    optional=("rows", "scored", "rejected", "scores_url", "rejects_url", "manifest"),
)
HEALTH = _object(
    {
        "status": _one_of(("ok", "failing")),
        "model_version": {"type": ["string", "null"]},
        "parts": {"type": "object", "additionalProperties": _text("ok, or the error's name.")},
    }
)
PROBLEM = _object(
    {
        "type": _text(),
        "title": _text(),
        "status": {"type": "integer"},
        "detail": _text("What to do about it."),
        "request_id": _text(),
        "errors": _list(
            _object(
                {
                    "field": _text(),
                    "value": _text("What was sent, at most 80 characters of it."),
                    "allowed": _text(),
                    "cause": _one_of([*PROBLEM_CAUSES, "wrong_name"]),
                    "message": _text(),
                }
            )
        ),
    }
)

SCHEMAS: dict[str, Schema] = {
    "Score": SCORE,
    "Contribution": CONTRIBUTION,
    "Reason": REASON,
    "Bilingual": _object({"fr": _text(), "en": _text()}),
    "ModelCard": MODEL_CARD,
    "ApplicantList": _object(
        {"items": _list(_object(IDENTITY)), "cursor": {"type": ["string", "null"]}}
    ),
    "Profile": PROFILE,
    "UploadRequest": UPLOAD_REQUEST,
    "Upload": UPLOAD,
    "Batch": BATCH,
    "Health": HEALTH,
    "Problem": PROBLEM,
}
