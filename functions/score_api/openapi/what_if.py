"""What answers about applications that nobody sent have in common: no route's own."""

from credit_scoring.decision import RISK_BANDS, VERDICTS

from functions.score_api.openapi.shapes import (
    SHA256,
    VERSION,
    Schema,
    nullable,
    number,
    object_of,
    one_of,
    probability,
    reference,
    text,
)

MODEL = object_of({"version": VERSION, "sha256": SHA256})
VERDICT: dict[str, Schema] = {
    "probability_of_default": probability(),
    "margin": number("Log-odds of default."),
    "decision": one_of(VERDICTS),
    "risk_band": one_of(RISK_BANDS),
}
HEAD: dict[str, Schema] = {
    "applicant_id": {"type": ["string", "null"]},
    "model": MODEL,
    "cutoff": probability("Refused from this probability on."),
}
BASE: dict[str, Schema] = {
    "applicant_id": text("Of a stored application.") | {"type": ["string", "null"]},
    "application": nullable(reference("Application")),
}
# Exactly one of them; null is as good as absent, here as in every field that is not needed.
EITHER: list[Schema] = [
    {
        "required": [name],
        "properties": {name: {"type": kind}, other: {"type": "null"}},
    }
    for name, kind, other in (
        ("applicant_id", "string", "application"),
        ("application", "object", "applicant_id"),
    )
]
DURATION: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": 600,
    "description": "Number of annuities of the request, where it is known; it sets the rate.",
}
SCHEMAS: dict[str, Schema] = {"Verdict": object_of(VERDICT)}


def request_of(properties: dict[str, Schema], *, required: tuple[str, ...] = ()) -> Schema:
    """A body about either a stored application or one that is sent."""
    told = {name: s if name in required else nullable(s) for name, s in properties.items()}
    schema = object_of({**BASE, **told}, optional=(*BASE, *properties))
    return schema | {"required": list(required), "oneOf": EITHER}
