"""GET /applicants/{id}/unknown: what is not known, ranked by how far it could move the PD."""

from typing import Any

from credit_scoring.contract.columns import INPUTS
from credit_scoring.population.reference import Reference
from credit_scoring.population.usual_values import usual_values
from credit_scoring.registry.bundle import REFERENCE
from credit_scoring.what_if.unknown import UnknownColumn, Unknowns, Usual, rank_unknown

from functions.score_api.answers.stored_applicants import stored_applicant
from functions.score_api.answers.what_if import answer_head, verdict
from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.bundle_files import BundleFile
from functions.score_api.request import Request
from functions.score_api.service import Service

KEPT: BundleFile[Usual] = BundleFile(REFERENCE, "reference data")


def rank_unknown_columns(request: Request, service: Service) -> Response:
    served = service.model.current()
    base = stored_applicant(request, service, request.parts["id"])

    def parse(data: bytes) -> Usual:
        return usual_values(Reference.from_bytes(data), served.model.schema)

    found = rank_unknown(served.model, base, KEPT.of(service.models, served, parse))
    items = [_content(found, column) for column in found.columns]
    now = verdict(found.verdicts, 0)
    return json_response({**answer_head(base, served.model), "now": now, "items": items})


def _content(found: Unknowns, unknown: UnknownColumn) -> dict[str, Any]:
    column = INPUTS[unknown.name]
    best, worst = unknown.values
    return {
        "feature": column.name,
        "family": column.family,
        "label": column.label,
        "unit": column.unit,
        "best": _outcome(found, unknown.best, best),
        "worst": _outcome(found, unknown.worst, worst),
        "reach": unknown.reach,
    }


def _outcome(found: Unknowns, row: int, value: object) -> dict[str, Any]:
    return {
        "value": value,
        "probability_of_default": float(found.verdicts.default_probabilities[row]),
        "decision": found.verdicts.decision(row),
    }
